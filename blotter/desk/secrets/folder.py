"""Folders that nobody else can look into, write into, or put something else in the place of.

A folder's own mode says little: whoever may write into a folder above it can rename it and leave another. So the whole
way is looked at: what stands on it belongs to us or to root, and others may write only where the sticky bit keeps them
from renaming what is not theirs. A group of one, which many systems give every user, counts as its user.
"""

from __future__ import annotations

import grp
import os
import pwd
import shlex
import stat
from pathlib import Path

ROOT, UNMAPPED = 0, 65534
"""Besides us, who may own what leads to our folders; in a container root itself can appear as *nobody*."""


def private_folder(path: Path) -> None:
    """Make ``path`` a folder that only its owner can look into. Raises ``OSError`` where that cannot be.

    A folder of ours that others can read is closed to them; a folder of somebody else, and a way to it that others can
    change, are refused in a sentence, with the command that mends it where there is one.
    """
    _make(path)
    found = path.stat()
    if found.st_uid != os.geteuid():
        raise PermissionError(f"{path} belongs to another user")
    check_way(path)
    if found.st_mode & 0o077:
        path.chmod(0o700)


def check_way(path: Path) -> None:
    """Raises ``PermissionError`` where somebody but us and root could put something else in the place of ``path``."""
    for step in sorted(_way(path)):
        found = step.lstat()
        if found.st_uid not in (os.geteuid(), ROOT, UNMAPPED):
            raise PermissionError(f"{step} belongs to another user, who can put something else in its place")
        if stat.S_ISLNK(found.st_mode) or found.st_mode & stat.S_ISVTX:
            continue
        if found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and not _is_ours_alone(found.st_gid)):
            raise PermissionError(f"others can write into {step}: chmod go-w {shell_word(step)}")


def check_file(path: Path) -> None:
    """The same for a file that others may read: it is to be there, and neither it nor its place theirs to change."""
    path.stat()
    check_way(path / path.name)


def shell_word(path: Path) -> str:
    """``path`` as one word of a command that is advised: whatever is in the name, the shell runs nothing else."""
    return shlex.quote(str(path.absolute()))


def _make(path: Path) -> None:
    """Each folder of the way by itself: ``mkdir`` gives its mode to the last one only."""
    for folder in (*reversed(path.parents), path):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)


def _way(path: Path) -> set[Path]:
    """Every folder and every link that leads to ``path``, as it is written and as its links resolve."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would hide the links that are to be looked at
    links = {absolute} if absolute.is_symlink() else set()
    return {*absolute.parents, *absolute.resolve().parents, *links}


def _is_ours_alone(group: int) -> bool:
    """Whether the group is the one that the system made for this very user."""
    try:
        name, found = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(group)
    except KeyError:
        return False
    return found.gr_name == name and set(found.gr_mem) <= {name}
