"""What became of one order, as the commands print it."""

from __future__ import annotations

from dataclasses import dataclass

from blotter.commands import codes
from blotter.commands.codes import Code
from blotter.core.row import Row
from blotter.core.status import words
from blotter.core.text import show
from blotter.desk.cancels import sentences
from blotter.desk.cancels.outcome import Cause, Ending
from blotter.desk.errand import Job

_NAMELESS = frozenset({Cause.DECLINED, Cause.JOURNAL, Cause.TOO_LATE})
"""Turned down before there was an intent on disk."""


@dataclass(frozen=True, slots=True)
class Result:
    """``outcome`` is in the journal's words. ``text`` is the broker's, raw, or a sentence of ours where it said
    nothing; ``told`` is the sentence for people.
    """

    cl_ord_id: str
    outcome: Ending
    code: Code
    told: str
    ord_status: str = ""
    text: str = ""
    intent: str = ""

    @property
    def record(self) -> dict[str, str]:
        return {
            "origClOrdId": self.cl_ord_id,
            "outcome": self.outcome.value,
            "ordStatus": self.ord_status,
            "text": self.text or self.told,
            "intent": self.intent,
        }

    @property
    def line(self) -> str:
        """Safe to look at."""
        quoted = f' "{show(self.text)}"' if self.text else ""
        return f"{show(self.cl_ord_id)} {self.outcome.value.upper()}: {show(self.told)}{quoted}"


def untouched(cl_ord_id: str, why: str, code: Code = Code.REFUSED, row: Row | None = None) -> Result:
    """An order for which nothing was sent, by our own decision."""
    return Result(cl_ord_id, Ending.NOT_SENT, code, why, row.order.ord_status if row else "")


def of(job: Job, asked_by: str) -> Result:
    """``asked_by`` says who sent the cancel that was waited for, where it was not this command."""
    outcome, order = job.outcome, job.row.order
    text = job.row.cancel_text or (outcome.text if outcome else "") or (order.text if job.ending else "")
    intent = outcome.intent if outcome and outcome.cause not in _NAMELESS else ""
    told = _told(job) if job.request else f"{_told(job)}; {asked_by}"
    return Result(job.key.cl_ord_id, job.standing, codes.of_job(job), told, order.ord_status, text, intent)


def _told(job: Job) -> str:
    """For people, and without the keys that the screen's sentences advise to press."""
    how, status = job.standing, show(job.row.order.ord_status)
    detail = job.outcome.detail if job.outcome else ""
    if how is Ending.NOT_SENT and job.outcome is not None:
        return detail or sentences.attempted(job.outcome)
    if how is Ending.REFUSED:
        return detail or f"the cancel was refused, the order is {status}"
    if how in (Ending.CANCELED, Ending.MOOT):
        return sentences.ended(job.row, job.row)
    if how is Ending.UNKNOWN and detail:
        return f"the order reads {status}; {detail}"
    return words(job.row)
