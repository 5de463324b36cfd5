"""A day of trading at the view, as long and as odd as chance will have it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from blotter.core.book.query import Query
from blotter.core.book.row import Row
from blotter.core.book.status import is_finished
from blotter.core.order import OrderKey
from blotter.ui.table.view import View
from tests.ui.orders import a_row, changed


def shown(view: View) -> list[OrderKey]:
    """All rows shown, in order."""
    return view.keys()


class Trading(RuleBasedStateMachine):
    """Whatever arrives, the cursor stays on its order, follows its replacement, or goes to none."""

    STATUSES = st.sampled_from(("NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "ODD", ""))

    def __init__(self) -> None:
        super().__init__()
        self.view = View()
        self.view.resize(4)
        self.made = 0
        self.heirs: dict[OrderKey, OrderKey] = {}
        self.acknowledged: set[OrderKey] = set()
        self.unseen: set[OrderKey] = set()
        self.rows: dict[OrderKey, Row] = {}

    def living(self, pick: int) -> Row:
        rows = [row for row in self.rows.values() if row.key not in self.heirs]
        return rows[pick % len(rows)]

    def arrive(self, rows: list[Row]) -> None:
        cursor, before = self.view.cursor, shown(self.view)
        started = cursor is not None or self.view.parked
        self.view.apply(rows)
        for row in rows:
            self.rows[row.key] = row
            if not is_finished(row.order):
                self.acknowledged.discard(row.key)
                self.unseen.discard(row.key)
        expected = cursor
        while expected is not None and expected in self.heirs:
            expected = self.heirs[expected]
        if cursor is not None:
            assert self.view.cursor == (expected if expected in shown(self.view) else None)
        elif started:
            assert self.view.cursor is None
        renamed = [self.heirs.get(each, each) for each in before]
        after = shown(self.view)
        assert [each for each in renamed if each in after] == [each for each in after if each in renamed]

    @rule(age=st.integers(0, 50), status=STATUSES, before=st.booleans())
    def an_order_arrives(self, age: int, status: str, before: bool) -> None:
        self.made += 1
        row = a_row(age, cl_ord_id=f"id-{self.made}", tag=f"t{self.made}", ord_status=status)
        self.arrive([replace(row, finished_before=before and is_finished(row.order))])

    @precondition(lambda self: self.rows)
    @rule(picks=st.lists(st.integers(0, 99), min_size=1, max_size=5), status=STATUSES, symbol=st.sampled_from("AB"))
    def orders_change(self, picks: list[int], status: str, symbol: str) -> None:
        chosen = {row.key: changed(row, ord_status=status, symbol=symbol) for row in map(self.living, picks)}
        self.arrive(list(chosen.values()))

    @precondition(lambda self: self.rows)
    @rule(pick=st.integers(0, 99), late=st.booleans())
    def an_order_is_replaced(self, pick: int, late: bool) -> None:
        old = self.living(pick)
        self.made += 1
        new = replace(old, order=replace(old.order, cl_ord_id=f"id-{self.made}", ord_status="NEW"), former=old.key)
        self.heirs[old.key] = new.key
        # It stands for another order now, which works.
        self.unseen.discard(old.key)
        self.arrive([new, changed(old, ord_status="REPLACED")] if late else [new])

    @rule(text=st.sampled_from(("", "A", "id-1", "nothing")))
    def the_trader_filters(self, text: str) -> None:
        cursor, parked = self.view.cursor, self.view.parked
        self.view.find(text)
        rows = shown(self.view)
        if cursor in rows:
            assert self.view.cursor == cursor
        elif parked:
            assert self.view.cursor is None
        else:
            assert self.view.cursor == (rows[0] if rows else None)

    def waits(self, key: OrderKey) -> bool:
        """Whether the order ended and the trader has neither put it away nor hidden it."""
        row = self.rows[key]
        return (
            is_finished(row.order)
            and not row.finished_before
            and key not in self.acknowledged | self.unseen | self.heirs.keys()
        )

    def news_in_view(self) -> set[OrderKey]:
        return {row.key for row in self.view.window if self.waits(row.key) or row.key in self.unseen}

    @rule()
    def the_trader_acknowledges(self) -> None:
        cursor, news = self.view.cursor, self.news_in_view()
        assert self.view.acknowledge(self.view.window) == len(news)
        self.acknowledged |= news
        self.unseen -= news
        assert self.view.cursor in (cursor, None)

    @rule()
    def the_trader_acknowledges_before_a_frame_was_written(self) -> None:
        assert self.view.acknowledge(()) == 0

    @rule()
    def the_trader_toggles_finished(self) -> None:
        cursor, parked = self.view.cursor, self.view.parked
        news, waiting = self.news_in_view(), {key for key in self.rows if self.waits(key)}
        if self.view.finished_shown or waiting & set(shown(self.view)):
            self.acknowledged |= news
            self.unseen = (self.unseen | waiting) - news
        self.view.toggle_finished(self.view.window)
        assert self.view.cursor in (cursor, None) or (cursor is None and not parked)

    @rule()
    def the_trader_seeks_what_ended(self) -> None:
        cursor = self.view.cursor
        in_view = any(map(self.waits, (row.key for row in self.view.window)))
        if not any(map(self.waits, shown(self.view))):
            self.unseen = set()
        self.view.seek_ended()
        left = [key for key in shown(self.view) if self.waits(key)]
        assert self.view.cursor == cursor if in_view or not left else self.view.cursor in left

    @rule(by=st.integers(-9, 9).filter(bool))
    def the_trader_moves(self, by: int) -> None:
        self.view.move(by)
        assert (self.view.cursor is None) == (not len(self.view))
        assert self.view.cursor is None or self.view.cursor in [row.key for row in self.view.window]

    @rule(height=st.integers(1, 9))
    def the_terminal_is_resized(self, height: int) -> None:
        self.view.resize(height)

    @invariant()
    def the_rows_are_the_right_ones(self) -> None:
        query = Query(self.view.filter)
        known = [row for row in self.rows.values() if row.key not in self.heirs]

        def retired(row: Row) -> bool:
            return is_finished(row.order) and (row.finished_before or row.key in self.acknowledged | self.unseen)

        total = [row for row in known if self.view.finished_shown or not retired(row)]
        assert sorted(shown(self.view)) == sorted(row.key for row in total if query.matches(row))
        counts = self.view.counts
        assert counts.total == len(total)
        assert counts.done == sum(map(retired, known))
        assert self.view.ended.shown == sum(map(self.waits, shown(self.view)))
        assert self.view.ended.unseen == len(self.unseen)
        assert counts.working == sum(not is_finished(row.order) for row in known)

    @invariant()
    def the_cursor_is_on_a_row_or_none(self) -> None:
        assert self.view.cursor is None or self.view.cursor in shown(self.view)


TestTrading = Trading.TestCase
TestTrading.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
