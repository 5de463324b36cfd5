"""Contradictions about addresses."""

from __future__ import annotations

import pytest

from blotter.broker.urls import check_base_url, check_stream_url, stream_url


@pytest.mark.parametrize("host", ["api.aries.com", "api.tradearies.dev", "api.ariesfinancial.com"])
def test_row_24_the_hosts_are_settings(host: str) -> None:
    assert check_base_url(f"https://{host}/") == f"https://{host}"
    assert stream_url(f"https://{host}") == f"wss://{host}/v1/accounts/ws"
    assert check_stream_url(f"wss://{host}/ws") == f"wss://{host}/ws"
