"""JSON that a program reads back as it was and no terminal obeys."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from blotter.broker.wire.json import read
from blotter.commands.document import array, value

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=50)
@given(VALUES)
def test_what_was_read_is_printed_as_it_was(said: object) -> None:
    printed = value(read(json.dumps(said)))
    assert json.loads(printed) == said
    assert printed.isascii()
    assert printed.isprintable()


def test_numbers_keep_their_digits() -> None:
    assert value(read('{"a": 1.50, "b": 0.1234567890123456789, "c": NaN}')) == (
        '{"a": 1.50, "b": 0.1234567890123456789, "c": "NaN"}'
    )


def test_an_array_has_an_object_to_a_line() -> None:
    assert array([]) == "[]"
    assert array([{"a": "1"}, {"a": "2"}]) == '[{"a": "1"},\n {"a": "2"}]'
