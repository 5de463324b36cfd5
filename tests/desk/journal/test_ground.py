"""What the journal's folder stands on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blotter.desk.journal.ground import doubts, file_system

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / {home} rw,relatime shared:2 - {kind} server:/export rw,vers=4.2
41 22 0:36 / /mnt/with\\040space rw - tmpfs tmpfs rw
broken line
"""


@pytest.mark.parametrize(("kind", "remote"), [("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("xfs", False)])
def test_a_file_system_of_another_machine_is_told(tmp_path: Path, kind: str, remote: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.format(home=tmp_path, kind=kind))
    folder = tmp_path / "state" / "blotter"
    assert file_system(folder, mounts) == kind
    folder.mkdir(parents=True)
    told = list(doubts(folder, mounts, low=0))
    assert len(told) == remote
    assert not remote or re.search(f"network file system \\({kind}\\).*: name a local folder.* in {folder}$", told[0])


def test_the_nearest_mount_counts(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.format(home="/home", kind="nfs"))
    assert file_system(Path("/home/me"), mounts) == "nfs"
    assert file_system(Path("/homes/me"), mounts) == "ext4"
    assert file_system(Path("/mnt/with space/x"), mounts) == "tmpfs"
    assert file_system(Path("/home"), tmp_path / "none") == ""


def test_little_room_is_told(tmp_path: Path) -> None:
    (told,) = doubts(tmp_path, tmp_path / "none", low=1 << 62)
    assert re.search(r"Only \d+\.\d MB are free for the journal: free some room", told)
    assert list(doubts(tmp_path / "none", tmp_path / "none", low=1 << 62)) == []
