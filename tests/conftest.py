"""What every test stands on."""

from __future__ import annotations

import os
import signal
from itertools import groupby

import pytest

# A runner started in the background, or under nohup, hands down ignored signals, and every process that a test starts
# would ignore them too.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Half of the time is waiting, for terminals and sockets: two cores take four."""
    return max(4, os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker begins with its share of the files that take longest: dealt in the order of their names, the
    terminals would come to one worker near the end, which would be waited for by all the others.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    rest = [item for item in items if "terminal" not in item.path.parts]
    longest = [item for item in items if "terminal" in item.path.parts]
    files = [list(file) for _, file in groupby(longest, key=lambda item: item.path)]
    share = len(items) // workers
    items.clear()
    for worker in range(workers):
        first = [item for file in files[worker::workers] for item in file]
        room = max(share - len(first), 0) if worker < workers - 1 else len(rest)
        items += [*first, *rest[:room]]
        del rest[:room]
