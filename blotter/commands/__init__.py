"""What scripts, bad links and risk officers use instead of the screen: one question, one answer, no frame.

The commands stand beside the screen on the same desk. Each module has a ``main`` from arguments to exit code.
"""
