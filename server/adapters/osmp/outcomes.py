"""What a kiosk is told, by what the server said: core's codes, and the protocol's results for them.

`MEANINGS` of core has the result of each code. Here stand only the errors that have no code of
their own. One rule is above the table: a result that ends a payment (it is then given back) must be
the server's word about that payment. So what says nothing about it (a lost connection, a key that
was rotated, a channel that is unknown) can be asked again.
"""

from typing import Any, cast

import grpc
import grpc.aio
from google.rpc import error_details_pb2  # type: ignore[import-untyped]  # no stubs
from grpc_status import rpc_status

from billcore.core.errors import BillcoreError
from billcore.core.payments import errors as channels
from billcore.core.payments import refusals
from billcore.core.payments.agents.errors import AgentLimit, AgentShut
from billcore.core.payments.codes import MEANINGS, Code
from billcore.core.payments.reversals import PaymentReversed, ReversalLate

Status = grpc.StatusCode

_CODED: tuple[type[BillcoreError], ...] = (
    *(kind for kind in vars(refusals).values() if isinstance(kind, type) and hasattr(kind, "code")),
    AgentLimit,
    AgentShut,
)

REASONS: dict[str, Code] = {
    **{kind.reason: kind.code for kind in _CODED},  # type: ignore[attr-defined]
    channels.ChannelDisabled.reason: Code.BILL_NOT_PAYABLE,
    channels.TerminalUnknown.reason: Code.INVALID,
    channels.TerminalDisabled.reason: Code.INVALID,
    refusals.PaymentUnknown.reason: Code.INTERNAL,
    PaymentReversed.reason: Code.BILL_NOT_PAYABLE,
    ReversalLate.reason: Code.BILL_NOT_PAYABLE,
}
"""Codes by the reason of an error; of the others, by their status."""

STATUSES: dict[grpc.StatusCode, Code] = {
    Status.CANCELLED: Code.TEMPORARY,
    Status.UNKNOWN: Code.TEMPORARY,
    Status.INVALID_ARGUMENT: Code.INVALID,
    Status.DEADLINE_EXCEEDED: Code.IN_PROGRESS,
    Status.NOT_FOUND: Code.TEMPORARY,  # the channel or the provider: our settings
    Status.ALREADY_EXISTS: Code.CONFLICT,
    Status.PERMISSION_DENIED: Code.TEMPORARY,
    Status.UNAUTHENTICATED: Code.TEMPORARY,
    Status.RESOURCE_EXHAUSTED: Code.TEMPORARY,
    Status.FAILED_PRECONDITION: Code.BILL_NOT_PAYABLE,
    Status.ABORTED: Code.TEMPORARY,
    Status.OUT_OF_RANGE: Code.AMOUNT_NOT_EXACT,
    Status.UNIMPLEMENTED: Code.TEMPORARY,
    Status.INTERNAL: Code.INTERNAL,
    Status.UNAVAILABLE: Code.TEMPORARY,
    Status.DATA_LOSS: Code.INTERNAL,
}

OURS = (Status.NOT_FOUND, Status.PERMISSION_DENIED, Status.UNAUTHENTICATED, Status.UNIMPLEMENTED)
"""Without a code of their own: faults of the settings, for somebody to mend."""

COMMENTS: dict[Code, str] = {
    Code.OK: "OK",
    Code.OK_REPLAYED: "OK",
    Code.TEMPORARY: "Temporary error, repeat later",
    Code.ACCOUNT_FORMAT: "Wrong format of the account",
    Code.ACCOUNT_NOT_FOUND: "The account is not found",
    Code.NOTHING_DUE: "OK, nothing is due",
    Code.BILL_NOT_PAYABLE: "The payment is forbidden by the provider",
    Code.ACCOUNT_INACTIVE: "The account is not active yet",
    Code.ACCOUNT_CLOSED: "The account is closed",
    Code.AMOUNT_LOW: "The sum is too small",
    Code.AMOUNT_HIGH: "The sum is too large",
    Code.AMOUNT_NOT_EXACT: "Another sum is asked for",
    Code.IN_PROGRESS: "Not finished, ask again",
    Code.CONFLICT: "The txn_id stands for another payment",
    Code.INTERNAL: "Other error of the provider",
    Code.FOREIGN: "The account is another organisation's",
    Code.INVALID: "A parameter is wrong",
}
"""For people who look for a fault; kiosks read the result."""


def result(code: Code) -> int:
    """The protocol's result."""
    return MEANINGS[code].osmp


def code_of(error: grpc.aio.AioRpcError) -> Code:
    """What a refused call means for the kiosk."""
    return REASONS.get(reason_of(error)) or STATUSES.get(error.code(), Code.TEMPORARY)


def is_ours(error: grpc.aio.AioRpcError) -> bool:
    """Whether it is the settings that are wrong, not the request."""
    return reason_of(error) not in REASONS and error.code() in OURS


def reason_of(error: grpc.aio.AioRpcError) -> str:
    """The reason that the server names; '' without one, as of a server that is not there."""
    try:
        status = rpc_status.from_call(cast(Any, error))
    except ValueError:  # details of another status: somebody between us and the server
        return ""
    info = error_details_pb2.ErrorInfo()
    for detail in status.details if status else ():
        if detail.Unpack(info):
            return str(info.reason)
    return ""
