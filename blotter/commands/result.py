"""What became of one order, as the commands print it."""

from __future__ import annotations

from dataclasses import dataclass

from blotter.commands import codes, telling
from blotter.commands.codes import Code
from blotter.core.book.row import Row
from blotter.core.order import Order
from blotter.core.text import show
from blotter.core.words import ticket
from blotter.core.words.figures import quantity
from blotter.desk.cancels.outcome import Cause, Ending
from blotter.desk.errand import Job

_NAMELESS = frozenset({Cause.DECLINED, Cause.JOURNAL})
"""Turned down before there was an intent on disk."""

_ENDED = frozenset({Ending.CANCELED, Ending.MOOT})


@dataclass(frozen=True, slots=True)
class Result:
    """``outcome`` is in the journal's words. ``text`` is the broker's, raw, or a sentence of ours where it said
    nothing; ``told`` is the sentence for people. ``what`` is the order in words that are safe to look at, empty where
    none was found.
    """

    cl_ord_id: str
    outcome: Ending
    code: Code
    told: str
    ord_status: str = ""
    text: str = ""
    intent: str = ""
    what: str = ""

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
        """Safe to look at. The sentence about an order that ended says itself how."""
        head = "" if self.outcome in _ENDED else f"{self.outcome.value.upper()}: "
        quoted = f' "{show(self.text)}"' if self.text else ""
        what = f" ({self.what})" if self.what else ""
        return f"{show(self.cl_ord_id)}{what} {head}{show(self.told)}{quoted}"


def untouched(cl_ord_id: str, why: str, code: Code = Code.REFUSED, row: Row | None = None) -> Result:
    """An order for which nothing was sent, by our own decision."""
    if row is None:
        return Result(cl_ord_id, Ending.NOT_SENT, code, why)
    return Result(cl_ord_id, Ending.NOT_SENT, code, why, row.order.ord_status, what=_what(row.order))


def of(job: Job, asked_by: str) -> Result:
    """``asked_by`` says who sent the cancel that was waited for, where it was not this command."""
    outcome, order = job.outcome, job.row.order
    # Of an order that ended, its own last words count: those of an acknowledgement read as if all had gone well.
    text = order.text if job.standing in _ENDED else job.row.cancel_text or (outcome.text if outcome else "")
    intent = outcome.intent if outcome and outcome.cause not in _NAMELESS else ""
    told = telling.sentence(job) if job.request else f"{telling.sentence(job)}; {asked_by}"
    what = _what(job.request.order if job.request else order)
    return Result(job.key.cl_ord_id, job.standing, codes.of_job(job), told, order.ord_status, text, intent, what)


def _what(order: Order) -> str:
    """As a trader names it: ``SELL 20 MSFT``."""
    return f"{ticket.side(order)} {quantity(order.qty)} {ticket.contract_in_full(order)}"
