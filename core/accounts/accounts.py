"""Customers, service points and accounts with their rules."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from billcore.core.accounts import things
from billcore.core.accounts.acting import Write, provider_acting
from billcore.core.accounts.checks import (
    Checks,
    Day,
    Number,
    Rule,
    Table,
    Text,
    Word,
    ints,
    one_row,
    read,
)
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import (
    AccountInUse,
    AccountUnknown,
    AgreementOutside,
    CustomerUnknown,
    FieldRefused,
    ServicePointUnknown,
    changed_meanwhile,
)
from billcore.core.accounts.services import SERVICE_FORM, SERVICE_MAX, SERVICE_PATTERN
from billcore.core.accounts.things import Thing
from billcore.core.ids import id_range
from billcore.core.store import accounts as rows
from billcore.core.store import agreements as agreement_rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.port import OPEN_DAY, Reader, Session

NUMBER = Text("number", least=1, most=40)
LANGUAGE = Text(
    "language",
    most=20,
    pattern="[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?",
    form="a language tag, as fa, zh-Hans or en-GB",
)
EMAIL = Text(
    "email", most=200, pattern=r"[^@\s]+@[^@\s]+", form="an address with one @", personal=True
)
PHONE = Text(
    "phone", most=40, pattern=r"[0-9+()/ .-]+", form="digits, spaces and +()/.-", personal=True
)
ADDRESS = Text("address", most=500, personal=True)
GEOGRAPHIC_CODE = Text("geographic_code", most=40)

CUSTOMER_KINDS = ("person", "organisation")

CUSTOMER_RULES: tuple[Rule, ...] = (
    Word("kind", CUSTOMER_KINDS),
    Text("name", least=1, most=200, personal=True),
    NUMBER,
    PHONE,
    EMAIL,
    ADDRESS,
    LANGUAGE,
)

POINT_RULES: tuple[Rule, ...] = (
    NUMBER,
    Text("service", least=1, most=SERVICE_MAX, pattern=SERVICE_PATTERN, form=SERVICE_FORM),
    ADDRESS,
    GEOGRAPHIC_CODE,
)

ACCOUNT_RULES: tuple[Rule, ...] = (
    NUMBER,
    Number("customer_id", 0, 2**63 - 1),
    Text("name", most=200, personal=True),
    GEOGRAPHIC_CODE,
    ADDRESS,
    PHONE,
    EMAIL,
    LANGUAGE,
    Day("opened_day"),
    Day("closed_day", default=OPEN_DAY),
)


def _nothing(session: Session, provider_id: int, table: Table, checks: Checks) -> None:
    """Customers and service points have no rules beyond those of their columns."""


def _check_account(session: Session, provider_id: int, table: Table, checks: Checks) -> None:
    ids = ints(table["customer_id"])
    first, last = id_range(provider_id)
    known = np.array(
        [first <= i <= last and rows.customer(session, i) is not None for i in ids.tolist()]
    )
    checks.refuse(
        ~known, CustomerUnknown, "customer_id", lambda row: f"no customer {ids[row]} is known here."
    )
    check_account_days(table, checks)


def check_account_days(table: Table, checks: Checks) -> None:
    """Refuses accounts that close before they open."""
    opened, closed = ints(table["opened_day"]), ints(table["closed_day"])
    checks.refuse(
        closed < opened,
        FieldRefused,
        "closed_day",
        lambda row: f"{iso(closed[row])} is before the account opens, {iso(opened[row])}.",
    )


CUSTOMERS = Thing(
    "customer",
    "customers",
    "customer",
    "customer_id",
    CUSTOMER_RULES,
    CustomerUnknown,
    rows.customer,
    rows.customers,
    rows.change_customer,
    _nothing,
)

POINTS = Thing(
    "service_point",
    "service points",
    "service_point",
    "point_id",
    POINT_RULES,
    ServicePointUnknown,
    rows.point,
    rows.points,
    rows.change_point,
    _nothing,
)

ACCOUNTS = Thing(
    "account",
    "accounts",
    "account",
    "account_id",
    ACCOUNT_RULES,
    AccountUnknown,
    rows.account,
    rows.accounts,
    rows.change_account,
    _check_account,
    fixed=("number", "closed_day"),
)


def accounts_of(
    reader: Reader, provider_id: int, customer_id: int, after: int, limit: int
) -> list[rows.Account]:
    """Up to `limit` accounts of a customer behind the id `after`, by id."""
    things.get(reader, provider_id, CUSTOMERS, customer_id)
    return rows.accounts_of(reader, customer_id, after, limit)


def change_account(
    write: Write, account_id: int, changes: Mapping[str, Any], revision: int, reason: str = ""
) -> rows.Account:
    """As `things.change`; an account cannot open after its first agreement (AgreementOutside)."""
    provider_id = provider_acting(write.caller)
    if "opened_day" in changes:
        provider_rows.lock(write.session, provider_id, "agreement")
        things.get(write.session, provider_id, ACCOUNTS, account_id)
        days = agreement_rows.days_of(write.session, account_id)
        opened = int(changes["opened_day"])
        if days and opened > days[0]:
            raise AgreementOutside(
                "opened_day",
                f"{iso(opened)} is after {iso(days[0])}, the first day of an agreement.",
            )
    return things.change(write, ACCOUNTS, account_id, changes, revision, reason)


def close_account(
    write: Write, account_id: int, closed_day: int, revision: int, reason: str = ""
) -> rows.Account:
    """Sets the last day of an account; OPEN_DAY opens it again.

    Raises AccountInUse while an agreement has later days, RevisionConflict, FieldRefused.
    """
    provider_id = provider_acting(write.caller)
    provider_rows.lock(write.session, provider_id, "agreement")
    current = things.get(write.session, provider_id, ACCOUNTS, account_id)
    if revision != current.revision:
        raise changed_meanwhile(f"account {account_id}", revision, current.revision)
    wanted = current._replace(closed_day=closed_day, recorded_at=write.now)
    _, checks = read("days", (ACCOUNT_RULES[-1],), one_row({"closed_day": closed_day}))
    check_account_days(one_row({"opened_day": wanted.opened_day, "closed_day": closed_day}), checks)
    checks.raise_first()
    days = agreement_rows.days_of(write.session, account_id)
    if days and days[1] > closed_day:
        raise AccountInUse(
            "closed_day",
            f"an agreement lasts until {iso(days[1])}: end it by {iso(closed_day)} first.",
        )
    return things.changed(write, provider_id, ACCOUNTS, wanted, "closed", ["closed_day"], reason)
