from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.account import Account
from blotter.core.words.piece import Role, length, plain
from blotter.desk.messages import LinkPhase, LinkState
from blotter.ui.header.headline import Facts, headline
from blotter.ui.table.counts import Counts
from tests.ui.fake_desk import HandClock, ok

CLOCK = HandClock()
NOW = CLOCK.now()
COUNTS = Counts(working=12, done=212, codes={}, shown=12, total=12)
BUSY = Counts(working=12, done=212, codes={"CXL??": 1, "CXL?": 2}, shown=3, total=12)


def facts(*links: LinkState, counts: Counts = COUNTS, **others: Any) -> Facts:
    return Facts(NOW, counts, links or (ok(Account("ACC-1"), NOW),), **others)


def line(given: Facts, width: int = 100) -> str:
    return plain(headline(given, width))


def link(phase: LinkPhase, account: str = "ACC-1", **stamps: Any) -> LinkState:
    return LinkState(Account(account), phase, CLOCK.ago(9), **{"listed": CLOCK.ago(40), **stamps})


def test_the_usual_line() -> None:
    said = line(facts(counts=replace(BUSY, codes={"CXL?": 1}), unread=2, filter="aapl"), 110)
    assert " ".join(said.split()) == (
        "LIVE ACC-1 12 working +212 done 1 CXL? 2 unread! /aapl 3 of 12 OK stream 2s list 12s 14:02:11Z"
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (link(LinkPhase.OK, heard=CLOCK.ago(3)), "OK stream 3s list 40s"),
        (link(LinkPhase.OK, heard=CLOCK.ago(50)), "STALE 50s"),
        (link(LinkPhase.STALE, heard=CLOCK.ago(37)), "STALE 37s list 40s"),
        (link(LinkPhase.STALE, heard=CLOCK.ago(2), listed=CLOCK.ago(300)), "STALE list 5m stream 2s"),
        (link(LinkPhase.RECONNECTING, attempt=3, heard=CLOCK.ago(41)), "RECONNECTING (3) stream 41s list 40s"),
        (link(LinkPhase.RECONNECTING, attempt=3), "RECONNECTING (3) list 40s"),
        (link(LinkPhase.POLLING, listed=CLOCK.ago(4), heard=CLOCK.ago(130)), "POLLING 4s stream 2m"),
        (link(LinkPhase.OFFLINE, heard=CLOCK.ago(90)), "OFFLINE stream 1m list 40s"),
        (link(LinkPhase.OFFLINE, heard=CLOCK.ago(90), trouble="no link"), "OFFLINE no link · stream 1m list 40s"),
        (link(LinkPhase.CONNECTING, listed=None), "CONNECTING loading"),
        (link(LinkPhase.OK, heard=CLOCK.ago(3), listed=None), "OK loading"),
    ],
)
def test_the_link_in_words(state: LinkState, words: str) -> None:
    assert f" {words} " in line(facts(state))


@pytest.mark.parametrize(
    ("working", "listed", "said"),
    [
        (0, (), "? working"),
        (0, (None,), "? working"),
        (7, (None,), "7+? working"),
        (0, (40, None), "0+? working"),
        (25, (40, None), "25+? working"),
        (25, (40, 40), "25 working"),
        (0, (40,), "0 working"),
    ],
)
def test_orders_that_no_list_was_read_for_are_not_counted_as_none(
    working: int, listed: tuple[float | None, ...], said: str
) -> None:
    links = tuple(
        link(LinkPhase.OFFLINE, f"ACC-{n}", listed=None if age is None else CLOCK.ago(age), trouble="no link")
        for n, age in enumerate(listed)
    )
    given = Facts(NOW, replace(COUNTS, working=working), links)
    assert f"  {said}  " in line(given)
    assert re.search(rf"  {re.escape(said[:-7])}(working|wkg)  ", line(given, 60)), "narrow, it stays unknown"


def test_a_desk_that_died_is_offline_whatever_it_said_last() -> None:
    assert "OFFLINE" in line(facts(failed=True))
    assert "OK" not in line(facts(failed=True))


