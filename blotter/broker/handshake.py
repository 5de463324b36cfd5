"""Opening a WebSocket, and leaving it: no proxy, no redirect, no compression, and no word in any log."""

from __future__ import annotations

import logging
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from blotter import __version__
from blotter.broker import tls
from blotter.broker.auth import hide
from blotter.broker.causes import why
from blotter.broker.errors import Ask, StreamClosed
from blotter.broker.wire.failures import words_of
from blotter.broker.wire.json import text_of

_MOST_OF_A_MESSAGE = 32 * 2**20

# The library logs every frame at DEBUG, the token's included: its logger is replaced by one that never speaks.
_SILENT = logging.getLogger(f"{__name__}.silent")
_SILENT.disabled = True


class _Direct(connect):
    """The library's way in, minus redirects: they would carry the token elsewhere."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def shake_hands(
    url: str, where: str, *, open_timeout: float, close_timeout: float, ca_file: Path | None = None
) -> ClientConnection:
    """An open WebSocket to ``url``, which must have been checked. Raises :class:`StreamClosed`."""
    problem, words, status = "", "", None
    try:
        return await _Direct(
            url,
            ssl=tls.context(ca_file) if url.startswith("wss:") else None,
            proxy=None,
            compression=None,
            user_agent_header=f"blotter/{__version__}",
            open_timeout=open_timeout,
            close_timeout=close_timeout,
            ping_interval=None,
            max_size=_MOST_OF_A_MESSAGE,
            logger=_SILENT,
        )
    except InvalidStatus as error:
        status = error.response.status_code
        problem = f"it answered with HTTP {status} instead of a stream"
        words = words_of(hide(text_of(bytes(error.response.body or b"")))).words
    except TimeoutError:
        problem = f"it did not open within {open_timeout:g} s"
    except Exception as error:  # noqa: BLE001 - whatever the library raises, the stream did not open
        problem = why(error, "it does not speak WebSocket")
    raise StreamClosed(Ask.STREAM, problem, where=where, words=words, status=status)


async def hang_up(socket: ClientConnection) -> None:
    """Say goodbye and close. Whoever is called away before the broker has answered that closes all the same."""
    try:
        await socket.close()
    finally:
        socket.transport.abort()
