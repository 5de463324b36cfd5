"""What every test stands on."""

from __future__ import annotations

import signal

# A runner started in the background, or under nohup, hands down ignored signals, and every process that a test starts
# would ignore them too.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
