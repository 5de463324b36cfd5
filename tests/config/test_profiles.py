"""Profiles of the config file: each stands by itself, and says at which broker and with which login."""

from __future__ import annotations

from pathlib import Path

import pytest

from blotter.config import ConfigError, Login, place
from tests.config.loading import AT_HOME, load

PROFILES = """
base_url = "https://live.example"
accounts = ["L-1"]
timeout = 5
client_id = "blotter"
authorize_url = "https://login.live.example/authorize"
redirect_uri = "https://localhost/callback"
client_secret_file = "secret"
[profiles.sim]
base_url = "https://sim.example"
"""


def test_the_top_of_the_file_is_the_default_profile(file: Path) -> None:
    file.write_text(PROFILES)
    settings = load(file, {})
    assert (settings.profile, settings.base_url, settings.accounts) == ("default", "https://live.example", ("L-1",))
    assert place({}, {}, file).login == Login(
        "blotter", "https://localhost/callback", "https://login.live.example/authorize", file.parent / "secret"
    )


@pytest.mark.parametrize(
    ("flags", "environ"),
    [({"profile": "sim"}, {}), ({}, {"BLOTTER_PROFILE": "sim"}), ({"profile": "sim"}, {"BLOTTER_PROFILE": "other"})],
)
def test_a_profile_stands_by_itself(file: Path, flags: dict[str, str], environ: dict[str, str]) -> None:
    file.write_text(PROFILES)
    settings = load(file, flags, environ)
    assert (settings.profile, settings.base_url, settings.accounts) == ("sim", "https://sim.example", ())
    assert settings.timeout == 10
    assert place(flags, environ, file).login == Login()


def test_an_unknown_profile_is_named_with_the_known_ones(file: Path) -> None:
    file.write_text(PROFILES)
    with pytest.raises(ConfigError, match=r"^--profile: .*config\.toml has no profile 'life'; .*default, sim$"):
        load(file, {"profile": "life"})
    with pytest.raises(ConfigError, match=r"^BLOTTER_PROFILE: "):
        load(file, {}, {"BLOTTER_PROFILE": "life"})
    with pytest.raises(ConfigError, match=r"^--profile: "):
        load(file, {"profile": ""})


def test_a_named_profile_is_not_led_to_another_broker_by_the_environment(file: Path) -> None:
    file.write_text(PROFILES)
    environ = {"BLOTTER_BASE_URL": "https://live.example"}
    with pytest.raises(ConfigError, match="'sim' and BLOTTER_BASE_URL name different brokers"):
        load(file, {"profile": "sim"}, environ)
    assert load(file, {"profile": "default"}, environ).base_url == "https://live.example"
    assert load(file, {"profile": "sim", **AT_HOME}, environ).base_url == "https://flag.example"


def test_only_the_documented_broker_has_the_documented_login_page(file: Path) -> None:
    def page(base_url: str) -> str:
        return place({"base_url": base_url}, {}, file).login.authorize_url

    assert page("https://api.aries.com") == "https://app.aries.com/oauth2/authorize"
    assert page("https://api.example.com") == ""
    assert page("http://127.0.0.1:4000") == "http://127.0.0.1:4000/oauth2/authorize"


def test_a_place_needs_no_token_but_an_address(file: Path) -> None:
    assert place(AT_HOME, {}, file).base_url == "https://flag.example"
    with pytest.raises(ConfigError, match=r"^no broker is configured"):
        place({}, {}, file)
    with pytest.raises(ConfigError, match=r"^no base URL"):
        place({}, {"BLOTTER_TIMEOUT": "5"}, file)
