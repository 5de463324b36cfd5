from __future__ import annotations

import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from textual.events import Key

from blotter.core.account import Account
from blotter.core.notice import Notice, Severity
from blotter.desk.messages import LinkPhase, LinkState, NoAccounts
from blotter.paths import styles
from blotter.ui.app import BlotterApp
from tests.ui.fake_desk import FakeDesk, HandClock, ok
from tests.ui.orders import a_row, changed
from tests.ui.pilots import until
from tests.ui.stage import blotter

TWELVE = [a_row(number) for number in range(12)]


async def test_shows_the_orders_with_the_cursor_on_the_first() -> None:
    async with blotter(TWELVE) as stage:
        await stage.sees("> aa    B  AAPL", "  al    S  IBM", "12 working", "id clord-000 / B-900")


@pytest.mark.parametrize(
    ("keys", "tag"),
    [
        ("j", "ab"),
        ("down down", "ac"),
        ("j k", "aa"),
        ("G", "al"),
        ("end", "al"),
        ("G g", "aa"),
        ("end home", "aa"),
        ("pagedown", "al"),
        ("pagedown pageup", "aa"),
        ("k", "aa"),
    ],
)
async def test_keys_of_movement(keys: str, tag: str) -> None:
    async with blotter(TWELVE) as stage:
        await stage.press(*keys.split())
        await stage.sees(f"> {tag} ")


async def test_what_the_desk_says_is_drawn() -> None:
    async with blotter(TWELVE) as stage:
        stage.desk.post(changed(TWELVE[1], leaves_qty=Decimal(50), ord_status="PARTIALLY_FILLED"))
        await stage.sees("50/200    176.50 DAY PART")
        stage.desk.post(a_row(-1, cl_ord_id="newer", tag="ba"))
        await stage.sees("13 working")
        assert stage.screen.splitlines()[2].startswith("  ba ")
        assert stage.line("  aa ") == ""


async def test_news_comes_from_another_thread() -> None:
    async with blotter(TWELVE) as stage:
        thread = threading.Thread(target=stage.desk.post, args=(changed(TWELVE[1], leaves_qty=Decimal(50)),))
        thread.start()
        await stage.sees("50/200")
        thread.join()


@pytest.mark.parametrize(
    ("accounts", "listed", "words"),
    [
        ((), True, "connecting…"),
        (("ACC-1",), False, "loading the orders of ACC-1…"),
        (("ACC-1",), True, "no working orders in ACC-1"),
        (("ACC-1", "ACC-2"), True, "no working orders in ACC-1, ACC-2"),
    ],
)
async def test_an_empty_table_says_why(accounts: tuple[str, ...], listed: bool, words: str) -> None:
    async with blotter(accounts=accounts, listed=listed) as stage:
        await stage.sees(words)
        assert ("no working orders" in stage.screen) == words.startswith("no working")


async def test_no_accounts_is_not_called_connecting() -> None:
    async with blotter(accounts=()) as stage:
        await stage.sees("CONNECTING", "connecting…")
        stage.desk.post(no_accounts=NoAccounts("r asks again"))
        await stage.sees("NO ACCOUNTS", "no account is known, a message says why; r asks again")
        stage.desk.post(links=[ok(Account("ACC-1"), stage.clock.now())])
        await stage.sees("no working orders in ACC-1")
        assert "NO ACCOUNTS" not in stage.screen


async def test_the_account_column_stands_while_there_are_several() -> None:
    async with blotter(TWELVE) as stage:
        assert "acct" not in stage.screen
        stage.desk.post(links=[ok(Account("ACC-2"), stage.clock.now())])
        await stage.sees("tag   acct     sd", "> aa    ACC-1    B")


async def test_a_key_behind_the_one_that_shrinks_the_history_is_not_lost() -> None:
    async with blotter(TWELVE) as stage:
        await stage.press("m")
        await until(stage.pilot, lambda: stage.app.messages.grown, "the history")
        stage.burst("m", "/", "i", "b", "m")
        await stage.sees("/ibm 2 of 12")


async def test_the_bottom_line_says_what_acts_while_the_history_is_open_and_what_does_not() -> None:
    async with blotter(TWELVE) as stage:
        await stage.press("m")
        await stage.sees(" esc, m or q closes  ! marks as read  arrows, PageUp, PageDown, Home, End scroll")
        assert "c cancel" not in stage.screen
        await stage.press("c")
        await stage.sees(" c does nothing while the messages are open  esc, m or q closes")
        assert not stage.app.questions.is_open
        await stage.press("q")
        await stage.sees(" c cancel  K many")
        assert "does nothing" not in stage.screen


async def test_todays_finished_orders_come_and_go() -> None:
    old = [replace(changed(a_row(n), ord_status="FILLED"), finished_before=True) for n in range(12, 15)]
    async with blotter([*TWELVE, *old], size=(120, 24)) as stage:
        await stage.sees("+3 done")
        assert "FILL" not in stage.screen
        await stage.press("t")
        await stage.sees("3 done shown", "FILL")
        await stage.press("t")
        await stage.no_longer_sees("FILL")


async def test_finished_rows_stay_until_acknowledged_with_the_messages_in_view() -> None:
    async with blotter(TWELVE) as stage:
        at = stage.clock.now().utc
        notice = Notice(at, Severity.ALERT, "cancel refused", "TOO LATE", tag="aa", outcomes=("i-1",))
        stage.desk.post(changed(TWELVE[0], ord_status="CANCELED", leaves_qty=Decimal(0)), notices=[notice])
        await stage.sees("CXLD", "1 unread!", 'cancel refused: "TOO LATE"')
        await stage.settled()
        await stage.press("!")
        await stage.no_longer_sees("CXLD")
        await stage.no_longer_sees("unread!")
        await stage.press("!")
        assert stage.desk.acknowledged == [("i-1",)]
        await stage.sees("no order under the cursor")
        await stage.press("j")
        await stage.sees("> ab ")


