"""A private folder in every place that is not private."""

from __future__ import annotations

import grp
import os
import pwd
import shlex
import stat
from pathlib import Path

import pytest

from blotter.desk.clock import SystemClock
from blotter.desk.journal.journal import Journal, JournalError
from blotter.desk.secrets.folder import check_way, private_folder
from tests.desk.secrets.owners import somebody_elses
from tests.desk.values import WHO


def test_every_folder_of_the_way_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "state" / "blotter" / "live"
    before = os.umask(0)
    try:
        private_folder(path)
    finally:
        os.umask(before)
    for made in (path, path.parent, path.parent.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_a_folder_of_ours_that_was_open_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "live"
    path.mkdir()
    path.chmod(0o777)
    private_folder(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o777, 0o757, 0o702])
def test_a_way_that_others_can_change_is_refused_with_what_mends_it(tmp_path: Path, mode: int) -> None:
    above = tmp_path / "it's $HOME; exit 1"
    above.mkdir()
    above.chmod(mode)
    with pytest.raises(PermissionError, match="others can write") as caught:
        private_folder(above / "blotter" / "live")
    command = str(caught.value).split(": ")[-1]
    assert command == f"chmod go-w {shlex.quote(str(above))}"
    assert os.system(command) == 0
    private_folder(above / "blotter" / "live")


def test_a_sticky_folder_on_the_way_is_good_enough(tmp_path: Path) -> None:
    above = tmp_path / "shared"
    above.mkdir()
    above.chmod(0o1777)
    private_folder(above / "live")


@pytest.mark.parametrize(
    ("group", "members", "ours"),
    [("trader", (), True), ("trader", ("trader",), True), ("trader", ("trader", "else"), False), ("desk", (), False)],
)
def test_a_group_on_the_way_is_to_be_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: str, members: tuple[str, ...], ours: bool
) -> None:
    """Many systems give every user a group of one, and let it write into what he makes."""
    above = tmp_path / "shared"
    above.mkdir()
    above.chmod(0o770)
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: pwd.struct_passwd(("trader", "x", uid, 1, "", "/", "/bin/sh")))
    monkeypatch.setattr(grp, "getgrgid", lambda gid: grp.struct_group((group, "x", gid, list(members))))
    if ours:
        private_folder(above / "live")
    else:
        with pytest.raises(PermissionError, match="chmod go-w"):
            private_folder(above / "live")


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs" / "live"
    path.mkdir(parents=True)
    with somebody_elses(path), pytest.raises(PermissionError, match=f"{path} belongs to another user"):
        private_folder(path)
    private_folder(path)


def test_a_folder_below_one_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs" / "live"
    path.mkdir(parents=True)
    said = "another user, who can put something else in its place"
    with somebody_elses(path.parent), pytest.raises(PermissionError, match=said):
        check_way(path)
    check_way(path)


def test_a_link_of_ours_is_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    link = tmp_path / "live"
    link.symlink_to(target)
    private_folder(link)
    assert stat.S_IMODE(target.stat().st_mode) == 0o700


def test_a_link_of_somebody_else_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    link = tmp_path / "live"
    link.symlink_to(target)
    with somebody_elses(link), pytest.raises(PermissionError, match="another user"):
        private_folder(link)


def test_a_link_into_a_shared_place_is_looked_at_where_it_leads(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (shared / "target").mkdir(parents=True)
    shared.chmod(0o777)
    link = tmp_path / "live"
    link.symlink_to(shared / "target")
    with pytest.raises(PermissionError, match="others can write"):
        check_way(link)


def test_a_file_in_its_place_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "live").touch()
    (tmp_path / "live").chmod(0o600)
    with pytest.raises(OSError, match="live"):
        private_folder(tmp_path / "live" / "more")


def test_no_journal_is_kept_where_others_could_replace_it(tmp_path: Path) -> None:
    above = tmp_path / "shared"
    above.mkdir()
    above.chmod(0o777)
    journal = Journal(above / "live", SystemClock(), WHO, {})
    with pytest.raises(JournalError, match="chmod go-w"):
        journal.check()
