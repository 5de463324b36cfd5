"""The screen: draws frozen values, turns keys into requests. Never touches the network or the disk."""
