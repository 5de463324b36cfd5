"""``blotter audit``: what the journal holds, and whether it is whole. Needs no network and no token.

The table and the CSV have a line for each cancel; JSON lines are the records themselves, as they stand in the files,
for whoever wants to check them without this program. CSV ends up in spreadsheets, which run what begins with ``=``:
such cells get an apostrophe in front, and unprintable characters are marked as on the screen. JSON lines keep all as it
is.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from blotter.commands.options import command, order_id
from blotter.commands.output import Output
from blotter.commands.since import since
from blotter.core.sheets.spreadsheet import cell
from blotter.core.text import show
from blotter.desk.journal.ledger import Entry, Run, names, runs, text

DESCRIPTION = """\
Print the journal of this user's cancels, oldest first. table and csv have a line for each cancel, jsonl has the records
as they stand in the files. In a pipe, tabs stand between the cells of the table. Cells of the csv that a spreadsheet
would take for a formula begin with an apostrophe."""
EPILOG = """\
exit codes: 0 printed, and nothing speaks against the files; 1 a file is damaged or cannot be read; 2 usage."""


def main(arguments: Sequence[str]) -> int:
    """Print or verify; returns the exit code."""
    parser = command("audit", DESCRIPTION, EPILOG)
    parser.add_argument("--verify", action="store_true", help="check chain, numbering and pairing of every file")
    parser.add_argument("--format", choices=("table", "jsonl", "csv"), help="default: table")
    parser.add_argument(
        "--since", metavar="WHEN", type=since, help="a date, a time (UTC), or how long ago: 90m, 2h, 1d"
    )
    parser.add_argument("--order", metavar="ID", type=order_id, help="only the cancels of this client order id")
    parser.add_argument("--paper", action="store_true", help="the journal of runs of blotter --paper")
    given = parser.parse_args(arguments)
    if given.verify and (given.format or given.since or given.order):
        parser.error("--verify looks at whole files: it takes no --format, --since or --order")
    output = Output()

    from blotter import paths

    folder = paths.state_folder(practice=given.paper)
    if trouble := _closed(folder):
        output.say(trouble)
        return 1
    files = runs(folder)
    if given.verify:
        return _verify(files, folder, output)
    nothing = True
    for line in _printed(files, given, output):
        output.data(line)
        nothing = False
    if nothing:
        output.say(f"no {'such ' if given.since or given.order else ''}cancels on record in {folder}")
    return _told(files, output)


def _closed(folder: Path) -> str:
    """Why the folder cannot be looked into, as a sentence. One that is not there holds nothing: that is no fault."""
    try:
        next(folder.iterdir(), None)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"the journal in {folder} cannot be read: {error.strerror}"
    return ""


def _verify(files: Sequence[Run], folder: Path, output: Output) -> int:
    bad = [run.bad for run in files if run.bad]
    for flaw in bad:
        output.data(show(f"{flaw.path.parent}/{flaw}"))
    records = sum(len(run.records) for run in files)
    torn = sum(bool(run.torn) for run in files)
    told = f"{len(files)} {'file' if len(files) == 1 else 'files'}, {records} records in {folder}"
    if torn:
        told += f"; {torn} with an unfinished last line, as a killed process leaves it"
    if not bad:
        output.data(show(f"verified: {told}; chain, numbering and pairing hold"))
    return _written(output, 1 if bad else 0)


def _printed(files: Sequence[Run], given: argparse.Namespace, output: Output) -> Iterator[str]:
    if given.format == "jsonl":
        yield from _records(files, given.since, given.order, escaped=output.width is not None)
        return

    from blotter.commands import receipt

    found = [each for each in receipt.receipts(files) if given.order in (None, each["clOrdId"])]
    if given.since is not None:
        found = [each for each in found if datetime.fromisoformat(each["asked"]).astimezone(UTC) >= given.since]
    if given.format == "csv":
        yield _csv(receipt.FIELDS)
        for each in found:
            yield _csv([cell(each.get(name, "")) for name in receipt.FIELDS])
    elif found:
        yield from receipt.lines(found, output.width)


def _records(files: Sequence[Run], start: datetime | None, order: str | None, *, escaped: bool) -> Iterator[str]:
    intents = {
        entry.intent for run in files for entry in run.records if entry.intent and text(entry.said, "clOrdId") == order
    }
    for run in files:
        for entry in run.records:
            if start is not None and entry.utc < start:
                continue
            if order is None or _is_about(entry, order, intents):
                line = json.dumps(entry.said, ensure_ascii=True, separators=(",", ":"))
                yield line.replace("\x7f", "\\u007f") if escaped else line


def _is_about(entry: Entry, order: str, intents: set[str]) -> bool:
    named = {entry.intent, *names(entry.said, "intents")}
    return bool(named & intents) or text(entry.said, "clOrdId") == order


def _csv(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _told(files: Sequence[Run], output: Output) -> int:
    """What must be known of the files beside what they hold."""
    for run in files:
        if run.bad:
            output.say(f"damaged, what can be read of it is printed: {run.bad}")
    return _written(output, 1 if any(run.bad for run in files) else 0)


def _written(output: Output, code: int) -> int:
    if output.trouble:
        output.say(output.trouble)
        return 1
    return code
