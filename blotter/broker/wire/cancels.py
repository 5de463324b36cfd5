"""A cancel on the wire: the request's body and the broker's reply."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, StrictBool, ValidationError
from pydantic.alias_generators import to_camel

from blotter.broker.wire.json import NotJson, read, writable
from blotter.broker.wire.values import Id, Remark, Word, reason
from blotter.core.contract import contract, security_type_to_send
from blotter.core.order import Order

_TAKEN = frozenset({"PENDING_CANCEL", "CANCELED"})
_REFUSED = frozenset({"REJECTED"})


class AccountFields(StrEnum):
    """Under which names a request names its account: the API's two generations disagree, so both by default."""

    BOTH = "both"
    ACCOUNT_ID = "accountId"
    TRADING_ACCOUNT_ID = "tradingAccountId"

    @property
    def names(self) -> tuple[str, ...]:
        return ("accountId", "tradingAccountId") if self is AccountFields.BOTH else (self.value,)


@dataclass(frozen=True, slots=True)
class CancelReply:
    """The broker's acknowledgement, in its own words; what it amounts to is decided by the reader.

    ``success`` says that the request was taken, not that the order is gone. ``cl_ord_id`` belongs to the cancel;
    the order is ``orig_cl_ord_id`` (empty when not said). ``raw`` is the whole body, for the journal.
    """

    success: bool
    cl_ord_id: str
    orig_cl_ord_id: str
    status: str
    text: str
    raw: str


def cancel_body(order: Order, account_fields: AccountFields = AccountFields.BOTH) -> dict[str, str]:
    """The body of a cancel for the rest of ``order``.

    A single option is named by its three scalars, from the leg or else from the symbol. No source says how to cancel a
    multi-leg order and the request has room for one contract only, so the id and the order's own symbol and side
    must do. Raises :class:`ValueError` for an order without a side: a guess could name another order.
    """
    if not order.side:
        raise ValueError("the broker's record names no side, and a cancel without one can be refused or misread")
    body = {"origClOrdId": order.cl_ord_id}
    body |= dict.fromkeys(account_fields.names, order.account)
    body |= {"symbol": order.symbol, "side": order.side, "securityType": security_type_to_send(order)}
    if option := contract(order):
        body |= {
            "putCall": option.right,
            "strikePrice": option.strike_text,
            "maturity": option.maturity.isoformat(),
        }
    return body


def read_cancel(text: str, asked: str) -> CancelReply:
    """The reply to a cancel of ``asked``. Raises :class:`NotJson` for anything that leaves the outcome in doubt.

    Where ``success`` is missing it is read from a status that implies it; any other status alone says nothing about
    whether the request was taken. A key given twice could be read either way, and is not read.
    """
    try:
        said = _Reply.model_validate(read(text, unique=True))
    except ValidationError as error:
        raise NotJson(reason(error)) from None
    if said.orig_cl_ord_id and said.orig_cl_ord_id != asked:
        raise NotJson("it is about another order")
    status = said.status or ""
    success = said.success
    if success is None:
        if status not in _TAKEN | _REFUSED:
            raise NotJson("it does not say whether the request was taken")
        success = status in _TAKEN
    return CancelReply(
        success, said.cl_ord_id or "", said.orig_cl_ord_id or "", status, said.text or "", writable(text)
    )


class _Reply(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, hide_input_in_errors=True, extra="ignore", frozen=True)

    success: StrictBool | None = None
    cl_ord_id: Id = None
    orig_cl_ord_id: Id = None
    status: Word = None
    text: Remark = None
