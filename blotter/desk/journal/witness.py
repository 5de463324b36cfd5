"""Somebody else who remembers: the system's log.

The journal's chain shows any change inside a file. It cannot show that its owner wrote a whole file anew, or cut lines
off its end. What the system's log holds of it, once a minute and at the end, its owner cannot take back where that log
is kept by root or on another machine. On a system without such a log nothing is said and nothing is missed.
"""

from __future__ import annotations

import syslog
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

Witness = Callable[[str], None]

EVERY = 60.0
"""Seconds between two mentions of a journal that grows."""


def system_log(said: str) -> None:
    syslog.openlog("blotter", syslog.LOG_PID, syslog.LOG_USER)
    syslog.syslog(syslog.LOG_NOTICE, said)


def nobody(said: str) -> None:
    """For practice."""


def witness_of(base_url: str) -> Witness:
    """What happens on a broker on this very machine is practice, and concerns nobody."""
    host = urlsplit(base_url).hostname or ""
    try:
        return nobody if ip_address(host).is_loopback else system_log
    except ValueError:
        return system_log
