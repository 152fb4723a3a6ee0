"""Customers, service points and accounts: what they have in common, written once.

Each has an id that is drawn, a number that is unique, columns with rules, and a revision.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.checks import (
    Checks,
    Ints,
    Rule,
    Table,
    constant,
    one_row,
    only,
    read,
)
from billcore.core.accounts.errors import FieldRefused, changed_meanwhile
from billcore.core.accounts.numbers import registered
from billcore.core.ids import id_range
from billcore.core.store import providers as rows
from billcore.core.store.accounts import Account, Customer, ServicePoint
from billcore.core.store.port import Reader, Session, Value

R = TypeVar("R", Customer, ServicePoint, Account)


@dataclass(frozen=True, slots=True)
class Thing(Generic[R]):
    """A kind of master data. word: of its numbers and events; fixed: what never changes.

    check: what else must hold, before a row is added or changed, given (provider_id, table).
    """

    word: str
    plural: str
    table: str
    id_name: str
    rules: tuple[Rule, ...]
    unknown: type[FieldRefused]
    find: Callable[[Reader, int], R | None]
    page: Callable[[Reader, int, int, int], list[R]]
    write: Callable[[Session, R], bool]
    check: Callable[[Session, int, Table, Checks], None]
    fixed: tuple[str, ...] = ("number",)

    @property
    def changeable(self) -> tuple[str, ...]:
        """The columns that an update may name."""
        return tuple(rule.name for rule in self.rules if rule.name not in self.fixed)


def added(
    session: Session, provider_id: int, thing: Thing[R], table: Table, checks: Checks, now: int
) -> Ints:
    """Adds the good rows of a checked table; their new ids, 0 of refused rows.

    OUT: checks refuse the rows whose number is taken.
    """
    ids = registered(session, provider_id, thing.word, table["number"], checks)
    count = int(np.count_nonzero(checks.good))
    if count:
        columns = {thing.id_name: ids[checks.good], **only(table, checks.good)}
        columns |= {"revision": constant(1, count), "recorded_at": constant(now, count)}
        session.insert(thing.table, columns)
    return ids


def create(write: Write, thing: Thing[R], values: Mapping[str, Value]) -> R:
    """Adds one; raises what refuses it: FieldRefused or a subclass."""
    provider_id = provider_acting(write.caller)
    table, checks = read(thing.plural, thing.rules, one_row(values))
    thing.check(write.session, provider_id, table, checks)
    ids = added(write.session, provider_id, thing, table, checks, write.now)
    checks.raise_first()
    made = get(write.session, provider_id, thing, int(ids[0]))
    tell(write, provider_id, f"{thing.word}.created", subject(thing, made), {"number": made.number})
    return made


def get(reader: Reader, provider_id: int, thing: Thing[R], owned: int) -> R:
    """One by its id; another provider's is as unknown as none."""
    first, last = id_range(provider_id)
    found = thing.find(reader, owned) if first <= owned <= last else None
    if found is None:
        raise thing.unknown(
            thing.id_name, f"no {thing.word} {owned} is known here: list them, or search by number."
        )
    return found


def by_number(reader: Reader, provider_id: int, thing: Thing[R], number: str) -> R:
    """One by the number that people see."""
    owned = rows.number_id(reader, provider_id, thing.word, number)
    if not owned:
        raise thing.unknown("number", f"no {thing.word} has the number {number[:80]!r} here.")
    return get(reader, provider_id, thing, owned)


def page(reader: Reader, provider_id: int, thing: Thing[R], after: int, limit: int) -> list[R]:
    """Up to `limit` of a provider behind the id `after`, by id."""
    first, last = id_range(provider_id)
    return thing.page(reader, max(after, first), last, limit)


def change(
    write: Write,
    thing: Thing[R],
    owned: int,
    changes: Mapping[str, Any],
    revision: int,
    reason: str = "",
) -> R:
    """Changes columns of one. Raises RevisionConflict, and what refuses the new values."""
    provider_id = provider_acting(write.caller)
    current = get(write.session, provider_id, thing, owned)
    if revision != current.revision:
        raise changed_meanwhile(subject(thing, current), revision, current.revision)
    wanted = current._replace(recorded_at=write.now, **changes)
    values = wanted._asdict()
    table, checks = read(
        thing.plural, thing.rules, one_row({rule.name: values[rule.name] for rule in thing.rules})
    )
    thing.check(write.session, provider_id, table, checks)
    checks.raise_first()
    return changed(write, provider_id, thing, wanted, "changed", sorted(changes), reason)


def changed(
    write: Write,
    provider_id: int,
    thing: Thing[R],
    wanted: R,
    what: str,
    fields: Sequence[str],
    reason: str,
) -> R:
    """Writes a row that was checked; raises RevisionConflict."""
    if not thing.write(write.session, wanted):
        current = get(write.session, provider_id, thing, wanted[0])
        raise changed_meanwhile(subject(thing, current), wanted.revision, current.revision)
    tell(
        write,
        provider_id,
        f"{thing.word}.{what}",
        subject(thing, wanted),
        {"fields": list(fields), "revision": wanted.revision + 1},
        reason,
    )
    return wanted._replace(revision=wanted.revision + 1)


def subject(thing: Thing[R], of: R) -> str:
    """What events and the audit log call it: "account 4711"."""
    return f"{thing.word} {of[0]}"
