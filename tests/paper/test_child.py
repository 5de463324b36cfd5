from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

import blotter
from blotter.paper.child import Child, PaperError

WAIT = 5.0
PARENT = """
import time
from blotter.paper.child import Child
child = Child().start()
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_child_serves_and_is_gone_after_the_block() -> None:
    with Child("--orders", "3") as child:
        pid = child.pid
        answer = _accounts(child)
        assert answer.status_code == 200
        assert os.getsid(pid) == pid
    assert child.pid == 0
    assert not _lives(pid)


def test_closing_twice_or_unstarted_does_nothing() -> None:
    child = Child()
    child.close()
    child.start()
    child.close()
    child.close()


def test_a_stopped_child_is_ended_all_the_same() -> None:
    with Child() as child:
        pid = child.pid
        os.kill(pid, signal.SIGSTOP)
    assert not _lives(pid)


def test_an_error_in_the_block_leaves_no_child() -> None:
    child = Child()
    pids = []

    def fail() -> None:
        with child:
            pids.append(child.pid)
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        fail()
    assert not _lives(pids[0])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_the_child_dies_with_its_parent_however_that_dies(number: signal.Signals) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=_home())
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert _lives(pid)
    parent.send_signal(number)
    parent.communicate(timeout=WAIT)
    deadline = time.monotonic() + WAIT
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _lives(pid)


def test_it_starts_from_anywhere_and_keeps_secrets_from_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blotter").mkdir()
    (tmp_path / "blotter" / "__init__.py").write_text("raise SystemExit('the wrong package')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BLOTTER_ACCESS_TOKEN", "canary-5f2c")
    with Child() as child:
        assert _accounts(child).status_code == 200
        environment = Path(f"/proc/{child.pid}/environ")
        if environment.exists():
            assert b"canary-5f2c" not in environment.read_bytes()


def test_a_child_that_cannot_start_says_why() -> None:
    child = Child("--orders", "many")
    with pytest.raises(PaperError, match="did not start: blotter paper: argument --orders: must be a whole number"):
        child.start()
    assert child.pid == 0


def test_a_child_that_says_nothing_is_given_up() -> None:
    child = Child(start_seconds=0.0)
    with pytest.raises(PaperError, match="within 0 s"):
        child.start()
    assert child.pid == 0


def test_nothing_of_the_child_reaches_the_terminal() -> None:
    script = "from blotter.paper.child import Child\nwith Child() as child:\n    import os; os.kill(child.pid, 15)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=20, check=False, cwd=_home())
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def _accounts(child: Child) -> httpx.Response:
    headers = {"Authorization": f"Bearer {child.token}"}
    return httpx.get(f"{child.url}/v2/users/me/accounts", headers=headers, trust_env=False, timeout=WAIT)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    # A process that ended waits as a zombie for whoever adopted it.
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def _home() -> Path:
    return Path(blotter.__file__).resolve().parents[1]
