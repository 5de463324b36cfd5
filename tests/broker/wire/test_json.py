from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.broker.wire.json import NotJson, Number, read, read_lines, text_of, writable
from tests.broker.wire.strategies import anything


def test_numbers_keep_the_digits_that_were_sent() -> None:
    value = read("[0.1234567890123456789, 1e400, 12345678901234567890123, -0, NaN]")
    assert value == ["0.1234567890123456789", "1e400", "12345678901234567890123", "-0", "NaN"]
    assert isinstance(value, list)
    assert all(type(number) is Number for number in value)


@pytest.mark.parametrize("text", ["", "x", "{", '{"a":1}}', "[" * 100_000, '{"a":' * 50_000, "\ufeff{}", "'a'", "[1,]"])
def test_what_is_not_json_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(NotJson) as caught:
        read(text)
    assert str(caught.value) in {"it is not JSON", "it is nested too deeply"}


def test_a_number_of_a_million_digits_is_never_made_one() -> None:
    """Its digits are kept as text: as a number it would take minutes, or be refused by Python."""
    value = read("9" * 1_000_000)
    assert type(value) is Number
    assert value == "9" * 1_000_000


@pytest.mark.parametrize("text", ['{"a":1,"a":1}', '{"b":{"a":1,"a":2}}', '{"a":1,"\\u0061":2}'])
def test_a_key_given_twice_is_refused_where_it_matters(text: str) -> None:
    read(text)
    with pytest.raises(NotJson, match="twice"):
        read(text, unique=True)


def test_damaged_bytes_cost_their_field_and_not_the_document() -> None:
    document = read(text_of(b'{"a":"\xff\xfe","b":"fine"}'))
    assert isinstance(document, dict)
    assert document["b"] == "fine"
    assert writable(document["a"]) == "\\udcff\\udcfe"


@pytest.mark.parametrize(
    ("frame", "values"),
    [
        ('{"a":"x"}', [{"a": "x"}]),
        ('{\n "a": "x"\n}', [{"a": "x"}]),
        ('{"a":"x"}\n{"b":"y"}\n', [{"a": "x"}, {"b": "y"}]),
        ('{"a":"x"}\r\n\r\n[]', [{"a": "x"}, []]),
        ('{"a":"x\u2028y"}\n{}', [{"a": "x\u2028y"}, {}]),
    ],
)
def test_a_frame_holds_one_value_or_several_lines(frame: str, values: list[object]) -> None:
    assert list(read_lines(frame)) == values


def test_a_bad_line_costs_itself() -> None:
    first, second, third = read_lines('{"a":"x"}\n{oops\n{"b":"y"}')
    assert (first, third) == ({"a": "x"}, {"b": "y"})
    assert isinstance(second, NotJson)


def test_a_frame_of_a_million_lines_is_refused_before_they_are_told_apart() -> None:
    """A million texts of a line each would be 50 MB."""
    frame = "{}\n" * 1_000_000
    tracemalloc.start()
    try:
        [only] = read_lines(frame)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert isinstance(only, NotJson)


@given(anything)
def test_whatever_is_json_is_read(value: object) -> None:
    read(json.dumps(value))


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_bytes_are_read_or_refused_and_nothing_else(body: bytes) -> None:
    for value in read_lines(text_of(body)):
        assert isinstance(value, dict | list | str | bool | NotJson) or value is None
    writable(text_of(body)).encode()
