"""The bill of one account, made now or only tried; what refuses it is raised."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from billcore.core.accounts.acting import Write
from billcore.core.accounts.errors import AgreementUnknown, FieldRefused
from billcore.core.billing.charges.due import Window
from billcore.core.billing.days import check_day_of_issue, check_kind, check_window
from billcore.core.billing.errors import AccountUnbillable
from billcore.core.billing.issue import issue
from billcore.core.billing.make import Made, Order, in_turn, issue_of, make
from billcore.core.billing.stored import StoredBill, drafted
from billcore.core.events.audit import audit
from billcore.core.ledger.kinds import BillKind
from billcore.core.store import agreements
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


@dataclass(frozen=True, slots=True)
class Asked:
    """The bill that is asked for. days: stated billed days by agreement number."""

    account_id: int
    window: Window
    issued_day: int
    kind: BillKind = BillKind.REGULAR
    days: Mapping[int, int] = field(default_factory=dict)


def bill_one(write: Write, provider: Provider, asked: Asked, source: str) -> StoredBill:
    """Makes and issues the bill of an account; source: unique per provider.

    Raises AccountUnbillable, BillExists, FieldRefused, AgreementUnknown; then nothing is written.
    """
    order = in_turn(write.session, provider, _order(write, provider, asked, source))
    made = _made(write.session, provider, order)
    how = issue_of(provider, order)
    (bill_id,) = issue(write.session, made.drafts, how).bill_id.tolist()
    told = drafted(write.session, made.drafts, how)
    subject = f"bill {bill_id}"
    detail = {"account_id": asked.account_id, "total": told.header.total}
    audit(write.session, write.caller, "bill.issued", subject, "", detail, write.now)
    return told


def simulate_one(reader: Reader, provider: Provider, asked: Asked, now: int) -> StoredBill:
    """The bill that `bill_one` would issue now; raises what it would raise, writes nothing."""
    _check(reader, provider, asked)
    order = _ordered(asked, "", 0, now)
    made = _made(reader, provider, order)
    how = issue_of(provider, order)
    return drafted(reader, made.drafts, how)


def _order(write: Write, provider: Provider, asked: Asked, source: str) -> Order:
    _check(write.session, provider, asked)
    return _ordered(asked, source, write.caller.client_id, write.now)


def _ordered(asked: Asked, source: str, client_id: int, now: int) -> Order:
    return Order(
        first=asked.account_id,
        last=asked.account_id,
        window=asked.window,
        issued_day=asked.issued_day,
        source=source,
        client_id=client_id,
        recorded_at=now,
        kind=asked.kind,
        days={(asked.account_id, number): days for number, days in asked.days.items()},
    )


def _check(reader: Reader, provider: Provider, asked: Asked) -> None:
    check_window(asked.window)
    check_kind(asked.kind)
    check_day_of_issue(provider, asked.issued_day)
    for number, days in asked.days.items():
        if agreements.agreement(reader, asked.account_id, number) is None:
            raise AgreementUnknown(
                "order.stated_days", f"account {asked.account_id} has no agreement {number}."
            )
        if days < 1:
            raise FieldRefused(
                "order.stated_days", f"{days} days of agreement {number}: give at least 1."
            )


def _made(reader: Reader, provider: Provider, order: Order) -> Made:
    """What was made, one bill. Raises AccountUnbillable."""
    made = make(reader, provider, order)
    for refusal in made.refused.values():
        raise refusal
    if not len(made.drafts):
        raise AccountUnbillable(
            order.first, "NOTHING_DUE", "no agreement of it has days that are not billed yet."
        )
    return made
