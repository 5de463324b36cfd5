"""The worst outcome wins, in the order 3, 4, 5, 1, 0."""

from __future__ import annotations

from itertools import permutations

from blotter.broker.errors import Ask, Forbidden, LoggedOut, NoAnswer, NotSent, Unauthorized
from blotter.commands.codes import Code, of_error, worst

ORDER = (3, 4, 5, 1, 0)


def test_the_worst_wins_in_whatever_order_they_come() -> None:
    for some in permutations(ORDER, 3):
        assert worst(map(Code, some)) == min(some, key=ORDER.index)


def test_nothing_to_do_is_done() -> None:
    assert worst([]) == 0


def test_a_read_that_failed_is_about_the_token_or_the_link() -> None:
    assert {of_error(kind(Ask.ORDERS)) for kind in (Unauthorized, Forbidden, LoggedOut)} == {Code.AUTHENTICATION}
    assert {of_error(kind(Ask.ORDERS)) for kind in (NotSent, NoAnswer)} == {Code.NOT_SENT}
