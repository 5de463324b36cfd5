"""The one TLS context: certificates are always checked, and no environment variable has the keys written to a file.

``ssl.create_default_context`` is not used because it obeys ``SSLKEYLOGFILE``. The host's own store is trusted, for
firms with an authority of their own, and the one that comes with the HTTP library, for interpreters that find no store.
"""

from __future__ import annotations

import ssl
from functools import cache

import certifi


@cache
def context() -> ssl.SSLContext:
    """A client context for TLS 1.2 or later that verifies certificate and host name. Made once: loading takes 20 ms."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_default_certs(ssl.Purpose.SERVER_AUTH)
    made.load_verify_locations(cafile=certifi.where())
    return made


def unused() -> ssl.SSLContext:
    """A context that trusts nobody, for plain connections to this machine: without one the library makes its own."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
