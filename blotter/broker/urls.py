"""Which addresses the token may be sent to: https and wss, and plain text only to this very machine."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

_STREAM_PATH = "/v1/accounts/ws"
# Stricter than any parser, so that two parsers cannot disagree about the host.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def check_base_url(url: str) -> str:
    """The base URL without its trailing slash. Raises :class:`ValueError` with one sentence about what is wrong."""
    return urlunsplit(_checked(url, "base URL", secure="https", plain="http"))


def check_stream_url(url: str) -> str:
    """A WebSocket URL given by hand, under the same rules."""
    return urlunsplit(_checked(url, "stream URL", secure="wss", plain="ws"))


def check_page_url(url: str) -> str:
    """The address of a page that the user opens in a browser, under the same rules."""
    return urlunsplit(_checked(url, "address of the login page", secure="https", plain="http"))


def stream_url(base: str) -> str:
    """The account stream's URL for a base URL."""
    parts = _checked(base, "base URL", secure="https", plain="http")
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit(parts._replace(scheme=scheme, path=parts.path + _STREAM_PATH))


def host_and_port(url: str) -> str:
    """What an error says for *where*."""
    return urlsplit(url).netloc


def segment(text: str) -> str:
    """One path segment, percent-encoded whole: an id with a slash or of dots alone stays the id that it is."""
    encoded = quote(text, safe="", errors="surrogateescape")
    return encoded.replace(".", "%2E") if set(encoded) == {"."} else encoded


def _checked(url: str, name: str, *, secure: str, plain: str) -> SplitResult:
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(f"the {name} may hold visible ASCII characters only")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"the {name} cannot be read: expected {secure}://host or {secure}://host:port") from None
    if "@" in parts.netloc:
        raise ValueError(f"the {name} may hold no user name or password: the token comes from elsewhere")
    if parts.scheme not in (secure, plain) or not parts.hostname:
        raise ValueError(f"the {name} must begin with {secure}:// and name a host")
    if not (_NAME.fullmatch(parts.hostname) or _is_address(parts.hostname)) or "\\" in url:
        raise ValueError(f"the {name} names a host that cannot be one")
    if port == 0:
        raise ValueError(f"the {name} has port 0, which nothing can listen on")
    if "?" in url or "#" in url:
        raise ValueError(f"the {name} may have no query and no fragment")
    if parts.scheme == plain and not _is_loopback(parts.hostname):
        raise ValueError(f"the {name} must use {secure}://; {plain}:// is for 127.0.0.1 and [::1] only")
    return parts._replace(path=parts.path.rstrip("/"), query="", fragment="")


def _is_loopback(host: str) -> bool:
    """Literals only: what ``localhost`` means is up to files and servers that others may control."""
    return _is_address(host) and ip_address(host).is_loopback


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
