"""Why a WebSocket ended: our words, and the broker's."""

from __future__ import annotations

from websockets.exceptions import ConnectionClosed

from blotter.broker.auth import hide


def farewell(error: ConnectionClosed) -> str:
    """What happened, for the end of a sentence."""
    if error.sent is not None and (error.rcvd is None or not error.rcvd_then_sent):
        return f"a message broke the rules (code {error.sent.code})" if error.sent.code != 1000 else "it was closed"
    if error.rcvd is not None:
        return f"the broker closed it (code {error.rcvd.code})"
    return "the connection was lost"


def last_words(error: ConnectionClosed) -> str:
    """The reason that the broker gave, secrets masked; empty when it gave none."""
    return hide(error.rcvd.reason) if error.rcvd is not None else ""
