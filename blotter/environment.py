"""The process's environment, made harmless before anything reads it.

Textual obeys some thirty variables when it is imported, among them one that presses keys, and the WebSocket library a
dozen that lift its limits. Python and OpenSSL obey others that write session keys or tracebacks, load code, trust
another authority, or send the traffic through a proxy. What another program left there must not drive live orders; what
a trader wants of these stands in the settings.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from blotter.hardening import wipe_variable

TOKEN_VARIABLE = "BLOTTER_ACCESS_TOKEN"  # noqa: S105 - the name of the variable, not a token

PREFIXES = ("TEXTUAL_", "WEBSOCKETS_")
KEPT = frozenset({"TEXTUAL_THEME"})
DROPPED = frozenset(
    {
        *("SSLKEYLOGFILE", "SSL_CERT_FILE", "SSL_CERT_DIR"),
        *("OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_ENGINES", "OPENSSL_MODULES"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "WS_PROXY", "WSS_PROXY", "SOCKS_PROXY", "NO_PROXY", "NETRC"),
        *("PYTHONINSPECT", "PYTHONDEBUG", "PYTHONDEVMODE", "PYTHONVERBOSE", "PYTHONWARNINGS", "PYTHONSTARTUP"),
        *("PYTHONASYNCIODEBUG", "PYTHONFAULTHANDLER", "PYTHONTRACEMALLOC", "PYTHONBREAKPOINT", "PYTHONDUMPREFS"),
    }
)
"""In either case: proxies are commonly written in lower case."""

FRAMES_OVER_SSH = 10
"""Frames a second over SSH: every one costs a packet, and nobody reads prices faster."""


def take_token(environ: MutableMapping[str, str] = os.environ) -> str:
    """The access token, empty when not set. No child inherits it, and it no longer stands in the process's memory of
    the environment either, which the system shows to others.
    """
    if environ is os.environ:
        wipe_variable(TOKEN_VARIABLE)
    return environ.pop(TOKEN_VARIABLE, "").strip()


def tame(environ: MutableMapping[str, str] = os.environ) -> None:
    """Drop what would drive or spy on the program, and ask the libraries for no plugins and a calm screen."""
    for name in [n for n in environ if n.startswith(PREFIXES) and n not in KEPT]:
        del environ[name]
    for name in [n for n in environ if n.upper() in DROPPED]:
        del environ[name]
    # A plugin of pydantic's is shown every value that is checked; any package beside it could be one.
    environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    environ["TEXTUAL_ANIMATIONS"] = "none"
    environ["TEXTUAL_SMOOTH_SCROLL"] = "0"
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        environ["TEXTUAL_FPS"] = str(FRAMES_OVER_SSH)
