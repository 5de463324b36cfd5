from __future__ import annotations

import copy
import pickle

import httpx
import pytest

from blotter.broker.auth import Bearer, Token, hide
from tests.broker.canary import CANARY


def test_white_space_around_a_token_is_not_part_of_it() -> None:
    assert Token(f" \t{CANARY}\r\n").reveal() == CANARY


@pytest.mark.parametrize(
    "bad", ["", " \n", f"{CANARY} x", f"{CANARY}\nX: y", f"{CANARY}\x00", f"{CANARY}é", "‮" + CANARY]
)
def test_a_token_that_could_break_a_header_is_refused_without_quoting_it(bad: str) -> None:
    with pytest.raises(ValueError, match="access token") as caught:
        Token(bad)
    assert CANARY not in str(caught.value)


def test_a_token_prints_masked() -> None:
    token = Token(CANARY)
    shown = f"{token} {token!r} {[token]} {(token,)}"
    assert CANARY not in shown


def test_no_attribute_leads_to_the_secret() -> None:
    token = Token(CANARY)
    assert not hasattr(token, "__dict__")
    for name in dir(token):
        value = getattr(token, name)
        assert CANARY not in repr(value)
        assert CANARY not in repr(getattr(value, "__closure__", None))


@pytest.mark.parametrize("write", [pickle.dumps, copy.deepcopy, copy.copy])
def test_a_token_is_not_written_anywhere(write: object) -> None:
    assert callable(write)
    with pytest.raises(TypeError, match="not written"):
        write(Token(CANARY))


def test_what_the_broker_repeats_of_it_is_masked() -> None:
    token, short = Token(CANARY), Token("abc")
    assert hide(f"bad token {CANARY}, abc") == "bad token •••, abc"
    del token, short
    assert hide("bad token canary-gone") == "bad token canary-gone"


async def test_a_token_by_itself_has_no_other() -> None:
    token = Token(CANARY)
    assert await token.current() is token
    assert await token.renewed(token) is None


def test_the_header_is_set_on_the_request_that_leaves() -> None:
    request = httpx.Request("GET", "http://127.0.0.1/")
    next(Bearer(Token(CANARY)).auth_flow(request))
    assert request.headers["authorization"] == f"Bearer {CANARY}"
