"""An HTTP client that goes where it was told and nowhere else: no proxy, no redirect, no retry, no cookie."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from blotter import __version__
from blotter.broker import tls


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. The first four are each phase's; the last three a whole call's, to the last byte of its answer."""

    connect: float = 3.0
    write: float = 3.0
    read: float = 5.0
    pool: float = 1.0
    list: float = 20.0
    cancel: float = 10.0
    token: float = 10.0


def http_client(
    base: str, times: Timeouts, transport: httpx.AsyncBaseTransport | None = None, ca_file: Path | None = None
) -> httpx.AsyncClient:
    """A client for the broker at ``base``, which has been checked. ``transport`` takes the place of the network;
    ``ca_file`` holds further authorities to trust.
    """
    return httpx.AsyncClient(
        transport=transport or _network(base, ca_file),
        timeout=httpx.Timeout(connect=times.connect, read=times.read, write=times.write, pool=times.pool),
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        headers={
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"blotter/{__version__}",
        },
    )


def is_traced(transport: httpx.AsyncBaseTransport | None) -> bool:
    """Whether requests over it report the moment before they leave."""
    return transport is None or isinstance(transport, httpx.AsyncHTTPTransport)


def _network(base: str, ca_file: Path | None) -> httpx.AsyncHTTPTransport:
    """No retries; an idle connection is given up before common servers do, so that no request meets its end."""
    limits = httpx.Limits(max_connections=16, max_keepalive_connections=8, keepalive_expiry=4.0)
    verify = tls.context(ca_file) if base.startswith("https:") else tls.unused()
    return httpx.AsyncHTTPTransport(verify=verify, trust_env=False, retries=0, limits=limits)
