"""What other programs left in the environment and in the home folder drives nothing and learns nothing."""

from __future__ import annotations

import ctypes
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blotter.environment import tame
from tests.hostile.behind_tls import AUTHORITY, behind_tls
from tests.terminal.pty_session import PtySession, private_environment
from tests.terminal.scripted_broker import TOKEN, ScriptedBroker

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "WS_PROXY", "WSS_PROXY", "SOCKS_PROXY")


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """An address, and what arrived there."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            try:
                while True:
                    connection, _ = listener.accept()
                    heard.append(connection.recv(4096))
                    connection.close()
            except OSError:
                return

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
        listener.shutdown(socket.SHUT_RDWR)


def test_no_proxy_no_key_log_no_keys_pressed_no_netrc(tmp_path: Path) -> None:
    spied = tmp_path / "spied"
    spied.mkdir()
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login somebody password else\n")
    (tmp_path / "config" / "blotter").mkdir(parents=True)
    (tmp_path / "config" / "blotter" / "config.toml").write_text(f'ca_file = "{AUTHORITY}"\n')
    with ScriptedBroker() as broker, behind_tls(broker.url, "good") as encrypted, listening() as (proxy, heard):
        environment = {
            **broker.environment,
            **{name: proxy for proxies in (PROXIES, map(str.lower, PROXIES)) for name in proxies},
            "BLOTTER_BASE_URL": encrypted,
            "NO_PROXY": "",
            "NETRC": str(netrc),
            "SSLKEYLOGFILE": str(spied / "keys"),
            "SSL_CERT_FILE": str(spied / "none"),
            "OPENSSL_CONF": str(spied / "none.cnf"),
            "TEXTUAL_PRESS": "j,c,y,q",
            "TEXTUAL_LOG": str(spied / "log"),
            "TEXTUAL_SCREENSHOT": "1",
            "TEXTUAL_SCREENSHOT_LOCATION": str(spied),
            "TEXTUAL_DRIVER": "spied:Driver",
            "TEXTUAL_DEBUG": "1",
            "WEBSOCKETS_MAX_LINE_LENGTH": "no number",
            "PYTHONINSPECT": "1",
            "PYTHONASYNCIODEBUG": "1",
            "PYTHONFAULTHANDLER": "1",
        }
        with PtySession(tmp_path, environment=environment) as session:
            session.until("MSFT")
            session.until(" POLLING ")
            session.type("q")
            assert session.exit_code() == 0
            session.assert_restored()
        # The stream's handshake carries none.
        assert broker.tokens == {f"Bearer {TOKEN}", None}
        assert broker.cancels == []
        assert heard == []
    assert list(spied.iterdir()) == []


@pytest.mark.parametrize("name", [*PROXIES, *map(str.lower, PROXIES), "no_proxy", "PYTHONDEVMODE", "OPENSSL_MODULES"])
def test_it_is_out_of_the_environment_before_anything_is_imported(name: str) -> None:
    environ = {name: "x", "PATH": "/bin", "PYTHONPATH": "y", "LANG": "C"}
    tame(environ)
    assert name not in environ
    assert {"PATH", "PYTHONPATH", "LANG"} <= environ.keys()


def test_openssl_is_loaded_after_its_variables_are_gone(tmp_path: Path) -> None:
    """What the command imports before it has cleaned up reads no settings of OpenSSL, Textual or asyncio."""
    script = (
        "import sys, blotter.__main__;"
        "print(*sorted({'ssl', '_ssl', '_hashlib', 'textual', 'asyncio'} & {*sys.modules}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], env=private_environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == []


def test_the_process_leaves_no_core_and_lets_no_debugger_in(tmp_path: Path) -> None:
    script = (
        "import ctypes, faulthandler, resource; faulthandler.enable(); from blotter.hardening import harden; harden();"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3), faulthandler.is_enabled())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], env=private_environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["(0,", "0)", "0", "False"]
    assert ctypes.CDLL(None).prctl(3) == 1 or resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
