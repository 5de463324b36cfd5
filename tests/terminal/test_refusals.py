"""What is said, instead of a screen, when there can be none: a sentence on stderr and exit code 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal.pty_session import PtySession, private_environment

LIVE = {"BLOTTER_BASE_URL": "https://broker.example", "BLOTTER_ACCESS_TOKEN": "canary-token"}


def blotter(home: Path, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "blotter", *arguments],
        cwd=home,
        env={**private_environment(home), **(environment or {})},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=20,
    )


def assert_refused(ran: subprocess.CompletedProcess[str], *words: str) -> None:
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith("blotter: ")
    assert ran.stderr.count("\n") == 1
    assert "canary-token" not in ran.stderr
    for word in words:
        assert word in ran.stderr


@pytest.mark.parametrize("arguments", [[], ["--paper"]])
def test_no_terminal_at_all(tmp_path: Path, arguments: list[str]) -> None:
    assert_refused(blotter(tmp_path, *arguments, environment=LIVE), "standard input is not a terminal")


@pytest.mark.parametrize(
    ("redirection", "stream"),
    [("< /dev/null", "standard input"), ("> out.txt", "standard output"), ("2> error.txt", "standard error output")],
)
def test_one_stream_is_no_terminal(tmp_path: Path, redirection: str, stream: str) -> None:
    command = f"{sys.executable} -m blotter --paper {redirection}"
    with PtySession(tmp_path, program=("/bin/sh", "-c", command)) as session:
        assert session.exit_code() == 2
        said = session.raw.decode() + "".join(file.read_text() for file in tmp_path.glob("*.txt"))
        session.assert_restored()
    assert f"{stream} is not a terminal" in said
    assert "\x1b" not in said


def test_a_terminal_that_cannot_move_its_cursor(tmp_path: Path) -> None:
    with PtySession(tmp_path, ["--paper"], environment={"TERM": "dumb"}) as session:
        assert session.exit_code() == 2
        assert "TERM=dumb" in session.text


def test_without_any_configuration_three_lines_say_how_to_begin(tmp_path: Path) -> None:
    ran = blotter(tmp_path)
    assert ran.returncode == 2
    assert ran.stdout == ""
    first, practice, live = ran.stderr.splitlines()
    assert first == "blotter: no broker is configured"
    assert "blotter --paper" in practice
    assert "config.toml; then blotter login" in live


def test_a_bad_file_names_itself_and_its_key(tmp_path: Path) -> None:
    file = tmp_path / "config" / "blotter" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('"\\u001b]0;owned\\u0007" = 1\n')
    ran = blotter(tmp_path, environment=LIVE)
    assert_refused(ran, str(file), "␛]0;owned␇", "no such setting")
    assert "\x1b" not in ran.stderr

    file.write_text("timeout = 'soon'\n")
    assert_refused(blotter(tmp_path, "--paper"), str(file), "timeout: expected a number of seconds")


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["--paper", "--base-url", "https://broker.example"], {}, "--base-url and --paper exclude each other"),
        ([], {"BLOTTER_BASE_URL": "http://broker.example"}, "BLOTTER_BASE_URL: the base URL must use https"),
        ([], {"BLOTTER_ACCESS_TOKEN": "canary-token"}, "no base URL: give --base-url"),
        (["--base-url", "https://broker.example"], {}, "no access token: set BLOTTER_ACCESS_TOKEN"),
        ([], {**LIVE, "BLOTTER_ACCESS_TOKEN": "canary-token\ncanary-token"}, "BLOTTER_ACCESS_TOKEN: the access token"),
        ([], {**LIVE, "BLOTTER_TIMEOUT": "-1"}, "BLOTTER_TIMEOUT: expected a number of seconds"),
    ],
)
def test_settings_that_cannot_be_used(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], words: str
) -> None:
    assert_refused(blotter(tmp_path, *arguments, environment=environment), words)


def test_a_flag_that_does_not_exist(tmp_path: Path) -> None:
    ran = blotter(tmp_path, "--papier")
    assert ran.returncode == 2
    assert "unrecognized arguments: --papier" in ran.stderr
    assert "Traceback" not in ran.stderr
