"""``blotter orders`` as a process of its own: on the practice broker, on hostile records, into every kind of output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blotter.paper.settings import PaperSettings
from tests.broker.http_server import answer
from tests.commands.running import ended, on, records, run, spawn, start
from tests.desk.desk_broker import account, record, running_broker
from tests.paper.serving import Serving, serving
from tests.terminal.pty_session import PtySession

FINISHED = {"FILLED", "CANCELED", "REJECTED", "EXPIRED", "REPLACED", "SUPERSEDED"}


@pytest.fixture(scope="module")
def broker() -> Iterator[Serving]:
    with serving(PaperSettings(orders=12, rate=0, accounts=2)) as running:
        yield running


def listed(broker: Serving, name: str) -> list[dict[str, Any]]:
    with broker.client() as client:
        return list(client.get(f"/v2/accounts/{name}/orders", params={"limit": 500}).json()["orders"])


def all_listed(broker: Serving) -> dict[str, dict[str, Any]]:
    return {each["clOrdId"]: each for name in ("PAPER-1", "PAPER-2") for each in listed(broker, name)}


def test_the_working_orders_one_to_a_line_in_about_a_kilobyte(tmp_path: Path, broker: Serving) -> None:
    ran = spawn(tmp_path, "orders", to=broker)
    head, *lines = ran.out.splitlines()
    working = [name for name, each in all_listed(broker).items() if each["ordStatus"] not in FINISHED]
    assert ran.code == 0
    assert ran.is_clean()
    assert head.split() == ["acct", "sd", "symbol", "left/total", "price", "tif", "status", "age", "client", "id"]
    assert sorted(line.split()[-1] for line in lines) == sorted(working)
    assert len(ran.out) < 1500
    assert records(tmp_path) == []


def test_it_loads_nothing_that_draws(tmp_path: Path, broker: Serving) -> None:
    """Neither the screen's libraries nor those of httpx's own command line, which take longer than the answer."""
    script = (
        "import sys; from blotter.__main__ import main; sys.argv = ['blotter', 'orders']; code = main();"
        "print(code, {'httpx', 'textual', 'rich', 'click', 'pygments'} & {*sys.modules}, file=sys.stderr)"
    )
    ran = ended(start(tmp_path, to=on(broker), program=[sys.executable, "-c", script]))
    assert ran.err.splitlines()[-1] == "0 {'httpx'}"


def test_json_is_one_array_of_the_brokers_own_records(tmp_path: Path, broker: Serving) -> None:
    ran = run(tmp_path, "orders", "--json", "--all", to=broker)
    assert ran.code == 0
    assert ran.err == ""
    assert {each["clOrdId"]: each for each in ran.json} == all_listed(broker)


def test_finished_orders_accounts_and_words_choose(tmp_path: Path, broker: Serving) -> None:
    orders = all_listed(broker).values()
    working = [each for each in orders if each["ordStatus"] not in FINISHED]
    symbol = working[0]["symbol"]
    of_symbol = run(tmp_path, "orders", "--json", symbol.lower(), to=broker).json
    assert {each["clOrdId"] for each in of_symbol} >= {each["clOrdId"] for each in working if each["symbol"] == symbol}
    assert len(of_symbol) < len(working)
    of_account = run(tmp_path, "orders", "--json", "--account", "PAPER-2", to=broker).json
    assert {each["accountId"] for each in of_account} == {"PAPER-2"}
    # A tag, as every order has one in a run, finds nothing here: it is nobody's handle.
    tag = next(tag for tag in ("aa", "ab", "ac", "ad", "ae") if tag not in json.dumps(working).casefold())
    assert run(tmp_path, "orders", "--json", tag, to=broker).json == []


def test_a_token_that_is_refused_is_4_and_a_broker_that_is_away_5(tmp_path: Path, broker: Serving) -> None:
    refused = run(tmp_path, "orders", "--json", to=on(broker) | {"BLOTTER_ACCESS_TOKEN": "another"})
    away = run(tmp_path, "orders", "--json", to=on(broker) | {"BLOTTER_BASE_URL": "http://127.0.0.1:9"})
    for ran, code, said in ((refused, 4, "token was refused"), (away, 5, "did not leave")):
        assert (ran.code, ran.out) == (code, "")
        assert said in ran.err
        assert len(ran.err.splitlines()) == 1
        assert ran.is_clean()


@pytest.mark.parametrize(
    ("wrong", "code", "said"),
    [
        ({"BLOTTER_ACCESS_TOKEN": "another"}, 4, "The token was refused"),
        ({"BLOTTER_BASE_URL": "http://127.0.0.1:9"}, 5, "The list of orders did not leave for 127.0.0.1:9"),
    ],
)
def test_what_keeps_it_from_the_broker_is_said_once_for_the_accounts_that_were_named(
    tmp_path: Path, broker: Serving, wrong: dict[str, str], code: int, said: str
) -> None:
    ran = run(tmp_path, "orders", "--account", "PAPER-1", "--account", "PAPER-2", to=on(broker) | wrong)
    (line,) = ran.err.splitlines()
    assert ran.code == code
    assert line.startswith(f"blotter: PAPER-1, PAPER-2: {said}")


def test_an_account_that_cannot_be_read_does_not_hide_the_other(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        broker.accounts = answer({"accounts": [account("ACC-1"), account("ACC-2")]})

        good = broker.feed._page("ACC-1", 0, 500)

        async def one_of_two(request: Any, writer: Any) -> None:
            writer.write(answer(good) if "ACC-1" in request.target else answer({"error": "x"}, 500))

        broker.on_list = one_of_two
        ran = run(tmp_path, "orders", "--json", to=broker)
    assert ran.code == 5
    assert [each["clOrdId"] for each in ran.json] == ["ORD-1"]
    assert ran.err.startswith("blotter: ACC-2: ")


HOSTILE = "AB\x1b]52;c;cm0=\x07\u202e\x7f"


def test_what_the_broker_sends_is_shown_and_never_obeyed(tmp_path: Path) -> None:
    with running_broker() as broker:
        broker.feed.orders["ACC-1"] = {
            "ORD-1": record("ORD-1", symbol=HOSTILE, extra=1.50, createdAt="2026-11-20T02:00:00.123456789Z"),
            "ORD-2": record("ORD-2", qty="many\x1b"),
        }
        people = run(tmp_path, "orders", to=broker)
        program = run(tmp_path, "orders", "--json", to=broker)
    assert people.is_clean()
    assert "AB␛]52;c;cm0=␇⟨202E⟩␡" in people.out
    assert "(ORD-2) cannot be read and is missing here: qty is not a decimal number" in people.err
    assert program.out.isascii()
    assert program.is_clean()
    (said,) = program.json
    assert said["symbol"] == HOSTILE
    assert said["createdAt"] == "2026-11-20T02:00:00.123456789Z"
    assert '"extra": 1.5' in program.out


def test_no_orders_are_an_empty_array_and_no_line(tmp_path: Path) -> None:
    with running_broker() as broker:
        assert run(tmp_path, "orders", "--json", to=broker).out == "[]\n"
        people = run(tmp_path, "orders", to=broker)
    assert (people.code, people.out) == (0, "")
    assert "0 PRACTICE orders, read at" in people.err


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, broker: Serving) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = ended(start(tmp_path, "orders", to=on(broker), stdout=writing))
    finally:
        os.close(writing)
    assert ran.code == 0
    assert ran.is_clean()


def test_a_disk_that_is_full_is_one(tmp_path: Path, broker: Serving) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = ended(start(tmp_path, "orders", "--json", to=on(broker), stdout=full))
    assert ran.code == 1
    assert ran.err == "blotter: standard output cannot be written: No space left on device\n"


@pytest.mark.parametrize("columns", [60, 160])
def test_it_fits_the_terminal_and_colours_nothing(tmp_path: Path, broker: Serving, columns: int) -> None:
    with PtySession(tmp_path, ["orders"], columns=columns, lines=48, environment=on(broker)) as terminal:
        assert terminal.exit_code() == 0
        written = terminal.raw.decode()
    assert "\x1b" not in written
    lines = written.splitlines()
    (last,) = (number for number, line in enumerate(lines) if line.startswith("blotter: 12 PRACTICE orders"))
    assert last == 13
    assert max(map(len, lines)) <= columns
    assert lines[0].count("client id") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--account"], "expected one argument"),
        (["--nonsense\x1b[31m"], "unrecognized arguments: --nonsense␛[31m"),
        (["--profile", "a", "--profile", "b"], "--profile is given twice"),
        (["--base-url", "http://10.0.0.1"], "127.0.0.1"),
        ([], "no broker is configured"),
    ],
)
def test_bad_input_is_a_sentence_and_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    ran = run(tmp_path, "orders", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.is_clean()
