"""What became of many: fates, tallies, the sheet and the exported table."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.cancel import CancelState, Verdict
from blotter.core.contract import display_symbol
from blotter.core.export import results_csv, rows_csv
from blotter.core.mass import WORST_FIRST, Fate, MassProgress, Result, fate, progress_words, tally, worst_first
from blotter.core.piece import length, plain
from blotter.core.result_sheet import outcome, result_lines, running_lines
from tests.core.crowds import named, one_of
from tests.core.samples import HOSTILE, condor, single_option, stop_limit

V, S = Verdict, CancelState


@pytest.mark.parametrize(
    ("status", "state", "verdict", "became"),
    [
        ("NEW", S.NONE, V.NOT_SENT, Fate.NOT_SENT),
        ("FILLED", S.NONE, V.NOT_SENT, Fate.NOT_SENT),
        ("NEW", S.SENT, None, Fate.SENT),
        ("PENDING_CANCEL", S.PENDING, V.ACCEPTED, Fate.PENDING),
        ("CANCELED", S.CONFIRMED, V.ACCEPTED, Fate.CANCELED),
        ("CANCELED", S.CONFIRMED, V.UNKNOWN, Fate.CANCELED),
        ("FILLED", S.MOOT, V.ACCEPTED, Fate.FILLED),
        ("EXPIRED", S.MOOT, V.UNKNOWN, Fate.ENDED),
        ("NEW", S.REJECTED, V.REFUSED, Fate.REFUSED),
        ("FILLED", S.REJECTED, V.REFUSED, Fate.REFUSED),
        ("NEW", S.REJECTED, V.ACCEPTED, Fate.REFUSED),
        ("NEW", S.UNKNOWN, V.UNKNOWN, Fate.UNKNOWN),
        ("NEW", S.UNCONFIRMED, V.UNKNOWN, Fate.UNKNOWN),
        ("PENDING_CANCEL", S.UNKNOWN, V.ACCEPTED, Fate.UNKNOWN),
    ],
)
def test_what_an_order_came_to(status: str, state: CancelState, verdict: Verdict | None, became: Fate) -> None:
    assert fate(one_of(0, ord_status=status).order, state, verdict) is became


@given(
    st.sampled_from(["NEW", "PENDING_CANCEL", "PARTIALLY_FILLED", "", "ODD"]),
    st.sampled_from(S),
    st.none() | st.sampled_from(V),
)
def test_nothing_is_called_canceled_that_the_broker_did_not_call_so(
    status: str, state: CancelState, verdict: Verdict | None
) -> None:
    assert fate(one_of(0, ord_status=status).order, state, verdict) is not Fate.CANCELED


def test_the_words_of_the_progress() -> None:
    fates = [*[Fate.QUEUED] * 80, *[Fate.CANCELED] * 31, *[Fate.REFUSED] * 2, Fate.UNKNOWN, *[Fate.SENT] * 6]
    assert (
        progress_words(MassProgress("m", "all", 120, tally(fates))) == "sent 40/120, canceled 31, refused 2, unknown 1"
    )


@given(st.lists(st.sampled_from(Fate), max_size=200))
def test_no_order_is_lost_in_the_tally(fates: list[Fate]) -> None:
    counts = tally(fates)
    progress = MassProgress("m", "all", len(fates), counts)
    assert sum(counts.values()) == len(fates)
    assert progress.sent + progress.queued + counts.get(Fate.NOT_SENT, 0) == len(fates)
    results = [Result(str(number), one_of(0).order, each) for number, each in enumerate(fates)]
    ranks = [WORST_FIRST.index(result.fate) for result in worst_first(results)]
    assert ranks == sorted(ranks)


ORDERS = [named("aa"), named("ab", condor()), named("ac", single_option()), named("ad", stop_limit())]


@given(
    st.lists(
        st.builds(
            Result,
            st.sampled_from(["aa", "zzzz"]),
            st.sampled_from([row.order for row in ORDERS]),
            st.sampled_from(Fate),
            st.sampled_from(["", "stopped by you; the order was not touched"]),
            st.sampled_from(["", "no", *HOSTILE, "x" * 300]),
        ),
        max_size=6,
    ),
    st.integers(60, 200),
)
def test_the_sheet_fits_and_names_every_order(results: list[Result], width: int) -> None:
    progress = MassProgress("m", "all 6 orders", len(results), tally(result.fate for result in results))
    lines = result_lines(progress, results, ("LIVE", "PRACTICE"), width)
    assert all(length(line) <= width for line in lines)
    text = "\n".join(map(plain, lines))
    assert all(f"{result.fate.upper()} " in text and f" {result.tag} " in text for result in results)
    for line in running_lines(progress, ("LIVE", "PRACTICE"), "x stops the 999 not sent yet   R shows each", width):
        assert length(line) <= width


@given(st.lists(st.sampled_from(["", "plain", '=HYPERLINK("x")', "+1", "@cmd", 'a"b', "a,b", *HOSTILE]), max_size=8))
def test_an_exported_table_is_read_back_as_it_was_shown_and_runs_nothing(words: list[str]) -> None:
    results = [Result("ka", one_of(0).order, Fate.REFUSED, "", said) for said in words]
    text = results_csv(results)
    assert text.count("\r\n") == len(words) + 1
    read = list(csv.DictReader(text.splitlines()))
    assert [row["outcome"] for row in read] == ["refused"] * len(words)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in read for cell in row.values())
    assert [row["broker"].removeprefix("'") for row in read if "plain" in row["broker"]] == ["plain"] * words.count(
        "plain"
    )


def test_what_is_exported_says_which_contract_it_is() -> None:
    of_one = single_option(
        symbol="AAPL", legs=(replace(single_option().order.legs[0], symbol="AAPL  260619C00205000"),)
    )
    rows = [one_of(0), single_option(), of_one, condor()]
    contracts = [display_symbol(row.order) for row in rows]
    assert contracts[1] == contracts[2] == "AAPL 19JUN26 205C"
    assert [row["contract"] for row in csv.DictReader(rows_csv(rows).splitlines())] == contracts
    results = [Result(row.tag, row.order, Fate.REFUSED) for row in rows]
    assert [row["contract"] for row in csv.DictReader(results_csv(results).splitlines())] == contracts


def test_a_sentence_that_goes_on_has_no_full_stop_before() -> None:
    part = one_of(0, cum_qty=Decimal(2), qty=Decimal(5)).order
    assert outcome(Result("ka", part, Fate.UNKNOWN, "Only reading tells.")) == "Only reading tells; 2 of 5 filled"
    assert outcome(Result("ka", one_of(0).order, Fate.UNKNOWN, "Only reading tells.")) == "Only reading tells."


def test_the_table_is_exported_with_plain_figures() -> None:
    (row,) = csv.DictReader(rows_csv([one_of(0, leaves_qty=Decimal("1E+2"), cum_qty=Decimal("200.0"))]).splitlines())
    assert (row["qty"], row["left"], row["filled"], row["price"]) == ("300", "100", "200", "175.50")
    assert row["created"].endswith("Z")
