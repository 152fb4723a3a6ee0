"""Master data in bulk: tables in, the new ids and per-row refusals out; no row fails another.

Rows refer to each other by the numbers that people know. A chunk of a load is a call, in the
transaction that claims the chunk; each call writes one event. Wrong columns as such (missing,
unknown, of another kind or length) raise ColumnMissing or ColumnInvalid.
"""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts import adding, things
from billcore.core.accounts.accounts import (
    ACCOUNT_RULES,
    ACCOUNTS,
    CUSTOMER_RULES,
    CUSTOMERS,
    POINT_RULES,
    POINTS,
    check_account_days,
)
from billcore.core.accounts.checks import (
    Checks,
    Ints,
    Loaded,
    Rule,
    Table,
    Text,
    constant,
    ints,
    mask,
    read,
)
from billcore.core.accounts.errors import (
    AccountUnknown,
    CustomerUnknown,
    FieldRefused,
    ServicePointUnknown,
)
from billcore.core.accounts.numbers import resolved
from billcore.core.accounts.things import Thing
from billcore.core.errors import ColumnInvalid, quoted
from billcore.core.events.outbox import record
from billcore.core.store.accounts import Account, Customer, ServicePoint
from billcore.core.store.port import Column, Columns, Session

R = TypeVar("R", Customer, ServicePoint, Account)

ATTRIBUTE_PREFIX = "attribute."
"""`attribute.persons` is a column of texts: the value from an agreement's first day; '' is none."""

LOADED_ACCOUNT_RULES: tuple[Rule, ...] = (
    Text("customer", least=1, most=40),
    *(rule for rule in ACCOUNT_RULES if rule.name != "customer_id"),
)

LOADED_AGREEMENT_RULES: tuple[Rule, ...] = (
    Text("account", least=1, most=40),
    Text("service_point", least=1, most=40),
    *(rule for rule in adding.RULES if rule.name not in ("account_id", "point_id")),
    Text("tariff", most=100),
)


def load_customers(session: Session, provider_id: int, columns: Columns, now: int) -> Loaded:
    """Adds customers: columns of CUSTOMER_RULES. now: microseconds since 1970 in UTC."""
    return _load(session, provider_id, CUSTOMERS, *read("customers", CUSTOMER_RULES, columns), now)


def load_points(session: Session, provider_id: int, columns: Columns, now: int) -> Loaded:
    """Adds service points: columns of POINT_RULES. now: microseconds since 1970 in UTC."""
    return _load(session, provider_id, POINTS, *read("points", POINT_RULES, columns), now)


def load_accounts(session: Session, provider_id: int, columns: Columns, now: int) -> Loaded:
    """Adds accounts: columns of LOADED_ACCOUNT_RULES; `customer` is the customer's number."""
    table, checks = read("accounts", LOADED_ACCOUNT_RULES, columns)
    numbers = table.pop("customer")
    table["customer_id"] = known_ids(
        session, provider_id, CUSTOMERS, numbers, "customer", CustomerUnknown, checks
    )
    check_account_days(table, checks)
    return _load(session, provider_id, ACCOUNTS, table, checks, now)


def load_agreements(
    session: Session,
    provider_id: int,
    columns: Columns,
    now: int,
    terms: Columns | None = None,
    steps: Columns | None = None,
) -> Loaded:
    """Adds agreements: columns of LOADED_AGREEMENT_RULES and `attribute.` columns.

    `account` and `service_point` are numbers. `tariff` holds for all days of the agreement; a row
    with '' has its tariffs in `terms` (TERM_RULES), and further values of attributes stand in
    `steps` (STEP_RULES); their `row` counts from 0 in `columns`. The ids answered are the
    agreements' numbers in their accounts.
    """
    wide = {name: c for name, c in columns.items() if name.startswith(ATTRIBUTE_PREFIX)}
    plain = {name: c for name, c in columns.items() if name not in wide}
    table, checks = read("agreements", LOADED_AGREEMENT_RULES, plain)
    table["account_id"] = known_ids(
        session, provider_id, ACCOUNTS, table.pop("account"), "account", AccountUnknown, checks
    )
    points = table.pop("service_point")
    table["point_id"] = known_ids(
        session, provider_id, POINTS, points, "service_point", ServicePointUnknown, checks
    )
    tariff = table.pop("tariff")
    numbers = adding.added(
        session,
        provider_id,
        table,
        _joined([_whole_terms(table, tariff), _lines("terms", terms, checks)]),
        _joined([*_first_steps(table, wide), _lines("attributes", steps, checks)]),
        checks,
        now,
    )
    accounts = ints(table["account_id"])[checks.good]
    return _told(
        session, provider_id, "agreements", Loaded(numbers, checks.refusals), accounts, now
    )


