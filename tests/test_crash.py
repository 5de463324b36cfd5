"""The one line that an error of ours becomes, and the report beside it."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from blotter import crash, incident
from blotter.config import ConfigError, live


def raised(error: Exception) -> Exception:
    """``error`` as it is caught: with frames, and with another behind it."""
    canary = "canary-local"
    try:
        try:
            raise KeyError(canary)
        except KeyError:
            raise error from None
    except Exception as caught:  # noqa: BLE001 - it is what is looked at
        return caught


@pytest.fixture
def crashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "blotter" / "crashes"


def test_the_line_names_the_kind_our_own_line_and_the_report_but_not_the_message(crashes: Path) -> None:
    with pytest.raises(ConfigError) as error:
        live({"base_url": "canary"}, {}, crashes.parent / "config.toml", "")
    said = crash.told(error.value)
    [report] = crashes.iterdir()
    assert said.startswith("ConfigError in blotter/config/layer.py:")
    assert said.endswith(f"report in {report})")
    assert "canary" not in said
    assert "\n" not in said


def test_an_error_from_elsewhere_has_no_place(crashes: Path) -> None:
    assert crash.told(ValueError("canary")).startswith("ValueError (incident ")


def test_the_report_says_what_and_where_and_quotes_nothing(crashes: Path) -> None:
    group = ExceptionGroup("canary-group", [raised(ValueError("canary-message"))])
    error = raised(RuntimeError("canary-outer"))
    error.__cause__ = group
    written = incident.record(error, crashes)
    assert written.path is not None
    assert written.id in written.path.name
    assert stat.S_IMODE(written.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(crashes.stat().st_mode) == 0o700
    report = written.path.read_text()
    for wanted in ("builtins.RuntimeError", "because of: builtins.ExceptionGroup", "one of: builtins.ValueError"):
        assert wanted in report
    assert "test_crash.py:" in report
    assert threading.current_thread().name in report
    assert "canary" not in report
    assert str(Path(__file__).parents[1]) not in report


def test_errors_that_lead_to_each_other_end(crashes: Path) -> None:
    one, other = raised(ValueError()), raised(KeyError())
    one.__cause__, other.__cause__ = other, one
    written = incident.record(one, crashes)
    assert written.path is not None
    assert written.path.stat().st_size < 100_000


def test_a_report_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    assert str(incident.record(ValueError(), blocked / "crashes")).endswith("no report could be written")
