"""The choice of a scope: what each key would take, before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping

from blotter.core.piece import Line, Piece, Role, cut
from blotter.core.scope import Scope, Selection
from blotter.core.text import fit, show

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


def scope_menu(found: Mapping[Scope, Selection], filter_text: str, width: int) -> tuple[Line, ...]:
    """Six lines: the scopes in two columns, each with its count, or dimmed where it has no orders."""
    cut_by = f"filter {show(filter_text)} cuts all of these but *" if filter_text.strip() else "nothing is sent yet"
    half = (width - 1) // 2
    lines: list[Line] = [(Piece(" CANCEL MANY: which orders?", Role.TITLE), Piece(f"   {cut_by}", Role.DIM))]
    for index, scope in enumerate(LEFT):
        other = RIGHT[index] if index < len(RIGHT) else None
        right = _choice(other, found[other], half) if other else ()
        lines.append((Piece(" "), *_choice(scope, found[scope], half), *right))
    lines.append((Piece(" "), Piece("[ n  keep all ]", Role.FOCUS)))
    return tuple(cut(line, width) for line in lines)


def _choice(scope: Scope, found: Selection, width: int) -> Line:
    count = str(len(found.rows)) if found.rows else "-"
    role = Role.PLAIN if found.rows else Role.DIM
    return (
        Piece(f"{scope.value}  ", Role.STRONG if found.rows else Role.DIM),
        Piece(fit(f"{NAMES[scope]}: {count}", width - 3), role),
    )
