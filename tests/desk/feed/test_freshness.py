from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.instant import Instant
from blotter.desk.feed.freshness import FRESH, Evidence, phase
from blotter.desk.messages import LinkPhase

LIMIT = 30.0


def at(mono: float) -> Instant:
    return Instant(datetime(2026, 11, 23, 3, tzinfo=UTC) + timedelta(seconds=mono), mono)


NOW = at(100)

CASES = [
    ("nothing has answered, nothing has failed", Evidence(), LinkPhase.CONNECTING),
    ("the stream is open, the first list under way", Evidence(open=True, heard=at(99)), LinkPhase.CONNECTING),
    ("the list came before the stream", Evidence(listed=at(99)), LinkPhase.POLLING),
    (
        "stream open and speaking, list read under it",
        Evidence(open=True, synced=True, heard=at(71), listed=at(50)),
        LinkPhase.OK,
    ),
    ("silence", Evidence(open=True, synced=True, heard=at(70), listed=at(99)), LinkPhase.STALE),
    (
        "a re-list failed under an open stream",
        Evidence(open=True, synced=True, heard=at(99), listed=at(60), list_failed=True),
        LinkPhase.STALE,
    ),
    (
        "the first list failed under an open stream",
        Evidence(open=True, heard=at(99), list_failed=True),
        LinkPhase.STALE,
    ),
    ("just dropped", Evidence(heard=at(95), lost=at(95), listed=at(90)), LinkPhase.RECONNECTING),
    ("dropped, then polled", Evidence(heard=at(95), lost=at(95), listed=at(96)), LinkPhase.POLLING),
    (
        "polled, the stream cannot be had",
        Evidence(lost=at(60), stream_failed=True, listed=at(97)),
        LinkPhase.POLLING,
    ),
    ("the polled list grew old", Evidence(lost=at(60), stream_failed=True, listed=at(70)), LinkPhase.STALE),
    ("dropped, and the list fails too", Evidence(lost=at(95), listed=at(90), list_failed=True), LinkPhase.RECONNECTING),
    (
        "neither answers",
        Evidence(lost=at(95), stream_failed=True, listed=at(90), list_failed=True),
        LinkPhase.OFFLINE,
    ),
    ("neither ever answered", Evidence(stream_failed=True, list_failed=True), LinkPhase.OFFLINE),
    ("no stream at the start, the list not read yet", Evidence(stream_failed=True), LinkPhase.RECONNECTING),
    (
        "the stream is back, the list not read under it yet",
        Evidence(open=True, heard=at(99), lost=at(95), listed=at(90)),
        LinkPhase.RECONNECTING,
    ),
    (
        "the stream is back, and the list was polled meanwhile",
        Evidence(open=True, heard=at(99), lost=at(90), listed=at(95)),
        LinkPhase.POLLING,
    ),
]


@pytest.mark.parametrize(("known", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_phase_is_the_truthful_one(known: Evidence, expected: LinkPhase) -> None:
    assert phase(known, NOW, LIMIT) is expected


def test_rows_are_fresh_only_where_something_vouches_for_them() -> None:
    assert {LinkPhase.OK, LinkPhase.POLLING} == FRESH


moments = st.none() | st.floats(min_value=0, max_value=100).map(at)


@given(
    st.builds(
        Evidence,
        open=st.booleans(),
        synced=st.booleans(),
        heard=moments,
        lost=moments,
        stream_failed=st.booleans(),
        listed=moments,
        list_failed=st.booleans(),
    )
)
def test_nothing_counts_as_fresh_without_a_witness(known: Evidence) -> None:
    streamed = known.open and known.synced and known.heard is not None and NOW.since(known.heard) < LIMIT
    polled = known.listed is not None and NOW.since(known.listed) < LIMIT
    since_the_loss = known.lost is None or (known.listed is not None and known.listed.mono >= known.lost.mono)

    if phase(known, NOW, LIMIT) in FRESH:
        assert not known.list_failed
        assert streamed or (polled and since_the_loss)
