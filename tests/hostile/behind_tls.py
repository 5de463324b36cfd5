"""TLS in front of a broker that speaks plain HTTP."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CERTIFICATES = Path(__file__).with_name("certificates")
AUTHORITY = CERTIFICATES / "authority.pem"


def certificate(name: str) -> ssl.SSLContext:
    """A server's side of TLS with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    return context


@contextmanager
def behind_tls(url: str, name: str) -> Iterator[str]:
    """The address of the broker at ``url`` behind this certificate: what comes is decrypted and passed on."""
    context, onward = certificate(name), int(url.rsplit(":", 1)[1])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, context, onward), daemon=True).start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, context: ssl.SSLContext, onward: int) -> None:
    with contextlib.suppress(OSError):
        while True:
            raw, _ = listener.accept()
            with contextlib.suppress(OSError):
                near = context.wrap_socket(raw, server_side=True)
                far = socket.create_connection(("127.0.0.1", onward))
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=pair, daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
