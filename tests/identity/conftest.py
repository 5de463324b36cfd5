"""A practice broker, and homes with a profile on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blotter.paper.settings import PaperSettings
from tests.identity.home import Home
from tests.paper.serving import Serving, serving


@pytest.fixture(scope="package")
def broker() -> Iterator[Serving]:
    with serving(PaperSettings(orders=6, rate=0)) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, broker: Serving) -> Home:
    return Home(tmp_path, broker.url)
