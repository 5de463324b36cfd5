"""A careless shell on a host with other users: an open umask, shared folders for everything that may be temporary."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from blotter.desk.secrets.login import LoginFile
from tests.identity.browser import address_in, log_in, say
from tests.identity.home import Home
from tests.paper.serving import Serving
from tests.terminal.pty_session import PtySession

OPEN = ("/bin/sh", "-c", f'umask 000; exec {sys.executable} -m blotter "$@"', "blotter")


@pytest.fixture
def shared(tmp_path: Path) -> dict[str, str]:
    """Where temporary files go: folders in which everybody may look, write and rename."""
    environment = {}
    for name in ("TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR"):
        folder = tmp_path / "shared" / name
        folder.mkdir(parents=True)
        folder.chmod(0o777)
        environment[name] = str(folder)
    return environment


def open_to_others(home: Home) -> list[str]:
    """What the program has made, and others may look into."""
    made = [home.logins.parent, *home.logins.parent.rglob("*")]
    assert any(path.suffix == ".jsonl" for path in made)
    return [f"{path} {stat.S_IMODE(path.stat().st_mode):o}" for path in made if path.stat().st_mode & 0o077]


def test_what_is_kept_is_private_under_an_open_umask(
    home: Home, broker: Serving, shared: dict[str, str], tmp_path: Path
) -> None:
    """A login, a journal and an export; and nothing is left where temporary files go."""
    with PtySession(home.folder, ["login"], columns=500, environment=shared, program=OPEN) as terminal:
        terminal.until("Paste the whole address")
        terminal.type(say(address_in(terminal.text)) + "\r")
        terminal.until("Logged in at")
        assert terminal.exit_code() == 0
    with PtySession(home.folder, environment=shared, program=OPEN) as session:
        session.until(lambda screen: " OK " in screen and " NEW " in screen)
        session.type("c")
        session.until("keep the order")
        session.say_yes()
        session.until(lambda screen: "CXLD" in screen or "CANCELED" in screen)
        session.type("e")
        session.until("exported")
        session.type("q")
        assert session.exit_code() == 0
    assert list((home.logins.parent / "live" / "export").iterdir())
    assert open_to_others(home) == []
    assert [path for path in (tmp_path / "shared").rglob("*") if not path.is_dir()] == []


def test_a_login_is_not_begun_where_it_could_not_be_kept(home: Home) -> None:
    """Before anybody goes to a browser."""
    above = home.folder / "state"
    above.mkdir()
    above.chmod(0o777)
    done = home.run("login")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"blotter: others can write into {above}: chmod go-w {above}\n"


def test_a_state_folder_that_is_a_link_of_ours_serves(home: Home, broker: Serving) -> None:
    disk = home.folder / "disk"
    disk.mkdir(0o700)
    (home.folder / "state").symlink_to(disk)
    LoginFile(home.logins / "default.json").write(log_in(broker.url))
    assert home.run("whoami").returncode == 0
    disk.chmod(0o777)
    refused = home.run("whoami")
    assert refused.returncode == 1
    assert f"others can write into {disk}: chmod go-w {disk}" in refused.stderr
