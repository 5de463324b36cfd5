"""The values inside broker records: text, decimals, moments.

Conversions are cached, because a page of 500 orders says the same few hundred quantities and seconds 4,000 times.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

LONGEST = 4_000
"""Characters of any text: far above the longest that the API allows (100), and little enough to be drawn at once."""

LONGEST_REMARK = 500
"""Characters of what is only read, of each order: longer ones are cut, and say so at their end."""

LONGEST_ID = 200
LONGEST_WORD = 100
LONGEST_OF_LEG = 40
"""Characters of what has to be exact in each order, as it is sent back or decides what the order is: ids, words like
symbols and statuses, and the words of a leg. A longer one makes its record unreadable. With ``MOST_LEGS`` these bounds
are what an order can cost: 7,000 characters, whatever a broker sends.
"""

MOST_LEGS = 10
"""Legs of an order; the API allows 4."""

# What nearly every number looks like; as written it is within all bounds.
_PLAIN = re.compile(r"-?[0-9]{1,19}(?:\.[0-9]{1,18})?")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_MILLISECONDS = re.compile(r"[0-9]{1,15}")
_MOST_DIGITS = 30
_MOST_EXPONENT = 18
_LONGEST_SHARED = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def decimal(text: str) -> Decimal | None:
    """A finite decimal of at most 30 digits and within 10^±18; ``None`` for empty text.

    Decimal itself also takes underscores, blanks, Arabic digits and exponents that make ``int()`` run for minutes.
    Raises :class:`ValueError`.
    """
    if _PLAIN.fullmatch(text) and len(text) <= _MOST_DIGITS:
        return Decimal(text)
    if not text:
        return None
    if len(text) > 2 * _MOST_DIGITS or not _DECIMAL.fullmatch(text):
        raise ValueError("not a decimal number")
    value = Decimal(text)
    _, digits, exponent = value.as_tuple()
    if len(digits) > _MOST_DIGITS or not isinstance(exponent, int) or abs(exponent) > _MOST_EXPONENT:
        raise ValueError("a number beyond all bounds")
    if value and abs(value.adjusted()) > _MOST_EXPONENT:
        raise ValueError("a number beyond all bounds")
    return value


@lru_cache(maxsize=4096)
def moment(text: str) -> datetime | None:
    """Aware UTC from RFC 3339 (nanoseconds are cut to microseconds) or from milliseconds since 1970.

    ``None`` for empty text and for the year 1, which is how some servers write *never*. Raises :class:`ValueError`.
    """
    if not text:
        return None
    try:
        if _MILLISECONDS.fullmatch(text):
            return _EPOCH + timedelta(milliseconds=int(text))
        value = datetime.fromisoformat(text.upper())
        if value.year == 1:
            return None
        if value.tzinfo is UTC:
            return value
        if value.tzinfo is not None:
            return value.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("not a time") from None
    raise ValueError("a time without a zone")


@lru_cache(maxsize=4096)
def _held_once(text: str) -> str:
    return text


def _word(text: str) -> str:
    """Symbols, statuses and their like: a list of thousands says few of them, and each is one object for them all.

    A long text is left alone, so that the cache holds a megabyte at most.
    """
    return _held_once(text) if len(text) <= _LONGEST_SHARED else text


def _cut(text: str) -> str:
    whole = len(text) <= LONGEST_REMARK
    return text if whole else f"{text[:LONGEST_REMARK]}… (cut, {len(text):,} characters in all)"


def is_text(text: str, most: int = LONGEST) -> bool:
    """Whether it is short enough, and can be written as UTF-8: lone surrogates cannot."""
    if len(text) > most:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# A bound on the length also makes pydantic look into the text, and refuse lone surrogates: nothing could write them.
_Endless = Annotated[str, StringConstraints(max_length=2**31)]
_Legible = Annotated[str, StringConstraints(max_length=LONGEST)]

Id = Annotated[str, StringConstraints(max_length=LONGEST_ID)] | None
Owner = _Legible | None
Word = Annotated[str, StringConstraints(max_length=LONGEST_WORD), AfterValidator(_word)] | None
LegWord = Annotated[str, StringConstraints(max_length=LONGEST_OF_LEG), AfterValidator(_word)] | None
Remark = Annotated[_Endless, AfterValidator(_cut), AfterValidator(_word)] | None
Quantity = Annotated[_Legible, AfterValidator(decimal)] | None
Moment = Annotated[_Legible, AfterValidator(moment)] | None

CAMEL = ConfigDict(alias_generator=to_camel, hide_input_in_errors=True)


def reason(error: ValidationError) -> str:
    """Why a record could not be read, in our words and the API's field names: it quotes no value."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(map(str, first["loc"]))
    wrong = _WRONG.get(first["type"]) or first["msg"].removeprefix("Value error, ")
    return f"{field or 'the record'} is {wrong}"


# Everything else is worded by the checks above, which quote nothing either.
_WRONG = {
    "string_type": "not text",
    "string_unicode": "not readable text",
    "string_too_long": "too long",
    "too_long": "too long",
    "bool_type": "neither true nor false",
    "list_type": "not a list",
    "dict_type": "no object",
    "model_type": "no object",
}
