"""``blotter cancel``: which orders are meant, and what is refused without sending."""

from __future__ import annotations

from pathlib import Path

from blotter.paper.settings import PaperSettings
from tests.commands.canceling import answers, cancel, ends
from tests.commands.running import journal_of, records, run, spawn
from tests.desk.desk_broker import DeskBroker
from tests.paper.serving import serving

KEYS = ["origClOrdId", "outcome", "ordStatus", "text", "intent"]


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


def test_an_id_that_is_given_twice_is_one_order(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_cancel = [ends(broker)]
    ran = cancel(tmp_path, broker, "ORD-1", "ORD-2", "ORD-1")
    assert ran.code == 0
    assert {each["origClOrdId"] for each in ran.json} == {"ORD-1", "ORD-2"}
    assert len(ran.json) == len(broker.cancels) == 2


def test_without_a_terminal_and_without_yes_nothing_is_even_read(tmp_path: Path, broker: DeskBroker) -> None:
    ran = spawn(tmp_path, "cancel", "ORD-1", to=broker)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "blotter: there is no terminal to ask on: --yes says yes beforehand\n"
    assert broker.server.requests == []


def test_the_worst_outcome_wins_and_an_unknown_id_is_refused_unsent(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_cancel = [ends(broker)]
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


def test_without_a_journal_nothing_is_sent(tmp_path: Path, broker: DeskBroker) -> None:
    (tmp_path / "state").write_text("in the way")
    ran = cancel(tmp_path, broker, "ORD-1")
    assert ran.code == 5
    assert "cannot be written" in ran.json[0]["text"]
    assert broker.cancels == []


def test_without_lists_nothing_is_sent(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_list = answers(401)
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
