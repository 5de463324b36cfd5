"""What is wrong with one line after another of a journal's file: its chain, its numbering, its order, its pairing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blotter.desk.journal.record import GENESIS, NEEDS_INTENT, Kind, digest_of


class Judge:
    """Sees the lines of one file from its first."""

    def __init__(self) -> None:
        self._prev = GENESIS
        self._run: object = None
        self._intents: set[object] = set()
        self._ended = False

    def judge(self, number: int, raw: bytes, said: Mapping[str, Any] | None) -> str:
        """Why this line, ``number`` from 1, is not the one that was written here; empty where nothing speaks against
        it. ``said`` is what the line holds, ``None`` where that is no record.
        """
        prev, self._prev = self._prev, raw[-66:-2].decode("ascii", "replace")
        if digest_of(raw) is None:
            return "its bytes are not those that were written: the hash does not match"
        if said is None:
            return "it is not a record"
        if said.get("prev") != prev:
            return "it does not follow the line before: something was changed, added or taken out"
        if said.get("seq") != number - 1:
            return f"its number is {said.get('seq')!r} instead of {number - 1}"
        return self._order(number, said) or self._pairing(said)

    def _order(self, number: int, said: Mapping[str, Any]) -> str:
        kind, run = said.get("kind"), said.get("run")
        if (number == 1) != (kind == Kind.START):
            return "a file has one start, in its first line"
        if number > 1 and run != self._run:
            return "it belongs to another run"
        if self._ended:
            return "it stands behind the end of the run"
        self._run = run
        self._ended = kind == Kind.END
        return ""

    def _pairing(self, said: Mapping[str, Any]) -> str:
        kind, intent = said.get("kind"), said.get("intent")
        name = intent if isinstance(intent, str) else ""
        if kind == Kind.INTENT:
            if not name or name in self._intents:
                return "an intent has a name of its own"
            self._intents.add(name)
        elif kind in NEEDS_INTENT and name not in self._intents:
            return f"it is the {kind} of a cancel that has no intent in this file"
        return ""
