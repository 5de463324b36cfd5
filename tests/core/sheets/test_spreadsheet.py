"""No text of the broker is run by the spreadsheet that opens an export, whatever separates its cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.sheets.spreadsheet import cell
from blotter.core.text import show

STARTS = "=+-@＝＋－＠"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("AAPL", "AAPL"),
        ("", ""),
        ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1+1", "'+1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+1", "'-1+1"),
        ("＝1+1", "'＝1+1"),
        ("  =1", "'  =1"),
        ("\u00a0=1", "' =1"),
        ("sold;=1+1;b", "sold;'=1+1;b"),
        ("a; -b;=", "a;' -b;'="),
        ("\t=1", "␉=1"),
        ("\r\n=1", "␍␊=1"),
        ("a-b=c", "a-b=c"),
        ("-12.50", "-12.50"),
        ("-12.50x", "'-12.50x"),
        ("\x1b]52;c;=x", "␛]52;c;'=x"),
    ],
)
def test_what_a_spreadsheet_would_run_has_an_apostrophe_before_it(text: str, written: str) -> None:
    assert cell(text) == written


@given(st.text(st.sampled_from(f"{STARTS} ;,\t\n1a.'\u00a0\u202e")) | st.text())
def test_nothing_is_run_wherever_the_line_is_split(text: str) -> None:
    written = cell(text)
    assert written.replace("'", "") == show(text).replace("'", "")
    if written.removeprefix("-").replace(".", "", 1).isdecimal():
        return
    for part in written.split(";"):
        assert part.lstrip(" ")[:1] not in set(STARTS)
