"""``blotter cancel``: every exit code, one JSON document, and the same guarantees as under the screen."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blotter.commands.cancel import main
from blotter.paper.settings import PaperSettings
from tests.broker.http_server import answer
from tests.commands.running import Ran, ended, journal_of, on, records, run, spawn, start
from tests.desk.desk_broker import DeskBroker, running_broker, says, taken
from tests.desk.values import until
from tests.paper.serving import Serving, serving
from tests.terminal.pty_session import PtySession

KEYS = ["origClOrdId", "outcome", "ordStatus", "text", "intent"]


@pytest.fixture
def broker() -> Iterator[DeskBroker]:
    with running_broker("ORD-1", "ORD-2") as running:
        yield running


def cancel(home: Path, broker: DeskBroker | Serving, *arguments: str, **more: str) -> Ran:
    return run(home, "cancel", *arguments, "--yes", "--json", to=on(broker) | more)


def will_be_canceled(broker: DeskBroker) -> None:
    """Take the cancel, and let the stream say the last word before the answer is read."""

    async def script(request: Any, writer: Any) -> None:
        name = request.json["origClOrdId"]
        writer.write(says(True, "PENDING_CANCEL", "Cancel request processed", name))
        await broker.feed.tell(name, "CANCELED", text="done")

    broker.on_cancel = [script]


def test_on_the_practice_broker(tmp_path: Path) -> None:
    with serving(PaperSettings(orders=3, rate=0)) as practice, practice.client() as client:
        orders = client.get("/v2/accounts/PAPER-1/orders").json()["orders"]
        name = next(each["clOrdId"] for each in orders if each["ordStatus"] == "NEW")
        ran = spawn(tmp_path, "cancel", name, "--yes", "--json", to=practice)
    (said,) = ran.json
    assert ran.code == 0
    assert ran.err == ""
    assert list(said) == KEYS
    assert (said["origClOrdId"], said["outcome"], said["ordStatus"]) == (name, "canceled", "CANCELED")
    (intent,) = records(tmp_path, "intent")
    assert intent["intent"] == said["intent"]
    assert "confirmed by --yes" in intent["shown"]
    assert [each["outcome"] for each in records(tmp_path, "outcome")] == ["canceled"]
    assert records(tmp_path, "end")[0]["reason"] == "quit"
    assert run(tmp_path, "audit", "--verify").code == 0


def test_people_get_a_line_for_each_as_it_is_settled(tmp_path: Path, broker: DeskBroker) -> None:
    will_be_canceled(broker)
    ran = run(tmp_path, "cancel", "ORD-1", "ORD-2", "ORD-1", "--yes", to=broker)
    assert ran.code == 0
    assert sorted(line.split(":")[0] for line in ran.out.splitlines()) == ["ORD-1 CANCELED", "ORD-2 CANCELED"]
    assert len(broker.cancels) == 2


def test_without_a_terminal_and_without_yes_nothing_is_even_read(tmp_path: Path, broker: DeskBroker) -> None:
    ran = spawn(tmp_path, "cancel", "ORD-1", to=broker)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "blotter: there is no terminal to ask on: --yes says yes beforehand\n"
    assert broker.server.requests == []


def test_the_worst_outcome_wins_and_an_unknown_id_is_refused_unsent(tmp_path: Path, broker: DeskBroker) -> None:
    will_be_canceled(broker)
    ran = cancel(tmp_path, broker, "nowhere", "ORD-1")
    nowhere, canceled = ran.json
    assert ran.code == 1
    assert canceled["outcome"] == "canceled"
    assert nowhere == {
        "origClOrdId": "nowhere",
        "outcome": "not sent",
        "ordStatus": "",
        "text": "no such order in the accounts that are loaded (ACC-1)",
        "intent": "",
    }
    assert [each["origClOrdId"] for each in broker.cancels] == ["ORD-1"]


def test_a_finished_order_is_left_alone(tmp_path: Path, broker: DeskBroker) -> None:
    broker.feed.set("ORD-1", "FILLED", cum=100)
    ran = cancel(tmp_path, broker, "ORD-1")
    assert ran.code == 1
    assert ran.json[0]["text"] == "the order is FILLED already"
    assert broker.cancels == []
    assert not journal_of(tmp_path).exists()


async def _never(request: Any, writer: Any) -> None:
    await asyncio.sleep(60)


def _status(number: int) -> Any:
    async def script(request: Any, writer: Any) -> None:
        writer.write(answer({"code": "X", "message": "no"}, number))

    return script


def _refused(request: Any, writer: Any) -> Any:
    writer.write(says(False, "REJECTED", "too late to cancel"))
    return asyncio.sleep(0)


@pytest.mark.parametrize(
    ("script", "code", "outcome", "text"),
    [
        (taken(), 3, "pending", "Cancel request processed"),
        (_never, 3, "unknown", ""),
        (_refused, 1, "refused", "too late to cancel"),
        (_status(401), 4, "refused", "no"),
        (_status(403), 4, "refused", "no"),
        (_status(429), 5, "not sent", "no"),
        (_status(500), 3, "unknown", "no"),
    ],
    ids=["pending", "no answer", "refused", "401", "403", "429", "500"],
)
def test_every_end_has_its_code(
    tmp_path: Path, broker: DeskBroker, script: Any, code: int, outcome: str, text: str
) -> None:
    broker.on_cancel = [script]
    ran = cancel(tmp_path, broker, "ORD-1", "--wait", "0.3", BLOTTER_TIMEOUT="0.5")
    (said,) = ran.json
    assert (ran.code, said["outcome"]) == (code, outcome)
    assert text in said["text"]
    assert len(broker.cancels) == 1
    assert said["intent"] == records(tmp_path, "intent")[0]["intent"]


def test_without_a_journal_nothing_is_sent(tmp_path: Path, broker: DeskBroker) -> None:
    (tmp_path / "state").write_text("in the way")
    ran = cancel(tmp_path, broker, "ORD-1")
    assert ran.code == 5
    assert "cannot be written" in ran.json[0]["text"]
    assert broker.cancels == []


def test_without_lists_nothing_is_sent(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_list = _status(401)
    ran = cancel(tmp_path, broker, "ORD-1")
    assert (ran.code, ran.json[0]["outcome"]) == (4, "not sent")
    away = cancel(tmp_path, broker, "ORD-1", BLOTTER_BASE_URL="http://127.0.0.1:9")
    assert (away.code, away.json[0]["outcome"]) == (5, "not sent")
    assert broker.cancels == []


def test_read_only_means_it(tmp_path: Path, broker: DeskBroker) -> None:
    ran = cancel(tmp_path, broker, "ORD-1", BLOTTER_READ_ONLY="true")
    assert ran.code == 2
    assert "read-only" in ran.err
    assert broker.server.requests == []


def test_an_account_that_is_for_looking_only_is_left_alone(tmp_path: Path, broker: DeskBroker) -> None:
    folder = tmp_path / "config" / "blotter"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('[[accounts]]\nid = "ACC-1"\nview_only = true\n')
    ran = cancel(tmp_path, broker, "ORD-1")
    assert (ran.code, ran.json[0]["text"]) == (1, "account ACC-1 is view-only")
    assert broker.cancels == []


def test_a_second_process_waits_for_the_first_ones_cancel_and_sends_none(tmp_path: Path, broker: DeskBroker) -> None:
    begun = start(tmp_path, "cancel", "ORD-1", "--yes", "--wait", "20", to=on(broker))
    until(lambda: records(tmp_path, "answer"))
    second = start(tmp_path, "cancel", "ORD-1", "--yes", "--json", "--wait", "20", to=on(broker))
    # Twice each: once to find the order, once as a desk that waits for its end.
    until(lambda: broker.account_calls == 4)
    hasty = cancel(tmp_path, broker, "ORD-1", "--wait", "0")
    seen = run(tmp_path, "orders", to=broker)
    assert (hasty.code, hasty.json[0]["outcome"]) == (3, "pending")
    assert "another blotter of yours" in hasty.json[0]["text"]
    assert "CXL?" in seen.out
    broker.tell("ORD-1", "CANCELED")
    assert ended(begun).code == 0
    waited = ended(second)
    assert (waited.code, [each["outcome"] for each in json.loads(waited.out)]) == (0, ["canceled"])
    assert len(broker.cancels) == 1


def test_the_unknown_end_of_a_run_that_died_is_not_asked_about_twice(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_cancel = [_never]
    begun = start(tmp_path, "cancel", "ORD-1", "--yes", to=on(broker))
    until(lambda: records(tmp_path, "attempt"))
    until(lambda: broker.cancels)
    begun.kill()
    ended(begun)
    ran = cancel(tmp_path, broker, "ORD-1", "--wait", "0")
    assert (ran.code, ran.json[0]["outcome"]) == (3, "unknown")
    assert len(broker.cancels) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(tmp_path: Path, broker: DeskBroker, number: signal.Signals) -> None:
    begun = start(tmp_path, "cancel", "ORD-1", "--yes", "--json", to=on(broker))
    until(lambda: records(tmp_path, "answer"))
    begun.send_signal(number)
    ran = ended(begun)
    assert ran.code == 128 + number
    assert ran.json[0]["outcome"] == "pending"
    assert [each["outcome"] for each in records(tmp_path, "outcome")] == ["pending"]
    assert records(tmp_path, "end")[0]["reason"] == number.name


def test_a_closed_output_changes_nothing_but_the_end_on_record(tmp_path: Path, broker: DeskBroker) -> None:
    will_be_canceled(broker)
    reading, writing = os.pipe()
    os.close(reading)
    ran = ended(start(tmp_path, "cancel", "ORD-1", "--yes", to=on(broker), stdout=writing))
    os.close(writing)
    assert ran.code == 0
    assert ran.err == ""
    assert records(tmp_path, "end")[0]["reason"] == "its output was closed"


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ([], "the following arguments are required: ID"),
        ([""], "an empty id names no order"),
        (["A B"], "not a client order id (printable ASCII without spaces): 'A B'"),
        (["ORD-1\x1b[2J"], r"'ORD-1\x1b[2J'"),
        (["ORD-1\n"], r"'ORD-1\n'"),
        (["ORD-\u202e1"], "not a client order id"),
        (["x" * 101], "at most 100 characters, this one 101"),
        (["ORD-1", "A B"], "not a client order id"),
        (["ORD-1", "--wait", "nan"], "must be a number of seconds"),
        (["ORD-1", "--wait", "-1"], "must be a number of seconds"),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_sent(
    capsys: pytest.CaptureFixture[str], ids: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--yes", *ids])
    ran = Ran(2, *capsys.readouterr(), 0.0)
    assert (end.value.code, ran.out) == (2, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert ran.is_clean()


@pytest.mark.parametrize(("typed", "code", "posts"), [("y\n", 0, 1), ("\n", 5, 0), ("\x04", 5, 0)])
def test_on_a_terminal_it_asks(tmp_path: Path, broker: DeskBroker, typed: str, code: int, posts: int) -> None:
    will_be_canceled(broker)
    with PtySession(tmp_path, ["cancel", "ORD-1"], columns=120, environment=on(broker)) as terminal:
        terminal.until("anything else keeps it")
        assert "BUY MSFT, left 100 of 100, LIMIT 10.50, DAY, NEW, PRACTICE ACC-1, id ORD-1" in terminal.text
        terminal.type(typed)
        assert terminal.exit_code() == code
    assert len(broker.cancels) == posts


def test_a_typed_tag_sends_another_beside_one_that_is_unknown(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_cancel = [_never, taken()]
    begun = start(tmp_path, "cancel", "ORD-1", "--yes", to=on(broker))
    until(lambda: broker.cancels)
    begun.kill()
    ended(begun)
    with PtySession(tmp_path, ["cancel", "ORD-1", "--wait", "0"], columns=120, environment=on(broker)) as terminal:
        terminal.until("and enter to send another all the same")
        terminal.type("aa\n")
        assert terminal.exit_code() == 3
    assert len(broker.cancels) == 2
    assert records(tmp_path, "intent")[-1]["override"]


def test_ctrl_c_at_the_question_sends_nothing(tmp_path: Path, broker: DeskBroker) -> None:
    with PtySession(tmp_path, ["cancel", "ORD-1"], columns=120, environment=on(broker)) as terminal:
        terminal.until("anything else keeps it")
        terminal.type("\x03")
        assert terminal.exit_code() == 130
        assert "Traceback" not in terminal.text
    assert broker.cancels == []


def test_an_order_that_changed_while_the_question_stood_is_not_canceled(tmp_path: Path, broker: DeskBroker) -> None:
    with PtySession(tmp_path, ["cancel", "ORD-1"], columns=120, environment=on(broker)) as terminal:
        terminal.until("anything else keeps it")
        broker.call(_set(broker, "ORD-1", price="99"))
        terminal.type("y\n")
        assert terminal.exit_code() == 1
        assert "price 10.50 -> 99.00" in terminal.text
    assert broker.cancels == []


async def _set(broker: DeskBroker, name: str, **fields: Any) -> None:
    broker.feed.set(name, **fields)
