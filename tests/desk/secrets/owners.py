"""What belongs to somebody else, on a machine where tests run as root and on one where they do not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

STRANGER = 54321


def foreign_file(path: Path) -> Path:
    """Root gives ``path`` away; anybody else takes a file of root's, in a place that only root can change."""
    if os.geteuid() != 0:
        return Path("/etc/passwd")
    os.chown(path, STRANGER, -1)
    return path


@contextmanager
def somebody_elses(path: Path) -> Iterator[None]:
    """While the block runs, ``path`` is another user's: root gives it away, anybody else becomes another user himself,
    to whom all that he made belongs to somebody else.
    """
    with pytest.MonkeyPatch.context() as patch:
        if os.geteuid() == 0:
            os.lchown(path, STRANGER, -1)
        else:
            patch.setattr(os, "geteuid", lambda: STRANGER)
        yield
    if os.geteuid() == 0:
        os.lchown(path, 0, -1)
