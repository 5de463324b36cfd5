"""What became of many: fates, tallies, the sheet and the exported table."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.account import Account, Accounts
from blotter.core.asking.mass import WORST_FIRST, Fate, MassProgress, Result, fate, progress_words, tally, worst_first
from blotter.core.book.cancel import CancelState, Verdict
from blotter.core.book.row import Row
from blotter.core.contract import display_symbol
from blotter.core.sheets.export import results_csv, rows_csv
from blotter.core.sheets.result_sheet import outcome, result_lines, running_lines, what
from blotter.core.words.piece import Line, Piece, length, plain
from tests.core.crowds import named, one_of
from tests.core.moments import at
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
NAMED = Accounts((Account("ACC-1", nickname="ira"), Account("ACC-2")))


def sheet_of(results: list[Result], width: int, *rows: Row) -> list[Line]:
    progress = MassProgress("m", "all 6 orders", len(results), tally(result.fate for result in results))
    row_of = {row.key: row for row in rows}.get
    link = (Piece(" OK stream 2s list 14s"),)
    return result_lines(progress, results, ("LIVE",), width, accounts=NAMED, row_of=row_of, link=link)


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
    lines = sheet_of(results, width)
    assert all(length(line) <= width for line in lines)
    text = "\n".join(map(plain, lines))
    assert all(f"{result.fate.upper()} " in text and f" {result.tag} " in text for result in results)
    for line in running_lines(progress, ("LIVE", "PRACTICE"), "x stops the 999 not sent yet   R shows each", width):
        assert length(line) <= width


@pytest.mark.parametrize("width", [60, 80, 119, 120, 160])
def test_the_sheet_cuts_no_order_and_calls_its_account_as_the_trader_does(width: int) -> None:
    long = named("ad", single_option(type="STOP_LIMIT", stop_price=Decimal("3.25"), currency="EUR"))
    for row in (*ORDERS, long):
        result = Result(row.tag, row.order, Fate.REFUSED, "Not canceled", "late " * 12)
        lines = [plain(line) for line in sheet_of([result], width, row)]
        assert lines[2] == " OK stream 2s list 14s"
        text = " ".join(" ".join(lines[4:]).split())
        assert all(word in text for word in what(result).split())
        assert text.count("late") == 12
        assert " ira " in text
        assert "ACC-1" not in text


def test_an_order_that_works_is_said_to_with_its_last_report_and_since_when_nothing_vouches_for_it() -> None:
    row = one_of(0)
    refused = Result("ka", row.order, Fate.REFUSED, "Not canceled.")
    reported = f"last reported {row.reported.utc:%H:%M:%S}Z"
    assert outcome(refused, row) == f"Not canceled; it still works, {reported}"
    stale = replace(row, stale_since=at(-5))
    since = f"STALE since {at(-5).utc:%H:%M:%S}Z"
    assert outcome(refused, stale) == f"Not canceled; it worked, {reported}, {since}"
    assert outcome(replace(refused, fate=Fate.PENDING), stale) == f"Not canceled; {since}"
    assert outcome(replace(refused, fate=Fate.PENDING), row) == "Not canceled."
    over = replace(row.order, ord_status="CANCELED")
    assert outcome(Result("ka", over, Fate.CANCELED), stale) == "", "what is over does not grow old"


@given(st.lists(st.sampled_from(["", "plain", '=HYPERLINK("x")', "+1", "@cmd", 'a"b', "a,b", *HOSTILE]), max_size=8))
def test_an_exported_table_is_read_back_as_it_was_shown_and_runs_nothing(words: list[str]) -> None:
    results = [Result("ka", one_of(0).order, Fate.REFUSED, "", said) for said in words]
    text = results_csv(results, NAMED, lambda key: None)
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
    assert [row["contract"] for row in csv.DictReader(rows_csv(rows, NAMED).splitlines())] == contracts
    results = [Result(row.tag, row.order, Fate.REFUSED) for row in rows]
    exported = csv.DictReader(results_csv(results, NAMED, lambda key: None).splitlines())
    assert [row["contract"] for row in exported] == contracts


def test_a_sentence_that_goes_on_has_no_full_stop_before() -> None:
    part = one_of(0, cum_qty=Decimal(2), qty=Decimal(5)).order
    assert outcome(Result("ka", part, Fate.UNKNOWN, "Only reading tells."), None) == "Only reading tells; 2 of 5 filled"
    assert outcome(Result("ka", one_of(0).order, Fate.UNKNOWN, "Only reading tells."), None) == "Only reading tells."


def test_the_table_is_exported_with_plain_figures() -> None:
    part = one_of(0, leaves_qty=Decimal("1E+2"), cum_qty=Decimal("200.0"))
    (row,) = csv.DictReader(rows_csv([part], NAMED).splitlines())
    assert (row["qty"], row["left"], row["filled"], row["price"]) == ("300", "100", "200", "175.50")
    assert row["created"].endswith("Z")


def test_an_exported_line_says_whose_money_it_is_and_until_when_it_was_true() -> None:
    row = one_of(0)
    practice = Accounts((Account("ACC-1", is_sim=True),))
    stale, doubted = replace(row, stale_since=at(-5)), replace(row, doubted=at(-3), needs_read=True)
    since, doubt, told = (f"{moment.utc:%Y-%m-%dT%H:%M:%S.%f}Z" for moment in (at(-5), at(-3), row.reported))
    marks = [(told, "", ""), (told, since, ""), (told, "", doubt)]
    read = list(csv.DictReader(rows_csv([row, stale, doubted], practice).splitlines()))
    assert [each["money"] for each in read] == ["PRACTICE"] * 3
    assert [(each["reported"], each["staleSince"], each["doubtedSince"]) for each in read] == marks
    (of_result,) = csv.DictReader(
        results_csv([Result("ka", row.order, Fate.REFUSED)], NAMED, lambda key: stale).splitlines()
    )
    assert (of_result["money"], of_result["staleSince"]) == ("LIVE", since)
    assert of_result["words"] == outcome(Result("ka", row.order, Fate.REFUSED), stale)


def test_an_average_price_is_blank_where_the_screen_has_none() -> None:
    unfilled = one_of(0, avg_price=Decimal(0), cum_qty=Decimal(0))
    filled = one_of(1, avg_price=Decimal("12.5"), cum_qty=Decimal(100))
    read = csv.DictReader(rows_csv([unfilled, filled], NAMED).splitlines())
    assert [row["avg"] for row in read] == ["", "12.50"]
