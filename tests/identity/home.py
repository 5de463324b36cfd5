"""A user's home folder: one profile on a practice broker, and the commands run in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.terminal.pty_session import PtySession, private_environment

PROFILE = """
base_url = "{url}"
client_id = "blotter"
redirect_uri = "https://localhost/callback"
"""


class Home:
    def __init__(self, folder: Path, url: str, profile: str = PROFILE) -> None:
        self.folder = folder
        self.config = folder / "config" / "blotter" / "config.toml"
        self.config.parent.mkdir(parents=True)
        self.config.write_text(profile.format(url=url))
        self.logins = folder / "state" / "blotter" / "logins"

    def add(self, text: str) -> None:
        self.config.write_text(self.config.read_text() + text)

    def terminal(self, *arguments: str, environment: Mapping[str, str] | None = None) -> PtySession:
        """A command in a terminal that is wide enough for an address."""
        return PtySession(self.folder, arguments, columns=500, environment=environment)

    def run(
        self, *arguments: str, pasted: str = "", environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command without a terminal."""
        return subprocess.run(
            [sys.executable, "-m", "blotter", *arguments],
            input=pasted,
            capture_output=True,
            text=True,
            env={**private_environment(self.folder), **(environ or {})},
            timeout=20,
            check=False,
        )

    def stored(self, profile: str = "default") -> dict[str, Any]:
        """What is kept of a login."""
        found = json.loads((self.logins / f"{profile}.json").read_text())
        assert isinstance(found, dict)
        return found

    def everything(self) -> str:
        """All that any file of this home says, the login itself left out."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.parent != self.logins]
        return "\n".join(path.read_text(errors="replace") for path in files)
