"""The cancels that a journal has to do with: which are open, which are of earlier runs, what its end says of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from blotter.desk.journal.record import NEEDS_INTENT, Kind, Record

_NAMES = ("intent", "account", "clOrdId", "tag", "of")


class Register:
    """``open`` names this run's cancels that have no final outcome on the disk."""

    def __init__(self) -> None:
        self.open: dict[str, None] = {}
        self._intents: dict[str, Record] = {}
        self._adopted: set[str] = set()
        self._settled: dict[str, None] = {}
        self._came_to: dict[str, str] = {}
        self._acknowledged: dict[str, None] = {}

    def hold(self, intent: Record) -> None:
        """A cancel of this run that is asked, or about to be."""
        name = _name(intent)
        self._intents[name] = intent
        self.open[name] = None

    def adopt(self, intent: Record) -> None:
        """A cancel of an earlier run."""
        self._intents.setdefault(_name(intent), intent)
        self._adopted.add(_name(intent))

    def again(self, name: str) -> Record:
        """The intent, for a file that does not hold it yet: as it was asked, or what names it where it is settled."""
        intent = self._intents[name]
        return replace(intent, body={**intent.body, "again": True})

    def takes(self, fact: Record) -> bool:
        """Whether ``fact`` is to be put down. What is said of a cancel whose intent never became durable has nothing to
        stand beside, and a second final outcome says nothing.
        """
        name = _name(fact)
        if fact.kind in NEEDS_INTENT and name not in self._intents:
            return False
        if fact.kind is Kind.OUTCOME:
            if name in self._settled:
                return False
            self._came_to[name] = str(fact.body.get("outcome"))
            if fact.body.get("final"):
                self._settled[name] = None
        elif fact.kind is Kind.ACKNOWLEDGEMENT:
            self._acknowledged.update(dict.fromkeys(fact.body["intents"]))
        return True

    def is_durable(self, fact: Record) -> None:
        """``fact`` is on the disk. Of a cancel whose last word is, so is all that was asked."""
        if fact.kind is Kind.OUTCOME and fact.body.get("final"):
            name = _name(fact)
            self.open.pop(name, None)
            self._intents[name] = brief(self._intents[name])

    def left(self) -> dict[str, Any]:
        """What the end of a run says. ``settled`` and ``acknowledged`` are of earlier runs: who reads their files
        need not read all of this one.

        What stayed unconfirmed, as the trader knows, is settled, too: nothing is open about it but its name.
        """
        given_up = [name for name in self._acknowledged if self._came_to.get(name) == "unconfirmed"]
        own = self._intents.keys() - self._adopted
        return {
            "unsettled": sorted(name for name in self.open if name not in self._settled),
            "settled": [name for name in (*self._settled, *given_up) if name in self._adopted],
            "acknowledged": [name for name in self._acknowledged if name not in own],
        }


def _name(record: Record) -> str:
    return str(record.body.get("intent", ""))


def brief(intent: Record) -> Record:
    """Enough to put down what becomes of the order, where another file holds the rest."""
    return replace(intent, body={name: intent.body[name] for name in _NAMES if name in intent.body})
