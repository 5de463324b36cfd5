"""JSON as a hostile or broken broker could send it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.broker.samples import LEG, record

# Surrogates included: JSON can escape them, and no encoder can write them.
text = st.text(max_size=20) | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Co"]), max_size=5)
numbers = st.integers() | st.floats() | st.integers(min_value=10**40, max_value=10**41)
odd_decimals = st.sampled_from(
    ["1e1000000", "1_000", " 1 ", "١٢", "NaN", "Infinity", "-0", "0x10", "1e-400", "9" * 5000, "1.", ".5", "+1", "1e5"]
)
scalars = st.none() | st.booleans() | numbers | text | odd_decimals
names = st.sampled_from([*record(), *LEG, "origClOrdId", "success", "status", "error", "codes", "message"]) | text
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6), max_leaves=12
)


@st.composite
def damaged_records(draw: st.DrawFn) -> dict[str, Any]:
    """An order record with some of its members replaced, dropped or made up."""
    damaged = record(legs=[dict(LEG)])
    for name in draw(st.lists(st.sampled_from(sorted(damaged)), max_size=3)):
        damaged.pop(name, None)
    return damaged | draw(st.dictionaries(names, anything, max_size=4))
