"""Adding agreements: tables in, rules over whole columns, rows and their history out.

All writers of a provider's agreements take turns, so that no two can overlap unseen.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts import history
from billcore.core.accounts.attributes import (
    attributes_of,
    unknown,
    values_of,
)
from billcore.core.accounts.checks import (
    Checks,
    Day,
    Ints,
    Number,
    Rule,
    Table,
    Text,
    constant,
    ints,
    only,
)
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import (
    AgreementOutside,
    AgreementTariffUnknown,
    CycleUnknown,
    FieldRefused,
)
from billcore.core.accounts.overlaps import refuse_overlaps
from billcore.core.accounts.services import SERVICE_FORM, SERVICE_MAX, SERVICE_PATTERN
from billcore.core.errors import quoted
from billcore.core.store import accounts as account_rows
from billcore.core.store import agreements as rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.port import OPEN_DAY, Reader, Session

LOCK = "agreement"

RULES: tuple[Rule, ...] = (
    Number("account_id", 0, 2**63 - 1),
    Number("point_id", 0, 2**63 - 1),
    Text("service", least=1, most=SERVICE_MAX, pattern=SERVICE_PATTERN, form=SERVICE_FORM),
    Text("cycle", least=1, most=40),
    Day("from_day"),
    Day("until_day", default=OPEN_DAY),
)

TERM_RULES: tuple[Rule, ...] = (
    Number("row", 0, 2**31 - 1),
    Day("from_day"),
    Day("until_day", default=OPEN_DAY),
    Text("tariff", least=1, most=100),
)

STEP_RULES: tuple[Rule, ...] = (
    Number("row", 0, 2**31 - 1),
    Text("attribute", least=1, most=60),
    Day("from_day"),
    Text("value", least=1, most=60),
)


class GivenTerm(NamedTuple):
    """A tariff, by its id, for some days, both included."""

    from_day: int
    until_day: int
    tariff: str


class GivenStep(NamedTuple):
    """An attribute, by its name, with a value as people write it, from a day on."""

    attribute: str
    from_day: int
    value: str


def added(
    session: Session,
    provider_id: int,
    agreements: Table,
    given_terms: Table,
    given_steps: Table,
    checks: Checks,
    now: int,
) -> Ints:
    """Adds the good rows of a table of RULES; their numbers within their accounts, 0 if refused.

    given_terms, given_steps: tables of TERM_RULES and STEP_RULES; account_id and point_id are those
    of the provider, or 0. OUT: checks refuse the rows that break a rule.
    """
    provider_rows.lock(session, provider_id, LOCK)
    cycle_no = _cycle_numbers(session, provider_id, agreements, checks)
    terms = _resolved_terms(session, provider_id, given_terms, checks)
    steps = _resolved_steps(session, provider_id, given_steps, checks)
    _check_days(session, agreements, checks)
    history.check_terms(agreements, terms, checks)
    history.check_steps(agreements, steps, checks)
    refuse_overlaps(agreements, _there(session, agreements, checks), checks)
    numbers = _new_numbers(session, agreements, checks)
    good = checks.good
    if good.any():
        table = {**agreements, "cycle_no": cycle_no, "agreement_no": numbers}
        del table["cycle"]
        _write_new(
            session,
            only(table, good),
            history.settled_terms(history.chosen(terms, good)),
            history.settled_steps(history.chosen(steps, good)),
            now,
        )
    return numbers


def _write_new(session: Session, agreements: Table, terms: Table, steps: Table, now: int) -> None:
    count = len(ints(agreements["account_id"]))
    table = dict(agreements) | history.folded(count, terms, steps)._asdict()
    table |= {"revision": constant(1, count), "recorded_at": constant(now, count)}
    rows.add(session, table, keyed(terms, agreements), keyed(steps, agreements))


def keyed(lines: Table, agreements: Table) -> Table:
    """A history's table with the keys of its agreements instead of their rows."""
    row = ints(lines["row"])
    keys = {name: ints(agreements[name])[row] for name in ("account_id", "agreement_no")}
    return {**keys, **{name: column for name, column in lines.items() if name != "row"}}


def _span(column: Ints) -> tuple[int, int]:
    """The least and the largest of ids; an empty range of no ids."""
    return (int(column.min()), int(column.max())) if column.size else (1, 0)


