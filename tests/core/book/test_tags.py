"""Tags are short, never reused, and none begins another."""

from __future__ import annotations

from itertools import pairwise

from blotter.core.book.tags import Tags


def test_the_first_are_two_letters() -> None:
    tags = Tags()
    assert [tags.next() for _ in range(27)][-3:] == ["ay", "az", "ba"]


def test_longer_tags_follow_when_the_short_are_used_up() -> None:
    tags = Tags()
    given = [tags.next() for _ in range(520 + 3380 + 2)]
    assert given[519:521] == ["tz", "uaa"]
    assert given[3899:] == ["yzz", "zaaaa", "zaaab"]


def test_none_is_reused_and_none_begins_another_even_when_letters_run_out() -> None:
    tags = Tags()
    given = [tags.next() for _ in range(520 + 3380 + 26**4 + 3)]
    in_order = sorted(given)
    assert not any(after.startswith(tag) for tag, after in pairwise(in_order))