async def test_relist_asks_the_desk_and_repaints_all() -> None:
    async with blotter(TWELVE) as stage:
        stage.app.frames.clear()
        await stage.press("r")
        await stage.settled()
        assert stage.desk.relists == 1
        assert all(f"\x1b[{line};1H" in "".join(stage.app.frames) for line in range(1, 25))


async def test_the_messages_grow_and_shrink() -> None:
    async with blotter(TWELVE) as stage:
        said = [Notice(stage.clock.now().utc, Severity.INFO, f"message {n}") for n in range(30)]
        stage.desk.post(notices=said)
        await stage.sees("message 29")
        assert "message 20" not in stage.screen
        await stage.press("m")
        await stage.sees("message 20", "tag   sd symbol", "> aa ")
        await stage.press("m")
        await stage.no_longer_sees("message 20")
        await stage.press("j")
        await stage.sees("> ab ")


async def test_copying_says_what_was_asked_and_not_that_it_worked() -> None:
    async with blotter(TWELVE) as stage:
        await stage.press("Y")
        await stage.sees("asked the terminal to copy clord-000")
        assert stage.app.clipboard == "clord-000"


async def test_an_id_that_could_act_in_a_shell_is_not_copied() -> None:
    async with blotter([a_row(0, cl_ord_id="rm\n-rf")]) as stage:
        await stage.press("Y")
        await stage.sees("client order id not copied: it is not printable ASCII")
        assert stage.app.clipboard == ""


async def test_details_and_help_open_and_close() -> None:
    async with blotter(TWELVE) as stage:
        for key, words in (("enter", "clord-000"), ("?", "cancel: ask")):
            await stage.press(key)
            await until(stage.pilot, lambda: len(stage.app.screen_stack) == 2)
            await stage.sees(words)
            await stage.press("c")
            await stage.press("q")
            await until(stage.pilot, lambda: len(stage.app.screen_stack) == 1)
        await stage.sees("> aa ")
        assert "CANCEL" not in stage.screen


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_leaving(key: str) -> None:
    async with blotter(TWELVE) as stage:
        await stage.press(key)
        await until(stage.pilot, lambda: not stage.app.is_running, "to end")
        assert stage.app.return_code == 0


async def test_leaving_with_a_code_from_another_thread() -> None:
    async with blotter(TWELVE) as stage:
        thread = threading.Thread(target=stage.app.leave, args=(143,))
        thread.start()
        await until(stage.pilot, lambda: not stage.app.is_running, "to end")
        thread.join()
        assert stage.app.return_code == 143
        stage.app.leave(143)


async def test_leaving_before_the_screen_is_there() -> None:
    app = BlotterApp(FakeDesk(), HandClock(), practice=False, styles=styles())
    app.leave(129)
    async with app.run_test() as pilot:
        await until(pilot, lambda: not app.is_running, "to end")
    assert app.return_code == 129


async def test_keys_typed_at_a_screen_that_stood_still_are_thrown_away() -> None:
    async with blotter(TWELVE) as stage:
        await stage.press("c")
        await stage.sees("CANCEL aa?")
        stage.clock.advance(16)
        await stage.press("j", "y", "c")
        await stage.no_longer_sees("CANCEL aa?")
        assert stage.app.view.index == 0
        stage.clock.advance(1)
        await stage.sees("screen stood still for 16 s: order kept, 3 keys thrown away")
        assert stage.desk.cancels == []
        await stage.press("j")
        await stage.sees("> ab ")


async def test_broker_text_is_neither_markup_nor_escape() -> None:
    hostile = "[/]\x1b]0;PWNED\x07[b]$x"
    async with blotter([a_row(0, symbol=hostile, text=hostile), *TWELVE[1:]]) as stage:
        stage.desk.post(notices=[Notice(stage.clock.now().utc, Severity.WARN, "refused", hostile)])
        await stage.sees("[/]␛]0;PWNED␇[b]$x", "refused")
        assert "\x1b]0" not in "".join(stage.app.frames)


async def test_stale_links_show_in_the_header() -> None:
    async with blotter(TWELVE) as stage:
        link = LinkState(Account("ACC-1"), LinkPhase.RECONNECTING, stage.clock.now(), attempt=3)
        stage.desk.post(links=[link])
        await stage.sees("RECONNECTING (3)")


async def test_ages_move_without_any_news() -> None:
    async with blotter(TWELVE) as stage:
        stage.clock.advance(2)
        await stage.sees("14:02:13Z", "OK stream 4s list 14s")


async def test_a_key_is_taken_by_what_it_types_not_by_its_name() -> None:
    async with blotter(TWELVE) as stage:
        stage.app.post_message(Key("upper_g", "G"))
        await stage.sees("> al ")
        stage.app.post_message(Key("alt+c", "c"))
        stage.app.post_message(Key("ctrl+j", None))
        await stage.settled()
        assert "CANCEL" not in stage.screen


async def test_a_refusal_names_the_order_only_where_it_is_about_one() -> None:
    async with blotter([changed(TWELVE[0], ord_status="FILLED")]) as stage:
        await stage.press("x", "c")
        await stage.sees(" aa warn  cancel: order is FILLED", "    warn  stop: no cancel waits to be sent")