def _load(
    session: Session, provider_id: int, thing: Thing[R], table: Table, checks: Checks, now: int
) -> Loaded:
    ids = things.added(session, provider_id, thing, table, checks, now)
    loaded = Loaded(ids, checks.refusals)
    return _told(session, provider_id, f"{thing.word}s", loaded, ids[checks.good], now)


def _told(
    session: Session, provider_id: int, what: str, loaded: Loaded, ids: Ints, now: int
) -> Loaded:
    """Writes the event of a chunk, if it added anything. ids: of accounts for agreements."""
    if ids.size:
        subject = f"{what} {ids.min()}..{ids.max()}"
        told = {"accepted": loaded.accepted, "refused": len(loaded.refusals)}
        record(session, provider_id, f"{what}.loaded", subject, told, now)
    return loaded


def known_ids(
    session: Session,
    provider_id: int,
    thing: Thing[R],
    numbers: Column,
    field: str,
    unknown: type[FieldRefused],
    checks: Checks,
) -> Ints:
    """The ids of numbers. OUT: checks refuse the rows whose number is unknown."""
    ids = resolved(session, provider_id, thing.word, numbers)
    checks.refuse(
        ids == 0,
        unknown,
        field,
        lambda row: f"no {thing.word} has the number {quoted(numbers[row].as_py())} here.",
    )
    return ids


def _whole_terms(table: Table, tariff: Column) -> Table:
    """A term for each agreement that names its tariff."""
    row = np.flatnonzero(mask(pc.not_equal(tariff, "")))
    days = {name: ints(table[name])[row] for name in ("from_day", "until_day")}
    return {"row": row, **days, "tariff": tariff.take(pa.array(row))}


def _first_steps(table: Table, wide: Mapping[str, Column]) -> list[Table]:
    """The values of attributes from each agreement's first day."""
    return [_wide_steps(table, name, column) for name, column in wide.items()]


def _wide_steps(table: Table, name: str, texts: Column) -> Table:
    first = ints(table["from_day"])
    if not isinstance(texts, pa.StringArray) or texts.null_count or len(texts) != len(first):
        raise ColumnInvalid(name, f"it holds {len(first)} texts, no nulls.", rule="kind")
    row = np.flatnonzero(mask(pc.not_equal(texts, "")))
    return {
        "row": row,
        "attribute": constant(name.removeprefix(ATTRIBUTE_PREFIX), row.size),
        "from_day": first[row],
        "value": texts.take(pa.array(row)),
    }


_LINE_RULES = {"terms": adding.TERM_RULES, "attributes": adding.STEP_RULES}


def _lines(field: str, columns: Columns | None, checks: Checks) -> Table:
    """A table of terms or steps. OUT: checks refuse the agreements of its bad lines."""
    rules = _LINE_RULES[field]
    empty = {
        rule.name: pa.array([], pa.string()) if isinstance(rule, Text) else constant(0, 0)
        for rule in rules
    }
    table, line_checks = read(field, rules, empty if columns is None else columns)
    row = ints(table["row"])
    beyond = np.flatnonzero((row < 0) | (row >= len(checks.good)))
    if beyond.size:
        raise ColumnInvalid(
            "row",
            f"of {field}: there is no row {row[beyond[0]]}.",
            rule="range",
            row=int(beyond[0]),
        )
    for refusal in line_checks.refusals:
        message = f"{refusal.field}: {refusal.message}"
        checks.refuse_row(int(row[refusal.row]), FieldRefused, field, message)
    return table


def _joined(tables: list[Table]) -> Table:
    """Tables of the same columns, one below the other."""
    found: Table = {}
    for name, column in tables[0].items():
        parts = [table[name] for table in tables]
        whole = np.concatenate(parts) if isinstance(column, np.ndarray) else pa.concat_arrays(parts)
        found[name] = whole
    return found
