"""The one TLS context: certificates are always checked, and no environment variable has the keys written to a file.

``ssl.create_default_context`` is not used because it obeys ``SSLKEYLOGFILE``. The host's own store is trusted, for
firms with an authority of their own, and the one that comes with the HTTP library, for interpreters that find no store.
A file of further authorities is a setting; there is none to trust without checking.
"""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path

import certifi


@cache
def context(ca_file: Path | None = None) -> ssl.SSLContext:
    """A client context for TLS 1.2 or later that verifies certificate and host name. Made once: loading takes 20 ms.

    ``ca_file`` holds further authorities to trust, in PEM. Raises :class:`ValueError` in a sentence when it does not.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_default_certs(ssl.Purpose.SERVER_AUTH)
    made.load_verify_locations(cafile=certifi.where())
    if ca_file is not None:
        try:
            made.load_verify_locations(cafile=ca_file)
        except ssl.SSLError:
            raise ValueError(f"{ca_file} holds no certificates in PEM") from None
        except OSError as error:
            raise ValueError(f"{ca_file} cannot be read ({error.strerror})") from None
    return made


def unused() -> ssl.SSLContext:
    """A context that trusts nobody, for plain connections to this machine: without one the library makes its own."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
