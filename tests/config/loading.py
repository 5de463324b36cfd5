"""Settings as a run of the blotter loads them, with a token and, unless told otherwise, a base URL."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blotter.config import Settings, live

SECRET = "s3cret-token"
AT_HOME = {"base_url": "https://flag.example"}


def load(file: Path, flags: Mapping[str, Any] = AT_HOME, environ: Mapping[str, str] | None = None) -> Settings:
    return live(flags, environ or {}, file, SECRET)
