"""The settings: flag before environment before profile of the config file before default."""

from __future__ import annotations

from blotter.config.errors import ConfigError, NotConfiguredError
from blotter.config.load import live, practice
from blotter.config.settings import Login, Practice, Settings

__all__ = ["ConfigError", "Login", "NotConfiguredError", "Practice", "Settings", "live", "practice"]
