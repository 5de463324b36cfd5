"""The desk's way to the broker, over the network."""

from __future__ import annotations

from blotter.broker.client import Client
from blotter.desk.settings import DeskSettings


def open_client(settings: DeskSettings) -> Client:
    """Not entered yet."""
    return Client(settings.base_url, settings.token, account_fields=settings.account_fields, ca_file=settings.ca_file)
