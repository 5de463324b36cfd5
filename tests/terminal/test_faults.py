"""A broker that refuses, fails or babbles: each a clear sentence on the screen, no traceback, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.terminal.pty_session import PtySession
from tests.terminal.scripted_broker import ACCOUNT, ACCOUNTS, SILENCE, TOKEN, Answer, ScriptedBroker, order, orders

HTML = Answer(200, "<html><body>Please log in</body></html>", {"Content-Type": "text/html"})


def refusal(status: int) -> Answer:
    return Answer(status, {"error": f"said {status}", "codes": [], "metadata": {}})


def account(**fields: object) -> dict[str, object]:
    body = ACCOUNTS.body
    assert isinstance(body, dict)
    return {**body["accounts"][0], **fields}


def said(words: str) -> Callable[[str], bool]:
    """The screen, its line breaks aside, says ``words``."""

    def says(screen: str) -> bool:
        return words in " ".join(screen.split())

    says.__doc__ = repr(words)
    return says


def drawn(screen: str) -> bool:
    return " quit" in screen


def leave(session: PtySession) -> None:
    session.type("\x11")
    assert session.exit_code() == 0
    session.assert_restored()
    assert b"Traceback" not in session.raw


START_FAULTS: dict[str, tuple[dict[str, Answer], tuple[str, ...]]] = {
    "accounts 401": ({"accounts": refusal(401)}, ("for the list of accounts (HTTP 401)", "said 401")),
    "accounts 403": ({"accounts": refusal(403)}, ("does not permit the list of accounts", "said 403")),
    "accounts 500": ({"accounts": refusal(500)}, ("with the list of accounts (HTTP 500)", "said 500")),
    "accounts html": ({"accounts": HTML}, ("to the list of accounts could not be read",)),
    "accounts silence": ({"accounts": SILENCE}, ("No answer from", "to the list of accounts")),
    "accounts none": ({"accounts": Answer(body={"accounts": []})}, ("No accounts: this login has none",)),
    "accounts closed": (
        {"accounts": Answer(body={"accounts": [account(status="CLOSED")]})},
        (f"left out: {ACCOUNT}",),
    ),
    "list 401": ({"list": refusal(401)}, ("for the list of orders (HTTP 401). Bring a fresh token", "said 401")),
    "list 403": ({"list": refusal(403)}, ("does not permit the list of orders", "said 403")),
    "list 404": ({"list": refusal(404)}, ("for the list of orders (HTTP 404)", "said 404")),
    "list 409": ({"list": refusal(409)}, ("The list of orders conflicts with the present state", "said 409")),
    "list 429": ({"list": refusal(429)}, ("Too many requests", "said 429")),
    "list 500": ({"list": refusal(500)}, ("with the list of orders (HTTP 500)", "said 500")),
    "list html": ({"list": HTML}, ("to the list of orders could not be read",)),
    "list silence": ({"list": SILENCE}, ("No answer from", "to the list of orders")),
}


ODD_LISTS: dict[str, tuple[dict[str, Answer], tuple[str, ...]]] = {
    "no orders": ({"list": orders()}, (f"no working orders in {ACCOUNT}",)),
    "orders null": ({"list": Answer(body={"orders": None, "nextCursor": 0})}, (f"no working orders in {ACCOUNT}",)),
    "one unreadable": (
        {"list": orders(order("good-1", symbol="AAPL"), {"clOrdId": "bad-1", "qty": "many"}, order("good-2"))},
        ("AAPL", "MSFT", "2 working", "could not be read: order bad-1"),
    ),
    "a status from the future": (
        {"list": orders(order(ordStatus="HIBERNATING"))},
        ("?HIBE", "HIBERNATING (not known to this version)"),
    ),
}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, PtySession]]:
    """A blotter for each of these brokers, all started at once: most of their time is waiting."""
    with ExitStack() as stack:
        sessions = {}
        for fault, (answers, _) in (START_FAULTS | ODD_LISTS).items():
            broker = stack.enter_context(ScriptedBroker(**answers))
            home = tmp_path_factory.mktemp("home")
            sessions[fault] = stack.enter_context(PtySession(home, environment=broker.environment))
        yield sessions


@pytest.mark.parametrize("fault", START_FAULTS)
def test_nothing_to_show_at_the_start(started: dict[str, PtySession], fault: str) -> None:
    session = started[fault]
    session.until(drawn)
    session.type("m")
    for words in START_FAULTS[fault][1]:
        screen = session.until(said(words))
    assert " OK " not in screen
    assert "POLLING" not in screen
    leave(session)


@pytest.mark.parametrize("odd", ODD_LISTS)
def test_a_list_that_is_odd(started: dict[str, PtySession], odd: str) -> None:
    session = started[odd]
    for words in ODD_LISTS[odd][1]:
        session.until(words)
    leave(session)


def test_a_refused_connection(tmp_path: Path) -> None:
    with ScriptedBroker() as broker:
        environment = broker.environment
    with PtySession(tmp_path, environment=environment) as session:
        session.until(drawn)
        session.type("m")
        session.until(said("did not leave for 127.0.0.1"))
        session.until(said("refused"))
        leave(session)


def test_a_list_that_fails_later_leaves_the_rows_and_says_so(tmp_path: Path) -> None:
    with ScriptedBroker() as broker, PtySession(tmp_path, environment=broker.environment) as session:
        session.until("MSFT")
        broker.list = refusal(500)
        session.type("r")
        session.until("OFFLINE")
        assert "MSFT" in session.text
        broker.list = orders(order(), order("clord-2", symbol="CSCO"))
        session.type("r")
        session.until(lambda screen: "CSCO" in screen and "OFFLINE" not in screen)
        leave(session)


CANCEL_FAULTS = {
    "401": (refusal(401), "CXL!", "the token is not good; log in, then c again (HTTP 401)", "said 401"),
    "403": (refusal(403), "CXL!", "this token may not cancel; it needs order:execution (HTTP 403)", "said 403"),
    "404": (refusal(404), "CXL!", "the broker has no such order; reading the list (HTTP 404)", "said 404"),
    "409": (refusal(409), "CXL!", "the order's state forbids it; reading it now (HTTP 409)", "said 409"),
    "429": (refusal(429), "NEW", "Not sent: too many requests; wait a little", "said 429"),
    "500": (refusal(500), "CXL??", "Outcome unknown", "said 500"),
    "html": (HTML, "CXL??", "Outcome unknown", "to the cancel could not be read"),
    "silence": (SILENCE, "CXL??", "Outcome unknown", "No answer from"),
}


def asks_before_quitting(screen: str) -> bool:
    """QUIT? and the three: of unknown outcome, until the first of them was read and is still working"""
    return any(f"QUIT?  3 cancels {how}" in screen for how in ("of unknown outcome", "without an answer"))


def test_a_cancel_that_is_not_taken(tmp_path: Path) -> None:
    """One order for each fault, on a terminal so wide that no sentence is cut."""
    symbols = {fault: f"SYM{fault.upper()}" for fault in CANCEL_FAULTS}
    listed = orders(*(order(symbol, symbol=symbol) for symbol in symbols.values()))
    with (
        ScriptedBroker(list=listed, history=listed) as broker,
        PtySession(tmp_path, columns=250, environment={**broker.environment, "BLOTTER_TIMEOUT": "1"}) as session,
    ):
        session.until("SYMSILENCE")
        for count, (fault, (answer, code, *words)) in enumerate(CANCEL_FAULTS.items(), 1):
            session.type(f"/{symbols[fault]}\r")
            session.until(f"/{symbols[fault]} 1 of 8")
            broker.cancel = answer
            session.type("\x1b[Bc")
            session.until("keep the order")
            session.say_yes()
            session.until(f" {code} ")
            for each in words:
                session.until(each)
            assert [cancel["origClOrdId"] for cancel in broker.cancels] == list(symbols.values())[:count]
        session.type("\x11")
        session.until(asks_before_quitting)
        session.leave_now("\x11")
        assert session.exit_code() == 0
        session.assert_restored()
        assert b"Traceback" not in session.raw


def test_a_token_with_a_newline_is_used_without_it(tmp_path: Path) -> None:
    with ScriptedBroker() as broker:
        environment = {**broker.environment, "BLOTTER_ACCESS_TOKEN": f"{TOKEN}\n"}
        with PtySession(tmp_path, environment=environment) as session:
            session.until("MSFT")
            assert f"Bearer {TOKEN}" in broker.tokens
            assert TOKEN not in Path(f"/proc/{session.pid}/cmdline").read_text()
            leave(session)
            assert TOKEN.encode() not in session.raw


@pytest.mark.parametrize(("columns", "lines"), [(20, 5), (10, 2)])
def test_a_terminal_that_is_too_small_says_so_and_recovers(tmp_path: Path, columns: int, lines: int) -> None:
    with (
        ScriptedBroker() as broker,
        PtySession(tmp_path, columns=columns, lines=lines, environment=broker.environment) as session,
    ):
        session.until("too small")
        session.type("cy")
        session.resize(80, 24)
        session.until("MSFT")
        session.resize(columns, lines)
        session.until("too small")
        session.type("q")
        assert session.exit_code() == 0
        session.assert_restored()
        assert broker.cancels == []


def test_a_read_only_blotter_sends_nothing(tmp_path: Path) -> None:
    with (
        ScriptedBroker() as broker,
        PtySession(tmp_path, ["--read-only"], environment=broker.environment) as session,
    ):
        session.until("MSFT")
        session.until("READ-ONLY")
        session.type("c")
        session.until(said("cancel: read-only"))
        leave(session)
        assert broker.cancels == []
