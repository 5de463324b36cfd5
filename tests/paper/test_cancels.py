from __future__ import annotations

import pytest

from blotter.paper import texts
from blotter.paper.cancels import ANSWER_SECONDS, BURST_ANSWER_SECONDS
from blotter.paper.fate import Ending, fate_of
from blotter.paper.order import PaperOrder, Record
from blotter.paper.settings import PaperSettings
from tests.paper.desk import PaperDesk, limit_order


@pytest.fixture
def desk() -> PaperDesk:
    """A market whose first cancel is spent, so that the fates decide."""
    desk = PaperDesk(PaperSettings(orders=200, seed=5))
    _cancel(desk, desk.working()[0])
    desk.wait(4)
    desk.heard.clear()
    return desk


def test_the_first_cancel_of_a_run_is_plain_whatever_fate_had_in_mind() -> None:
    for seed in range(30):
        desk = PaperDesk(PaperSettings(seed=seed))
        order = desk.working()[seed % 20]
        answer = _cancel(desk, order)
        assert (answer["success"], answer["status"], answer["text"]) == (True, "PENDING_CANCEL", "")
        assert answer["origClOrdId"] == order.cl_ord_id
        assert answer["clOrdId"] != order.cl_ord_id
        desk.wait(0.7)
        assert desk.statuses(order.cl_ord_id) == ["PENDING_CANCEL"]
        desk.wait(1.5)
        assert desk.statuses(order.cl_ord_id) == ["PENDING_CANCEL", "CANCELED"]
        assert desk.heard[-1]["text"] == "Cancel request processed"
        assert desk.heard[-1]["leavesQty"] == "0"


def test_orders_placed_through_the_api_are_canceled_plainly(desk: PaperDesk) -> None:
    for _ in range(40):
        order = desk.exchange.place(limit_order())
        desk.wait(0.3)
        assert order.status == "NEW"
        assert _cancel(desk, order)["status"] == "PENDING_CANCEL"
        desk.wait(2.1)
        assert order.status == "CANCELED"


def test_a_cancel_can_overtake_the_acceptance(desk: PaperDesk) -> None:
    order = desk.exchange.place(limit_order())
    _cancel(desk, order)
    desk.wait(3)
    assert desk.statuses(order.cl_ord_id) == ["PENDING_NEW", "PENDING_CANCEL", "CANCELED"]


def test_a_lost_race_is_a_fill_and_a_rejected_cancel(desk: PaperDesk) -> None:
    order = _with_fate(desk, Ending.LOST)
    answer = _cancel(desk, order)
    desk.wait(3)
    assert answer["status"] == "PENDING_CANCEL"
    assert desk.statuses(order.cl_ord_id) == ["PENDING_CANCEL", "FILLED"]
    rejection = desk.heard[-1]
    assert rejection["clOrdId"] == answer["clOrdId"]
    assert rejection["origClOrdId"] == order.cl_ord_id
    assert (rejection["ordId"], rejection["ordStatus"], rejection["text"]) == ("", "REJECTED", texts.TOO_LATE)
    assert rejection["symbol"] == order.draft.symbol


def test_a_late_fill_is_kept_when_the_rest_is_canceled(desk: PaperDesk) -> None:
    order = _with_fate(desk, Ending.LATE_FILL)
    before = order.cum
    _cancel(desk, order)
    desk.wait(3)
    assert desk.statuses(order.cl_ord_id) == ["PENDING_CANCEL", "PENDING_CANCEL", "CANCELED"]
    assert before < order.cum < order.draft.qty


def test_a_refusal_in_the_answer_leaves_the_order_alone(desk: PaperDesk) -> None:
    order = _with_fate(desk, Ending.REFUSED)
    status = order.status
    answer = _cancel(desk, order)
    assert (answer["success"], answer["status"]) == (False, "REJECTED")
    assert answer["text"] in texts.REFUSALS
    desk.wait(3)
    assert order.status == status
    assert desk.heard == []


def test_a_refusal_after_pending_puts_the_order_back(desk: PaperDesk) -> None:
    order = _with_fate(desk, Ending.REFUSED_LATER)
    status = order.status
    answer = _cancel(desk, order)
    desk.wait(3)
    assert desk.statuses(order.cl_ord_id) == ["PENDING_CANCEL", status]
    assert desk.heard[-1]["clOrdId"] == answer["clOrdId"]
    assert desk.heard[-1]["text"] in texts.REFUSALS


def test_a_refused_cancel_can_be_asked_again_until_it_works(desk: PaperDesk) -> None:
    order = _with_fate(desk, Ending.REFUSED)
    for _ in range(30):
        _cancel(desk, order)
        desk.wait(3)
        if order.finished:
            break
    assert order.status in ("CANCELED", "FILLED")


def test_a_second_cancel_while_one_is_pending_is_refused_and_changes_nothing(desk: PaperDesk) -> None:
    order = _with_fate(desk, Ending.PLAIN)
    _cancel(desk, order)
    answer = _cancel(desk, order)
    assert (answer["success"], answer["status"], answer["text"]) == (False, "REJECTED", texts.PENDING_ALREADY)
    desk.wait(3)
    assert order.status == "CANCELED"


def test_a_finished_order_is_too_late_to_cancel(desk: PaperDesk) -> None:
    order = next(order for order in desk.orders() if order.status == "FILLED")
    answer = _cancel(desk, order)
    assert (answer["success"], answer["status"]) == (False, "REJECTED")
    assert answer["text"] == "Too late to cancel: order is FILLED"


def test_the_market_leaves_an_order_alone_while_its_cancel_is_under_way() -> None:
    desk = PaperDesk(PaperSettings(orders=3))
    order = desk.working()[0]
    _cancel(desk, order)
    for _ in range(500):
        desk.exchange.step()
    assert desk.statuses(order.cl_ord_id) == ["PENDING_CANCEL"]


def test_canceled_orders_are_replaced_by_arrivals() -> None:
    desk = PaperDesk(PaperSettings(orders=24))
    for order in desk.working():
        _cancel(desk, order)
    desk.wait(4)
    for _ in range(200):
        desk.exchange.step()
    assert desk.exchange.market.working >= 16


def test_fate_is_a_matter_of_the_seed_and_the_order(desk: PaperDesk) -> None:
    twin = PaperDesk(PaperSettings(orders=200, seed=5))
    fates = [fate_of(5, order, plain=False) for order in twin.working()]
    assert fates == [fate_of(5, order, plain=False) for order in PaperDesk(PaperSettings(orders=200, seed=5)).working()]
    assert {fate.ending for fate in fates} == set(Ending)
    assert sum(fate.ending is Ending.PLAIN for fate in fates) > len(fates) / 2
    assert all(0.8 <= fate.settles_after <= 2.0 for fate in fates)


def test_single_answers_take_a_moment_and_bursts_do_not(desk: PaperDesk) -> None:
    first, second = (desk.exchange.begin_cancel(order).delay for order in desk.working()[:2])
    assert (first, second) == (ANSWER_SECONDS, BURST_ANSWER_SECONDS)


def _cancel(desk: PaperDesk, order: PaperOrder) -> Record:
    return desk.exchange.answer_cancel(desk.exchange.begin_cancel(order))


def _with_fate(desk: PaperDesk, ending: Ending) -> PaperOrder:
    return next(order for order in desk.working() if fate_of(5, order, plain=False).ending is ending)
