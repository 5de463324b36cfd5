"""What an empty table says: never "no orders" before that is known."""

from __future__ import annotations

from blotter.core.text import show
from blotter.ui.header.headline import Facts


def words(facts: Facts) -> str:
    """One sentence for the place where rows would be."""
    if facts.filter and facts.counts.total:
        return f"no order matches /{show(facts.filter)}; esc shows all {facts.counts.total}"
    if facts.failed:
        return "the desk has stopped: what works at the broker is not known here"
    if not facts.links:
        return f"no account is known, a message says why; {facts.no_accounts}" if facts.no_accounts else "connecting…"
    unread = [link for link in facts.links if link.listed is None]
    if unread:
        failing = [f"{link.account.name} ({link.trouble})" for link in unread if link.trouble]
        waiting = [link.account.name for link in unread if not link.trouble]
        said = f"not read: {show(', '.join(failing))}" if failing else ""
        return "; ".join(filter(None, (said, f"loading the orders of {show(', '.join(waiting))}…" if waiting else "")))
    accounts = show(", ".join(link.account.name for link in facts.links))
    done = f"; t shows {facts.counts.done} finished today" if facts.counts.done and not facts.finished_shown else ""
    return f"no working orders in {accounts}{done}"
