"""Which accounts a run watches, and what is said when there are none to watch yet."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from blotter.core.notice import Severity
from blotter.desk.messages import LinkPhase
from tests.broker.http_server import answer
from tests.desk.desk_broker import account, running_broker
from tests.desk.seat import Seat, seated


def kinds(seat: Seat) -> dict[str, str]:
    return {name: link.account.kind for name, link in seat.links.items()}


def test_all_that_can_trade_are_watched_and_the_others_told_once(tmp_path: Path) -> None:
    named = [
        account("ACC-1"),
        account("ACC-2", sim=False),
        account("", status="NEW"),
        account("ACC-9", status="CLOSED"),
    ]
    with running_broker() as broker:
        broker.accounts = answer({"accounts": named})
        with seated(broker, tmp_path) as seat:
            told = seat.told("left out")
            seat.until(lambda: len(seat.links) == 2)
            assert kinds(seat) == {"ACC-1": "PRACTICE", "ACC-2": "LIVE"}
            assert told.text == "Accounts left out: ACC-9 (CLOSED), 1 account without a trading id"
            seat.desk.relist()
            seat.live(0)
            assert len([text for text in seat.texts if "left out" in text]) == 1


@pytest.mark.parametrize("named", [[], None, [account("ACC-9", status="CLOSED")]])
def test_no_account_is_said_and_asked_again_by_hand(tmp_path: Path, named: object) -> None:
    with running_broker("ORD-1") as broker:
        broker.accounts = answer({"accounts": named})
        with seated(broker, tmp_path) as seat:
            told = seat.told("No accounts: this login has none that can trade")
            assert told.severity is Severity.ALERT
            assert "--account or BLOTTER_ACCOUNTS" in told.text
            broker.accounts = answer({"accounts": [account("ACC-1")]})
            assert seat.desk.relist()
            seat.live()


@pytest.mark.parametrize("status", [401, 403, 400, 307])
def test_what_only_the_trader_can_mend_waits_for_him(tmp_path: Path, status: int) -> None:
    with running_broker("ORD-1") as broker:
        broker.accounts = answer({"error": "unauthorized", "message": "token expired"}, status, {"Location": "/x"})
        with seated(broker, tmp_path) as seat:
            told = seat.told("No accounts yet.")
            assert (told.severity, "r asks again" in told.text) == (Severity.ALERT, True)
            seat.until(lambda: seat.no_accounts == "r asks again")
            calls = broker.account_calls
            assert not threading.Event().wait(0.3)
            assert broker.account_calls == calls
            broker.accounts = answer({"accounts": [account("ACC-1")]})
            seat.desk.relist()
            seat.live()


@pytest.mark.parametrize(
    "trouble",
    [
        answer({"error": "boom"}, 500),
        answer("<html>login</html>"),
        answer({"error": "slow down"}, 429, {"Retry-After": "0.05"}),
        answer({"accounts": "none"}),
        answer("{"),
    ],
)
def test_what_may_pass_is_asked_again_and_told_once(tmp_path: Path, trouble: bytes) -> None:
    with running_broker("ORD-1") as broker:
        broker.accounts = trouble
        with seated(broker, tmp_path) as seat:
            seat.until(lambda: broker.account_calls > 3)
            broker.accounts = answer({"accounts": [account("ACC-1")]})
            seat.live()
        (told,) = [notice for notice in seat.notices if notice.text.startswith("No accounts yet.")]
        assert told.severity is Severity.WARN
        assert told.text.endswith("Asking again.")


def test_given_accounts_are_looked_up_all_the_same(tmp_path: Path) -> None:
    with running_broker() as broker:
        broker.accounts = answer({"accounts": [account("ACC-1"), account("ACC-2")]})
        with seated(broker, tmp_path, accounts=("ACC-2", "ACC-7", "ACC-2")) as seat:
            seat.told("The broker does not name ACC-7: counted as LIVE")
            seat.until(lambda: len(seat.links) == 2)
            assert kinds(seat) == {"ACC-2": "PRACTICE", "ACC-7": "LIVE"}


@pytest.mark.parametrize("status", [401, 404, 500])
def test_given_accounts_need_no_answer_and_count_as_live(tmp_path: Path, status: int) -> None:
    with running_broker("ORD-1") as broker:
        broker.accounts = answer({"error": "boom"}, status)
        with seated(broker, tmp_path, accounts=("ACC-1",)) as seat:
            seat.live()
            assert kinds(seat) == {"ACC-1": "LIVE"}
            assert seat.told("count as LIVE").severity is Severity.WARN


def test_accounts_go_by_the_traders_own_names(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        broker.accounts = answer({"accounts": [account("ACC-1"), account("ACC-2")]})
        names = {"ACC-1": "main", "ACC-2": "ACC-1", "ACC-7": "elsewhere"}
        with seated(broker, tmp_path, nicknames=names) as seat:
            seat.until(lambda: len(seat.links) == 2)
            assert [link.account.full_name for link in seat.links.values()] == ["main (ACC-1)", "ACC-2"]
            seat.told("Not used as a nickname, as it is another account's id: ACC-1")


def test_for_an_account_that_is_view_only_nothing_is_sent(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, view_only=frozenset({"ACC-1"})) as seat:
        seat.live()
        assert seat.yes()
        seat.told("Not sent: account ACC-1 is view-only")
        assert broker.cancels == []
        assert [record["kind"] for record in seat.records() if record["kind"] == "intent"] == []


def test_one_account_that_fails_leaves_the_others_alone(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        broker.refused_lists["ACC-404"] = 404
        with seated(broker, tmp_path, accounts=("ACC-1", "ACC-404"), nicknames={"ACC-404": "gone"}) as seat:
            seat.until(lambda: seat.links["ACC-404"].trouble == "404 not found" if "ACC-404" in seat.links else False)
            seat.until(lambda: seat.links["ACC-1"].phase is LinkPhase.OK and seat.rows)
            seat.told("gone: Nothing was found")
            assert seat.yes()
            seat.until(lambda: broker.cancels)
