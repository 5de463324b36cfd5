"""``blotter kill``: scopes, the count that is asked, and one outcome for each order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blotter.commands.kill import main
from tests.broker.http_server import answer
from tests.commands.running import Ran, on, records, run
from tests.desk.desk_broker import DeskBroker, account, record, running_broker, says
from tests.terminal.pty_session import PtySession

OPTION = "AAPL  310620C00205000"


@pytest.fixture
def broker() -> Iterator[DeskBroker]:
    """Two accounts; every cancel succeeds, but for that of ORD-S, which is refused."""
    with running_broker() as running:
        running.accounts = answer({"accounts": [account("ACC-1"), account("ACC-2")]})
        running.feed.orders = {
            "ACC-1": {
                "ORD-B": record("ORD-B", symbol="AAPL"),
                "ORD-C": record("ORD-C", side="BUY_TO_COVER"),
                "ORD-S": record("ORD-S", side="SELL"),
                "ORD-X": record("ORD-X", side="SELL_SHORT", symbol="AAPL", type="STOP", stopPrice="9"),
                "ORD-O": record("ORD-O", symbol=OPTION, securityType="OPTION"),
                "ORD-F": record("ORD-F", "FILLED", cum=100),
            },
            "ACC-2": {"OTHER": record("OTHER", account="ACC-2")},
        }

        async def script(request: Any, writer: Any) -> None:
            name = request.json["origClOrdId"]
            if name == "ORD-S":
                writer.write(says(False, "REJECTED", "no-cancel period", name))
                return
            writer.write(says(True, "PENDING_CANCEL", "", name))
            order = running.feed.orders["ACC-1"][name]
            await running.feed.event("ACC-1", order | {"ordStatus": "CANCELED", "leavesQty": "0"})
            running.feed.orders["ACC-1"][name] = order | {"ordStatus": "CANCELED", "leavesQty": "0"}

        running.on_cancel = [script]
        yield running


def kill(home: Path, broker: DeskBroker, *arguments: str) -> Ran:
    return run(home, "kill", "--account", "ACC-1", *arguments, "--yes", "--json", to=broker)


def sent(broker: DeskBroker) -> set[str]:
    return {each["origClOrdId"] for each in broker.cancels}


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        (["--side", "buy"], {"ORD-B", "ORD-C", "ORD-O"}),
        (["--side", "sell", "--symbol", "aapl"], {"ORD-X"}),
        (["--symbol", "aapl"], {"ORD-B", "ORD-X"}),
        (["--symbol", "AAPL 20JUN31 205C"], {"ORD-O"}),
        (["--symbol", "AAPL310620C00205000"], {"ORD-O"}),
        (["--symbol", "TSLA"], set()),
    ],
)
def test_a_scope_takes_what_it_says(tmp_path: Path, broker: DeskBroker, scope: list[str], names: set[str]) -> None:
    ran = kill(tmp_path, broker, *scope)
    assert ran.code == 0
    assert {each["origClOrdId"] for each in ran.json} == names == sent(broker)
    assert all(each["outcome"] == "canceled" for each in ran.json)


def test_one_that_is_refused_stops_none_of_the_others(tmp_path: Path, broker: DeskBroker) -> None:
    ran = kill(tmp_path, broker, "--reason", "limit breached, ticket 4711")
    outcomes = {each["origClOrdId"]: each["outcome"] for each in ran.json}
    assert ran.code == 1
    assert outcomes.pop("ORD-S") == "refused"
    assert set(outcomes) == {"ORD-B", "ORD-C", "ORD-X", "ORD-O"}
    assert set(outcomes.values()) == {"canceled"}
    intents = records(tmp_path, "intent")
    assert len(intents) == 5
    assert {each["reason"] for each in intents} == {"limit breached, ticket 4711"}
    assert "OTHER" not in sent(broker)
    shown = run(tmp_path, "audit", "--format", "csv", "--order", "ORD-S").out
    assert "limit breached, ticket 4711" in shown
    assert "no-cancel period" in shown


def test_an_order_that_cannot_be_read_is_not_passed_over(tmp_path: Path, broker: DeskBroker) -> None:
    broker.feed.orders["ACC-1"] = {"ORD-1": record("ORD-1", qty="many")}
    ran = kill(tmp_path, broker)
    assert ran.code == 1
    assert ran.json[0]["origClOrdId"] == "ORD-1"
    assert ran.json[0]["text"].startswith("the order cannot be read")
    assert broker.cancels == []


def test_an_account_that_cannot_be_read_is_not_touched(tmp_path: Path, broker: DeskBroker) -> None:
    async def refuse(request: Any, writer: Any) -> None:
        writer.write(answer({"code": "X"}, 404))

    broker.on_list = refuse
    ran = kill(tmp_path, broker)
    assert (ran.code, ran.json) == (5, [])
    assert "ACC-1" in ran.err


@pytest.mark.parametrize(("typed", "code", "posts"), [("5\n", 1, 5), ("4\n", 5, 0)])
def test_on_a_terminal_the_count_is_asked(
    tmp_path: Path, broker: DeskBroker, typed: str, code: int, posts: int
) -> None:
    with PtySession(tmp_path, ["kill", "--account", "ACC-1"], columns=120, environment=on(broker)) as terminal:
        screen = terminal.until("type 5 and enter to cancel them all")
        assert "cancel all working orders of account ACC-1:" in screen
        assert "cancel 5 orders of PRACTICE ACC-1?" in screen
        # The riskiest first: a stop guards something.
        assert "id ORD-X" in screen.splitlines()[1]
        terminal.type(typed)
        assert terminal.exit_code() == code
    assert len(broker.cancels) == posts


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: --account"),
        (["--account", ""], "an account id has 1 to 50 visible characters, not ''"),
        (["--account", "A", "--account", "B"], "--account is given twice"),
        (["--account", "A", "--side", "both"], "invalid choice: 'both'"),
        (["--account", "A", "--symbol", " "], "--symbol names no symbol"),
        (["--account", "A", "--reason", "a\x1b[2Jb"], "one line of printable text"),
        (["--account", "A", "--reason", "x" * 501], "1 to 500 characters"),
        (["--account", "A", "everything"], "unrecognized arguments: everything"),
    ],
)
def test_bad_input_is_a_sentence(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    ran = Ran(2, *capsys.readouterr(), 0.0)
    assert (end.value.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.is_clean()
