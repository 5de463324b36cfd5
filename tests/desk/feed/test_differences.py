from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from blotter.core.book.row import Change, Row
from blotter.core.instant import Instant
from blotter.core.notice import Severity
from blotter.core.order import Order
from blotter.desk.feed.differences import Differences

THEN = Instant(datetime(2026, 11, 23, 3, tzinfo=UTC), 1.0)


def row(tag: str, status: str = "NEW", *, cum: int = 0, needs_read: bool = False, price: str = "10") -> Row:
    order = Order(
        "A",
        f"id-{tag}",
        ord_status=status,
        qty=Decimal(100),
        cum_qty=Decimal(cum),
        leaves_qty=Decimal(100 - cum),
        price=Decimal(price),
    )
    return Row(order, tag, THEN, needs_read=needs_read)


def test_one_order_is_named_by_its_tag_and_its_new_status() -> None:
    seen = Differences()
    seen.add([Change(row("ka"), row("ka", "FILLED", cum=100))])

    assert str(seen) == "1 order: ka FILLED"
    assert seen.only_row is not None
    assert seen.only_row.key == ("A", "id-ka")


def test_many_steps_of_one_order_are_one_difference() -> None:
    seen = Differences()
    seen.add([Change(row("ka"), row("ka", "PARTIALLY_FILLED", cum=10))])
    seen.add([Change(row("ka", "PARTIALLY_FILLED", cum=10), row("ka", "PARTIALLY_FILLED", cum=30))])

    assert str(seen) == "1 order: ka PARTIALLY_FILLED 30 of 100"


def test_there_and_back_is_no_difference() -> None:
    seen = Differences()
    seen.add([Change(row("ka"), row("ka", "PENDING_CANCEL"))])
    seen.add([Change(row("ka", "PENDING_CANCEL"), row("ka"))])

    assert len(seen) == 0
    assert str(seen) == "no order"


def test_what_no_trader_trades_on_is_no_difference() -> None:
    before = row("ka")
    seen = Differences()
    seen.add([Change(before, replace(before, stale_since=THEN))])
    seen.add([Change(before, replace(before, order=replace(before.order, text="hello"), reported=THEN))])

    assert len(seen) == 0


def test_each_kind_of_difference_has_its_words() -> None:
    seen = Differences()
    seen.add(
        [
            Change(None, row("ka")),
            Change(row("kb"), row("kb", cum=40)),
            Change(row("kc"), row("kc", price="11")),
            Change(row("kd"), row("kd", needs_read=True)),
        ]
    )

    assert str(seen) == "4 orders: kb filled 40 of 100, ka NEW (new here), kc price changed, kd to be read again"


def test_what_was_taken_back_comes_first_and_says_what_it_was() -> None:
    seen = Differences()
    seen.add([Change(row("ka"), row("ka", "EXPIRED")), Change(row("kb"), row("kb", "FILLED", cum=100))])
    seen.add([Change(row("kc", "PARTIALLY_FILLED", cum=40), row("kc")), Change(row("kd", "CANCELED"), row("kd"))])

    assert str(seen) == ("4 orders: kc NEW (filled fell from 40 to 0), kb FILLED, ka EXPIRED, kd NEW (was CANCELED)")
    assert seen.severity(0.1) is Severity.ALERT


def test_each_order_has_its_own_words_for_whoever_looks_at_it() -> None:
    seen = Differences()
    seen.add([Change(row(tag), row(tag, "FILLED", cum=100)) for tag in ("aa", "ab", "ac", "ad", "ae", "af", "ag")])

    parts = seen.parts(THEN.utc, "after 8 s of no stream")

    assert [(part.tag, part.text) for part in parts][6:] == [("ag", "after 8 s of no stream: FILLED")]
    assert parts[6].key == row("ag").key


def test_a_replaced_order_is_one_order() -> None:
    old = row("ka")
    new = replace(old, order=replace(old.order, cl_ord_id="id-2"), former=old.key)
    seen = Differences()
    seen.add([Change(old, replace(old, order=replace(old.order, ord_status="PENDING_REPLACE")))])
    seen.add([Change(old, new)])

    assert str(seen) == "1 order: ka replaced"


