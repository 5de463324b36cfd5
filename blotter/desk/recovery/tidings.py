"""What the trader is told of earlier runs: each cancel of theirs that has no last word, or one that nobody has seen."""

from __future__ import annotations

from blotter.core.book.book import Book
from blotter.core.book.cancel import Doubt, Verdict
from blotter.core.clock import Clock
from blotter.core.notice import Notice, Severity
from blotter.desk.cancels.docket import Screen
from blotter.desk.cancels.outcome import doubt
from blotter.desk.journal import recall
from blotter.desk.journal.archive import Findings
from blotter.desk.journal.ledger import Cancel


class Tidings:
    """Every sentence names an order by its tag in this run, where it has one: those of other runs are other orders'."""

    def __init__(self, book: Book, clock: Clock, screen: Screen) -> None:
        self._book = book
        self._clock = clock
        self._screen = screen

    def first(self, found: Findings) -> None:
        """What has to be known first. The panel's newest line is its first: so the head of a list comes last."""
        for cancel in found.unseen:
            when = "the last run" if _is_of(cancel, found.last) else "an earlier run"
            self._say(Severity.ALERT, f"{recall.ending(cancel, self._tag(cancel))}, in {when}", cancel)
        for cancel in found.running:
            place = recall.place(cancel.runs[-1].start)
            self._say(Severity.WARN, f"{self._which(cancel)}: a cancel is asked from {place}", cancel)
        untold = [cancel for cancel in found.open if not cancel.acknowledged]
        last = all(_is_of(cancel, found.last) for cancel in untold)
        self._open(untold, "the last run" if last else "earlier runs")

    def left(self, cancels: list[Cancel]) -> None:
        """A blotter that had these in hand is gone."""
        self._open(cancels, "another blotter of yours, which ended")

    def damaged(self, sentence: str) -> None:
        self._say(Severity.ALERT, sentence)

    def not_open(self, cancel: Cancel) -> None:
        """Its account is none of those that are watched here."""
        tail = f"its account {cancel.account} is not open here, so it cannot be read"
        self._say(Severity.ALERT, f"No answer from an earlier run: {self._which(cancel)}: {tail}", cancel)

    def nowhere(self, cancel: Cancel) -> None:
        """So many reads did not bring its order."""
        tail = "neither today's list nor the history names it; reading goes on"
        self._say(Severity.ALERT, f"Outcome still unknown: {self._which(cancel)}: {tail}", cancel)

    def _open(self, cancels: list[Cancel], whose: str) -> None:
        if len(cancels) == 1:
            self._say(
                Severity.ALERT, f"1 cancel has {_lacks(cancels[0])} from {whose}: {self._how(cancels[0])}", *cancels
            )
            return
        for cancel in cancels:
            self._say(Severity.ALERT, f"{_lacks(cancel).capitalize()} from {whose}: {self._how(cancel)}", cancel)
        if cancels:
            lacks = {_lacks(cancel) for cancel in cancels}
            what = lacks.pop() if len(lacks) == 1 else "no last word"
            taken = any(recall.verdict(cancel) == Verdict.ACCEPTED for cancel in cancels)
            tail = "asking the broker" if taken else "outcomes unknown, asking the broker"
            self._say(Severity.ALERT, f"{len(cancels)} cancels have {what} from {whose}: {tail}")

    def _how(self, cancel: Cancel) -> str:
        tail = "it was pending" if recall.verdict(cancel) == Verdict.ACCEPTED else "outcome unknown"
        return f"{self._which(cancel)}: {tail}, asking the broker"

    def _which(self, cancel: Cancel) -> str:
        return recall.told(cancel, self._tag(cancel))

    def _tag(self, cancel: Cancel) -> str:
        row = self._book.row(self._book.current(recall.key(cancel)))
        return row.tag if row is not None else ""

    def _say(self, severity: Severity, sentence: str, *about: Cancel) -> None:
        outcomes = tuple(cancel.intent for cancel in about)
        key = self._book.current(recall.key(about[0])) if about else None
        self._screen.notice(Notice(self._clock.now().utc, severity, sentence, key=key, outcomes=outcomes))


def _is_of(cancel: Cancel, run: str) -> bool:
    return any(each.name == run for each in cancel.runs)


def _lacks(cancel: Cancel) -> str:
    if recall.verdict(cancel) == Verdict.ACCEPTED:
        return "no last word"
    return "no answer" if doubt(recall.cause(cancel)) is Doubt.SILENCE else "no clear answer"
