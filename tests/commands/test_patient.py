"""A broker that turns a list away: waited for where it asks for little, told of where it asks for more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.broker.http_server import answer
from tests.commands.running import run
from tests.desk.desk_broker import DeskBroker, account, taken
from tests.desk.feed.broker import record


def busy(broker: DeskBroker, times: int, seconds: str) -> None:
    """Turn away so many requests for a list, then give it."""
    left = times

    async def script(request: Any, writer: Any) -> None:
        nonlocal left
        if left:
            left -= 1
            writer.write(answer({"code": "X"}, 429, {"Retry-After": seconds}))
        else:
            writer.write(answer(broker.feed._page("ACC-1", 0, 500)))

    broker.on_list = script


def test_a_short_rest_is_waited_out_and_told_once(tmp_path: Path, broker: DeskBroker) -> None:
    busy(broker, 2, "1")
    ran = run(tmp_path, "orders", to=broker)
    assert ran.code == 0
    assert "ORD-1" in ran.out
    assert ran.err.count("asks for 1 s; waiting, 10 s at most") == 1


def test_kill_cancels_after_a_short_rest(tmp_path: Path, broker: DeskBroker) -> None:
    busy(broker, 1, "1")
    ran = run(tmp_path, "kill", "--account", "ACC-1", "--yes", "--wait", "0", to=broker)
    assert ran.code == 3
    assert len(broker.cancels) == 2


def test_what_was_turned_away_with_a_long_rest_is_an_error_at_once_that_says_nothing_was_sent(
    tmp_path: Path, broker: DeskBroker
) -> None:
    busy(broker, 1, "6")
    ran = run(tmp_path, "kill", "--account", "ACC-1", "--yes", to=broker)
    assert (ran.code, broker.cancels) == (5, [])
    assert "It asks for 6 s" in ran.err
    assert ran.err.splitlines()[-1] == "blotter: nothing was sent"


@pytest.mark.parametrize("command", [["kill", "--account", "ACC-1"], ["cancel", "ORD-1"]])
def test_without_a_link_it_is_said_that_nothing_was_sent(
    tmp_path: Path, broker: DeskBroker, command: list[str]
) -> None:
    broker.call(broker.close_http())
    ran = run(tmp_path, *command, "--yes", to=broker)
    assert ran.code == 5
    assert ran.err.splitlines()[-1] == "blotter: nothing was sent"


def test_one_trouble_of_several_accounts_is_one_sentence_about_now(tmp_path: Path, broker: DeskBroker) -> None:
    broker.accounts = answer({"accounts": [account("ACC-1"), account("ACC-2")]})
    broker.refused_lists = {"ACC-1": 500, "ACC-2": 500}
    ran = run(tmp_path, "orders", to=broker)
    (line,) = ran.err.splitlines()
    assert ran.code == 5
    assert line.startswith("blotter: ACC-1, ACC-2: Trouble at 127.0.0.1")
    assert "was read before" not in line


def test_a_nickname_is_refused_before_anything_is_asked(tmp_path: Path, broker: DeskBroker) -> None:
    folder = tmp_path / "config" / "blotter"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('[[accounts]]\nid = "ACC-1"\nnickname = "main"\n')
    for command in (["kill", "--yes"], ["orders"], ["cancel", "ORD-1", "--yes"]):
        ran = run(tmp_path, *command, "--account", "main", to=broker)
        assert (ran.code, ran.err) == (2, "blotter: main is your name for ACC-1: give the id\n")
    assert broker.account_calls == 0
    assert run(tmp_path, "orders", "--account", "ACC-1", to=broker).code == 0


def test_the_hint_counts_what_works_on_the_side_that_was_named(tmp_path: Path, broker: DeskBroker) -> None:
    spread: dict[str, Any] = {"symbol": "SPY", "securityType": "MULTILEG", "legs": [leg("105"), leg("110")]}
    broker.feed.orders["ACC-1"] = {
        "ORD-1": record("ORD-1", **spread),
        "ORD-2": record("ORD-2", "FILLED", cum=100, **spread),
        "ORD-3": record("ORD-3", side="SELL", **spread),
    }
    broker.on_cancel = [taken()]
    ran = run(tmp_path, "kill", "--account", "ACC-1", "--symbol", "spy", "--side", "buy", "--yes", to=broker)
    assert ran.code == 0
    assert "; 1 works in a contract on it: give --symbol as blotter orders shows it" in ran.err
    ran = run(tmp_path, "kill", "--account", "ACC-1", "--symbol", "spy", "--yes", to=broker)
    assert "; 2 work in contracts on it: " in ran.err
    assert broker.cancels == []


def leg(strike: str) -> dict[str, str]:
    return {
        "symbol": f"SPY   310620C00{strike}000",
        "side": "BUY",
        "ratioQty": "1",
        "securityType": "OPTION",
    }
