"""From what the user decided to what the desk is told: one desk, for the screen and for the commands."""

from __future__ import annotations

from pathlib import Path

from blotter.config import Settings
from blotter.desk.settings import DeskSettings


def desk_settings(settings: Settings, journal: Path) -> DeskSettings:
    """What the desk is told, with the folder that its journal is kept in."""
    return DeskSettings(
        base_url=settings.base_url,
        stream_url=settings.stream_url,
        token=settings.token,
        state_dir=journal,
        accounts=settings.accounts,
        account_fields=settings.account_fields,
        timeout=settings.timeout,
        read_only=settings.read_only,
        nicknames=settings.nicknames,
        view_only=settings.view_only,
        relist_every=settings.relist_every,
        cancel_concurrency=settings.cancel_concurrency,
        ca_file=settings.ca_file,
    )
