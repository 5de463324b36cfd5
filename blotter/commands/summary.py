"""The last lines under the results, for people: how many of each where there are several, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from blotter.commands.codes import Code
from blotter.commands.result import Result
from blotter.core.book.status import OrdStatus
from blotter.desk.cancels.outcome import Ending


def lines(results: Sequence[Result]) -> Iterator[str]:
    """Nothing where one order was canceled: its own line says all."""
    outcomes = Counter(each.outcome for each in results)
    if len(results) > 1:
        words = Counter(map(_word, sorted(results, key=lambda each: list(Ending).index(each.outcome))))
        yield f"{len(results)} orders: {', '.join(f'{count} {word}' for word, count in words.items())}"
    if outcomes[Ending.PENDING] or outcomes[Ending.UNKNOWN]:
        yield "no last word: run it again, an open cancel is waited for, not repeated"
    if outcomes[Ending.UNCONFIRMED]:
        yield "unconfirmed: reads show the order working; look again: blotter orders"
    if any(each.code is Code.AUTHENTICATION for each in results):
        yield "bring a token that may cancel (order:execution), or: blotter login"
    if any(each.outcome is Ending.REFUSED and each.code is Code.REFUSED for each in results):
        yield "refused: the order may work on; blotter orders shows what does"


def _word(result: Result) -> str:
    if result.outcome is not Ending.MOOT:
        return result.outcome.value
    return "filled first" if result.ord_status == OrdStatus.FILLED else "ended otherwise"
