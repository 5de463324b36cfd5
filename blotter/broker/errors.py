"""What can go wrong with the broker: one small tree, each leaf something that a trader can act on.

::

    BrokerError
    ├── NotSent            provably never left
    │   └── LoggedOut      there is no token that is good
    ├── NoAnswer           left, or may have left, and nothing readable came back
    ├── Answered           the broker, or something in front of it, answered with a status
    │   ├── BadRequest     400, 422
    │   ├── Unauthorized   401
    │   ├── TokenRefused   no token is given: 400, 401, 403 of the token endpoint
    │   ├── Forbidden      403
    │   ├── NotFound       404
    │   ├── Conflict       409
    │   ├── RateLimited    429
    │   ├── ServerTrouble  5xx, 408, 425
    │   ├── Redirected     3xx
    │   └── Unreadable     an answer that is not of the contract
    ├── StreamRefused      the token was refused: trying again is of no use
    ├── SubscribeRefused   the stream stands, the subscription was refused
    └── StreamClosed       the stream could not be opened, or ended

Whether a request was applied is decided in one place, and that is not here: these classes say what was seen. No
error holds, chains or quotes an exception of the HTTP library, whose messages can quote headers, nor the token.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

_OLDER = "What was read before stands, and is getting older."
_OPEN = "It may have been applied: only reading the order tells."


class Ask(StrEnum):
    """What was asked of the broker, in the words of a sentence."""

    ACCOUNTS = "the list of accounts"
    ORDERS = "the list of orders"
    HISTORY = "the order history"
    CANCEL = "the cancel"
    STREAM = "the stream"
    SUBSCRIPTION = "the stream's subscription"
    TOKEN = "the request for an access token"  # noqa: S105 - words, not a token


class BrokerError(Exception):
    """``problem`` and ``where`` (host and port) are ours; ``words`` are the broker's own, raw, possibly empty.

    ``status`` is the HTTP status, or the one that the stream gave; ``None`` when nothing was answered. ``code`` and
    ``request_id`` are the broker's, for its support desk; empty when it gave none. ``from_broker``: what answered spoke
    in one of the broker's error shapes, so it was no proxy. ``raw`` is the body of an answer to a cancel, the secrets
    in it masked: for the journal alone.

    ``says`` is how the sentence begins, ``advice`` how it ends; ``cancel_advice`` takes its place for a cancel.
    """

    says: ClassVar[str] = "{ask} failed at {where}"
    advice: ClassVar[str] = ""
    cancel_advice: ClassVar[str] = ""
    raw: str = ""

    def __init__(
        self,
        ask: Ask,
        problem: str = "",
        *,
        where: str = "",
        words: str = "",
        status: int | None = None,
        code: str = "",
        request_id: str = "",
        from_broker: bool = False,
    ) -> None:
        super().__init__()
        self.ask = ask
        self.problem = problem
        self.where = where
        self.words = words
        self.status = status
        self.code = code
        self.request_id = request_id
        self.from_broker = from_broker

    def __str__(self) -> str:
        return sentence(self)


class NotSent(BrokerError):
    """Refused, unreachable, unknown host, no connection in time, or not fit to be sent: no byte of it left."""

    says = "{ask} did not leave for {where}"
    advice = "Check the network and the base URL."
    cancel_advice = "The order was not touched."


class LoggedOut(NotSent):
    """There is no token that is good for it, and none to be had without the trader."""

    says = "nothing was sent to {where} for {ask}"
    advice = "A blotter that runs takes a new login up by itself."
    cancel_advice = f"The order was not touched. {advice}"


class NoAnswer(BrokerError):
    """It left, or may have, and no whole answer came: reset, closed, cut short, garbled or out of time.

    ``reused``: no answer began, and the connection was not new, so that it may have been dead before.
    """

    reused: bool = False
    says = "no answer from {where} to {ask}"
    advice = _OLDER
    cancel_advice = _OPEN


class Answered(BrokerError):
    """A whole answer, and no success."""


class BadRequest(Answered):
    """The broker did not accept what was asked."""

    says = "{ask} was not accepted by {where}"
    advice = "The broker's words say what it wants; check the account."
    cancel_advice = "The broker's words say why; check the order before pressing again."


class Unauthorized(Answered):
    """The token is bad, expired or revoked."""

    says = "the token was refused by {where} for {ask}"
    advice = "Bring a fresh token."
    cancel_advice = "Bring a fresh token; until then nothing can be canceled from here."


class TokenRefused(Answered):
    """The broker gives no token for what it was shown: a code, a refresh token, a client's secret."""

    says = "{ask} was refused by {where}"
    advice = "Log in again: blotter login."


