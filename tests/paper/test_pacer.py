from __future__ import annotations

from blotter.paper.pacer import LARGEST_BATCH, Pacer
from blotter.paper.settings import PaperSettings
from tests.paper.desk import PaperDesk, limit_order


def test_updates_come_at_the_rate() -> None:
    desk = PaperDesk(PaperSettings(orders=50))
    pacer = Pacer(desk.exchange, rate=10)
    for _ in range(1000):
        desk.clock.advance(0.1)
        pacer.beat()
    assert 950 <= desk.exchange.market.ticks <= 1050


def test_a_pause_of_the_process_is_not_caught_up_with() -> None:
    desk = PaperDesk(PaperSettings(orders=50))
    pacer = Pacer(desk.exchange, rate=100)
    desk.clock.advance(3600)
    pacer.beat()
    assert desk.exchange.market.ticks <= 2


def test_one_beat_never_does_more_than_a_batch() -> None:
    desk = PaperDesk(PaperSettings(orders=50))
    pacer = Pacer(desk.exchange, rate=10_000)
    desk.clock.advance(0.9)
    pacer.beat()
    assert desk.exchange.market.ticks == LARGEST_BATCH


def test_what_is_due_is_done_even_when_the_market_stands_still() -> None:
    desk = PaperDesk(PaperSettings(orders=0))
    pacer = Pacer(desk.exchange, rate=0)
    order = desk.exchange.place(limit_order())
    due = pacer.beat()
    assert order.status == "PENDING_NEW"
    desk.clock.advance(due - desk.clock.now().mono)
    assert pacer.beat() == float("inf")
    assert order.status == "NEW"
