"""What the links mean for the keys and the words on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from blotter.core.account import Account
from blotter.core.words.piece import plain
from blotter.desk.messages import LinkPhase, LinkState, LoginState
from blotter.ui.accounts_screen import account_lines
from tests.ui.fake_desk import HandClock, ok
from tests.ui.orders import a_row
from tests.ui.stage import Stage, blotter


def link(stage: Stage, **changes: Any) -> LinkState:
    return replace(ok(Account("ACC-1"), stage.clock.now()), **changes)


def reasons(stage: Stage) -> Iterator[tuple[LinkState, str]]:
    ago = stage.clock.ago(7)
    yield link(stage, unreachable=ago, phase=LinkPhase.OFFLINE, trouble="no link"), "no link since 7 s; r tries"
    yield (
        link(stage, unreachable=ago, barrier="no login", phase=LinkPhase.OFFLINE, trouble="no login"),
        "no login since 7 s; r tries",
    )
    yield link(stage, stood_still=ago, phase=LinkPhase.RECONNECTING), "stood still, nothing read since (7 s); r tries"
    yield link(stage, account=Account("ACC-1", view_only=True)), "account ACC-1 is view-only"


async def test_the_cancel_key_says_why_the_account_bars_it() -> None:
    async with blotter([a_row(0)]) as stage:
        for state, reason in reasons(stage):
            stage.desk.post(links=[state])
            await stage.settled()
            await stage.press("c")
            await stage.sees(f"cancel: not sent: {reason[:40]}")
            assert not stage.app.questions.is_open
        assert stage.desk.cancels == []


@pytest.mark.parametrize("phase", [LinkPhase.STALE, LinkPhase.RECONNECTING, LinkPhase.POLLING, LinkPhase.OFFLINE])
async def test_a_broken_link_bars_nothing_while_the_broker_answers(phase: LinkPhase) -> None:
    async with blotter([a_row(0)]) as stage:
        row = a_row(0, row={"stale_since": stage.clock.ago(31)})
        stage.desk.post(row, links=[link(stage, phase=phase, heard=stage.clock.ago(31))])
        await stage.sees(str(phase), "STALE 31s", "STALE since 31 s: figures may be old")
        await stage.press("c")
        await stage.sees("CANCEL aa?", "STALE since 31 s: figures may be old")


async def test_a_standstill_that_the_desk_alone_saw_closes_the_question() -> None:
    async with blotter([a_row(0)]) as stage:
        await stage.press("c")
        await stage.sees("CANCEL aa?")
        stage.desk.post(links=[link(stage, stood_still=stage.clock.ago(4), phase=LinkPhase.RECONNECTING)])
        await stage.no_longer_sees("CANCEL aa?")
        await stage.sees("confirmation closed, order kept: the program stood still")
        await stage.press("y")
        assert stage.desk.cancels == []


async def test_a_filter_finds_an_account_by_its_nickname() -> None:
    rows = [a_row(0), a_row(1, account="ACC-2")]
    async with blotter(rows, accounts=("ACC-1", "ACC-2")) as stage:
        stage.desk.post(links=[replace(link(stage), account=Account("ACC-2", nickname="hedge"))])
        await stage.sees(" hedge ")
        await stage.press("/", *"hedge", "enter")
        await stage.sees("1 of 2", "> ab ")


async def test_an_empty_table_says_which_account_cannot_be_read_and_why() -> None:
    async with blotter(listed=False) as stage:
        account = Account("ACC-1", nickname="main")
        stage.desk.post(links=[LinkState(account, LinkPhase.OFFLINE, stage.clock.now(), trouble="403 not permitted")])
        await stage.sees("not read: main (403 not permitted)")


async def test_the_accounts_screen_keeps_up_and_closes() -> None:
    async with blotter([a_row(0)]) as stage:
        await stage.press("a")
        await stage.sees("ACCOUNTS", "stream heard 2s ago")
        stage.clock.advance(3)
        await stage.sees("stream heard 5s ago")
        await stage.press("c")
        await stage.press("a")
        await stage.no_longer_sees("ACCOUNTS")
        assert not stage.app.questions.is_open


def test_the_accounts_screen_says_what_bars_a_cancel() -> None:
    clock = HandClock()
    state = replace(ok(Account("A\x1b[31m"), clock.now(), None), unreachable=clock.ago(9), trouble="no link")
    said = "\n".join(plain(line) for line in account_lines([state], clock.now(), 80))
    assert "A␛[31m" in said
    assert "list not read yet" in said
    assert "in the way: no link" in said
    assert "no cancel is sent: no link since 9 s; esc, then r tries again now" in said
    assert "no account is known yet" in "\n".join(plain(line) for line in account_lines([], clock.now(), 80))


async def test_the_accounts_screen_says_that_it_is_the_login_and_no_link_that_bars_every_cancel() -> None:
    async with blotter([a_row(0)]) as stage:
        lost = link(stage, unreachable=stage.clock.ago(4), phase=LinkPhase.OFFLINE, trouble="no login")
        stage.desk.post(
            links=[lost], login=LoginState("LOGGED OUT", "the login has ended; log in again: blotter login")
        )
        await stage.settled()
        await stage.press("a")
        await stage.sees("ACCOUNTS", "no cancel is sent for any account: logged out: the login has ended")
        assert "no link" not in stage.screen
        assert "tries again" not in stage.screen


def test_a_link_that_was_lost_this_very_second_counts_as_lost_since_one() -> None:
    now = HandClock().now()
    state = replace(ok(Account("ACC-1"), now), unreachable=now)
    assert state.why_not_cancel(now) == "no link since 1 s; r tries again now"


@pytest.mark.parametrize("phase", [LinkPhase.POLLING, LinkPhase.OFFLINE, LinkPhase.RECONNECTING])
def test_the_accounts_screen_says_how_often_a_stream_was_tried_and_what_came_of_it(phase: LinkPhase) -> None:
    clock = HandClock()
    state = replace(ok(Account("ACC-1"), clock.now()), phase=phase, attempt=7, trouble="403 no stream")
    said = "\n".join(plain(line) for line in account_lines([state], clock.now(), 120))
    assert ("attempt 7 at a stream" in said) is (phase is not LinkPhase.RECONNECTING)
    assert ("RECONNECTING (7)" in said) is (phase is LinkPhase.RECONNECTING)
    assert "in the way: 403 no stream" in said


def test_where_no_attempt_follows_none_is_counted() -> None:
    clock = HandClock()
    state = replace(ok(Account("ACC-1"), clock.now()), phase=LinkPhase.RECONNECTING, trouble="stream token refused")
    said = "\n".join(plain(line) for line in account_lines([state], clock.now(), 120))
    assert "RECONNECTING (" not in said
    assert "attempt" not in said


def test_the_accounts_screen_says_which_fields_of_the_list_are_not_known() -> None:
    clock = HandClock()
    state = replace(ok(Account("ACC-1"), clock.now()), unknown=(("algoId", 120), ("legs.\x1b[2J", 3), ("", 7)))
    said = "\n".join(plain(line) for line in account_lines([state], clock.now(), 120))
    assert "  not known to this version, so not shown: algoId (120), legs.␛[2J (3), others (7)" in said
    assert "not known" not in "\n".join(
        plain(line) for line in account_lines([ok(Account("A"), clock.now())], clock.now(), 80)
    )
