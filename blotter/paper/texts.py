"""What the practice broker says, in the plain words that brokers use."""

from __future__ import annotations

CANCELED = "Cancel request processed"
TOO_LATE = "Too late to cancel"
PENDING_ALREADY = "Order already in pending cancel status"
EXPIRED = "Day order expired"
GTC_ENDED = "Canceled: good-till-canceled limit of 90 days reached"
DESK_CANCELED = "Canceled by trading desk"
IOC_REST = "Immediate or cancel: remainder canceled"
FOK_KILLED = "Fill or kill: not filled in full, killed"
NOT_IN_AUCTION = "Not executed in the auction"
SUSPENDED = "Trading paused in this symbol (LULD)"
TRIGGERED = "Stop price reached, order triggered"

# Reasons to refuse a new order, as (ordRejReason, text).
REJECTIONS = (
    ("BUYING_POWER", "Insufficient buying power"),
    ("PRICE_BAND", "Limit price is outside the price band"),
    ("HALTED", "Symbol is halted"),
    ("EXPOSURE", "Order exceeds the account's exposure limit"),
)
NO_LOCATE = ("SHORT_SALE", "Short sale: no locate available")

# Reasons to refuse a cancel of an order that goes on working.
REFUSALS = (
    "Cancel refused: order is being executed",
    "Cancel refused: order is in the closing auction",
    "Cancel refused: venue did not respond in time",
    "Cancel refused: symbol is in a trading pause",
)
