"""The choice of a scope: what each key would take, before anything is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from blotter.core.asking.scope import Scope, Selection
from blotter.core.order import OrderKey
from blotter.core.text import fit, show
from blotter.core.words.piece import Line, Piece, Role, cut

HEIGHT = 6
NAMES = {
    Scope.ACCOUNT: "the cursor's account",
    Scope.BUYS: "buys (also to cover)",
    Scope.SELLS: "sells (also short)",
    Scope.SYMBOL: "the cursor's symbol",
    Scope.FILTERED: "what the filter shows",
    Scope.DAY: "day orders",
    Scope.ALL: "everything",
}
LEFT = (Scope.ACCOUNT, Scope.SYMBOL, Scope.FILTERED, Scope.ALL)
RIGHT = (Scope.BUYS, Scope.SELLS, Scope.DAY)


def scope_menu(
    found: Mapping[Scope, Selection], kept: Collection[OrderKey], filter_text: str, width: int
) -> tuple[Line, ...]:
    """Six lines: the scopes in two columns, each with its count and how many of these are ``kept`` because they cannot
    be canceled now; dimmed where nothing can.
    """
    cut_by = f"filter {show(filter_text)} cuts all of these but *" if filter_text.strip() else "nothing is sent yet"
    half = (width - 1) // 2
    lines: list[Line] = [(Piece(" CANCEL MANY: which orders?", Role.TITLE), Piece(f"   {cut_by}", Role.DIM))]
    for index, scope in enumerate(LEFT):
        other = RIGHT[index] if index < len(RIGHT) else None
        right = _choice(other, found[other], kept, half) if other else ()
        lines.append((Piece(" "), *_choice(scope, found[scope], kept, half), *right))
    lines.append((Piece(" "), Piece("[ n  keep all ]", Role.FOCUS)))
    return tuple(cut(line, width) for line in lines)


def _choice(scope: Scope, found: Selection, kept: Collection[OrderKey], width: int) -> Line:
    out = sum(row.key in kept for row in found.rows) if kept else 0
    count = f"{len(found.rows)}{f', {out} kept' if out else ''}" if found.rows else "-"
    any_left = out < len(found.rows)
    role = Role.PLAIN if any_left else Role.DIM
    return (
        Piece(f"{scope.value}  ", Role.STRONG if any_left else Role.DIM),
        Piece(fit(f"{NAMES[scope]}: {count}", width - 3), role),
    )
