"""HTTP clients that go where they were told and nowhere else: no proxy, no redirect, no retry, no cookie.

A connection that waits for its next request can die without a sign: a firewall forgets it, a network drops. What is
sent on it then is lost without a word, which costs a read some seconds and makes the outcome of a cancel unknown. So
reads and cancels share no connection, and a cancel goes out only on one that is new or has just carried an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from blotter import __version__
from blotter.broker import tls

READS_KEEP = 4.0
"""Seconds for which an idle connection is used again by a read: given up before common servers do."""

CANCELS_KEEP = 1.0
"""The same for a cancel: long enough for many in a row to share a few connections, and not for one by itself."""


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


@dataclass(frozen=True, slots=True)
class Connections:
    """To the broker at ``base``, by what goes over them. Made inside the loop that uses them."""

    reads: httpx.AsyncClient
    cancels: httpx.AsyncClient
    fresh: httpx.AsyncClient
    """Each request has a connection of its own."""

    @classmethod
    def to(
        cls, base: str, times: Timeouts, transport: httpx.AsyncBaseTransport | None, ca_file: Path | None
    ) -> Connections:
        """The arguments are those of :func:`http_client`."""
        return cls(*(http_client(base, times, transport, ca_file, keep) for keep in (READS_KEEP, CANCELS_KEEP, 0.0)))

    async def aclose(self) -> None:
        for http in (self.reads, self.cancels, self.fresh):
            await http.aclose()


def http_client(
    base: str,
    times: Timeouts,
    transport: httpx.AsyncBaseTransport | None = None,
    ca_file: Path | None = None,
    keep: float = 0.0,
) -> httpx.AsyncClient:
    """A client for the broker at ``base``, which has been checked. ``transport`` takes the place of the network;
    ``ca_file`` holds further authorities to trust; an idle connection is used again for ``keep`` seconds.
    """
    return httpx.AsyncClient(
        transport=transport or _network(base, ca_file, keep),
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


def _network(base: str, ca_file: Path | None, keep: float) -> httpx.AsyncHTTPTransport:
    """No retries."""
    limits = httpx.Limits(max_connections=16, max_keepalive_connections=8 if keep else 0, keepalive_expiry=keep)
    verify = tls.context(ca_file) if base.startswith("https:") else tls.unused()
    return httpx.AsyncHTTPTransport(verify=verify, trust_env=False, retries=0, limits=limits)
