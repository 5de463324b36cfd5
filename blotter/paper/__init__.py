"""The practice broker: a real server with a believable market. Imports ``core`` at most."""
