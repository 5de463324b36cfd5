"""The mailbox between the desk's thread and the screen's."""

from __future__ import annotations

import threading

from blotter.core.account import Account
from blotter.core.notice import Notice, Severity
from blotter.desk.mailbox import MOST_NOTICES, Mailbox
from blotter.desk.messages import Batch, DeskFailed, LinkPhase, LinkState
from tests.desk.values import ACCOUNT, AT, order, row


def notice(text: str, severity: Severity = Severity.INFO) -> Notice:
    return Notice(AT.utc, severity, text)


def test_the_newest_of_each_order_and_each_account_wins() -> None:
    box = Mailbox()
    box.rows([row(order("ORD-1")), row(order("ORD-2"))])
    box.rows([row(order("ORD-1", ord_status="FILLED"))])
    box.link(LinkState(Account(ACCOUNT), LinkPhase.CONNECTING, AT))
    box.link(LinkState(Account(ACCOUNT), LinkPhase.OK, AT))
    batch = box.take()
    assert [(each.key.cl_ord_id, each.order.ord_status) for each in batch.rows] == [
        ("ORD-1", "FILLED"),
        ("ORD-2", "NEW"),
    ]
    assert [each.phase for each in batch.links] == [LinkPhase.OK]
    assert box.take() == Batch()


def test_one_wake_up_is_outstanding_until_the_mail_is_taken() -> None:
    box, calls = Mailbox(), []
    box.subscribe(lambda: calls.append("wake"))
    for _ in range(3):
        box.rows([row()])
    assert calls == ["wake"]
    box.take()
    assert calls == ["wake"]
    box.notice(notice("again"))
    assert calls == ["wake", "wake"]


def test_mail_that_waits_is_announced_to_a_new_subscriber() -> None:
    box, calls = Mailbox(), []
    box.notice(notice("early"))
    box.subscribe(lambda: calls.append("wake"))
    assert calls == ["wake"]


def test_nothing_is_announced_when_nothing_came() -> None:
    box, calls = Mailbox(), []
    box.subscribe(lambda: calls.append("wake"))
    box.rows([])
    assert calls == []


def test_a_screen_may_take_from_within_the_wake_up() -> None:
    box, got = Mailbox(), []
    box.subscribe(lambda: got.append(box.take()))
    box.notice(notice("one"))
    box.notice(notice("two"))
    assert [batch.notices[0].text for batch in got] == ["one", "two"]


def test_a_screen_that_is_gone_is_not_called_again() -> None:
    box, calls = Mailbox(), []

    def gone() -> None:
        calls.append("wake")
        raise RuntimeError("Event loop is closed")

    box.subscribe(gone)
    box.notice(notice("one"))
    box.take()
    box.notice(notice("two"))
    assert calls == ["wake"]
    assert [each.text for each in box.take().notices] == ["two"]


def test_a_screen_that_stands_still_never_loses_an_alert() -> None:
    box = Mailbox()
    box.notice(notice("the alert", Severity.ALERT))
    for count in range(MOST_NOTICES + 10):
        box.notice(notice(str(count)))
    texts = [each.text for each in box.take().notices]
    assert len(texts) == MOST_NOTICES
    assert texts[0] == "the alert"
    assert texts[-1] == str(MOST_NOTICES + 9)


def test_a_failure_is_told_with_every_batch() -> None:
    box = Mailbox()
    box.fail(DeskFailed("gone", AT))
    assert box.take().failed == box.take().failed == DeskFailed("gone", AT)


def test_many_threads_lose_nothing() -> None:
    box, woken = Mailbox(), threading.Event()
    box.subscribe(woken.set)

    def write(n: int) -> None:
        for i in range(200):
            box.notice(notice(f"{n}-{i}"))

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    seen: list[str] = []
    while len(seen) < 800:
        assert woken.wait(5)
        woken.clear()
        seen += [each.text for each in box.take().notices]
    for writer in writers:
        writer.join(5)
    assert sorted(seen) == sorted(f"{n}-{i}" for n in range(4) for i in range(200))
