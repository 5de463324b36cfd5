"""The one line that an error of ours becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from blotter.config import ConfigError, live
from blotter.crash import sentence


def test_it_names_the_kind_and_our_own_line_but_not_the_message(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        live({"base_url": "canary"}, {}, tmp_path / "config.toml", "")
    said = sentence(error.value)
    assert "ConfigError in blotter/config/layer.py:" in said
    assert "canary" not in said
    assert "\n" not in said


def test_an_error_from_elsewhere_has_no_place() -> None:
    assert sentence(ValueError("canary")) == "internal error, the blotter has ended: ValueError"