def test_a_long_list_is_cut_and_counted() -> None:
    seen = Differences()
    seen.add([Change(row(tag), row(tag, "CANCELED")) for tag in ("aa", "ab", "ac", "ad", "ae", "af", "ag")])

    said = str(seen)

    assert said.startswith("7 orders: aa CANCELED, ab CANCELED")
    assert said.endswith("ae CANCELED and 2 more")


def test_what_was_told_elsewhere_is_left_out() -> None:
    seen = Differences()
    seen.add([Change(row("ka"), row("ka", "FILLED")), Change(row("kb"), row("kb", "FILLED"))])

    seen.forget(row("ka").key)

    assert str(seen) == "1 order: kb FILLED"


def test_an_order_that_was_replaced_before_is_one_order_however_often_it_changes() -> None:
    former = row("ka")
    heir = replace(former, order=replace(former.order, cl_ord_id="id-2"), former=former.key)
    part = replace(heir, order=replace(heir.order, ord_status="PARTIALLY_FILLED", cum_qty=Decimal(40)))
    ended = replace(part, order=replace(part.order, ord_status="CANCELED"))
    back = replace(part, order=heir.order)
    seen = Differences()
    seen.add([Change(heir, part), Change(part, ended)])

    assert seen.changed == "1 order changed: ka CANCELED"
    assert len(seen.parts(THEN.utc, "after 8 s of no stream")) == 1
    assert seen.forget(heir.key)
    assert len(seen) == 0

    seen.add([Change(heir, part), Change(part, back)])

    assert seen.changed == "nothing changed"


def test_an_order_that_was_replaced_meanwhile_is_measured_from_what_it_was() -> None:
    former = row("ka", cum=10)
    filled = row("ka", cum=30)
    heir = replace(filled, order=replace(filled.order, cl_ord_id="id-2"), former=former.key)
    fallen = replace(heir, order=replace(heir.order, cum_qty=Decimal(0)))
    seen = Differences()
    seen.add([Change(former, filled), Change(filled, heir), Change(heir, fallen)])

    assert seen.changed == "1 order changed: ka replaced, NEW (filled fell from 10 to 0)"
    assert seen.severity(0.1) is Severity.ALERT


def test_what_filled_under_the_new_id_is_said_beside_the_replace() -> None:
    former = row("ka")
    ended = replace(former.order, cl_ord_id="id-2", ord_status="FILLED", cum_qty=Decimal(100))
    seen = Differences()
    seen.add([Change(former, replace(former, order=ended, former=former.key))])

    assert seen.changed == "1 order changed: ka replaced, FILLED"


def test_of_an_end_that_was_known_only_the_replace_is_said() -> None:
    former = row("ka", "FILLED", cum=100)
    heir = replace(former, order=replace(former.order, cl_ord_id="id-2"), former=former.key)
    seen = Differences()
    seen.add([Change(former, heir)])

    assert seen.changed == "1 order changed: ka replaced"


def test_a_doubt_that_went_and_came_back_is_no_difference() -> None:
    doubted, trusted = row("ka", needs_read=True), row("ka")
    seen = Differences()
    seen.add([Change(doubted, trusted), Change(trusted, doubted)])

    assert seen.changed == "nothing changed"


def test_what_a_later_while_brought_is_added_to_an_earlier_one() -> None:
    seen, later = Differences(), Differences()
    for each, price in ((seen, "11"), (later, "12")):
        before = row("ka", price="10" if each is seen else "11")
        each.add([Change(before, row("ka", price=price)), Change(row(f"k{price}"), row(f"k{price}", "CANCELED"))])
    whole = Differences()

    whole.merge(seen)
    whole.merge(later)

    assert whole.changed == "3 orders changed: k11 CANCELED, ka price changed, k12 CANCELED"


def test_a_doubt_that_ended_in_one_while_and_came_back_in_the_next_is_told() -> None:
    doubted, trusted = row("ka", needs_read=True), row("ka")
    whole = Differences()
    for change in (Change(doubted, trusted), Change(trusted, doubted)):
        seen = Differences()
        seen.add([change])
        whole.merge(seen)

    assert whole.changed == "1 order changed: ka to be read again"


def test_taking_leaves_nothing_behind() -> None:
    seen = Differences()
    seen.add([Change(row("ka"), row("ka", "FILLED"))])

    taken = seen.take()

    assert (len(taken), len(seen)) == (1, 0)
