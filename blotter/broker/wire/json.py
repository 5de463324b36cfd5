"""JSON text in, plain values out, with nothing lost or guessed on the way.

Numbers keep the digits that were sent: a binary float in between would change prices. Text that is not UTF-8 becomes
lone surrogates, which no text field accepts, so that a damaged record costs itself and not its page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

_MOST_OBJECTS = 10_000
# Text of 32 MiB can hold 16 million empty lists, and become a gigabyte of them; as many orders hold a million values.
_MOST_VALUES = 2_000_000

NO_JSON = "it is not JSON"
TOO_DEEP = "it is nested too deeply"


class Number(str):
    """A JSON number as written."""

    __slots__ = ()


class NotJson(ValueError):
    """The text is not JSON, or not fit to be read as such. The message is ours and quotes nothing."""


def text_of(body: bytes) -> str:
    """The body as text; never fails."""
    return body.decode("utf-8", errors="surrogateescape")


def writable(text: str) -> str:
    """``text`` with damaged bytes and lone surrogates spelled out, fit for a file or a terminal's encoder."""
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")


def read(text: str, *, unique: bool = False) -> object:
    """One JSON value. ``unique`` refuses objects that give a key twice. Raises :class:`NotJson`."""
    check_size(text.count(","))
    try:
        return (_UNIQUE if unique else READER).decode(text)
    except NotJson:
        raise
    except ValueError:
        problem = NO_JSON
    except RecursionError:
        problem = TOO_DEEP
    raise NotJson(problem)


def check_size(commas: int) -> None:
    """Raises :class:`NotJson` for a text with more values than memory should hold."""
    if commas > _MOST_VALUES:
        raise NotJson("it holds more values than can be taken in")


def read_lines(text: str) -> Iterator[object]:
    """The JSON values of a stream frame: one, or several, one to a line. Yields :class:`NotJson` for a bad line."""
    try:
        yield read(text)
        return
    except NotJson as error:
        lines = [line for line in text.split("\n", _MOST_OBJECTS) if line.strip()]
        if len(lines) < 2 or len(lines) > _MOST_OBJECTS:
            yield error
            return
    for line in lines:
        try:
            yield read(line)
        except NotJson as error:
            yield error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise NotJson("it says the same thing twice")
    return members


# Raw control characters inside strings are let through: they are harmless until shown, and show() marks them.
READER = json.JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=Number, strict=False)
_UNIQUE = json.JSONDecoder(
    parse_int=Number, parse_float=Number, parse_constant=Number, strict=False, object_pairs_hook=_once
)
