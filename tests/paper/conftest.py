"""One quiet practice broker for all tests that only ask it questions."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from blotter.paper.settings import PaperSettings
from tests.paper.serving import Serving, serving


@pytest.fixture(scope="package")
def broker() -> Iterator[Serving]:
    """A market that stands still; what a test places and cancels is its own."""
    with serving(PaperSettings(orders=60, rate=0)) as running:
        yield running


@pytest.fixture
def client(broker: Serving) -> Iterator[httpx.Client]:
    with broker.client() as client:
        yield client
