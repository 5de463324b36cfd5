"""A connection that is reset in the middle of anything: within a frame's head, a record, between two messages."""

from __future__ import annotations

from pathlib import Path

from blotter.broker.auth import Token
from blotter.core.order import OrderKey
from blotter.desk.clock import SystemClock
from blotter.desk.desk import Desk
from blotter.desk.messages import LinkPhase
from blotter.desk.settings import DeskSettings
from blotter.paper.settings import PaperSettings
from tests.desk.feed.live import FAST
from tests.desk.seat import Seat
from tests.paper.faulty import Faulty

A_RECORD = 800
"""Bytes of one order's message and a little more."""


def test_news_that_is_cut_at_any_byte_is_read_from_the_list(tmp_path: Path) -> None:
    with Faulty(PaperSettings(orders=6, accounts=1, rate=0)) as broker:
        way = broker.serving
        settings = DeskSettings(way.url, way.stream_url, Token(way.token), tmp_path, timings=FAST)
        with Desk(settings, SystemClock()) as desk:
            seat = Seat(desk, tmp_path)
            seat.live(6)
            order = next(order for order in broker.orders() if not order.finished)
            key = OrderKey(order.account, order.cl_ord_id)

            def told(news: str) -> bool:
                row, link = seat.rows[key], seat.links[order.account]
                return row.order.text == news and row.stale_since is None and link.phase is LinkPhase.OK

            for count in (1, 2, 3, 4, 5, *range(30, A_RECORD, 59)):
                broker.strike(f"reset:{count}")
                for news in (f"first at {count}", f"last at {count}"):
                    broker.report(order, order.status, news)
                seat.until(lambda news=news: told(news))
        assert sum("no stream for" in text for text in seat.texts) > 10