class Forbidden(Answered):
    """The token is good and does not permit this."""

    says = "the token does not permit {ask} at {where}"
    advice = "Check the account, and that the token has the scopes account:information and order:information."
    cancel_advice = "Check that the token has the scope order:execution."


class NotFound(Answered):
    """Absent, or not visible to this token."""

    says = "nothing was found at {where} for {ask}"
    advice = "Check the account and the base URL."
    cancel_advice = "The order is gone, or not visible to this token: read it before pressing again."


class Conflict(Answered):
    """The order's state does not permit it."""

    says = "{ask} conflicts with the present state at {where}"
    advice = "Read the list again."
    cancel_advice = "Read the order before pressing again."


class RateLimited(Answered):
    """Too many requests. ``retry_after`` is how long the broker asks to wait, in seconds, if it said so."""

    says = "too many requests: {where} turned away {ask}"
    advice = "Wait before asking again."
    cancel_advice = "Wait, and read the order before pressing again."
    retry_after: float | None = None


class ServerTrouble(Answered):
    """The broker failed, or was too busy, in the middle of it."""

    says = "trouble at {where} with {ask}"
    advice = _OLDER
    cancel_advice = _OPEN


class Redirected(Answered):
    """Redirects are never followed: they would carry the token and the order elsewhere."""

    says = "{ask} was redirected by {where} to another address, which is not followed"
    advice = "Check the base URL."
    cancel_advice = "Check the base URL, and read the order before pressing again."


class Unreadable(Answered):
    """A success that is not ours (HTML, bad JSON, missing fields, wrong shape), or a status the contract lacks."""

    says = "the answer of {where} to {ask} could not be read"
    advice = "What was read before stands; check that the base URL is the broker's."
    cancel_advice = _OPEN


class StreamRefused(BrokerError):
    """The broker refused the token on the stream: trying again with it is of no use."""

    says = "the token was refused by {where} for {ask}"
    advice = "Bring a fresh token."


class SubscribeRefused(BrokerError):
    """The stream stands and this account's updates were refused."""

    says = "{ask} was refused by {where}"
    advice = "Check that the account is yours to see; its orders can still be listed."


class StreamClosed(BrokerError):
    """The stream could not be opened, or ended; it can be tried again."""

    says = "{ask} from {where} is down"
    advice = "The screen is only as new as the last list."


def clause(error: BrokerError) -> str:
    """What happened and where, to go on after a colon."""
    said = error.says.format(ask=error.ask.value, where=error.where or "the broker")
    if isinstance(error, Answered) and error.status is not None:
        said += f" (HTTP {error.status})"
    return f"{said}: {error.problem}" if error.problem else said


def sentence(error: BrokerError) -> str:
    """What happened, where, and what to do, for the trader. The broker's words are not in it: they stand beside it."""
    said = clause(error)
    advice = error.cancel_advice if error.ask is Ask.CANCEL and error.cancel_advice else error.advice
    if isinstance(error, RateLimited) and error.retry_after is not None:
        advice = f"It asks for {error.retry_after:g} s. {advice}"
    return f"{said[0].upper()}{said[1:]}. {advice}".rstrip()
