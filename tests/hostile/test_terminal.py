"""A hostile broker and the real program in a real terminal: every payload in every field, and nothing but text comes
out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from blotter.core.text import show
from tests.broker.http_server import answer
from tests.desk.desk_broker import DeskBroker, account
from tests.hostile.broker import environment, hostile_broker, poisoned, refused, rejected, says
from tests.hostile.grammar import violations
from tests.hostile.payloads import PAYLOADS, RAW
from tests.terminal.pty_session import PtySession

ACCOUNT = "ACC-1"
WIDTH = 160


def assert_harmless(session: PtySession, copies: int = 0) -> None:
    """Nothing but what the program says by itself, and no payload whole, not even one made of sequences it uses."""
    # What is still being written ends anywhere.
    raw = session.raw[: session.raw.rfind(b"\x1b")] if session.runs else session.raw
    assert violations(raw, copies) == []
    assert [family for family, payload in RAW.items() if payload.encode() in raw] == []
    assert b"Traceback" not in session.raw


def leave(session: PtySession) -> None:
    session.type("\x11")
    assert session.exit_code() == 0
    session.assert_restored()


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PtySession, DeskBroker]]:
    """A blotter on a terminal that is wide and high enough to show every poisoned order at once."""
    with ExitStack() as stack:
        broker = stack.enter_context(hostile_broker({ACCOUNT: [poisoned(family, ACCOUNT) for family in PAYLOADS]}))
        home = tmp_path_factory.mktemp("home")
        session = stack.enter_context(
            PtySession(home, columns=WIDTH, lines=len(PAYLOADS) + 16, environment=environment(broker))
        )
        session.until(f"{len(PAYLOADS)} working")
        yield session, broker
        leave(session)
        assert_harmless(session)


def test_every_payload_is_in_the_table_and_only_seen(reading: tuple[PtySession, DeskBroker]) -> None:
    session, _ = reading
    session.until(" OK ")
    for text in ("[@click=app.quit]x[/]", "[/x]", "A[/foo]B", "␛]52;c;", "[bold red on whi"):
        session.until(text)
    assert_harmless(session)


def test_payloads_in_the_details_are_only_seen(reading: tuple[PtySession, DeskBroker]) -> None:
    session, _ = reading
    session.type("G")
    for family in list(PAYLOADS)[:10:3]:
        session.type("\r")
        session.until("ORDER")
        session.until(f'"{show(PAYLOADS[family])}"')
        session.type("\x1b")
        session.until(lambda screen: "ORDER" not in screen)
        session.type("kkk")
    assert_harmless(session)


def test_payloads_that_the_stream_brings_are_only_seen(reading: tuple[PtySession, DeskBroker]) -> None:
    session, broker = reading
    for family, payload in PAYLOADS.items():
        changed = poisoned(family, ACCOUNT) | {"text": f"news {payload}", "cumQty": "1", "leavesQty": "99"}
        broker.call(broker.feed.event(ACCOUNT, changed))
        broker.call(broker.feed.event(ACCOUNT, {"clOrdId": f"bad {payload}", "ordStatus": payload, "qty": payload}))
        broker.call(broker.feed.send({"type": payload, "id": payload, "payload": {"action": payload, "name": payload}}))
        broker.call(broker.feed.send(payload))
    last = {**poisoned("spaces", ACCOUNT), "clOrdId": "last", "symbol": "LASTONE"}
    broker.call(broker.feed.event(ACCOUNT, last))
    session.until("LASTONE")
    session.type("m")
    session.until("order bad")
    for _ in range(5):
        session.type("\x1b[6~")
    session.type("m")
    session.until("LASTONE")
    assert_harmless(session)


def test_clicks_that_were_never_asked_for_press_nothing(reading: tuple[PtySession, DeskBroker]) -> None:
    """A terminal reports no mouse here; who types such reports anyway reaches no action that text could name."""
    session, broker = reading
    for y in range(2, len(PAYLOADS) + 2, 3):
        for x in range(4, WIDTH, 24):
            session.type(f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m")
    session.type("?")
    session.until("In the confirmation")
    session.type("\x1b")
    session.until(lambda screen: "In the confirmation" not in screen)
    assert broker.cancels == []
    assert_harmless(session)


ANSWERED = ("clipboard", "DECRQSS, 8-bit", "markup end")


def test_a_payload_as_the_answer_to_a_cancel(tmp_path: Path) -> None:
    """In turn as an error body in all its words, and as the text, the id and the status of a refusal."""
    plain = {"side": "BUY", "type": "LIMIT", "ordStatus": "NEW", "origClOrdId": "", "legs": []}
    orders = [
        poisoned("formats", ACCOUNT) | plain | {"clOrdId": f"ORD-{number}", "symbol": f"SYM{number}"}
        for number in range(len(ANSWERED))
    ]
    with (
        hostile_broker({ACCOUNT: orders}) as broker,
        PtySession(tmp_path, columns=200, lines=40, environment=environment(broker)) as session,
    ):
        session.until(f"{len(orders)} working")
        session.until(" OK ")
        for number, family in enumerate(ANSWERED):
            payload = PAYLOADS[family]
            broker.on_cancel = [says(refused(payload) if number % 2 else rejected(payload, f"ORD-{number}"))]
            session.type(f"/SYM{number}\r")
            session.until(f"/SYM{number} 1 of")
            session.type("\x1b[Bc")
            session.until("keep the order")
            session.say_yes()
            session.until(f'"{show(payload.strip())[:8]}')
        session.type("Y")
        session.until("asked the terminal to copy")
        assert [cancel["origClOrdId"] for cancel in broker.cancels] == [order["clOrdId"] for order in orders]
        leave(session)
        assert_harmless(session, copies=1)


def test_payloads_as_accounts_and_in_what_refuses_them(tmp_path: Path) -> None:
    """Payloads as the ids of accounts at 80x24; the lists and subscriptions are refused in the same words."""
    accounts = {PAYLOADS[family]: [poisoned(family, PAYLOADS[family])] for family in list(PAYLOADS)[::4]}
    with hostile_broker(accounts) as broker:
        for payload in accounts:
            broker.feed.subscribe_refusals[payload] = {"status": 403, "error": payload, "message": payload}
        broker.accounts = answer({"accounts": [account(name, sim=False, status=name) for name in accounts]})
        with PtySession(tmp_path, environment=environment(broker)) as session:
            session.until(f"{len(accounts)} w")
            broker.on_list = says(refused(PAYLOADS["clipboard"], 401))
            session.type("mr")
            session.until("␛]52;c;")
            for _ in range(20):
                session.type("\x1b[6~")
            leave(session)
            assert_harmless(session)


def test_an_id_that_is_not_plain_is_not_handed_to_the_clipboard(reading: tuple[PtySession, DeskBroker]) -> None:
    session, _ = reading
    session.type("GY")
    session.until("client order id not copied")
    assert_harmless(session)
