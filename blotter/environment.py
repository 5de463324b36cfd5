"""The process's environment, made harmless before anything reads it.

Textual obeys some thirty variables when it is imported, among them one that presses keys. Python and OpenSSL obey
others that write session keys or tracebacks. What another program left there must not drive live orders.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

TOKEN_VARIABLE = "BLOTTER_ACCESS_TOKEN"  # noqa: S105 - the name of the variable, not a token

KEPT = frozenset({"TEXTUAL_THEME"})
DROPPED = frozenset({"SSLKEYLOGFILE", "PYTHONINSPECT", "PYTHONDEBUG", "PYTHONASYNCIODEBUG", "PYTHONFAULTHANDLER"})

FRAMES_OVER_SSH = 10
"""Frames a second over SSH: every one costs a packet, and nobody reads prices faster."""


def take_token(environ: MutableMapping[str, str] = os.environ) -> str:
    """The access token, empty when not set. It is taken out of the environment, so that no child inherits it."""
    return environ.pop(TOKEN_VARIABLE, "").strip()


def tame(environ: MutableMapping[str, str] = os.environ) -> None:
    """Drop what would drive or spy on the program, and ask Textual for a calm screen."""
    for name in [n for n in environ if n.startswith("TEXTUAL_") and n not in KEPT]:
        del environ[name]
    for name in DROPPED:
        environ.pop(name, None)
    environ["TEXTUAL_ANIMATIONS"] = "none"
    environ["TEXTUAL_SMOOTH_SCROLL"] = "0"
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        environ["TEXTUAL_FPS"] = str(FRAMES_OVER_SSH)
