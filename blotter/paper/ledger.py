"""All orders of all accounts, in order of creation, and the paging over them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import NamedTuple

from blotter.paper.order import PaperOrder

# Cursors are opaque int64 beyond 2**53: a client that squeezes them through a float goes astray here, not when it
# matters.
CURSOR_BASE = 4_611_686_018_000_000_000

# Finished orders that are kept per account. A calm day ends far below; a market at full speed must not eat the machine.
KEEP_FINISHED = 20_000


class Page(NamedTuple):
    """``cursor`` is where the next page goes on, 0 at the end."""

    orders: list[PaperOrder]
    cursor: int


class Ledger:
    """Orders by account and by id. Nothing is ever removed but the oldest finished orders beyond the limit."""

    def __init__(self, accounts: Iterable[str], keep_finished: int = KEEP_FINISHED) -> None:
        self._keep = keep_finished
        self._orders: dict[str, list[PaperOrder]] = {account: [] for account in accounts}
        self._by_id: dict[tuple[str, str], PaperOrder] = {}

    def add(self, order: PaperOrder) -> None:
        orders = self._orders[order.account]
        orders.append(order)
        self._by_id[order.account, order.cl_ord_id] = order
        # Looking only once in a while keeps adding cheap.
        if len(orders) > 2 * self._keep and len(orders) % self._keep == 0:
            self._prune(order.account)

    def find(self, account: str, cl_ord_id: str) -> PaperOrder | None:
        return self._by_id.get((account, cl_ord_id))

    def newest_first(self, account: str) -> Iterator[PaperOrder]:
        return reversed(self._orders[account])

    def page(
        self,
        account: str,
        limit: int,
        cursor: int,
        wanted: Callable[[PaperOrder], bool],
        *,
        oldest_first: bool = False,
    ) -> Page:
        """Up to ``limit`` orders that are ``wanted``. Every page is full until the last one, which never is.

        A last page of exactly ``limit`` orders would send the vendor's own paging round and round, so a full page
        always names a cursor, and the end may be a page without orders.
        """
        orders = self._orders[account]
        after = cursor - CURSOR_BASE if cursor else None
        found: list[PaperOrder] = []
        if oldest_first:
            start = 0 if after is None else bisect_right(orders, after, key=attrgetter("seq"))
            walk: Iterable[int] = range(start, len(orders))
        else:
            stop = len(orders) if after is None else bisect_left(orders, after, key=attrgetter("seq"))
            walk = range(stop - 1, -1, -1)
        for place in walk:
            if wanted(orders[place]):
                found.append(orders[place])
                if len(found) == limit:
                    return Page(found, CURSOR_BASE + found[-1].seq)
        return Page(found, 0)

    def _prune(self, account: str) -> None:
        orders = self._orders[account]
        excess = sum(order.finished for order in orders) - self._keep
        kept: list[PaperOrder] = []
        for order in orders:
            if order.finished and excess > 0:
                excess -= 1
                del self._by_id[account, order.cl_ord_id]
            else:
                kept.append(order)
        self._orders[account] = kept
