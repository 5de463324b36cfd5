"""Finding one's orders by plain text."""

from __future__ import annotations

from blotter.core.book.row import Row
from blotter.core.contract import display_symbol
from blotter.core.text import show


class Query:
    """What the trader typed after ``/``. Case does not matter; every word must be found, in any order.

    Words are looked for in the symbol as sent and as shown, in both ids, the account and its nickname; a tag matches by
    its beginning, since as a substring two letters would match everything.
    """

    def __init__(self, text: str = "") -> None:
        self.text = text
        self._words = tuple(text.casefold().split())

    def matches(self, row: Row, nickname: str = "") -> bool:
        """Whether ``row``, of an account with this nickname, is to be shown. An empty query shows every row."""
        if not self._words:
            return True
        order = row.order
        fields = (order.symbol, display_symbol(order), order.cl_ord_id, order.ord_id, order.account, nickname)
        where = "\n".join(f"{field}\n{show(field)}" for field in fields).casefold()
        return all(word in where or row.tag.startswith(word) for word in self._words)
