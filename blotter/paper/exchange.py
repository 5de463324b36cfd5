"""The practice exchange: the market, the orders of the API and the cancels, over one ledger.

It knows nothing of HTTP. It is single-threaded and never sleeps: ``step`` is one update of the market, ``run_due``
does what has become due, and whoever owns the exchange calls both.
"""

from __future__ import annotations

from datetime import date
from random import Random

from blotter.core.clock import Clock
from blotter.paper.agenda import Agenda
from blotter.paper.cancels import Cancels, Ticket
from blotter.paper.draft import Draft
from blotter.paper.floor import Floor
from blotter.paper.flow import OrderFlow
from blotter.paper.ledger import Ledger, Page
from blotter.paper.market import Market
from blotter.paper.new_york import midnight_before
from blotter.paper.opening import Opening
from blotter.paper.order import PaperOrder, Record
from blotter.paper.placements import Placements
from blotter.paper.quotes import Quotes
from blotter.paper.settings import PaperSettings


class Exchange:
    """Everything that the practice broker knows of orders."""

    def __init__(self, settings: PaperSettings, clock: Clock) -> None:
        self.clock = clock
        self.accounts = settings.account_ids
        self.ledger = Ledger(self.accounts)
        self.floor = Floor(self.ledger, clock, settings.seed)
        self.agenda = Agenda(clock)
        rng = Random(settings.seed)
        self.quotes = Quotes(rng, self.today())
        flow = OrderFlow(rng, self.quotes, self.accounts, self.today())
        self.market = Market(self.floor, flow, self.quotes, rng, settings.orders)
        self._placements = Placements(self.floor, self.agenda, self.quotes)
        self._cancels = Cancels(self.floor, self.agenda, self.quotes, settings.seed, self.market.drop)
        Opening(self.floor, flow, self.quotes, rng, self.accounts[0]).fill(self.market, settings.orders)

    def today(self) -> date:
        """The trading day, which is New York's."""
        return midnight_before(self.clock.now().utc).date()

    def step(self) -> None:
        self.market.step()

    def place(self, draft: Draft) -> PaperOrder:
        return self._placements.place(draft)

    def begin_cancel(self, order: PaperOrder) -> Ticket:
        return self._cancels.begin(order)

    def answer_cancel(self, ticket: Ticket) -> Record:
        return self._cancels.answer(ticket)

    def active(self, account: str, limit: int, cursor: int) -> Page:
        """A page of the orders at work and of those that finished today, newest first."""
        midnight = midnight_before(self.clock.now().utc)
        return self.ledger.page(account, limit, cursor, lambda order: not order.finished or order.updated >= midnight)
