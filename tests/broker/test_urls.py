from __future__ import annotations

import pytest

from blotter.broker.urls import check_base_url, check_stream_url, host_and_port, segment, stream_url


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://api.aries.com", "https://api.aries.com"),
        ("https://api.aries.com/", "https://api.aries.com"),
        ("https://gateway.example:8443/aries/", "https://gateway.example:8443/aries"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://127.8.9.1:8000", "http://127.8.9.1:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_addresses_that_may_be_sent_a_token(given: str, kept: str) -> None:
    assert check_base_url(given) == kept


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "must begin with https://"),
        ("api.aries.com", "must begin with https://"),
        ("ftp://api.aries.com", "must begin with https://"),
        ("wss://api.aries.com", "must begin with https://"),
        ("https://", "must begin with https://"),
        ("https://:443", "must begin with https://"),
        ("http://api.aries.com", "must use https://"),
        ("http://localhost:8000", "must use https://"),
        ("http://127.0.0.1.evil.example", "must use https://"),
        ("http://0.0.0.0:80", "must use https://"),
        ("https://user:secret@api.aries.com", "user name"),
        ("http://127.0.0.1%2f@evil.example", "user name"),
        ("https://api.aries.com?x=1", "query"),
        ("https://api.aries.com#x", "fragment"),
        ("https://api.aries.com\n", "visible ASCII"),
        ("https://api.ariés.com", "visible ASCII"),
        ("https://api aries.com", "visible ASCII"),
        ("https://api.aries.com:0", "port 0"),
        ("https://api.aries.com:99999", "cannot be read"),
        ("https://[::1", "cannot be read"),
        ("https://evil.example\\.aries.com", "cannot be one"),
        ("https://-x-", "cannot be one"),
    ],
)
def test_addresses_that_may_not(given: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        check_base_url(given)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("base", "stream"),
    [
        ("https://api.aries.com", "wss://api.aries.com/v1/accounts/ws"),
        ("http://127.0.0.1:8000/", "ws://127.0.0.1:8000/v1/accounts/ws"),
        ("https://gateway.example/aries", "wss://gateway.example/aries/v1/accounts/ws"),
    ],
)
def test_the_stream_stands_beside_the_base(base: str, stream: str) -> None:
    assert stream_url(base) == stream
    assert check_stream_url(stream) == stream


def test_a_plain_stream_to_another_host_is_refused() -> None:
    with pytest.raises(ValueError, match="must use wss://"):
        check_stream_url("ws://api.aries.com/v1/accounts/ws")


@pytest.mark.parametrize(
    ("account", "path"),
    [("PAPER-77", "PAPER-77"), ("a/b", "a%2Fb"), ("..", "%2E%2E"), ("a b?#%", "a%20b%3F%23%25"), ("é", "%C3%A9")],
)
def test_an_account_id_is_one_segment_whatever_is_in_it(account: str, path: str) -> None:
    assert segment(account) == path


def test_where_names_host_and_port() -> None:
    assert host_and_port("http://127.0.0.1:8000/x") == "127.0.0.1:8000"
