"""Who sits at this terminal: what a record of the journal says of the person behind it."""

from __future__ import annotations

import getpass
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Who:
    """``ssh`` is the client's address and port as sshd gave it, empty on a local terminal."""

    login: str
    uid: int
    host: str
    tty: str = ""
    ssh: str = ""


def whoami(environ: Mapping[str, str] = os.environ) -> Who:
    """The user of this process. Nothing here can fail: what cannot be found out is left empty.

    ``login`` is the name of the real user id where the system knows one; ``LOGNAME`` can be set by anybody, so
    the uid beside it is what counts.
    """
    return Who(
        login=_login(environ),
        uid=os.getuid(),
        host=socket.gethostname(),
        tty=_tty(),
        ssh=environ.get("SSH_CONNECTION", ""),
    )


def _login(environ: Mapping[str, str]) -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return environ.get("LOGNAME", "")


def _tty() -> str:
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        try:
            return os.ttyname(stream.fileno())
        except (OSError, ValueError, AttributeError):
            continue
    return ""
