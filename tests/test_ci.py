"""What the README promises is what is run."""

from __future__ import annotations

import os
import re
from pathlib import Path

from blotter.ui.commands import readme_table

CHECKOUT = Path(__file__).resolve().parents[1]
README = (CHECKOUT / "README.md").read_text()


def commands() -> list[str]:
    """The contents of the README's code blocks, in order."""
    return re.findall(r"^```\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_install_and_test_are_one_line_each() -> None:
    install, test = commands()[:2]
    assert install.count("\n") == test.count("\n") == 1
    assert install.strip().endswith("blotter --paper")
    assert test.strip().endswith("-m pytest")


def test_ci_runs_the_second_command() -> None:
    script = CHECKOUT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text().splitlines()
    assert commands()[1].strip() in lines
    assert "set -euo pipefail" in lines


def test_the_keys_are_the_programs_own() -> None:
    stated = re.search(r"<!-- keys:.*?-->\n(.*?)\n<!-- /keys -->", README, re.DOTALL)
    assert stated is not None
    assert stated[1] == readme_table()
