"""The doors: the API's JSON on one side, domain values on the other. Nothing here knows of a connection."""

from blotter.broker.wire.cancels import AccountFields, CancelReply, cancel_body
from blotter.broker.wire.orders import Unreadable
from blotter.broker.wire.pages import Page

__all__ = ["AccountFields", "CancelReply", "Page", "Unreadable", "cancel_body"]
