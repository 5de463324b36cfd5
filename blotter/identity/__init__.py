"""Who is at the broker: ``blotter login``, ``blotter logout`` and ``blotter whoami``, which need no screen."""
