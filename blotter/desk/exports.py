"""Files that the trader asked for: readable by him alone, never in the place of another, written off the loop."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from blotter.desk.secrets.folder import private_folder

FOLDER = "export"
MOST = 100
"""So many files of one second get a number each."""


def write_export(folder: Path, name: str, text: str, at: datetime) -> Path:
    """A new file with ``text`` in the folder for exports; ``name`` is what it begins with, and its ending.

    Raises:
        OSError: the folder is not ours alone, or the disk does not take the file; then there is none.
    """
    into = folder / FOLDER
    private_folder(into)
    stem, dot, ending = name.rpartition(".")
    data = text.encode("utf-8")
    for number in range(1, MOST + 1):
        path = into / f"{stem}-{at:%Y%m%dT%H%M%SZ}{f'-{number}' if number > 1 else ''}{dot}{ending}"
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            continue
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(fd)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
    raise FileExistsError(f"{MOST} files of this second stand in {into} already")
