"""Orders as the API writes them, read record by record: one that cannot be read costs itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, cast

from pydantic import Field, TypeAdapter, ValidationError, with_config
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict  # pydantic cannot read the standard one before Python 3.12

from blotter.broker.wire.values import (
    CAMEL,
    LONGEST_ID,
    MOST_LEGS,
    Id,
    LegWord,
    Moment,
    Owner,
    Quantity,
    Remark,
    Word,
    is_text,
    reason,
)
from blotter.core.order import Leg, OrderFields


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that could not be read. ``cl_ord_id`` is empty where not even that was legible; ``reason`` is ours."""

    cl_ord_id: str
    reason: str


Read = tuple[str, OrderFields]
"""A client order id, and the fields that its record carried."""


@with_config(CAMEL)
class _LegRecord(TypedDict, total=False):
    symbol: LegWord
    side: LegWord
    ratio_qty: Quantity
    position_effect: LegWord
    security_type: LegWord
    maturity: LegWord
    strike_price: LegWord
    put_call: LegWord
    avg_price: Quantity


@with_config(CAMEL)
class _OrderRecord(TypedDict, total=False):
    cl_ord_id: Id
    account_id: Owner
    ord_id: Id
    orig_cl_ord_id: Id
    client_id: Remark
    symbol: Word
    side: Word
    type: Word
    time_in_force: Word
    qty: Quantity
    price: Quantity
    stop_price: Quantity
    ord_status: Word
    cum_qty: Quantity
    leaves_qty: Quantity
    avg_price: Quantity
    currency: Word
    ex_destination: Remark
    text: Remark
    ord_rej_reason: Remark
    security_type: Word
    category: Word
    legs: Annotated[list[_LegRecord], Field(max_length=MOST_LEGS)] | None
    created_at: Moment
    updated_at: Moment


ORDER_FIELDS = frozenset(map(to_camel, _OrderRecord.__annotations__))
LEG_FIELDS = frozenset(map(to_camel, _LegRecord.__annotations__))

_RECORD = TypeAdapter(_OrderRecord)
_PRICED = frozenset({"LIMIT", "STOP_LIMIT"})


def read_order(record: object, account: str) -> Read | Unreadable:
    """One record of ``account``, whole or a patch. What is null, or an empty quantity, price or time, was not said.

    A record that names another account is not read: a cancel built from it would go to the wrong place.
    """
    try:
        fields = cast(dict[str, Any], _RECORD.validate_python(record))
    except ValidationError as error:
        return Unreadable(id_of(record), reason(error))
    cl_ord_id, owner = fields.pop("cl_ord_id", None), fields.pop("account_id", None)
    if not cl_ord_id:
        return Unreadable("", "clOrdId is missing")
    if owner and owner != account:
        return Unreadable(cl_ord_id, "accountId names another account")
    return cl_ord_id, _said(fields)


def id_of(record: object) -> str:
    """The client order id of a record that is otherwise illegible, or nothing."""
    found = record.get("clOrdId") if isinstance(record, dict) else None
    return str(found) if isinstance(found, str) and is_text(found, LONGEST_ID) else ""


def _said(fields: dict[str, Any]) -> OrderFields:
    """Unused prices are written as nothing or as zero; only a priced type can mean a price of zero."""
    said = {name: value for name, value in fields.items() if value is not None}
    if not said.get("stop_price", True):
        del said["stop_price"]
    if not said.get("price", True) and said.get("type") not in _PRICED:
        del said["price"]
    if legs := said.get("legs"):
        said["legs"] = tuple(Leg(**{name: value for name, value in leg.items() if value is not None}) for leg in legs)
    elif legs is not None:
        said["legs"] = ()
    return cast(OrderFields, said)
