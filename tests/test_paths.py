"""Where things are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from blotter import paths


def test_the_style_sheets_are_found() -> None:
    assert (paths.styles() / "theme.tcss").is_file()


def test_settings_and_journals_are_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    live, practice = paths.state_folder(practice=False), paths.state_folder(practice=True)
    assert live != practice
    for path in (paths.config_file(), live, practice):
        assert path.is_relative_to(tmp_path)
