"""Blotters of one user that refresh at the same moment: processes, one file, a broker that revokes what comes twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from blotter.desk.secrets.login import LoginFile
from blotter.paper.settings import PaperSettings
from tests.identity.browser import log_in
from tests.paper.serving import serving

PROCESSES = 4
SCRIPT = """
import asyncio, sys
from pathlib import Path
from blotter.broker.oauth import TokenEndpoint
from blotter.desk.clock import SystemClock
from blotter.desk.secrets.login import LoginFile
from blotter.desk.secrets.tokens import LoginTokens

async def main():
    file = LoginFile(Path(sys.argv[1]))
    login = file.read()
    endpoint = TokenEndpoint(login.base_url, login.client_id)
    tokens = LoginTokens(file, login, endpoint, SystemClock(), command="")
    print("ready", flush=True)
    sys.stdin.readline()
    print((await tokens.renewed(login.access)).reveal())

asyncio.run(main())
"""


def test_they_refresh_once(tmp_path: Path) -> None:
    with serving(PaperSettings(orders=0, rate=0)) as broker:
        login = log_in(broker.url)
        file = LoginFile(tmp_path / "default.json")
        file.write(login)
        racing = [_start(file.path) for _ in range(PROCESSES)]
        for process in racing:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in racing:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        outcomes = [process.communicate(timeout=20) for process in racing]
        assert [process.returncode for process in racing] == [0] * PROCESSES, outcomes
        assert len({said for said, _ in outcomes}) == 1
        stored = json.loads(file.path.read_text())
        assert outcomes[0][0].strip() == stored["access_token"] != login.access.reveal()
        with broker.client(stored["access_token"]) as renewed:
            assert renewed.get("/v2/users/me/accounts").status_code == 200


def _start(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
