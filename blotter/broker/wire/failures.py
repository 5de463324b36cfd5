"""Answers that are no success: which leaf of the tree they are, and the broker's words in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from blotter.broker.errors import (
    Answered,
    Ask,
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    RateLimited,
    Redirected,
    ServerTrouble,
    Unauthorized,
    Unreadable,
)
from blotter.broker.wire.json import NotJson, read, writable

_LONGEST_WORDS = 2000
_LONGEST_CODE = 200
_MOST_CODES = 20
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_OAUTH = frozenset(
    {"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type"}
    | {"invalid_scope", "access_denied"}
)
_LEAVES: dict[int, type[Answered]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    408: ServerTrouble,
    409: Conflict,
    422: BadRequest,
    425: ServerTrouble,
    429: RateLimited,
}


class Words(NamedTuple):
    """What an error body says. ``from_broker``: it had one of the broker's shapes."""

    words: str = ""
    code: str = ""
    request_id: str = ""
    from_broker: bool = False


def failure(ask: Ask, where: str, status: int, headers: Mapping[str, str], text: str) -> Answered:
    """The error for an answer with ``status`` that is no success."""
    said = words_of(text)
    problem = "" if said.from_broker or not text.strip() else "the body is not the broker's"
    error = _leaf(status)(
        ask,
        problem,
        where=where,
        words=said.words,
        status=status,
        code=said.code,
        request_id=said.request_id,
        from_broker=said.from_broker,
    )
    if isinstance(error, RateLimited):
        error.retry_after = retry_after(headers)
    if ask is Ask.CANCEL:
        error.raw = writable(text)
    return error


def words_of(text: str) -> Words:
    """The broker's words in an error body: flat, nested, the old ``message``, OAuth's, plain text, or none.

    A page of HTML has no words for a trader.
    """
    try:
        document = read(text)
    except NotJson:
        plain = writable(text.strip())
        return Words("" if plain.startswith("<") else plain[:_LONGEST_WORDS])
    return words_of_document(document)


def words_of_document(document: object) -> Words:
    """The same for a body that has been read, or for a stream's message."""
    if not isinstance(document, dict):
        return Words()
    error = document.get("error")
    nested = error if isinstance(error, dict) else {}
    parts = [error, nested.get("message"), document.get("message"), document.get("error_description")]
    codes = document.get("codes")
    for item in codes[:_MOST_CODES] if isinstance(codes, list) else []:
        if isinstance(item, dict):
            parts.append(" ".join(filter(None, (_text(item.get("field")), _text(item.get("description"))))))
    words = ": ".join(dict.fromkeys(filter(None, map(_text, parts))))
    code = _text(nested.get("code")) or _text(nested.get("type")) or (_oauth(error))
    request_id = _text(nested.get("request_id"))
    return Words(words[:_LONGEST_WORDS], code[:_LONGEST_CODE], request_id[:_LONGEST_CODE], bool(words or code))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from ``retry-after-ms`` or ``Retry-After``; ``None`` where the answer does not tell.

    A date is measured against the answer's own date, so that a wrong clock on this host changes nothing.
    """
    if _SECONDS.fullmatch(milliseconds := headers.get("retry-after-ms", "").strip()):
        return float(milliseconds) / 1000
    given = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(given):
        return float(given)
    try:
        wait = parsedate_to_datetime(given) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return max(wait, timedelta()).total_seconds()


def _leaf(status: int) -> type[Answered]:
    if 300 <= status < 400:
        return Redirected
    if 500 <= status < 600:
        return ServerTrouble
    return _LEAVES.get(status, Unreadable)


def _text(value: object) -> str:
    return writable(value.strip()) if isinstance(value, str) else ""


def _oauth(error: object) -> str:
    return error if isinstance(error, str) and error in _OAUTH else ""
