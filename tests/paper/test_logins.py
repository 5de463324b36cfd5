"""Codes, refresh tokens and what ends them, by a clock of the test."""

from __future__ import annotations

import pytest

from blotter.paper.grants import ALL_SCOPES, EXECUTE, Grants
from blotter.paper.logins import CLIENT_SECRET, CODE_SECONDS, Logins, OAuthError
from blotter.paper.settings import PaperSettings

URI = "https://localhost/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""The example of RFC 7636, appendix B."""


class House:
    def __init__(self) -> None:
        self.time = 0.0
        self.grants = Grants(lambda: self.time)
        settings = PaperSettings(token_seconds=100, refresh_seconds=1000)
        self.logins = Logins(self.grants, settings, lambda: self.time)

    def code(self, challenge: str = CHALLENGE) -> str:
        return self.logins.consent("blotter", URI, ALL_SCOPES, challenge)

    def refused(self, *arguments: str) -> str:
        with pytest.raises(OAuthError) as error:
            self.logins.redeem(*arguments)
        said: str = error.value.body["error"]
        return said


@pytest.fixture
def house() -> House:
    return House()


def test_a_code_buys_tokens_for_whoever_has_the_verifier(house: House) -> None:
    answer = house.logins.redeem(house.code(), "blotter", URI, VERIFIER, "")
    assert answer["token_type"] == "Bearer"
    assert (answer["expires_in"], answer["refresh_token_expires_in"]) == (100, 1000)
    assert set(answer["scope"].split()) == ALL_SCOPES
    house.grants.require(f"Bearer {answer['access_token']}", EXECUTE)
    house.time = 100
    assert not house.grants.good(answer["access_token"])


def test_a_code_is_bound_to_verifier_client_and_address(house: House) -> None:
    assert house.refused(house.code(), "blotter", URI, "w" * 43, "") == "invalid_grant"
    assert house.refused(house.code(), "other", URI, VERIFIER, "") == "invalid_grant"
    assert house.refused(house.code(), "blotter", URI + "/", VERIFIER, "") == "invalid_grant"
    assert house.refused(house.code(), "blotter", URI, VERIFIER, "wrong") == "invalid_client"
    assert house.refused(house.code(""), "blotter", URI, "", "") == "invalid_request"
    assert house.logins.redeem(house.code(""), "blotter", URI, "", CLIENT_SECRET)
    late = house.code()
    house.time = CODE_SECONDS + 1
    assert house.refused(late, "blotter", URI, VERIFIER, "") == "invalid_grant"


def test_a_code_that_comes_twice_ends_its_login(house: House) -> None:
    code = house.code()
    answer = house.logins.redeem(code, "blotter", URI, VERIFIER, "")
    assert house.refused(code, "blotter", URI, VERIFIER, "") == "invalid_grant"
    assert not house.grants.good(answer["access_token"])


def test_a_refresh_token_rotates_and_serves_once(house: House) -> None:
    first = house.logins.redeem(house.code(), "blotter", URI, VERIFIER, "")
    second = house.logins.refresh(first["refresh_token"], "blotter", "")
    assert second["refresh_token"] != first["refresh_token"]
    assert house.grants.good(second["access_token"])
    with pytest.raises(OAuthError, match="invalid_grant"):
        house.logins.refresh(first["refresh_token"], "blotter", "")
    assert not house.grants.good(second["access_token"])
    with pytest.raises(OAuthError, match="invalid_grant"):
        house.logins.refresh(second["refresh_token"], "blotter", "")


def test_a_confidential_client_refreshes_with_its_secret_only(house: House) -> None:
    answer = house.logins.redeem(house.code(), "blotter", URI, VERIFIER, CLIENT_SECRET)
    with pytest.raises(OAuthError, match="invalid_client"):
        house.logins.refresh(answer["refresh_token"], "blotter", "")
    assert house.logins.refresh(answer["refresh_token"], "blotter", CLIENT_SECRET)


def test_a_login_ends_by_time_or_by_hand(house: House) -> None:
    first = house.logins.redeem(house.code(), "blotter", URI, VERIFIER, "")
    [login] = house.logins.logins
    house.logins.expire(login)
    assert not house.grants.good(first["access_token"])
    second = house.logins.refresh(first["refresh_token"], "blotter", "")
    house.logins.revoke(login)
    assert not house.grants.good(second["access_token"])
    with pytest.raises(OAuthError, match="invalid_grant"):
        house.logins.refresh(second["refresh_token"], "blotter", "")
    third = house.logins.redeem(house.code(), "blotter", URI, VERIFIER, "")
    house.time += 1001
    with pytest.raises(OAuthError, match="invalid_grant"):
        house.logins.refresh(third["refresh_token"], "blotter", "")


def test_client_credentials_need_the_secret(house: House) -> None:
    answer = house.logins.credentials("bot", CLIENT_SECRET, {"order:information"})
    assert answer["scope"] == "order:information"
    assert "refresh_token" not in answer
    with pytest.raises(OAuthError, match="invalid_client"):
        house.logins.credentials("bot", "", {"order:information"})
