"""Pure values and rules: no I/O, no event loop, no clock (time is an argument)."""
