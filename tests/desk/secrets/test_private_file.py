"""Files with a secret in them: every wrong owner, mode, link and place, and the command that mends it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from blotter.desk.secrets.private_file import MOST, UnsafeFile, read_private, remove_private, write_private
from tests.desk.secrets.owners import foreign_file

SECRET = b"canary-5502"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    held = tmp_path / "a token"
    held.write_bytes(SECRET)
    held.chmod(0o600)
    return held


def refused(path: Path) -> str:
    with pytest.raises(UnsafeFile) as error:
        read_private(path)
    said = str(error.value)
    assert "canary" not in said
    return said


def mend(said: str) -> None:
    """Run the command that a refusal ends with."""
    subprocess.run(["sh", "-c", said.rpartition(": ")[2]], check=True)


def test_a_private_file_is_read(path: Path) -> None:
    assert read_private(path) == SECRET
    path.chmod(0o400)
    assert read_private(path) == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602, 0o601, 0o777])
def test_a_mode_that_lets_others_in(path: Path, mode: int) -> None:
    path.chmod(mode)
    said = refused(path)
    assert f"open to others (mode {mode:04o}): chmod 600 '{path}'" in said
    mend(said)
    assert read_private(path) == SECRET


def test_a_symbolic_link(path: Path) -> None:
    link = path.with_name("link")
    link.symlink_to(path)
    said = refused(link)
    assert f"{link} is a symbolic link: cp -p " in said
    mend(said)
    assert read_private(link) == SECRET
    assert not link.is_symlink()


def test_a_second_name(path: Path) -> None:
    os.link(path, path.with_name("other"))
    said = refused(path)
    assert f"{path} has 2 names: cp -p " in said
    mend(said)
    assert read_private(path) == SECRET


def test_another_owner(path: Path) -> None:
    theirs = foreign_file(path)
    said = refused(theirs)
    assert said.startswith(f"{theirs} belongs to another user: sudo chown ")
    assert said.endswith(f" {shlex.quote(str(theirs))}")


def test_no_regular_file(path: Path) -> None:
    for make in (Path.mkdir, os.mkfifo):
        other = path.with_name(make.__name__)
        make(other)
        assert f"{other} is no regular file" in refused(other)


@pytest.mark.parametrize("mode", [0o702, 0o722])
def test_a_folder_that_others_can_write_into(path: Path, mode: int) -> None:
    path.parent.chmod(mode)
    said = refused(path)
    assert said == f"others can write into {path.parent}: chmod go-w {path.parent}"
    mend(said)
    assert read_private(path) == SECRET


def test_a_folder_where_everybody_leaves_files(path: Path) -> None:
    path.parent.chmod(0o1777)
    assert f"everybody may leave files in {path.parent}" in refused(path)


def test_a_folder_further_up(path: Path) -> None:
    inner = path.parent / "inner"
    inner.mkdir(0o700)
    held = inner / "token"
    write_private(held, SECRET)
    path.parent.chmod(0o777)
    assert refused(held) == f"others can write into {path.parent}: chmod go-w {path.parent}"


def test_what_is_not_there_is_no_error_of_its_own(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_private(path.with_name("none"))


def test_a_file_that_no_token_is_as_long_as(path: Path) -> None:
    path.write_bytes(b"x" * (MOST + 1))
    assert "longer than 65,536 bytes" in refused(path)


def test_it_is_written_whole_private_and_not_through_a_link(path: Path) -> None:
    target = path.with_name("target")
    target.write_bytes(b"untouched")
    held = path.with_name("link")
    held.symlink_to(target)
    write_private(held, SECRET)
    assert read_private(held) == SECRET
    assert held.stat().st_mode & 0o777 == 0o600
    assert target.read_bytes() == b"untouched"
    assert {each.name for each in path.parent.iterdir()} == {"a token", "link", "target"}


def test_a_disk_that_does_not_take_it_leaves_the_old_one(path: Path) -> None:
    path.with_name("in the way").mkdir()
    (path.with_name("in the way") / "file").touch()
    with pytest.raises(UnsafeFile, match="cannot be used: Is a directory"):
        write_private(path.with_name("in the way"), SECRET)
    assert {each.name for each in path.parent.iterdir()} == {"a token", "in the way"}


@pytest.mark.parametrize("act", [lambda path: write_private(path, SECRET), remove_private], ids=["write", "remove"])
def test_what_a_killed_process_left_half_written_goes(path: Path, act: Callable[[Path], object]) -> None:
    path.with_name(f".{path.name}.x1b2c3").write_bytes(SECRET)
    path.with_name(".another.x1b2c3").touch()
    act(path)
    assert {each.name for each in path.parent.iterdir()} - {path.name} == {".another.x1b2c3"}


def test_a_file_that_is_swapped_while_it_is_read_is_read_or_refused(path: Path) -> None:
    """What was looked at is what is read: both by one descriptor."""
    stranger = path.with_name("stranger")
    stranger.write_bytes(b"of somebody else")
    stranger.chmod(0o644)
    over = threading.Event()

    def swap() -> None:
        new = path.with_name("new")
        while not over.is_set():
            new.symlink_to(stranger)
            new.replace(path)
            shutil.copy(stranger, new)
            new.replace(path)
            os.close(os.open(new, os.O_WRONLY | os.O_CREAT, 0o600))
            new.write_bytes(SECRET)
            new.replace(path)

    swapping = threading.Thread(target=swap)
    swapping.start()
    found = set()
    try:
        for _ in range(3000):
            try:
                found.add(read_private(path))
            except UnsafeFile:
                found.add(b"refused")
    finally:
        over.set()
        swapping.join()
    assert found == {SECRET, b"refused"}


def test_it_is_taken_away(path: Path) -> None:
    assert remove_private(path)
    assert not remove_private(path)
