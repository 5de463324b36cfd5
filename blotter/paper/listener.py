"""The socket that the practice broker listens on."""

from __future__ import annotations

import socket


def listen(port: int) -> socket.socket:
    """Listen on loopback; port 0 takes a free one. Raises ``OSError`` when the port is taken.

    The protocol is named because asyncio looks at it: without it, it leaves Nagle's algorithm on, and every answer
    takes 40 ms longer.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
