"""How often the interpreter looks for cyclic garbage while a desk runs.

A full search stops both threads for as long as it takes to look at everything that lives: 100 ms with 9,000 orders, and
parsed pages, which live for a moment, bring one on every few seconds. So what was there before the desk, the libraries
above all, is left out of it, and the young are looked at when there are 10,000 of them instead of 700: most of a page
is gone by then. Garbage is found all the same, a few megabytes later.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 10_000


@contextmanager
def seldom_collected() -> Iterator[None]:
    """For the whole process, as long as the desk runs."""
    young, *older = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(YOUNG, *older)
    try:
        yield
    finally:
        gc.set_threshold(young, *older)
        gc.unfreeze()
