"""One HTTP exchange: a request out, a bounded answer or one error of the tree back.

``NotSent`` has to be proven, because a trader acts on it. Two things prove it. The classes in ``_NEVER_LEFT`` are
raised by the HTTP library before the first byte of a request is written, whatever the server does. For everything else,
our own deadline above all, the library's trace tells: it names the moment before it writes. What is not proven is
``NoAnswer``, a reset of a connection that had just been opened included.

The trace also tells an answer that belongs to no question. The library keeps what came beyond the end of an answer (a
length that is wrong, a proxy that speaks twice) and would take it for the next one: a cancel would be answered by what
was said of another. An answer needs one read of the network at least, and the loop turns meanwhile; what is there
without a turn was sent before it was asked for, and counts as no answer.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

from blotter.broker.auth import hide
from blotter.broker.body import Undecodable, read_body
from blotter.broker.causes import why
from blotter.broker.errors import Ask, BrokerError, NoAnswer, NotSent, Unreadable
from blotter.broker.wire.failures import failure
from blotter.broker.wire.json import text_of


class _Unasked(Exception):
    """An answer that was there before the request was."""


_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_PROBLEMS: dict[type[Exception], str] = {
    httpx.ConnectError: "no connection could be made",
    httpx.ConnectTimeout: "no connection came about in time",
    httpx.PoolTimeout: "too many requests were waiting before it",
    httpx.LocalProtocolError: "it is not fit to be sent",
    httpx.UnsupportedProtocol: "it is not fit to be sent",
    httpx.InvalidURL: "it is not fit to be sent",
    httpx.ReadTimeout: "nothing came in time",
    httpx.WriteTimeout: "it could not be written in time",
    httpx.ReadError: "the connection broke",
    httpx.WriteError: "the connection broke",
    httpx.RemoteProtocolError: "the connection ended early, or what came is not HTTP",
    TimeoutError: "the answer was not complete in time",
    _Unasked: "what came was left over from an answer before",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A success. ``text`` is the body as UTF-8, damaged bytes kept as lone surrogates, secrets masked."""

    status: int
    text: str


@dataclass(slots=True)
class Departure:
    """Whether a byte of the request may have ``left``. A transport that does not report counts as having sent. Whoever
    gives one to a call can tell what became of a call that was cut off.

    ``connected``: over a connection made for it. ``turned``: the loop turned since an answer was waited for. ``heard``:
    an answer began. ``line`` is that connection, before TLS.
    """

    left: bool = False
    connected: bool = False
    line: Any = None
    heard: bool = False
    turned: bool = False

    async def note(self, event: str, about: dict[str, Any]) -> None:
        """What the library reports. Raises :class:`_Unasked`, upon which it closes the connection."""
        if event == "connection.connect_tcp.started":
            self.connected = True
        elif event == "connection.connect_tcp.complete":
            self.line = about["return_value"]
        elif event == "connection.start_tls.failed":
            # The library closes it after an error, and forgets it when the call is ended from outside.
            await self.line.aclose()
        elif event.endswith(".send_request_headers.started"):
            self.left = True
        elif event.endswith(".receive_response_headers.started"):
            self.turned = False
            asyncio.get_running_loop().call_soon(self._turn)
        elif event.endswith(".receive_response_headers.complete"):
            if not self.turned:
                raise _Unasked
            self.heard = True

    def _turn(self) -> None:
        self.turned = True


async def exchange(
    http: httpx.AsyncClient,
    request: httpx.Request,
    ask: Ask,
    auth: httpx.Auth | None,
    *,
    most: int,
    within: float,
    traced: bool,
    masked: bool = True,
    departure: Departure | None = None,
) -> Answer:
    """Send ``request`` once and read at most ``most`` bytes of a successful answer, all ``within`` seconds.

    ``masked``: the answer's text shows no secret that is in use; only the answer that brings secrets is read as it is.

    Raises an error of the tree for everything that is not a whole answer with a status of 2xx.
    """
    where = request.url.netloc.decode("ascii", "replace")
    departure = departure or Departure()
    departure.left = not traced
    request.extensions["trace"] = departure.note
    trouble: BrokerError
    try:
        async with asyncio.timeout(within):
            response = await http.send(request, stream=True, auth=auth)
            try:
                body = await read_body(response, most)
            finally:
                await response.aclose()
    except Undecodable as error:
        trouble = Unreadable(ask, str(error), where=where, status=response.status_code)
    except Exception as error:  # noqa: BLE001 - whatever a library raises in mid-call, what may have left decides
        said = why(error, _PROBLEMS.get(type(error), "the connection failed"))
        if isinstance(error, _NEVER_LEFT) or not departure.left:
            trouble = NotSent(ask, said, where=where)
        else:
            trouble = NoAnswer(ask, said, where=where)
            trouble.reused = traced and not (departure.connected or departure.heard)
    else:
        text = text_of(body)
        if response.is_success:
            return Answer(response.status_code, hide(text) if masked else text)
        trouble = failure(ask, where, response.status_code, response.headers, hide(text))
    # Raised out here, so that no error of a library hangs on ours as its context.
    raise trouble
