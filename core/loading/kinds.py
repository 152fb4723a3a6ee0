"""What can be loaded: each kind with its columns and the function that keeps its rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.accounts import bulk
from billcore.core.accounts.accounts import CUSTOMER_RULES, POINT_RULES
from billcore.core.accounts.bulk import ATTRIBUTE_PREFIX
from billcore.core.accounts.checks import (
    Checks,
    Day,
    Loaded,
    Number,
    Refusal,
    Rule,
    only,
    read,
)
from billcore.core.accounts.errors import FieldRefused
from billcore.core.caller import Role
from billcore.core.errors import ColumnInvalid, RequestInvalid
from billcore.core.loading import entries, meters, payments, readings
from billcore.core.loading.values import typed
from billcore.core.loading.work import Work
from billcore.core.store.port import Columns, Session


class RowUnreadable(FieldRefused):
    """A row of a file has other columns than its header, or is not text."""

    reason = "ROW_UNREADABLE"


class Unreadable(NamedTuple):
    """A row, counted from 0 in its chunk, whose cells could not be read, and why."""

    row: int
    message: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of load. wide: it also has columns of attributes; roles: all that a client needs."""

    word: str
    rules: tuple[Rule, ...]
    load: Callable[[Work, Columns], Loaded]
    wide: bool = False
    roles: tuple[Role, ...] = (Role.CLERK,)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns, without those of attributes."""
        return tuple(rule.name for rule in self.rules)

    def is_number(self, column: str) -> bool:
        """Whether a column's values are integers or days, which may come as such."""
        return any(rule.name == column and isinstance(rule, Day | Number) for rule in self.rules)

    def is_day(self, column: str) -> bool:
        """Whether a column's values are days."""
        return any(rule.name == column and isinstance(rule, Day) for rule in self.rules)


BulkLoad = Callable[[Session, int, Columns, int], Loaded]


def _of(load: BulkLoad) -> Callable[[Work, Columns], Loaded]:
    return lambda work, columns: load(work.session, work.provider_id, columns, work.now)


KINDS: dict[str, Kind] = {
    kind.word: kind
    for kind in (
        Kind("customers", CUSTOMER_RULES, _of(bulk.load_customers)),
        Kind("points", POINT_RULES, _of(bulk.load_points)),
        Kind("accounts", bulk.LOADED_ACCOUNT_RULES, _of(bulk.load_accounts)),
        Kind("agreements", bulk.LOADED_AGREEMENT_RULES, _of(bulk.load_agreements), wide=True),
        Kind("meters", meters.RULES, meters.load_meters),
        Kind("readings", readings.RULES, readings.load_readings),
        Kind("entries", entries.RULES, entries.load_entries, roles=(Role.CLERK, Role.APPROVER)),
        Kind("payments", payments.RULES, payments.load_payments, roles=(Role.CASHIER,)),
    )
}
"""In the order in which an empty store can take them."""


def kind_of(word: str) -> Kind:
    """A kind by its word. Raises RequestInvalid."""
    if word not in KINDS:
        raise RequestInvalid("kind", f"{word!r} is not a kind of load.", list(KINDS))
    return KINDS[word]


def check_columns(kind: Kind, names: Sequence[str]) -> None:
    """Raises ColumnMissing and ColumnInvalid unless a table of these columns can be loaded."""
    for name in names:
        if not name.isprintable():
            raise ColumnInvalid(name, "a name has printable characters.", rule="name")
    plain = [name for name in names if not (kind.wide and name.startswith(ATTRIBUTE_PREFIX))]
    allowed = ", ".join((*kind.columns, *([f"{ATTRIBUTE_PREFIX}NAME"] if kind.wide else [])))
    for name in plain:
        if name not in kind.columns:
            raise ColumnInvalid(name, f"{kind.word} have the columns {allowed}.", rule="name")
    nothing = np.zeros(0, dtype=np.int64), pa.array([], pa.string())
    read(kind.word, kind.rules, {name: nothing[not kind.is_number(name)] for name in plain})


def keep(
    kind: Kind, work: Work, columns: Columns, unreadable: Sequence[Unreadable]
) -> list[Refusal]:
    """Keeps the good rows of a table; the refusals of the others, by row.

    columns: texts, or integers where numbers or days are wanted. Raises ColumnMissing and
    ColumnInvalid.
    """
    check_columns(kind, list(columns))
    checks = Checks(len(next(iter(columns.values()))))
    for row, message in unreadable:
        checks.refuse_row(row, RowUnreadable, "", message)
    table = typed(kind.rules, columns, checks)
    refusals = list(checks.refusals)
    good = np.flatnonzero(checks.good)
    if good.size:
        loaded = kind.load(work, only(table, checks.good))
        refusals += [r._replace(row=int(good[r.row])) for r in loaded.refusals]
    return sorted(refusals)
