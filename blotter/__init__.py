"""A live blotter of working orders for the terminal, with the cancel beside it.

Four floors, and imports go down only: ``ui`` draws, ``desk`` keeps the session true, ``broker`` speaks
the wire, ``core`` holds the values and the rules. ``paper`` is the practice broker; ``cli`` wires them.
"""

__version__ = "0.1.0"
