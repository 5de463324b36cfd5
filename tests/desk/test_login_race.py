"""Blotters of one user that refresh at the same moment: processes, one file, a broker that revokes what comes twice."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from blotter.broker.pkce import SCOPES, Attempt
from blotter.broker.wire.grants import read_grant
from blotter.desk.login import LoginFile, first_login
from blotter.paper.settings import PaperSettings
from tests.identity.browser import code_in, say
from tests.paper.serving import serving

PROCESSES = 5
SCRIPT = """
import asyncio, sys
from pathlib import Path
from blotter.broker.oauth import TokenEndpoint
from blotter.desk.clock import SystemClock
from blotter.desk.login import LoginFile
from blotter.desk.tokens import LoginTokens

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
    with serving(PaperSettings(orders=0, rate=0)) as broker, broker.client() as client:
        attempt = Attempt("blotter", "https://localhost/callback")
        fields = {
            "grant_type": "authorization_code",
            "client_id": attempt.client_id,
            "code": code_in(say(attempt.address(f"{broker.url}/oauth2/authorize"))),
            "redirect_uri": attempt.redirect_uri,
            "code_verifier": attempt.verifier.reveal(),
        }
        answer = client.post("/v1/oauth2/token", json=fields)
        file = LoginFile(tmp_path / "default.json")
        login = first_login(broker.url, "blotter", read_grant(answer.text), frozenset(SCOPES), datetime.now(UTC))
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
        assert outcomes[0][0].strip() == stored["access_token"] != answer.json()["access_token"]
        assert stored["refresh_token"] != answer.json()["refresh_token"]
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
