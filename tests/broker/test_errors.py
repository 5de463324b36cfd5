from __future__ import annotations

import pytest

from blotter.broker import errors
from blotter.broker.errors import Ask, BrokerError, RateLimited, ServerTrouble, sentence

LEAVES = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, BrokerError) and not kind.__subclasses__()
]


@pytest.mark.parametrize("leaf", LEAVES)
@pytest.mark.parametrize("ask", Ask)
def test_every_error_says_what_where_and_what_to_do(leaf: type[BrokerError], ask: Ask) -> None:
    said = sentence(leaf(ask, "it broke", where="api.aries.com", status=500))
    assert "api.aries.com" in said
    assert ask.value.removeprefix("the ") in said
    assert "{" not in said
    assert "broker's words" in said or ". " in said
    assert said[0].isupper()
    assert said.endswith(".")
    assert "\n" not in said


@pytest.mark.parametrize("leaf", LEAVES)
def test_the_brokers_words_stand_beside_the_sentence(leaf: type[BrokerError]) -> None:
    error = leaf(Ask.CANCEL, where="api.aries.com", words="[/x] \x1b]52;c;AAAA\x07", status=400)
    assert "52" not in str(error)
    assert error.words == "[/x] \x1b]52;c;AAAA\x07"


@pytest.mark.parametrize("leaf", LEAVES)
def test_every_leaf_stands_in_the_drawing(leaf: type[BrokerError]) -> None:
    assert errors.__doc__ is not None
    assert f"── {leaf.__name__} " in errors.__doc__


def test_a_doubtful_cancel_says_that_only_reading_tells() -> None:
    assert "only reading the order tells" in sentence(ServerTrouble(Ask.CANCEL, status=500))
    assert "canceled" not in sentence(ServerTrouble(Ask.ORDERS, status=500))


def test_the_wait_that_the_broker_asks_for_is_said() -> None:
    error = RateLimited(Ask.CANCEL, status=429)
    error.retry_after = 2.5
    assert "2.5 s" in sentence(error)
