"""Hundreds of cancels on the practice broker, which refuses, fills and delays: each one's last word is on record once,
and the result tells the same.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from blotter.broker.auth import Token
from blotter.broker.urls import stream_url
from blotter.core.account import Accounts
from blotter.core.asking.mass import MassCancel, progress_words
from blotter.core.book.status import why_not_cancel
from blotter.core.sheets.export import results_csv
from blotter.desk.clock import SystemClock
from blotter.desk.desk import Desk
from blotter.desk.settings import DeskSettings
from blotter.paper.child import Child
from tests.desk.seat import Seat
from tests.desk.values import request

ORDERS = 300
SETTLED_WITHIN = 60.0

AS_ON_RECORD = {"filled": "moot", "ended": "moot"}
"""What the journal calls that which the sheet tells apart."""


def test_every_cancel_of_hundreds_has_its_last_word_once_and_the_sheet_and_its_export_tell_the_same(
    tmp_path: Path,
) -> None:
    with Child("--seed", "7", "--orders", str(ORDERS), "--rate", "20", "--accounts", "2") as broker:
        settings = DeskSettings(broker.url, stream_url(broker.url), Token(broker.token), tmp_path)
        with Desk(settings, SystemClock()) as desk:
            seat = Seat(desk, tmp_path)
            seat.live(ORDERS // 2, SETTLED_WITHIN)
            asked = tuple(
                request(row.order, row.tag) for row in seat.rows.values() if why_not_cancel(row, row.reported) is None
            )
            assert len(asked) > ORDERS // 2
            desk.cancel_many(MassCancel("m-1", "all orders", asked, asked[0].confirmed))
            seat.until(lambda: "m-1" in seat.mass and seat.mass["m-1"].over, SETTLED_WITHIN)
            seat.until(
                lambda: (
                    any(text.startswith(("Mass cancel over", "Mass cancel settled")) for text in seat.texts)
                    and all(result.fate.settled for result in seat.results.values())
                ),
                SETTLED_WITHIN,
            )
            seat.until(
                lambda: len(seat.records("intent")) == sum(each["final"] for each in seat.records("outcome")),
                SETTLED_WITHIN,
            )
            told, results = seat.mass["m-1"], dict(seat.results)
    intents = {each["intent"]: (each["account"], each["clOrdId"]) for each in seat.records("intent")}
    final = [each for each in seat.records("outcome") if each["final"]]
    assert Counter(each["intent"] for each in final) == dict.fromkeys(intents, 1)
    on_record = {intents[each["intent"]]: each["outcome"] for each in final}
    on_record |= {(each["account"], each["clOrdId"]): "not sent" for each in seat.records("declined")}
    on_sheet = {tuple(key): result.fate.value for key, result in results.items()}
    assert {key: AS_ON_RECORD.get(fate, fate) for key, fate in on_sheet.items()} == on_record
    counts = Counter(on_sheet.values())
    assert {fate.value: count for fate, count in told.counts.items()} == counts
    exported = csv.DictReader(results_csv(results.values(), Accounts(), lambda key: None).splitlines())
    assert Counter(line["outcome"] for line in exported) == counts
    assert {"canceled", "refused", "filled"} <= set(counts)
    assert seat.texts[-1].endswith(progress_words(told)) or any(progress_words(told) in text for text in seat.texts)
