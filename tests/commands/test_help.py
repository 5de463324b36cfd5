"""What the commands' help says of their exit codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.running import run

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()


@pytest.mark.parametrize("command", ["orders", "cancel", "kill"])
def test_the_help_explains_each_exit_code_as_the_readme_does(tmp_path: Path, command: str) -> None:
    ran = run(tmp_path, command, "--help")
    _, _, told = ran.out.partition("exit codes: ")
    said = " ".join(told.split())
    rows = re.findall(r"^\| (\d) \| (.*) \|$", README, re.MULTILINE)
    assert [code for code, _ in rows] == ["0", "1", "2", "3", "4", "5"]
    for code, meaning in rows[1:]:  # that of 0 says more than a list of codes needs
        assert f"{code} {meaning}" in said
