"""``blotter logout``: forget the login of a profile."""

from __future__ import annotations

import asyncio
from pathlib import Path

from blotter.config.tokens import login_file
from blotter.desk.secrets.login import Busy, LoginFile
from blotter.identity.say import refuse, say


def log_out(profile: str, logins: Path) -> int:
    """Returns the exit code: 0 also where there was nothing to forget."""
    try:
        forgotten = asyncio.run(_forget(login_file(logins, profile)))
    except Busy as error:
        refuse(f"not forgotten: {error}")
        return 1
    if not forgotten:
        say(f"Nobody was logged in, profile {profile}.")
        return 0
    say(f"Forgot the login of profile {profile}. A blotter that runs keeps its token until it has to be renewed.")
    say("The broker has no call that revokes: what it gave stays good there until it ends, or is revoked on its site.")
    return 0


async def _forget(file: LoginFile) -> bool:
    async with file.locked(15.0):
        return file.forget()
