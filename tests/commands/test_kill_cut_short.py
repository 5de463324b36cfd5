"""A kill that is cut short: what was on its way is unknown, what was not sent says so, and the journal agrees."""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path

from tests.broker.http_server import silence
from tests.commands.running import comes, ended, on, records, started
from tests.desk.desk_broker import running_broker

NAMES = [f"ORD-{number}" for number in range(1, 13)]
AT_ONCE = 8


def test_what_a_signal_kept_from_being_sent_is_not_sent(tmp_path: Path) -> None:
    with running_broker(*NAMES) as broker:
        broker.on_cancel = [silence]
        with started(tmp_path, "kill", "--account", "ACC-1", "--yes", "--json", to=on(broker)) as process:
            comes(lambda: len(broker.cancels) == AT_ONCE)
            process.send_signal(signal.SIGTERM)
            ran = ended(process)
        assert ran.code == 128 + signal.SIGTERM
        assert ran.is_clean()
        sent = {each["origClOrdId"] for each in broker.cancels}
    told = {each["origClOrdId"]: each["outcome"] for each in ran.json}
    assert told == {name: "unknown" if name in sent else "not sent" for name in NAMES}
    assert len(sent) == AT_ONCE
    assert not any("error" in each["text"] for each in ran.json)
    intents = {each["intent"]: each["clOrdId"] for each in records(tmp_path, "intent")}
    on_record = {intents[each["intent"]]: each["outcome"] for each in records(tmp_path, "outcome")}
    assert on_record == told
    assert Counter(each["intent"] for each in records(tmp_path, "outcome")) == dict.fromkeys(intents, 1)
