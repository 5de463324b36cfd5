"""Time that went on without the program: what was typed meanwhile does nothing, and no cancel goes out unread."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.broker.http_server import Request, answer
from tests.desk.desk_broker import TOKEN, DeskBroker, account, running_broker
from tests.terminal.pty_session import READ_FIRST, PtySession
from tests.terminal.test_ending import fill_the_line

AWAY = 3.6
"""Seconds: a gap of more than three counts."""


@contextmanager
def watching(home: Path, *orders: str) -> Iterator[tuple[DeskBroker, PtySession]]:
    """A blotter whose stream stands, on a broker with these orders."""
    with running_broker(*orders) as broker, PtySession(home, environment=where(broker)) as session:
        session.until(" OK ")
        session.until("MSFT")
        yield broker, session


def where(broker: DeskBroker) -> dict[str, str]:
    return {
        "BLOTTER_BASE_URL": broker.server.url,
        "BLOTTER_STREAM_URL": broker.feed.stream_url,
        "BLOTTER_ACCESS_TOKEN": TOKEN,
    }


def cancel_goes_out(broker: DeskBroker, session: PtySession) -> None:
    """One ``c``, one ``y``, one request."""
    session.type("c")
    session.until("keep the order")
    session.say_yes()
    session.until("CXL?")
    assert len(broker.cancels) == 1


def test_a_stopped_process_acts_on_nothing_that_was_typed_and_reads_anew_first(tmp_path: Path) -> None:
    with watching(tmp_path, "ORD-1", "ORD-2") as (broker, session):
        session.type("c")
        session.until("keep the order")
        time.sleep(READ_FIRST)
        gate = hold_the_lists(broker)

        session.signal(signal.SIGSTOP)
        session.type("yncy")
        time.sleep(AWAY)
        session.signal(signal.SIGCONT)

        session.until("screen stood still for")
        screen = session.until("order kept, 4 keys thrown away")
        assert "keep the order" not in screen
        session.until("STALE")
        session.type("c")
        session.until("not sent: stood still, nothing read since")
        assert broker.cancels == []

        broker.feed.set("ORD-2", "FILLED", cum=100)
        broker.call(release(gate))
        session.until("no stream for")
        session.until("FILLED")
        session.until(" OK ")
        assert broker.cancels == []
        session.type("\x1b[B")
        cancel_goes_out(broker, session)


def test_keys_typed_at_a_terminal_that_nobody_reads_do_nothing(tmp_path: Path) -> None:
    with watching(tmp_path, "ORD-1") as (broker, session):
        session.stall()
        fill_the_line(session, "r")
        session.type("cy")
        time.sleep(AWAY)
        session.type("cy")

        session.resume()

        session.until("screen stood still for")
        session.until("keys thrown away")
        assert broker.cancels == []
        session.until(" OK ")
        cancel_goes_out(broker, session)


def test_without_a_link_the_key_says_so_and_nothing_is_kept_for_later(tmp_path: Path) -> None:
    with watching(tmp_path, "ORD-1") as (broker, session):
        broker.call(broker.close_http())
        session.type("r")
        session.until("no link")

        session.type("cy")

        session.until("not sent: no link since")
        session.until("STALE")
        assert broker.cancels == []


def test_accounts_that_fail_are_named_with_the_reason_and_leave_the_others_alone(tmp_path: Path) -> None:
    config = tmp_path / "config" / "blotter"
    config.mkdir(parents=True, mode=0o700)
    (config / "config.toml").write_text(CONFIG)
    (config / "config.toml").chmod(0o600)
    with running_broker("ORD-1") as broker:
        broker.accounts = answer(
            {"accounts": [account("ACC-1"), account("ACC-2", sim=False), account("ACC-3", sim=False)]}
        )
        broker.refused_lists = {"ACC-2": 403, "ACC-3": 404}
        with PtySession(tmp_path, columns=160, environment=where(broker)) as session:
            session.until("hedge STALE")
            session.until("403 not permitted")
            session.until("404 not found")
            session.until("1+? w")
            screen = session.until("PRACTICE main")
            assert screen.startswith(" PRACTICE main LIVE hedge ACC-3")
            session.type("a")
            session.until("hedge (ACC-2)")
            session.until("in the way: 403 not permitted")
            session.type("a")
            session.until("MSFT")
            session.type("c")
            screen = session.until("keep the order")
            assert " PRACTICE   account main (ACC-1) " in screen
            session.say_yes()
            session.until("CXL?")


CONFIG = """
accounts = [{ id = "ACC-1", nickname = "main" }, { id = "ACC-2", nickname = "hedge" }, "ACC-3"]
"""


def hold_the_lists(broker: DeskBroker) -> asyncio.Event:
    """No list is answered until the gate is opened."""
    gate = asyncio.Event()

    async def held(request: Request, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(answer(broker.feed._page("ACC-1", 0, 500)))

    broker.on_list = held
    return gate


async def release(gate: asyncio.Event) -> None:
    gate.set()


def test_an_account_that_is_view_only_says_why(tmp_path: Path) -> None:
    config = tmp_path / "config" / "blotter"
    config.mkdir(parents=True, mode=0o700)
    (config / "config.toml").write_text('accounts = [{ id = "ACC-1", nickname = "ira", view_only = true }]\n')
    (config / "config.toml").chmod(0o600)
    with watching(tmp_path, "ORD-1") as (broker, session):
        session.type("cy")
        session.until("cancel: not sent: account ira is view-only")
        assert broker.cancels == []
