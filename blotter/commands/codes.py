"""The exit codes, and which of them wins when orders end differently."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

from blotter.broker.errors import BrokerError, Forbidden, LoggedOut, TokenRefused, Unauthorized
from blotter.desk.cancels.outcome import Cause, Ending

if TYPE_CHECKING:
    # A list needs no session, and what that imports is a quarter of a command's start.
    from blotter.desk.errand import Job


class Code(IntEnum):
    """``REFUSED`` covers what was refused by the broker, had already finished, or was refused here without sending."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNKNOWN = 3
    """Unknown, or still pending when the wait ran out."""
    AUTHENTICATION = 4
    NOT_SENT = 5
    """Nothing left: no link, no journal."""


_WORST_FIRST = (Code.USAGE, Code.UNKNOWN, Code.AUTHENTICATION, Code.NOT_SENT, Code.REFUSED, Code.DONE)
_OF_CAUSES = {
    Cause.UNAUTHORIZED: Code.AUTHENTICATION,
    Cause.FORBIDDEN: Code.AUTHENTICATION,
    Cause.LOGGED_OUT: Code.AUTHENTICATION,
    Cause.DECLINED: Code.REFUSED,
    Cause.CHANGED: Code.REFUSED,
}
_OF_ENDINGS = {
    Ending.CANCELED: Code.DONE,
    Ending.MOOT: Code.REFUSED,
    Ending.REFUSED: Code.REFUSED,
    Ending.NOT_SENT: Code.NOT_SENT,
}


def worst(codes: Iterable[Code]) -> Code:
    """The code of the whole; nothing to do is done."""
    return min(codes, key=_WORST_FIRST.index, default=Code.DONE)


def of_error(error: BrokerError) -> Code:
    """Of a read that failed before anything was sent."""
    denied = isinstance(error, Unauthorized | Forbidden | LoggedOut | TokenRefused)
    return Code.AUTHENTICATION if denied else Code.NOT_SENT


def of_job(job: Job) -> Code:
    """Of one order, by how it ended or stands."""
    how = job.standing
    if how in (Ending.REFUSED, Ending.NOT_SENT) and job.outcome is not None and job.outcome.cause in _OF_CAUSES:
        return _OF_CAUSES[job.outcome.cause]
    return _OF_ENDINGS.get(how, Code.UNKNOWN)
