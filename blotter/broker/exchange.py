"""One HTTP exchange: a request out, a bounded answer or one error of the tree back.

``NotSent`` has to be proven, because a trader acts on it. Two things prove it. The classes in ``_NEVER_LEFT`` are
raised by the HTTP library before the first byte of a request is written, whatever the server does. For everything else,
our own deadline above all, the library's trace tells: it names the moment before it writes. What is not proven is
``NoAnswer``, a reset of a connection that had just been opened included.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import httpx

from blotter.broker.auth import hide
from blotter.broker.causes import why
from blotter.broker.errors import Ask, BrokerError, NoAnswer, NotSent, Unreadable
from blotter.broker.wire.failures import failure
from blotter.broker.wire.json import text_of

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
}
# One compression at most: several layers of it would turn one small chunk into gigabytes.
_ENCODINGS = frozenset({"", "identity", "gzip", "deflate"})
_ENOUGH = 2**16


@dataclass(frozen=True, slots=True)
class Answer:
    """A success. ``text`` is the body as UTF-8, damaged bytes kept as lone surrogates, secrets masked."""

    status: int
    text: str


@dataclass(slots=True)
class _Departure:
    """Whether a byte of the request may have left. A transport that does not report counts as having sent."""

    left: bool

    async def note(self, event: str, _: dict[str, Any]) -> None:
        if event.endswith(".send_request_headers.started"):
            self.left = True


class _Undecodable(Exception):
    """A body that came and cannot be taken, in our words."""


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
) -> Answer:
    """Send ``request`` once and read at most ``most`` bytes of a successful answer, all ``within`` seconds.

    ``masked``: the answer's text shows no secret that is in use; only the answer that brings secrets is read as it is.

    Raises an error of the tree for everything that is not a whole answer with a status of 2xx.
    """
    where = request.url.netloc.decode("ascii", "replace")
    departure = _Departure(left=not traced)
    request.extensions["trace"] = departure.note
    trouble: BrokerError
    try:
        async with asyncio.timeout(within):
            response = await http.send(request, stream=True, auth=auth)
            try:
                body = await _body(response, most)
            finally:
                await response.aclose()
    except _Undecodable as error:
        trouble = Unreadable(ask, str(error), where=where, status=response.status_code)
    except Exception as error:  # noqa: BLE001 - whatever a library raises in mid-call, what may have left decides
        proven = isinstance(error, _NEVER_LEFT) or not departure.left
        said = why(error, _PROBLEMS.get(type(error), "the connection failed"))
        trouble = (NotSent if proven else NoAnswer)(ask, said, where=where)
    else:
        text = text_of(body)
        if response.is_success:
            return Answer(response.status_code, hide(text) if masked else text)
        trouble = failure(ask, where, response.status_code, response.headers, hide(text))
    # Raised out here, so that no error of a library hangs on ours as its context.
    raise trouble


async def _body(response: httpx.Response, most: int) -> bytes:
    """The whole body of a success; of anything else as much as it takes to find the broker's words."""
    try:
        if response.headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
            raise httpx.DecodingError("not an encoding that was asked for")
        body = bytearray()
        async with aclosing(response.aiter_bytes()) as chunks:  # type: ignore[type-var]  # it is a generator
            async for chunk in chunks:
                body += chunk
                if not response.is_success and len(body) > _ENOUGH:
                    break
                # Both ends of a decompression: endless nothing, packed, is still endless.
                if len(body) > most or response.num_bytes_downloaded > most:
                    raise _Undecodable(f"it is longer than {most:,} bytes")
        return bytes(body)
    except httpx.DecodingError:
        if not response.is_success:
            return b""
    raise _Undecodable("it cannot be decompressed")
