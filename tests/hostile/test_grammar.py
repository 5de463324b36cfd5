"""The strict reading of the output is strict: every payload is a violation when it stands there raw."""

from __future__ import annotations

import pytest

from blotter.core.text import show
from tests.hostile.grammar import violations
from tests.hostile.payloads import CLIPBOARD, PAYLOADS, RAW

OBEYED_FROM_US = {"clear", "cursor", "colours", "alternate screen", "carriage return", "spaces"}
"""Their bytes are our own, so that only the absence of the whole payload proves anything; a space is a space."""


@pytest.mark.parametrize("family", sorted(RAW.keys() - OBEYED_FROM_US))
def test_a_payload_in_the_output_is_seen(family: str) -> None:
    assert violations(f"text {PAYLOADS[family]} text".encode())


@pytest.mark.parametrize("family", PAYLOADS)
def test_a_payload_that_was_shown_is_not(family: str) -> None:
    shown = show(PAYLOADS[family])
    assert violations(shown.encode()) == []
    assert family not in RAW or PAYLOADS[family] not in shown


def test_a_copy_is_allowed_as_often_as_it_was_asked_for() -> None:
    assert violations(CLIPBOARD.encode())
    assert violations(CLIPBOARD.encode(), copies=1) == []
    assert violations(CLIPBOARD.encode() * 2, copies=1)
