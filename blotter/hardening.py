"""What the operating system can be asked to do for a process that holds a trader's token.

Other programs of the same user may read its memory, a crash may leave that memory in a file, and whoever can read
``/proc/PID/environ`` sees the environment as it was at the start, whatever was removed since. All of this can be
refused, none of it by Python itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import resource

_PR_SET_DUMPABLE = 4


def harden() -> None:
    """No core file, no debugger, no dump of the stacks. Never raises: a system that lacks one of these is used anyway.

    A core is refused twice, because a host that pipes its cores into a collector does not ask about the limit.
    """
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    faulthandler.disable()


def wipe_variable(name: str) -> None:
    """Overwrite the value of an environment variable where it stands, before it is taken out of the environment."""
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.getenv.restype = ctypes.c_void_p
        if value := library.getenv(name.encode()):
            ctypes.memset(value, 0, len(ctypes.string_at(value)))