def _check_days(session: Session, agreements: Table, checks: Checks) -> None:
    """Refuses agreements that end before they begin, or lie outside their account's days."""
    first, last = ints(agreements["from_day"]), ints(agreements["until_day"])
    checks.refuse(
        last < first,
        FieldRefused,
        "until_day",
        lambda row: f"{iso(last[row])} is before the first day, {iso(first[row])}.",
    )
    account = ints(agreements["account_id"])
    lives = account_rows.lives(session, *_span(account[checks.good]))
    places = np.searchsorted(ints(lives["account_id"]), np.where(checks.good, account, 0))
    opened = np.append(ints(lives["opened_day"]), 0)[places]
    closed = np.append(ints(lives["closed_day"]), 0)[places]

    def days(row: int) -> str:
        return f"the account's days, {iso(opened[row])} to {iso(closed[row])}"

    checks.refuse(
        first < opened,
        AgreementOutside,
        "from_day",
        lambda row: f"{iso(first[row])} is outside {days(row)}.",
    )
    checks.refuse(
        last > closed,
        AgreementOutside,
        "until_day",
        lambda row: f"{iso(last[row])} is outside {days(row)}.",
    )


def _cycle_numbers(session: Session, provider_id: int, agreements: Table, checks: Checks) -> Ints:
    known = {c.cycle: c.cycle_no for c in provider_rows.cycles(session, provider_id)}
    names = agreements["cycle"]
    numbers = _numbers_of(names, known)
    listed = ", ".join(list(known)[:12]) or "none yet"
    checks.refuse(
        numbers == 0,
        CycleUnknown,
        "cycle",
        lambda row: f"{quoted(names[row].as_py())} is no cycle here. Known: {listed}.",
    )
    return numbers


def tariff_numbers(reader: Reader, provider_id: int) -> dict[str, int]:
    """The tariffs that agreements may name; the provider's own goes before the house's."""
    found = sorted(provider_rows.tariffs(reader, provider_id))  # the house, 0, comes first
    return {name: number for _, number, name in found}


def _resolved_terms(session: Session, provider_id: int, given: Table, checks: Checks) -> Table:
    names = given["tariff"]
    numbers = _numbers_of(names, tariff_numbers(session, provider_id))
    row = ints(given["row"])
    for at in np.flatnonzero(numbers == 0).tolist():
        checks.refuse_row(
            int(row[at]),
            AgreementTariffUnknown,
            "terms",
            f"no tariff {quoted(names[at].as_py())} is known here: publish its document first.",
        )
    days = {name: ints(given[name]) for name in ("from_day", "until_day")}
    return {"row": row, **days, "tariff_no": numbers}


def _resolved_steps(session: Session, provider_id: int, given: Table, checks: Checks) -> Table:
    row, names = ints(given["row"]), given["attribute"]
    known = attributes_of(session, provider_id)
    number = _numbers_of(names, {name: a.attribute_no for name, a in known.items()})
    for at in np.flatnonzero(number == 0).tolist():
        refusal = unknown("attributes", names[at].as_py(), known)
        checks.refuse_row(int(row[at]), type(refusal), "attributes", refusal.detail)
    value = np.zeros(len(row), dtype=np.int64)
    for attribute in known.values():
        lines = np.flatnonzero(number == attribute.attribute_no)
        if lines.size:
            texts = given["value"].take(pa.array(lines))
            value[lines] = values_of(attribute, texts, checks, row[lines], "attributes")
    return {
        "row": row,
        "attribute_no": number,
        "from_day": ints(given["from_day"]),
        "value": value,
    }


def _numbers_of(names: pa.StringArray, known: Mapping[str, int]) -> Ints:
    """The numbers of known names, 0 of others."""
    places = pc.fill_null(pc.index_in(names, pa.array(list(known), pa.string())), len(known))
    numbers = np.array([*known.values(), 0], dtype=np.int64)
    found: Ints = numbers[places.to_numpy(zero_copy_only=False)]
    return found


def _there(session: Session, agreements: Table, checks: Checks) -> Table:
    """The agreements that the service points of good rows have already."""
    points = ints(agreements["point_id"])[checks.good]
    found = dict(rows.at_points(session, *_span(points)))
    return only(found, np.isin(ints(found["point_id"]), points))


def _new_numbers(session: Session, agreements: Table, checks: Checks) -> Ints:
    """The next numbers in each account, in order of the good rows; 0 of refused rows."""
    good = np.flatnonzero(checks.good)
    account = ints(agreements["account_id"])[good]
    last = rows.last_numbers(session, *_span(account))
    order = np.argsort(account, kind="stable")
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = account[order][1:] != account[order][:-1]
    begins = np.flatnonzero(new)
    rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
    places = np.searchsorted(ints(last["account_id"]), account)
    same = np.append(ints(last["account_id"]), -1)[places] == account
    numbers = np.zeros(len(checks.good), dtype=np.int64)
    numbers[good] = np.where(same, np.append(ints(last["last"]), 0)[places], 0) + 1
    numbers[good[order]] += rank
    return numbers
