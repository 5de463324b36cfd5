"""The settings: flag before environment before profile of the config file before default."""

from __future__ import annotations

from blotter.config.errors import ConfigError, NotConfiguredError
from blotter.config.load import live, place, practice, profile_name
from blotter.config.settings import Login, Place, Practice, Settings

__all__ = [
    "ConfigError",
    "Login",
    "NotConfiguredError",
    "Place",
    "Practice",
    "Settings",
    "live",
    "place",
    "practice",
    "profile_name",
]
