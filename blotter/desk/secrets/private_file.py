"""Files with a secret in them: read only where nobody else could read or write them, written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import pwd
import stat
import tempfile
from pathlib import Path

from blotter.desk.secrets.folder import check_way, private_folder, shell_word

MOST = 64 * 1024


class UnsafeFile(Exception):
    """The file cannot be trusted or used. The message is a sentence, with the command that mends it where one does."""


def read_private(path: Path) -> bytes:
    """The content of ``path``: a regular file of ours alone, with one name, not reached through a link.

    Raises:
        FileNotFoundError: there is no such file.
        UnsafeFile: others can read it, write it or put something else in its place, or it cannot be read.
    """
    try:
        check_place(path.parent)
        # Not blocking: to open a named pipe would wait for somebody to write into it.
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except PermissionError as error:
        raise UnsafeFile(_said(path, error)) from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            word, new = _words(path)
            copy = f'cp -p "$(readlink -f {word})" {new} && mv {new} {word}'
            raise UnsafeFile(f"{path} is a symbolic link: {copy}") from None
        raise UnsafeFile(_said(path, error)) from None
    try:
        _check(path, os.fstat(fd))
        return _content(path, fd)
    finally:
        os.close(fd)


def write_private(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of ``path``: whoever reads sees all of the old or all of the new. On disk on return.

    One process at a time: what one that was killed left half-written beside it is taken away.

    Raises:
        UnsafeFile: the folder is not fit for a secret, or the disk does not take it; the old file stands.
    """
    try:
        private_folder(path.parent)
        _clear(path)
        fd, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(fd)
            os.replace(name, path)  # noqa: PTH105 - the name is a string, as mkstemp gives it
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)  # noqa: PTH108
            raise
        _sync(path.parent)
    except OSError as error:
        raise UnsafeFile(_said(path, error)) from None


def remove_private(path: Path) -> bool:
    """Take the file away, and what a killed process left half-written beside it; whether there was one.

    Raises :class:`UnsafeFile` where it cannot be taken away.
    """
    try:
        _clear(path)
        path.unlink()
        _sync(path.parent)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UnsafeFile(_said(path, error)) from None
    return True


def check_place(folder: Path) -> None:
    """Raises ``PermissionError`` for a folder in which others may leave files, or that others can exchange."""
    check_way(folder / "file")
    if folder.stat().st_mode & stat.S_IWOTH:
        private = "mkdir -p -m 700 ~/.blotter"
        raise PermissionError(f"everybody may leave files in {folder}, move it elsewhere: {private}")


def _check(path: Path, found: os.stat_result) -> None:
    word, new = _words(path)
    if not stat.S_ISREG(found.st_mode):
        raise UnsafeFile(f"{path} is no regular file: mv {word} {word}.old")
    if found.st_uid != os.geteuid():
        raise UnsafeFile(f"{path} belongs to another user: sudo chown {_our_name()} {word}")
    if found.st_mode & 0o077:
        raise UnsafeFile(f"{path} is open to others (mode {found.st_mode & 0o777:04o}): chmod 600 {word}")
    if found.st_nlink != 1:
        raise UnsafeFile(f"{path} has {found.st_nlink} names: cp -p {word} {new} && mv {new} {word}")


def _content(path: Path, fd: int) -> bytes:
    try:
        content = b""
        while len(content) <= MOST and (piece := os.read(fd, MOST)):
            content += piece
    except OSError as error:
        raise UnsafeFile(_said(path, error)) from None
    if len(content) > MOST:
        raise UnsafeFile(f"{path} is longer than {MOST:,} bytes, which no token is")
    return content


def _said(path: Path, error: OSError) -> str:
    """The sentence of our own checks, or what the system calls its error."""
    if error.errno is None:
        return str(error)
    return f"{path} cannot be used: {os.strerror(error.errno)}"


def _clear(path: Path) -> None:
    for left in path.parent.glob(f".{glob.escape(path.name)}.*"):
        left.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _words(path: Path) -> tuple[str, str]:
    """``path`` and the name of a copy beside it, for a command."""
    return shell_word(path), shell_word(path.with_name(f"{path.name}.new"))


def _our_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
