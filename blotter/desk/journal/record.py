"""One line of the journal: what happened, when on both clocks, chained to the line before.

A line is one JSON object in ASCII. Its last member, ``hash``, is the SHA-256 of the object's own bytes as they
stand without that member; ``prev``, which those bytes hold, is the hash of the line before (64 zeros in the
first). Hashing the bytes as written, and not a parsed copy, means that no reader has to agree with the writer on
how a number or an escape is spelled: any changed byte breaks the chain at its line.

What the chain cannot do: the same user can write the whole file anew, and lines cut off its end leave no trace in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from blotter.core.instant import Instant

GENESIS = "0" * 64
MOST_DIGITS = 40
_TAIL = len(f',"hash":"{GENESIS}"}}')


class Kind(StrEnum):
    """``DECLINED`` is a confirmed cancel that the desk itself turned down, before there was a durable intent; where a
    line of that intent may stand in a file all the same, ``intent`` names it, and it counts for nothing.

    ``OVERRIDE`` says what was typed to send a cancel in spite of a reason not to. ``ACKNOWLEDGEMENT`` names the cancels
    (``intents``) whose outcome was in view when the trader pressed the key.
    """

    START = "start"
    INTENT = "intent"
    OVERRIDE = "override"
    DECLINED = "declined"
    ATTEMPT = "attempt"
    ANSWER = "answer"
    REPORT = "report"
    OUTCOME = "outcome"
    ACKNOWLEDGEMENT = "acknowledgement"
    END = "end"


NEEDS_INTENT = frozenset({Kind.ATTEMPT, Kind.ANSWER, Kind.REPORT, Kind.OUTCOME})
"""Nothing of this kind stands in a file that does not hold its cancel's intent before it."""


@dataclass(frozen=True, slots=True)
class Record:
    """``body`` holds values of ours (dataclasses, decimals, times): they become JSON when the line is made."""

    kind: Kind
    at: Instant
    body: Mapping[str, Any] = field(default_factory=dict)


def line(record: Record, *, seq: int, run: str, prev: str) -> tuple[bytes, str]:
    """The bytes to append, newline included, and their hash."""
    said = {
        "seq": seq,
        "run": run,
        "kind": record.kind.value,
        "utc": record.at.utc,
        "mono": record.at.mono,
        **record.body,
        "prev": prev,
    }
    bare = json.dumps(plain(said), ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")
    digest = hashlib.sha256(bare).hexdigest()
    return bare[:-1] + f',"hash":"{digest}"}}\n'.encode("ascii"), digest


def digest_of(raw: bytes) -> str | None:
    """The hash of one line (without its newline), if the line's bytes are those that were hashed."""
    digest = hashlib.sha256(raw[:-_TAIL] + b"}").hexdigest()
    return digest if raw[-_TAIL:] == f',"hash":"{digest}"}}'.encode("ascii") else None


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it: decimals and times as strings, dataclasses as objects without empty members."""
    if isinstance(value, str | bool | int | float) or value is None:
        return str(value) if isinstance(value, StrEnum) else value
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() and abs(value.adjusted()) < MOST_DIGITS else str(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Instant):
        return {"utc": plain(value.utc), "mono": value.mono}
    if is_dataclass(value) and not isinstance(value, type):
        members = {each.name: getattr(value, each.name) for each in fields(value)}
        return {name: plain(each) for name, each in members.items() if each not in (None, "", ())}
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    raise TypeError(f"a {type(value).__name__} has no place in the journal")
