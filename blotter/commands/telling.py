"""What became of one order, as a sentence for people that fits a line.

The screen's sentences advise keys; what to do next is said here once, under all orders. The broker's words stand beside
the sentence and are not in it.
"""

from __future__ import annotations

from blotter.core.book.cancel import Verdict
from blotter.core.book.status import is_finished
from blotter.core.text import show
from blotter.core.words import ticket
from blotter.desk.cancels import sentences
from blotter.desk.cancels.outcome import Cause, Ending, Outcome
from blotter.desk.errand import Job

_REFUSED = {
    Cause.REFUSED: "the broker said no",
    Cause.BAD_REQUEST: "not accepted as sent",
    Cause.UNAUTHORIZED: "token not good",
    Cause.FORBIDDEN: "token may not cancel",
    Cause.NOT_FOUND: "no such order",
    Cause.CONFLICT: "its state forbids it",
}
_UNKNOWN = {
    Cause.NO_ANSWER: "no whole answer came",
    Cause.TROUBLE: "answer proves nothing",
    Cause.CONTRADICTION: "the answer reports another end",
}


def sentence(job: Job) -> str:
    """Safe to look at. Those of orders that ended begin with the outcome, the others leave it to a heading."""
    match job.standing:
        case Ending.CANCELED | Ending.MOOT:
            return sentences.ended(job.row, job.row)
        case Ending.REFUSED:
            return f"{_of(_REFUSED, job.outcome) or 'taken at first'}; {_standing(job)}"
        case Ending.NOT_SENT:
            return _not_sent(job.outcome)
        case Ending.PENDING:
            return f"can still fill; {ticket.left(job.row.order)}"
        case Ending.UNCONFIRMED:
            return f"reads show no cancel; {_standing(job)}"
        case _:
            return f"{_why_unknown(job)}; {_standing(job)}"


def _of(told: dict[Cause, str], outcome: Outcome | None) -> str:
    if outcome is None or outcome.cause not in told:
        return ""
    return f"{told[outcome.cause]} (HTTP {outcome.http})" if outcome.http else told[outcome.cause]


def _standing(job: Job) -> str:
    """The order as it was read last."""
    order = job.row.order
    status = show(order.ord_status) or "without a status"
    return f"it is {status}" if is_finished(order) else f"last read {status}, {ticket.left(order)}"


def _not_sent(outcome: Outcome | None) -> str:
    if outcome is None:
        return sentences.UNTOUCHED
    if outcome.cause is Cause.RATE_LIMITED and outcome.http:
        wait = f"wait {outcome.asked:g} s" if outcome.asked else "wait a little"
        return f"too many requests (HTTP {outcome.http}): {wait}, then run it again"
    return outcome.detail or sentences.UNTOUCHED


def _why_unknown(job: Job) -> str:
    if why := _of(_UNKNOWN, job.outcome):
        return why
    if job.outcome is not None and job.outcome.verdict is Verdict.UNKNOWN and job.outcome.detail:
        return job.outcome.detail
    return "no last word yet"
