"""Settings that cannot be used: one sentence for the user, and exit code 2."""

from __future__ import annotations


class ConfigError(Exception):
    """The settings cannot be used. The message is one sentence for the user; the exit code is 2."""


class NotConfiguredError(ConfigError):
    """Nothing at all says where to connect."""
