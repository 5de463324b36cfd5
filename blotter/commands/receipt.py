"""One line for one cancel: who asked for what and when, and what became of it, as the journal says."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from blotter.core.contract import display_symbol
from blotter.core.sheets.columns import SIDES
from blotter.core.text import cells, fit, show
from blotter.desk.journal import recall
from blotter.desk.journal.ledger import Cancel, Entry, Run, cancels, text
from blotter.desk.journal.record import Kind

FIELDS = (
    *("asked", "sent", "answered", "ended", "login", "uid", "host", "tty", "ssh"),
    *(
        "account",
        "clOrdId",
        "ordId",
        "side",
        "symbol",
        "contract",
        "qty",
        "price",
        "outcome",
        "ordStatus",
        "cumQty",
        "avgPrice",
    ),
    *("http", "text", "reason", "override", "shown", "intent", "run"),
)
"""The columns of the CSV, in their order. Times are UTC; ``text`` is the broker's, or ours where it said nothing."""

TABLE = ("asked", "account", "clOrdId", "side", "contract", "outcome", "ordStatus", "login", "text")
_LEFT_OUT = ("login", "ordStatus")
"""Columns that a narrow terminal goes without, in this order. Then times lose their year, and the text is cut."""
_SQUEEZED = (("contract", 8), ("clOrdId", 12), ("contract", 1), ("clOrdId", 1))
"""Where that is not enough, these are cut, to so many cells: whose order it is and what became of it stand whole."""

Receipt = Mapping[str, str]


def receipts(runs: Sequence[Run]) -> list[Receipt]:
    """Every cancel that was confirmed, also those that were turned down before they had an intent, or whose intent no
    file took; oldest first.
    """
    starts = {run.name: run.start for run in runs if run.start}
    asked = cancels(runs)
    found = [(cancel.asked.utc, _of(cancel, starts)) for cancel in asked]
    held = {cancel.intent for cancel in asked}
    for run in runs:
        found += [(entry.utc, _declined(entry, starts)) for entry in run.of(Kind.DECLINED) if entry.intent not in held]
    return [receipt for _, receipt in sorted(found, key=lambda pair: pair[0])]


def lines(found: Sequence[Receipt], width: int | None) -> Iterator[str]:
    """The table under its heading: aligned, and as narrow as the terminal. Without one (``None``) a tab stands between
    two cells and nothing else does, for whoever cuts columns: contracts and times have spaces inside.
    """
    rows: list[Receipt] = [
        {name: name for name in TABLE},
        *({name: _cell(each, name) for name in TABLE} for each in found),
    ]
    if width is None:
        yield from ("\t".join(row.values()) for row in rows)
        return
    widths = {name: max(cells(row[name]) for row in rows) for name in TABLE}
    for name in _LEFT_OUT:
        if _over(widths, width) > 0:
            del widths[name]
    if _over(widths, width) > 0:
        rows = _without_year(rows)
        widths["asked"] = max(cells(row["asked"]) for row in rows)
    for name, least in _SQUEEZED:
        widths[name] = max(min(least, widths[name]), widths[name] - max(_over(widths, width), 0))
    widths["text"] = max(0, min(widths["text"], -_over(widths, width) - 1))
    for row in rows:
        line = " ".join(fit(row[name], widths[name]) for name in widths).rstrip()
        yield line if cells(line) <= width else fit(line, width)


def _over(widths: Mapping[str, int], width: int) -> int:
    """Cells that the columns before the text take beyond the terminal's."""
    return sum(wide + 1 for name, wide in widths.items() if name != "text") - 1 - width


def _without_year(rows: Sequence[Receipt]) -> list[Receipt]:
    """The year stands in the heading where all are of one; else it stays with each."""
    heading, *others = rows
    years = {row["asked"][:4] for row in others}
    if len(years) > 1:
        return list(rows)
    return [{**heading, "asked": f"asked {years.pop()}"}, *({**row, "asked": row["asked"][5:]} for row in others)]


def _cell(receipt: Receipt, name: str) -> str:
    """Safe to look at; the time to the second, and the side as in the table of orders."""
    value = receipt.get(name, "")
    if name == "asked":
        return f"{value[:10]} {value[11:19]}Z"
    return show(SIDES.get(value, value) if name == "side" else value)


def _of(cancel: Cancel, starts: Mapping[str, Mapping[str, Any]]) -> Receipt:
    asked, answer, outcome = cancel.asked.said, cancel.answer, cancel.outcome
    ended: Mapping[str, Any] = outcome.said if outcome else {}
    answered: Mapping[str, Any] = answer.said if answer else {}
    attempts = [entry for entry in cancel.followed if entry.kind == Kind.ATTEMPT]
    declined = next((entry for entry in cancel.followed if entry.kind == Kind.DECLINED), None)
    said = "" if cancel.declined else text(ended, "outcome") or ("running" if cancel.running else "no outcome")
    return {
        **_asked(cancel.asked, starts),
        "contract": display_symbol(recall.order(cancel)),
        "sent": _time(attempts[0]) if attempts else "",
        "answered": _time(answer) if answer else "",
        "ended": _time(outcome) if outcome and ended.get("final") is True else "",
        "outcome": said or "not sent",
        "ordStatus": text(ended, "ordStatus"),
        "cumQty": text(ended, "cumQty"),
        "avgPrice": text(ended, "avgPrice"),
        "http": str(answered.get("http") or ""),
        "text": text(ended, "text") or _words(answered) or text(answered, "said") or _why(declined, ended),
        "reason": text(asked, "reason"),
        "override": text(asked, "override"),
        "intent": cancel.intent,
    }


def _declined(entry: Entry, starts: Mapping[str, Mapping[str, Any]]) -> Receipt:
    contract = display_symbol(recall.displayed(entry))
    return {
        **_asked(entry, starts),
        "contract": contract,
        "outcome": "not sent",
        "text": text(entry.said, "reason"),
    }


def _words(answered: Mapping[str, Any]) -> str:
    """The broker's own, from an error or from the body of a success."""
    with contextlib.suppress(ValueError):
        said = json.loads(text(answered, "raw"))
        if isinstance(said, dict) and text(said, "text"):
            return text(said, "text")
    return text(answered, "words")


def _why(declined: Entry | None, ended: Mapping[str, Any]) -> str:
    return text(declined.said, "reason") if declined else text(ended, "detail")


def _asked(entry: Entry, starts: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    said, run = entry.said, text(entry.said, "run")
    who, row = _part(starts.get(run, {}), "who"), _part(said, "row")
    return {
        "asked": _time(entry),
        **{name: str(who.get(name, "")) for name in ("login", "uid", "host", "tty", "ssh")},
        "account": text(said, "account"),
        "clOrdId": text(said, "clOrdId"),
        "ordId": text(row, "ord_id"),
        **{name: text(row, name) for name in ("side", "symbol", "qty", "price")},
        "shown": text(said, "shown"),
        "run": run,
    }


def _part(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = said.get(name)
    return value if isinstance(value, Mapping) else {}


def _time(entry: Entry) -> str:
    return entry.utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
