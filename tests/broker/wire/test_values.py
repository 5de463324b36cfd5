from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.broker.wire.values import decimal, moment


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100", Decimal(100)),
        ("175.50", Decimal("175.50")),
        ("-1.25", Decimal("-1.25")),
        ("0", Decimal(0)),
        ("1E+3", Decimal(1000)),
        ("1e-8", Decimal("0.00000001")),
        ("123456789012.123456789012345678", Decimal("123456789012.123456789012345678")),
        ("", None),
    ],
)
def test_decimals(text: str, value: Decimal | None) -> None:
    assert decimal(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "NaN", "sNaN", "Infinity", "-inf", "1_000", " 1", "1 ", "1\n", "١٢٣", "1,5", "0x1", "--1", ".", "e5", "1e",
        "1e19", "1e-19", "1e1000000", "1e-1000000", "9" * 31, "9" * 20, "0." + "1" * 19, "9" * 1_000_000, "\ud800",
        "1" * 18 + "." + "1" * 18,
    ],
)  # fmt: skip
def test_what_is_no_decimal_of_this_world(text: str) -> None:
    with pytest.raises(ValueError, match=r"number"):
        decimal(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**12), max_value=10**12))
def test_a_price_survives_to_the_last_digit(value: Decimal) -> None:
    read = decimal(str(value))
    assert read is not None
    assert read.as_tuple() == value.as_tuple()


@given(st.text(max_size=30) | st.text("0123456789eE+-._ ", max_size=30))
def test_a_decimal_is_small_enough_to_work_with_or_refused(text: str) -> None:
    try:
        value = decimal(text)
    except ValueError:
        return
    assert value is None or (value.is_finite() and len(str(int(value * value))) < 80)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-05-04T13:31:00Z", datetime(2026, 5, 4, 13, 31, tzinfo=UTC)),
        ("2026-05-04t13:31:00z", datetime(2026, 5, 4, 13, 31, tzinfo=UTC)),
        ("2026-05-04T09:31:00-04:00", datetime(2026, 5, 4, 13, 31, tzinfo=UTC)),
        ("2026-05-04T13:31:00.123Z", datetime(2026, 5, 4, 13, 31, 0, 123000, tzinfo=UTC)),
        ("2026-05-04T13:31:00.123456Z", datetime(2026, 5, 4, 13, 31, 0, 123456, tzinfo=UTC)),
        ("2026-05-04T13:31:00.123456789Z", datetime(2026, 5, 4, 13, 31, 0, 123456, tzinfo=UTC)),
        ("1777901460123", datetime(2026, 5, 4, 13, 31, 0, 123000, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
    ],
)
def test_moments(text: str, value: datetime | None) -> None:
    found = moment(text)
    assert found == value
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-05-04",
        "2026-05-04T13:31:00",
        "2026-13-01T00:00:00Z",
        "9999-12-31T23:59:59-23:00",
        "9" * 15,
        "9" * 40,
    ],
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match="a time"):
        moment(text)


@given(st.text(max_size=40) | st.datetimes(timezones=st.timezones()).map(str))
def test_a_moment_is_utc_or_refused(text: str) -> None:
    try:
        value = moment(text)
    except ValueError:
        return
    assert value is None or value.tzinfo is UTC
