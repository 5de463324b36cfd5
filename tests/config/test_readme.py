"""The README's settings: every key is there, and its example is one that works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blotter.config.file import profiles
from blotter.config.layer import ACCOUNT_EXPECTED, EXPECTED
from blotter.config.load import PROFILE_VARIABLE, VARIABLES
from blotter.environment import TOKEN_VARIABLE

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()


@pytest.mark.parametrize("name", [*EXPECTED, *ACCOUNT_EXPECTED, *VARIABLES.values(), PROFILE_VARIABLE, TOKEN_VARIABLE])
def test_every_key_and_variable_is_told(name: str) -> None:
    section = README[README.index("## Settings") :]
    assert f"`{name}`" in section


def test_the_example_works_and_shows_profiles_accounts_and_a_secret(tmp_path: Path) -> None:
    example = re.search(r"<!-- profiles: .*?-->\n```toml\n(.*?)```", README, re.DOTALL)
    assert example is not None
    file = tmp_path / "config.toml"
    file.write_text(example[1])
    found = profiles(file)
    assert set(found) == {"default", "sim", "desk"}
    assert found["desk"].client_secret_file == str(tmp_path / "desk.secret")
    accounts = found["default"].accounts or []
    assert [(entry.nickname, entry.view_only) for entry in accounts] == [("main", False), ("ira", True)]
