"""What vouches for one account's picture, moment by moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from blotter.core.account import Account
from blotter.core.book.book import Book
from blotter.core.instant import Instant
from blotter.desk.feed.link import Link
from blotter.desk.feed.marker import Marker
from blotter.desk.feed.reach import LastWord
from blotter.desk.messages import LinkPhase, LinkState


def at(seconds: float) -> Instant:
    return Instant(datetime(2026, 11, 23, 3, tzinfo=UTC) + timedelta(seconds=seconds), seconds)


def quiet(state: LinkState) -> None:
    """The state is looked at where it stands."""


@pytest.fixture
def link() -> Link:
    marker = Marker(Book(), "ACC-1", lambda changes: None)
    return Link(Account("ACC-1"), at(0), 30.0, marker, quiet, LastWord())


def in_step(link: Link, since: float) -> None:
    link.opened(at(since))
    link.read(at(since), at(since))
    link.in_step()
    link.refresh(at(since))


def test_a_list_asked_for_before_a_standstill_does_not_end_it(link: Link) -> None:
    in_step(link, 1)
    link.stood_still(at(2), at(60))

    link.read(at(59), at(61))
    link.refresh(at(61))
    assert link.state.stood_still == at(2)

    link.read(at(60), at(62))
    link.refresh(at(62))
    assert link.state.stood_still is None


def test_a_second_standstill_needs_a_list_of_its_own_and_the_first_is_where_it_began(link: Link) -> None:
    in_step(link, 1)
    link.stood_still(at(2), at(60))
    link.stood_still(at(61), at(90))

    link.read(at(70), at(91))
    link.refresh(at(91))

    assert link.state.stood_still == at(2)


def test_a_stream_that_is_lost_again_before_its_list_was_missing_since_the_first_loss(link: Link) -> None:
    in_step(link, 1)
    link.lost(at(10))
    link.read(at(11), at(12))
    link.opened(at(13))

    link.lost(at(14))

    assert link.state.phase is LinkPhase.POLLING, "the list is newer than the loss"
    link.opened(at(15))
    assert link.in_step() == at(10)


def test_after_a_jump_no_list_before_it_vouches_for_anything(link: Link) -> None:
    in_step(link, 1)
    link.lost(at(10))
    link.read(at(11), at(12))

    link.lost(at(14), void=True)

    assert link.state.phase is LinkPhase.RECONNECTING
