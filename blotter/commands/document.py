"""JSON as the commands print it: one document, an object to a line, in printable ASCII.

Strings go out as the broker sent them and numbers with the digits that it wrote; what could act on a terminal is
escaped, as JSON allows for any character.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from blotter.broker.wire.json import Number

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def array(objects: Iterable[object]) -> str:
    """One array."""
    return "[" + ",\n ".join(map(value, objects)) + "]"


def value(said: object) -> str:
    """One value that was read by ``wire.json``, or made of strings, numbers, mappings and sequences."""
    if isinstance(said, Number):
        return said if _NUMBER.fullmatch(said) else _text(said)
    if isinstance(said, str):
        return _text(said)
    if isinstance(said, Mapping):
        return "{" + ", ".join(f"{_text(str(name))}: {value(each)}" for name, each in said.items()) + "}"
    if isinstance(said, list | tuple):
        return "[" + ", ".join(map(value, said)) + "]"
    return json.dumps(said, ensure_ascii=True, allow_nan=False)


def _text(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=True).replace("\x7f", "\\u007f")
