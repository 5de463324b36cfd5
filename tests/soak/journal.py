"""What the soak left on the disk, held against what the trader pressed and the broker knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from blotter.desk.journal.ledger import Entry, read_run
from blotter.desk.journal.record import Kind
from tests.soak.trader import Trader


class Journal:
    def __init__(self, folder: Path) -> None:
        self.runs = [read_run(path) for path in sorted(folder.glob("*.jsonl"))]
        self.intents = {entry.intent: entry for entry in self._of(Kind.INTENT)}
        self.declined = list(self._of(Kind.DECLINED))
        self.attempts = Counter(entry.intent for entry in self._of(Kind.ATTEMPT))
        self.outcomes = {entry.intent: entry for entry in self._of(Kind.OUTCOME)}
        self.final = Counter(entry.intent for entry in self._of(Kind.OUTCOME) if entry.said["final"])

    def _of(self, kind: Kind) -> Iterator[Entry]:
        return (entry for run in self.runs for entry in run.of(kind))

    def check(self, trader: Trader, broker: dict[str, Any]) -> None:
        """Every press is accounted for, once, and by what the broker says itself."""
        assert [run.bad for run in self.runs if run.bad] == []
        turned_down = [entry for entry in self.declined if entry.intent not in self.intents]
        assert len(self.intents) + len(turned_down) == trader.presses
        assert set(self.outcomes) == set(self.intents)
        assert set(self.final.values()) <= {1}
        truth = {(account, name): status for account, name, status in broker["orders"]}
        attempts: Counter[str] = Counter()
        for intent, entry in self.intents.items():
            key = (entry.said["account"], entry.said["clOrdId"])
            attempts[" ".join(key)] += self.attempts[intent]
            how, status = self.outcomes[intent].said["outcome"], truth[key]
            ended = status in ("FILLED", "CANCELED", "EXPIRED", "REJECTED")
            if how == "canceled":
                assert status == "CANCELED", (intent, key, status)
            elif how == "moot":
                assert ended, (intent, key, status)
            elif intent not in self.final:
                assert not ended, (intent, key, how, status)
        for name, arrived in broker["cancels"].items():
            assert arrived <= attempts[name], f"{name}: {arrived} arrived, {attempts[name]} were sent"