def test_accounts_that_differ_are_named() -> None:
    said = line(facts(ok(Account("ACC-1"), NOW), link(LinkPhase.STALE, "ACC-2", heard=CLOCK.ago(37))))
    assert "ACC-2 STALE 37s list 40s  ACC-1 OK stream 2s list 12s" in said


def test_where_accounts_differ_each_has_ages_of_its_own() -> None:
    fine = [ok(Account(name), NOW) for name in ("ACC-1", "ACC-3")]
    lost = link(LinkPhase.RECONNECTING, "ACC-2", heard=CLOCK.ago(41), attempt=3)
    said = line(facts(*fine, lost), 160)
    assert "ACC-2 RECONNECTING (3) stream 41s list 40s  others OK stream 2s list 12s" in said


def test_live_and_practice_are_words_for_each_account() -> None:
    said = line(facts(ok(Account("ACC-1"), NOW), ok(Account("SIM-1", is_sim=True), NOW)))
    assert said.startswith(" LIVE ACC-1 PRACTICE SIM-1 ")
    assert line(facts(practice=True)).startswith(" PRACTICE ACC-1 ")


def test_what_is_not_known_yet_counts_as_live() -> None:
    assert line(Facts(NOW, COUNTS)).startswith(" LIVE  ")
    assert "CONNECTING" in line(Facts(NOW, COUNTS))


def test_80_columns_keep_what_matters() -> None:
    links = [ok(Account(f"ACC-{n}"), NOW) for n in (1, 2)] + [link(LinkPhase.STALE, "ACC-3", heard=CLOCK.ago(37))]
    said = line(facts(*links, counts=BUSY, read_only="READ-ONLY", unread=2, filter="aapl"), 80)
    for word in ("LIVE", "READ-ONLY", "1 CXL??", "2 CXL?", "2", "!", "/aapl", "STALE 37s", "14:02:11Z"):
        assert word in said
    assert "…" not in said


@pytest.mark.parametrize("counts", [COUNTS, BUSY])
def test_80_columns_say_why_each_of_two_accounts_fails(counts: Counts) -> None:
    links = (
        link(LinkPhase.STALE, "ka", heard=CLOCK.ago(37), trouble="403 not permitted"),
        link(LinkPhase.OFFLINE, "kb", listed=None, trouble="404 not found"),
    )
    said = line(facts(*links, counts=counts, unread=2, filter="aapl"), 80)
    for words in (("ka", "403"), ("kb", "404")):
        assert re.search(" [A-Z0-9 s]*".join(words), said), said
    assert said.endswith(" 14:02:11Z"), "its seconds show that the screen lives"


def test_an_account_id_of_the_broker_is_no_markup_and_no_escape() -> None:
    said = line(facts(ok(Account("A\x1b[31m[/]"), NOW)))
    assert "A␛[31m[/]" in said
    assert "\x1b" not in said


@given(
    width=st.integers(70, 200),
    working=st.integers(0, 99999),
    accounts=st.integers(1, 4),
    unread=st.integers(0, 99),
    text=st.text(max_size=30),
    phase=st.sampled_from(LinkPhase),
    read_only=st.sampled_from(["", "READ-ONLY", "LOGGED OUT"]),
)
def test_at_70_columns_and_more_the_line_fits_and_says_whose_money(
    width: int, working: int, accounts: int, unread: int, text: str, phase: LinkPhase, read_only: str
) -> None:
    links = tuple(replace(link(phase, f"ACCOUNT-{n}"), attempt=12) for n in range(accounts))
    counts = replace(BUSY, working=working)
    pieces = headline(Facts(NOW, counts, links, read_only=read_only, unread=unread, filter=text), width)
    said = plain(pieces)
    assert length(pieces) == width
    assert said.startswith(" LIVE")
    assert phase in said
    assert "1 CXL??" in said
    assert read_only in said
    assert not unread or f"{unread}!" in said or f"{unread} unread!" in said
    assert "14:02" in said or width < 80


def test_trouble_is_no_quiet_colour() -> None:
    roles = {piece.text: piece.role for piece in headline(facts(link(LinkPhase.STALE, heard=CLOCK.ago(37))), 100)}
    assert roles["STALE 37s"] is Role.ALERT
