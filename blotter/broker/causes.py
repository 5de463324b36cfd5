"""Why a connection failed, in our own words: a library's message can quote a header, and so the token."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

_ERRNO = {
    errno.ECONNREFUSED: "the connection was refused",
    errno.ECONNRESET: "the connection was reset",
    errno.ECONNABORTED: "the connection was aborted",
    errno.EPIPE: "the connection was closed",
    errno.ETIMEDOUT: "the connection timed out",
    errno.EHOSTUNREACH: "there is no route to the host",
    errno.ENETUNREACH: "the network cannot be reached",
    errno.EMFILE: "this process has too many files open",
    errno.ENFILE: "this host has too many files open",
    errno.EACCES: "this host does not permit the connection",
}
# OpenSSL's X509_V_ERR numbers.
_CERTIFICATE = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself",
    19: "comes from an authority that is not trusted here",
    20: "comes from an authority that is not trusted here",
    23: "has been revoked",
    62: "is for another host",
    64: "is for another address",
}


def why(error: BaseException, otherwise: str) -> str:
    """The first cause within ``error`` that has words of its own, else ``otherwise``."""
    for cause in _within(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate {_CERTIFICATE.get(cause.verify_code, 'was not accepted')}"
        if isinstance(cause, ssl.SSLError):
            return "no secure connection came about (TLS)"
        if isinstance(cause, socket.gaierror):
            return "its name cannot be resolved"
        if isinstance(cause, OSError) and cause.errno in _ERRNO:
            return _ERRNO[cause.errno]
        if isinstance(cause, EOFError):
            return "the connection was closed before an answer"
    return otherwise


def _within(error: BaseException) -> Iterator[BaseException]:
    """``error`` and all that led to it, each once: connection attempts come as groups, chained three deep."""
    waiting, seen = [error], set[int]()
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        waiting.extend(filter(None, (current.__cause__, current.__context__)))
