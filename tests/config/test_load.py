"""Where a setting comes from, and what is said of one that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from blotter.broker.auth import Token
from blotter.broker.wire.cancels import AccountFields
from blotter.config import ConfigError, NotConfiguredError, Practice, Settings, live, practice
from tests.config.loading import AT_HOME, SECRET, load


def test_defaults(file: Path) -> None:
    settings = load(file)
    assert settings.stream_url == "wss://flag.example/v1/accounts/ws"
    assert settings.accounts == ()
    assert settings.timeout == 10
    assert not settings.read_only
    assert settings.account_fields is AccountFields.BOTH
    assert isinstance(settings.token, Token)
    assert settings.token.reveal() == SECRET


def test_flag_wins_over_environment_over_file(file: Path) -> None:
    file.write_text('base_url = "https://file.example"\naccounts = ["F-1"]\ntimeout = 5\nread_only = true\n')
    environ = {"BLOTTER_BASE_URL": "https://env.example", "BLOTTER_ACCOUNTS": "E-1, E-2,E-1,", "BLOTTER_TIMEOUT": "2.5"}

    from_file = load(file, {})
    assert (from_file.base_url, from_file.accounts, from_file.timeout) == ("https://file.example", ("F-1",), 5)
    assert from_file.read_only
    from_environment = load(file, {}, environ)
    assert (from_environment.base_url, from_environment.timeout) == ("https://env.example", 2.5)
    assert from_environment.accounts == ("E-1", "E-2")
    from_flags = load(file, {"base_url": "https://flag.example", "accounts": ["A-1"], "read_only": None}, environ)
    assert (from_flags.base_url, from_flags.accounts) == ("https://flag.example", ("A-1",))


def test_every_key_of_the_screen(file: Path) -> None:
    file.write_text(
        'base_url = "https://file.example/"\nstream_url = "wss://stream.example/ws"\naccounts = ["F-1", "F-2"]\n'
        'timeout = 7\nread_only = true\naccount_fields = "accountId"\n'
    )
    settings = load(file, {})
    assert settings == Settings(
        "https://file.example",
        "wss://stream.example/ws",
        settings.token,
        ("F-1", "F-2"),
        7,
        True,
        AccountFields.ACCOUNT_ID,
    )


def test_what_the_profile_knows_of_its_accounts_holds_for_a_flag_too(file: Path) -> None:
    file.write_text('accounts = ["F-1", { id = "F-2", nickname = "ira", view_only = true }]\nrelist_every = 60\n')
    settings = load(file, {**AT_HOME, "accounts": ["F-2"]})
    assert settings.accounts == ("F-2",)
    assert settings.nicknames == {"F-2": "ira"}
    assert settings.view_only == {"F-2"}
    assert (settings.relist_every, settings.cancel_concurrency) == (60, 8)
    assert load(file).accounts == ("F-1", "F-2")


def test_the_environment_can_switch_read_only_off(file: Path) -> None:
    file.write_text("read_only = true\n")
    assert load(file).read_only
    assert not load(file, environ={"BLOTTER_READ_ONLY": "0"}).read_only


def test_a_variable_set_to_nothing_is_not_set(file: Path) -> None:
    assert load(file, environ={"BLOTTER_TIMEOUT": "", "BLOTTER_ACCOUNTS": " "}).timeout == 10


def test_a_stronger_base_url_leaves_a_weaker_stream_url_behind(file: Path) -> None:
    file.write_text('stream_url = "wss://stream.example/ws"\n')
    assert load(file).stream_url == "wss://flag.example/v1/accounts/ws"


def test_practice_ignores_addresses_and_accounts_of_the_real_broker(file: Path) -> None:
    file.write_text('base_url = "https://file.example"\naccounts = ["F-1"]\ntimeout = 5\n')
    environ = {"BLOTTER_BASE_URL": "https://env.example", "BLOTTER_ACCOUNTS": "E-1"}
    assert practice({}, environ, file) == Practice(timeout=5)
    assert practice({"accounts": ["PAPER-1"]}, environ, file).accounts == ("PAPER-1",)
    settings = practice({}, environ, file).at("http://127.0.0.1:4000", SECRET)
    assert settings.stream_url == "ws://127.0.0.1:4000/v1/accounts/ws"


def test_a_base_url_beside_practice_is_an_error(file: Path) -> None:
    with pytest.raises(ConfigError, match="--base-url and --paper"):
        practice(AT_HOME, {}, file)


BAD_FILES = {
    "colour = 1": "colour: there is no such setting",
    'timeout = "10"': "timeout: expected a number of seconds",
    "timeout = true": "timeout: expected a number of seconds",
    "timeout = 0": "timeout: expected a number of seconds",
    "timeout = nan": "timeout: expected a number of seconds",
    "timeout = 301": "timeout: expected a number of seconds",
    'read_only = "yes"': "read_only: expected true or false",
    'accounts = "ACC-1"': "accounts: expected account ids",
    'accounts = [""]': "accounts: expected account ids",
    'account_fields = "all"': 'account_fields: expected "both"',
    'base_url = "http://broker.example"': "base_url: the base URL must use https",
    'base_url = "https://user:s3cret-token@broker.example"': "base_url: the base URL may hold no user name",
    "base_url = 7": "base_url: expected an https URL",
    'stream_url = "https://broker.example"': "stream_url: the stream URL must begin with wss",
    "timeout =": "expected a TOML file, but: Invalid value",
    "[" * 5000: "expected a TOML file",
    'accounts = [{ nickname = "ira" }]': "accounts: entry 1: id: expected an account id",
    'accounts = ["A", { id = "B", nickname = "an ira" }]': "accounts: entry 2: nickname: expected a name",
    'accounts = ["A", { id = "B", view_only = 1 }]': "accounts: entry 2: view_only: expected true or false",
    'accounts = ["A", { id = "B", colour = 1 }]': "accounts: entry 2: colour: there is no such setting",
    'accounts = ["A", { id = "B", nickname = "A" }]': "accounts: the nickname 'A' is used twice",
    'accounts = [{ id = "A", nickname = "x" }, { id = "B", nickname = "x" }]': "accounts: the nickname 'x' is used",
    'accounts = ["A", { id = "A", view_only = true }]': "accounts: the account 'A' is named twice",
    "relist_every = 1": "relist_every: expected a number of seconds from 5",
    "cancel_concurrency = 0": "cancel_concurrency: expected a whole number from 1",
    "cancel_concurrency = 1.5": "cancel_concurrency: expected a whole number from 1",
    'client_id = "two words"': "client_id: expected the id",
    "client_secret_file = 1": "client_secret_file: expected the path",
    'redirect_uri = "/callback"': "redirect_uri: the redirect URI must be a whole URI",
    'authorize_url = "http://app.example/authorize"': "authorize_url: the address of the login page must use https",
    "profiles = 1": "profiles: expected tables",
    "[profiles]\nsim = 1": "profiles: expected tables",
    '[profiles."../up"]\ntimeout = 1': "profiles: a name holds up to 32 letters",
    "[profiles.default]\ntimeout = 1": "[profiles.default]: the keys at the top",
    "[profiles.sim]\ntimeout = 0": "[profiles.sim] timeout: expected a number",
}


@pytest.mark.parametrize("content", BAD_FILES)
def test_a_bad_file_is_one_sentence_with_file_and_key(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(ConfigError) as error:
        load(file)
    message = str(error.value)
    assert message.startswith(f"{file}: {BAD_FILES[content]}")
    assert "\n" not in message
    assert SECRET not in message


def test_a_file_that_is_no_text(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="expected a TOML file in UTF-8"):
        load(file)


def test_a_file_that_cannot_be_read(file: Path) -> None:
    file.mkdir()
    with pytest.raises(ConfigError, match=r"config\.toml: cannot be read \(Is a directory\)"):
        load(file)


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"BLOTTER_TIMEOUT": "soon"}, "BLOTTER_TIMEOUT: expected a number of seconds"),
        ({"BLOTTER_READ_ONLY": "maybe"}, "BLOTTER_READ_ONLY: expected true or false"),
        ({"BLOTTER_BASE_URL": "ftp://x"}, "BLOTTER_BASE_URL: the base URL must begin with https"),
    ],
)
def test_a_bad_variable_is_named(file: Path, environ: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=f"^{message}"):
        load(file, {}, environ)


def test_a_bad_flag_is_named(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"^--base-url: the base URL must use https"):
        load(file, {"base_url": "http://10.0.0.1"})
    with pytest.raises(ConfigError, match=r"^--account: expected account ids"):
        load(file, {**AT_HOME, "accounts": [" "]})


def test_nothing_configured_is_three_lines(file: Path) -> None:
    with pytest.raises(NotConfiguredError) as error:
        live({}, {}, file, "")
    lines = str(error.value).splitlines()
    assert len(lines) == 3
    assert "blotter --paper" in lines[1]
    assert "blotter login" in lines[2]
    # What is typed before a command stands in the shell's history.
    assert "TOKEN" not in str(error.value)


def test_what_is_missing_is_said(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"^no base URL: give --base-url, set BLOTTER_BASE_URL"):
        live({}, {}, file, SECRET)
    with pytest.raises(ConfigError, match=r"^no access token: set BLOTTER_ACCESS_TOKEN"):
        live(AT_HOME, {}, file, "")


def test_a_token_that_is_no_header_is_not_quoted(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"^BLOTTER_ACCESS_TOKEN: ") as error:
        live(AT_HOME, {}, file, "s3cret\ntoken")
    assert "s3cret" not in str(error.value)


def test_a_file_that_others_can_change_is_refused_with_what_mends_it(file: Path) -> None:
    """Who chooses the address chooses who is shown the token."""
    file.write_text('base_url = "https://elsewhere.example"\n')
    file.chmod(0o666)
    with pytest.raises(ConfigError, match=f"^{file}: others can write into {file}: chmod go-w {file}$"):
        load(file, {})
    file.chmod(0o644)
    file.parent.chmod(0o777)
    with pytest.raises(ConfigError, match=f"^{file}: others can write into {file.parent}: chmod go-w {file.parent}$"):
        load(file, {})
    file.parent.chmod(0o755)
    assert load(file, {}).base_url == "https://elsewhere.example"


def test_a_file_behind_a_link_is_read_where_others_cannot_change_it(file: Path) -> None:
    kept = file.parent / "dotfiles"
    kept.mkdir()
    (kept / "config.toml").write_text('base_url = "https://mine.example"\n')
    file.symlink_to(kept / "config.toml")
    assert load(file, {}).base_url == "https://mine.example"
    kept.chmod(0o777)
    with pytest.raises(ConfigError, match=f"others can write into {kept}: chmod go-w"):
        load(file, {})
