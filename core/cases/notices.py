"""What a case tells the world: events of the outbox, to the customer and to who loses.

They name accounts by their ids, the case and amounts; names, phones and the other side's number
stay out. Who sends messages reads them.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.cases.kinds import CaseKind
from billcore.core.cases.states import CaseState
from billcore.core.events.outbox import record
from billcore.core.store.case_evidence import EvidenceRow
from billcore.core.store.cases import CaseRow
from billcore.core.store.providers import Provider

REGISTERED = "case.registered"
NOTICE = "case.notice"
NOTIFIED = "case.notified"
LETTER = "case.letter"
WARNED = "case.warned"


class Side(StrEnum):
    """Who is told."""

    CUSTOMER = "customer"
    LOSING = "losing"


def _record(
    write: Write, provider: Provider, kind: str, case: CaseRow, told: Mapping[str, object]
) -> None:
    detail = {"case": case.case_no, "kind": CaseKind(case.kind).name, **told}
    subject = f"case {case.case_no}"
    record(write.session, provider.provider_id, kind, subject, detail, write.now)


def registered(write: Write, provider: Provider, case: CaseRow) -> None:
    """The customer's request is here, and until when it is answered."""
    told = {"account_id": case.account_id, "side": Side.CUSTOMER.value, "due_at": case.due_at}
    _record(write, provider, REGISTERED, case, told)


def notice(
    write: Write, provider: Provider, case: CaseRow, account_id: int, amount: int, at: int
) -> None:
    """Who loses money that is spent already: how much, and from when on."""
    told = {
        "account_id": account_id,
        "side": Side.LOSING.value,
        "amount": amount,
        "currency": provider.currency,
        "correct_from": at,
    }
    _record(write, provider, NOTICE, case, told)


def notified(
    write: Write,
    provider: Provider,
    case: CaseRow,
    outcome: CaseState,
    sides: Iterable[tuple[Side, int, int, int]],
) -> None:
    """What became of the case; sides: (who, account, what it got or lost, its new payment id)."""
    for side, account_id, amount, payment_code in sides:
        told = {
            "account_id": account_id,
            "side": side.value,
            "outcome": outcome.name,
            "amount": amount,
            "currency": provider.currency,
            "payment_code": payment_code,
        }
        _record(write, provider, NOTIFIED, case, told)


def letter(
    write: Write, provider: Provider, case: CaseRow, evidence: Iterable[EvidenceRow]
) -> None:
    """What finance asks the channel's bank for, a letter for each trace."""
    for one in evidence:
        if not one.trace:
            continue
        told = {
            "letter": case.letter,
            "account_id": case.account_id,
            "trace": one.trace,
            "channel": one.paid_channel,
            "amount": one.amount,
            "currency": provider.currency,
            "paid_at": one.paid_at,
            "payer_code": one.payer_code,
            "payment_code": one.payment_code,
        }
        _record(write, provider, LETTER, case, told)


def warned(write: Write, provider: Provider, case: CaseRow, percent: int) -> None:
    """So much of the clock has passed."""
    told = {"account_id": case.account_id, "percent": percent, "due_at": case.due_at}
    _record(write, provider, WARNED, case, told)


def approved(write: Write, case: CaseRow, proposal_no: int, amount: int, reason: str) -> None:
    """Somebody else approved a proposal."""
    detail = {"case": case.case_no, "proposal": proposal_no, "amount": amount}
    provider_id = provider_acting(write.caller)
    tell(write, provider_id, "case.approved", f"case {case.case_no}", detail, reason)
