"""A failure in two or three words, for a header that has no room for its sentence."""

from __future__ import annotations

from blotter.broker.errors import (
    Answered,
    BrokerError,
    Forbidden,
    LoggedOut,
    NoAnswer,
    NotFound,
    NotSent,
    RateLimited,
    ServerTrouble,
    StreamClosed,
    StreamRefused,
    SubscribeRefused,
    Unauthorized,
    Unreadable,
)

_WORDS: dict[type[BrokerError], str] = {
    LoggedOut: "no login",
    NotSent: "no link",
    NoAnswer: "no answer",
    Unauthorized: "token refused",
    Forbidden: "not permitted",
    NotFound: "not found",
    RateLimited: "too many requests",
    ServerTrouble: "broker trouble",
    Unreadable: "unreadable",
    SubscribeRefused: "no stream",
    StreamRefused: "stream token refused",
    StreamClosed: "no stream",
}


def brief(error: BrokerError) -> str:
    """Such as ``403 not permitted`` or ``no answer``."""
    words = next((words for kind, words in _WORDS.items() if isinstance(error, kind)), "")
    status = f"{error.status}" if isinstance(error, Answered | StreamClosed) and error.status else ""
    return " ".join(filter(None, (status, words))) or "failed"


def unanswered(error: BrokerError) -> bool:
    """Whether nothing at all came back."""
    return isinstance(error, NotSent | NoAnswer)
