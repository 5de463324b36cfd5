"""One attempt to log in: what the browser is shown, and what may come back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from blotter.broker.auth import Verifier
from blotter.broker.pkce import SCOPES, Attempt, BadReturn, Denied, challenge

URI = "https://localhost/callback"


@pytest.fixture
def attempt() -> Attempt:
    return Attempt("blotter", URI)


def test_the_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    verifier = Verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_address_asks_for_the_least_and_does_not_tell_the_verifier(attempt: Attempt) -> None:
    address = attempt.address("https://app.example/authorize")
    query = parse_qs(urlsplit(address).query)
    assert query == {
        "response_type": ["code"],
        "client_id": ["blotter"],
        "redirect_uri": [URI],
        "scope": ["account:information order:information order:execution"],
        "state": [attempt.state],
        "code_challenge": [challenge(attempt.verifier)],
        "code_challenge_method": ["S256"],
    }
    assert attempt.verifier.reveal() not in address
    assert 43 <= len(attempt.verifier.reveal()) <= 128
    assert tuple(query["scope"][0].split()) == SCOPES


def test_no_two_attempts_share_a_secret() -> None:
    one, other = Attempt("blotter", URI), Attempt("blotter", URI)
    assert one.state != other.state
    assert not one.verifier.same(other.verifier)
    assert one.state not in repr(one)


@pytest.mark.parametrize("form", ["{uri}?code=c-1&state={state}", "?state={state}&code=c-1", "code=c-1&state={state}"])
def test_a_code_is_found_in_what_was_pasted(attempt: Attempt, form: str) -> None:
    assert attempt.code(f"  {form.format(uri=URI, state=attempt.state)}\n").reveal() == "c-1"


def test_a_code_alone_is_a_code(attempt: Attempt) -> None:
    assert attempt.code("c-1\n").reveal() == "c-1"


BAD = {
    "": "nothing was pasted",
    "two words": "the code may hold visible ASCII",
    "côde": "neither the address",
    "x" * 20_000: "neither the address",
    "{uri}?code=c-1": "the state differs",
    "{uri}?code=c-1&state=other": "the state differs",
    "{uri}?code=c-1&code=c-2&state={state}": "says something twice",
    "{uri}?code=c-1&state={state}&state={state}": "says something twice",
    "{uri}?state={state}": "no code in that address",
    "{uri}?code=&state={state}": "no code in that address",
    "{uri}/?code=c-1&state={state}": "not the address that the login leads back to",
    "http://localhost/callback?code=c-1&state={state}": "not the address that the login leads back to",
    "https://localhost.evil.example/callback?code=c-1&state={state}": "not the address that",
    "https://[/?code=1": "cannot be read",
    "{uri}?error=access_denied&state=other": "the state differs",
}


@pytest.mark.parametrize("form", BAD)
def test_what_cannot_be_used_is_a_sentence(attempt: Attempt, form: str) -> None:
    with pytest.raises(BadReturn, match=BAD[form]) as error:
        attempt.code(form.format(uri=URI, state=attempt.state))
    assert not isinstance(error.value, Denied)


def test_a_no_is_a_no_with_the_brokers_words(attempt: Attempt) -> None:
    with pytest.raises(Denied) as error:
        attempt.code(f"{URI}?error=access_denied&error_description=not+you&state={attempt.state}")
    assert error.value.words == "access_denied: not you"
