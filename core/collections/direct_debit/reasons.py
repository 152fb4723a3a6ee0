"""Why debits fail, and what follows: one table of the codes of banks.

ISO 20022 external codes as the SEPA schemes use them for R-transactions (EPC173-14, "Guidance on
reason codes for SDD R-transactions"); ARUDD- and DDICA- stand before the codes of Bacs' reports of
unpaid debits and of indemnity claims. A provider's terms may say otherwise of a code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What follows of itself."""

    RETRY = "retry"  # by the terms' plan, while tries are left
    SUSPEND = "suspend"  # the mandate, until somebody asks or repairs
    CANCEL = "cancel"  # the mandate
    STOP_AUTOPAY = "stop_autopay"  # the payer took the money back: fetch nothing more
    STOP_ALL = "stop_all"  # the mandate and the agreement
    CHECK = "check"  # our own batch; nothing changes


class Kind(StrEnum):
    """The R-transactions in which a code occurs."""

    REJECT = "reject"
    REFUSAL = "refusal"
    RETURN = "return"
    REFUND = "refund"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Reason:
    """retries: so often a debit is tried again, of Action.RETRY; then: what follows behind the
    last try."""

    code: str
    meaning: str
    kinds: tuple[Kind, ...]
    action: Action
    retries: int = 0
    then: Action = Action.CHECK


_BOTH = (Kind.REJECT, Kind.RETURN)
_ANY = tuple(Kind)

_TABLE = (
    Reason("AM04", "insufficient funds", _BOTH, Action.RETRY, 2),
    Reason("MS03", "no reason told", (*_BOTH, Kind.REFUSAL, Kind.REVERSAL), Action.RETRY, 1,
        Action.SUSPEND),
    Reason("MS02", "refused by the payer", (Kind.REFUSAL, *_BOTH), Action.SUSPEND),
    Reason("AC01", "wrong account", _BOTH, Action.SUSPEND),
    Reason("AC04", "account closed", _BOTH, Action.SUSPEND),
    Reason("AC06", "account blocked", _BOTH, Action.SUSPEND),
    Reason("AC13", "not a consumer's account", _BOTH, Action.SUSPEND),
    Reason("AG01", "no direct debit on this account", _BOTH, Action.SUSPEND),
    Reason("AG02", "wrong operation code", _BOTH, Action.SUSPEND),
    Reason("MD01", "no mandate", (*_BOTH, Kind.REFUND), Action.CANCEL),
    Reason("MD06", "refund asked by the payer", (Kind.REFUND,), Action.STOP_AUTOPAY),
    Reason("MD07", "payer deceased", _BOTH, Action.STOP_ALL),
    Reason("AM05", "duplicate", (*_BOTH, Kind.REVERSAL), Action.CHECK),
    Reason("RC01", "wrong bank id", (Kind.REJECT,), Action.SUSPEND),
    Reason("RR01", "payer's account missing", (Kind.REJECT,), Action.SUSPEND),
    Reason("RR02", "payer's name or address missing", (Kind.REJECT,), Action.SUSPEND),
    Reason("RR03", "creditor's name or address missing", (Kind.REJECT,), Action.CHECK),
    Reason("RR04", "regulatory reason", _BOTH, Action.SUSPEND),
    Reason("FF01", "file format", (Kind.REJECT,), Action.CHECK),
    Reason("TM01", "behind the cut-off", (Kind.REJECT,), Action.CHECK),
    Reason("ARUDD-0", "refer to payer", (Kind.RETURN,), Action.RETRY, 2),
    Reason("ARUDD-1", "instruction cancelled", (Kind.RETURN,), Action.CANCEL),
    Reason("ARUDD-2", "payer deceased", (Kind.RETURN,), Action.STOP_ALL),
    Reason("ARUDD-3", "account transferred", (Kind.RETURN,), Action.SUSPEND),
    Reason("ARUDD-4", "advance notice disputed", (Kind.RETURN,), Action.SUSPEND),
    Reason("ARUDD-5", "no account", (Kind.RETURN,), Action.SUSPEND),
    Reason("ARUDD-6", "no instruction", (Kind.RETURN,), Action.CANCEL),
    Reason("ARUDD-7", "amount differs", (Kind.RETURN,), Action.SUSPEND),
    Reason("ARUDD-8", "not yet due", (Kind.RETURN,), Action.SUSPEND),
    Reason("ARUDD-9", "presentation overdue", (Kind.RETURN,), Action.SUSPEND),
    Reason("ARUDD-A", "service user differs", (Kind.RETURN,), Action.SUSPEND),
    Reason("ARUDD-B", "account closed", (Kind.RETURN,), Action.SUSPEND),
    Reason("DDICA-1", "amount or date differs from the notice", (Kind.REFUND,), Action.SUSPEND),
    Reason("DDICA-2", "no notice", (Kind.REFUND,), Action.SUSPEND),
    Reason("DDICA-3", "cancelled by the bank", (Kind.REFUND,), Action.CANCEL),
    Reason("DDICA-4", "cancelled with the creditor", (Kind.REFUND,), Action.CANCEL),
    Reason("DDICA-5", "no instruction", (Kind.REFUND,), Action.CANCEL),
    Reason("DDICA-6", "signature", (Kind.REFUND,), Action.CANCEL),
    Reason("DDICA-7", "claimed at the creditor's request", (Kind.REFUND,), Action.CHECK),
    Reason("DDICA-8", "name disputed", (Kind.REFUND,), Action.SUSPEND),
)  # fmt: skip

REASONS: Mapping[str, Reason] = {one.code: one for one in _TABLE}


def reason_of(code: str) -> Reason:
    """What a code means; one that is not in the table suspends, whatever it told."""
    found = REASONS.get(code)
    return found or Reason(code, "not in the table", _ANY, Action.SUSPEND)
