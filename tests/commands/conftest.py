"""The broker of these tests: two orders of 100 MSFT, which take a cancel and say no more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desk.desk_broker import DeskBroker, running_broker


@pytest.fixture
def broker() -> Iterator[DeskBroker]:
    with running_broker("ORD-1", "ORD-2") as running:
        yield running
