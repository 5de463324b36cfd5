"""Who looks at single orders: one looker for each account, and the search for orders that a whole list lacked."""

from __future__ import annotations

from collections.abc import Callable

from blotter.broker.client import Client
from blotter.core.book.book import Book
from blotter.core.book.row import Change
from blotter.core.clock import Clock
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.desk.cancels import sentences
from blotter.desk.cancels.look import Looker, Sight
from blotter.desk.tasks import Tasks


class Lookout:
    """``show`` is given what a look changed in the book; ``gather`` is the seconds that looks wait for company."""

    def __init__(
        self,
        client: Client,
        book: Book,
        clock: Clock,
        tasks: Tasks,
        gather: float,
        *,
        show: Callable[[tuple[Change, ...]], None],
        tell: Callable[[Notice], None],
    ) -> None:
        self._client = client
        self._book = book
        self._clock = clock
        self._tasks = tasks
        self._gather = gather
        self._show = show
        self._tell = tell
        self._lookers: dict[str, Looker] = {}
        self._told: set[OrderKey] = set()

    def looker(self, account: str) -> Looker:
        """The account's own, so that all who want one of its orders read share a walk."""
        if account not in self._lookers:
            self._lookers[account] = Looker(
                self._client, self._book, account, self._clock, self._show, self._tasks, self._gather
            )
        return self._lookers[account]

    def missing(self, key: OrderKey) -> None:
        """A whole list lacked this order, which nobody reported finished."""
        self._tasks.start(self._seek(key), f"seek {key.cl_ord_id}")

    async def _seek(self, key: OrderKey) -> None:
        """That it is nowhere is told once, and concludes nothing."""
        sight = await self.looker(key.account).look(key)
        row = self._book.row(self._book.current(key))
        if sight is Sight.ABSENT and row is not None and key not in self._told:
            self._told.add(key)
            at, said = self._clock.now().utc, sentences.missing(row)
            self._tell(Notice(at, Severity.WARN, said, key=row.key, tag=row.tag, alike=sentences.ALL_MISSING))
