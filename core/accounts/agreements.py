"""Agreements: an account is supplied at a service point by a tariff, with attributes.

Tariff and attributes change from days on; each agreement's row is kept equal to the last of its
history.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.accounts import history, things
from billcore.core.accounts.accounts import ACCOUNTS, POINTS
from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.adding import (
    LOCK,
    RULES,
    STEP_RULES,
    TERM_RULES,
    GivenStep,
    GivenTerm,
    added,
    keyed,
    tariff_numbers,
)
from billcore.core.accounts.attributes import (
    Attribute,
    attributes_of,
    unknown,
    value_text,
    values_of,
)
from billcore.core.accounts.checks import (
    Checks,
    Rule,
    Table,
    Text,
    column_of,
    one_row,
    read,
)
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import (
    AgreementOutside,
    AgreementTariffUnknown,
    AgreementUnknown,
    FieldRefused,
    changed_meanwhile,
)
from billcore.core.calendar import DAY_MAX
from billcore.core.errors import quoted
from billcore.core.store import agreements as rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.agreements import AgreementRow, Step, Term
from billcore.core.store.port import Reader, Value


class Agreement(NamedTuple):
    """An agreement with its whole history."""

    row: AgreementRow
    terms: list[Term]
    steps: list[Step]


def create_agreement(
    write: Write,
    values: Mapping[str, Value],
    terms: Sequence[GivenTerm],
    steps: Sequence[GivenStep],
) -> Agreement:
    """Adds one: values of RULES, its tariffs and attributes. Raises what refuses it."""
    provider_id = provider_acting(write.caller)
    account_id, point_id = int(values["account_id"]), int(values["point_id"])
    things.get(write.session, provider_id, ACCOUNTS, account_id)
    things.get(write.session, provider_id, POINTS, point_id)
    table, checks = read("agreements", RULES, one_row(values))
    numbers = added(
        write.session,
        provider_id,
        table,
        _given_table("terms", TERM_RULES, [(0, *term) for term in terms], checks),
        _given_table("attributes", STEP_RULES, [(0, *step) for step in steps], checks),
        checks,
        write.now,
    )
    checks.raise_first()
    made = get_agreement(write.session, provider_id, account_id, int(numbers[0]))
    told = {"point_id": point_id, "from_day": made.row.from_day, "until_day": made.row.until_day}
    tell(write, provider_id, "agreement.created", subject(made.row), told)
    return made


def _given_table(
    field: str, rules: Sequence[Rule], lines: Sequence[tuple[Value, ...]], checks: Checks
) -> Table:
    """The lines of a unary request as a table; what is wrong with one refuses row 0."""
    empty: list[Value] = []
    columns = {
        rule.name: column_of([line[n] for line in lines])
        if lines
        else (pa.array(empty, pa.string()) if isinstance(rule, Text) else column_of(empty))
        for n, rule in enumerate(rules)
    }
    table, line_checks = read(field, rules, columns)
    for refusal in line_checks.refusals[:1]:
        name = f"{field}[{refusal.row}].{refusal.field}"
        checks.refuse_row(0, FieldRefused, name, refusal.message)
    return table


def get_agreement(
    reader: Reader, provider_id: int, account_id: int, agreement_no: int
) -> Agreement:
    """An agreement with its history. Raises AccountUnknown, AgreementUnknown."""
    things.get(reader, provider_id, ACCOUNTS, account_id)
    row = rows.agreement(reader, account_id, agreement_no)
    if row is None:
        raise AgreementUnknown(
            "agreement_no", f"account {account_id} has no agreement {agreement_no}: list them."
        )
    return _whole(reader, row)


def list_agreements(
    reader: Reader, provider_id: int, account_id: int, after: int, limit: int
) -> list[Agreement]:
    """Up to `limit` agreements of an account behind the number `after`. Raises AccountUnknown."""
    things.get(reader, provider_id, ACCOUNTS, account_id)
    return [_whole(reader, row) for row in rows.agreements_of(reader, account_id, after, limit)]


def _whole(reader: Reader, row: AgreementRow) -> Agreement:
    key = row.account_id, row.agreement_no
    return Agreement(row, rows.terms_of(reader, *key), rows.steps_of(reader, *key))


def change_tariff(
    write: Write,
    account_id: int,
    agreement_no: int,
    from_day: int,
    tariff: str,
    revision: int,
    reason: str = "",
) -> Agreement:
    """From a day of the agreement until the next change that is known, another tariff.

    Raises AgreementTariffUnknown, AgreementOutside, RevisionConflict, AgreementUnknown.
    """
    current = _to_change(write, account_id, agreement_no, revision)
    number = tariff_numbers(write.session, provider_acting(write.caller)).get(tariff, 0)
    if not number:
        raise AgreementTariffUnknown(
            "tariff", f"no tariff {quoted(tariff)} is known here: publish its document first."
        )
    _check_inside(current.row, from_day, "from_day")
    terms = [(0, t.from_day, t.until_day, t.tariff_no) for t in current.terms]
    terms = [term for term in terms if term[1] != from_day]
    terms.append((0, from_day, current.row.until_day, number))
    steps = [(0, *step) for step in current.steps]
    told = {"from_day": from_day, "tariff": tariff}
    return _rewritten(write, current.row, terms, steps, "tariff_changed", told, reason)


def change_attribute(
    write: Write,
    account_id: int,
    agreement_no: int,
    given: GivenStep,
    revision: int,
    reason: str = "",
) -> Agreement:
    """From a day of the agreement until the next change that is known, another value.

    Raises AttributeUnknown, FieldRefused, AgreementOutside, RevisionConflict, AgreementUnknown.
    """
    current = _to_change(write, account_id, agreement_no, revision)
    attribute, value = _step_of(write, given)
    _check_inside(current.row, given.from_day, "from_day")
    key = attribute.attribute_no, given.from_day
    steps = [(0, *step) for step in current.steps if step[:2] != key]
    steps.append((0, *key, value))
    terms = [(0, *term) for term in current.terms]
    told = {"from_day": given.from_day, "attribute": given.attribute}
    return _rewritten(write, current.row, terms, steps, "attribute_changed", told, reason)


def end_agreement(
    write: Write,
    account_id: int,
    agreement_no: int,
    until_day: int,
    revision: int,
    reason: str = "",
) -> Agreement:
    """Makes a day of the agreement its last; changes of later days are dropped.

    Raises AgreementOutside, RevisionConflict, AgreementUnknown.
    """
    current = _to_change(write, account_id, agreement_no, revision)
    _check_inside(current.row, until_day, "until_day")
    terms = [
        (0, t.from_day, min(t.until_day, until_day), t.tariff_no)
        for t in current.terms
        if t.from_day <= until_day
    ]
    steps = [(0, *step) for step in current.steps if step.from_day <= until_day]
    row = current.row._replace(until_day=until_day)
    told = {"until_day": until_day}
    return _rewritten(write, row, terms, steps, "ended", told, reason)


def move(
    write: Write,
    account_id: int,
    agreement_no: int,
    until_day: int,
    revision: int,
    to: int | Mapping[str, Value],
    steps: Sequence[GivenStep] = (),
    reason: str = "",
) -> tuple[Agreement, Agreement]:
    """Ends an agreement, and has another account supplied at its service point from the next day.

    to: the id of an account, or the values of a new one. The next agreement has the tariff and
    attributes that the ended one would have had, with `steps` in place of those attributes. Answers
    both. Raises as `end_agreement`, `things.create` and `create_agreement`.
    """
    provider_id = provider_acting(write.caller)
    before = get_agreement(write.session, provider_id, account_id, agreement_no)
    if until_day >= min(before.row.until_day, DAY_MAX):
        raise AgreementOutside("until_day", "the agreement has no day after it to hand on.")
    ended = end_agreement(write, account_id, agreement_no, until_day, revision, reason)
    account = to if isinstance(to, int) else things.create(write, ACCOUNTS, to).account_id
    values: dict[str, Value] = {
        "account_id": account,
        "point_id": before.row.point_id,
        "service": before.row.service,
        "cycle": _cycle_name(write, provider_id, before.row.cycle_no),
        "from_day": until_day + 1,
        "until_day": before.row.until_day,
    }
    terms, inherited = _handed_on(write, provider_id, before, until_day + 1)
    told = {step.attribute for step in steps}
    kept = [step for step in inherited if step.attribute not in told]
    return ended, create_agreement(write, values, terms, [*kept, *steps])


def _handed_on(
    write: Write, provider_id: int, before: Agreement, day: int
) -> tuple[list[GivenTerm], list[GivenStep]]:
    """The terms and attributes of an agreement from a day on, as they would be given."""
    names = {no: name for _, no, name in provider_rows.tariffs(write.session, provider_id)}
    terms = [
        GivenTerm(max(t.from_day, day), t.until_day, names[t.tariff_no])
        for t in before.terms
        if t.until_day >= day
    ]
    known = {a.attribute_no: a for a in attributes_of(write.session, provider_id).values()}
    steps: dict[tuple[int, int], GivenStep] = {}
    for number, from_day, value in before.steps:
        first = max(from_day, day)
        text = value_text(known[number], value)
        steps[number, first] = GivenStep(known[number].name, first, text)
    return terms, list(steps.values())


def _cycle_name(write: Write, provider_id: int, cycle_no: int) -> str:
    cycles = provider_rows.cycles(write.session, provider_id)
    return next(c.cycle for c in cycles if c.cycle_no == cycle_no)


def _to_change(write: Write, account_id: int, agreement_no: int, revision: int) -> Agreement:
    """An agreement that no one else can change now. Raises RevisionConflict, AgreementUnknown."""
    provider_id = provider_acting(write.caller)
    provider_rows.lock(write.session, provider_id, LOCK)
    current = get_agreement(write.session, provider_id, account_id, agreement_no)
    if revision != current.row.revision:
        raise changed_meanwhile(subject(current.row), revision, current.row.revision)
    return current


def _check_inside(row: AgreementRow, day: int, field: str) -> None:
    if not row.from_day <= day <= row.until_day or day > DAY_MAX:
        raise AgreementOutside(
            field,
            f"{iso(day)} is outside the agreement's days, "
            f"{iso(row.from_day)} to {iso(row.until_day)}.",
        )


def _step_of(write: Write, given: GivenStep) -> tuple[Attribute, int]:
    known = attributes_of(write.session, provider_acting(write.caller))
    if given.attribute not in known:
        raise unknown("attribute", given.attribute, known)
    attribute, checks = known[given.attribute], Checks(1)
    texts = column_of([given.value])
    value = values_of(attribute, texts, checks, np.zeros(1, dtype=np.int64), "value")
    checks.raise_first()
    return attribute, int(value[0])


def _rewritten(
    write: Write,
    row: AgreementRow,
    terms: Sequence[tuple[int, ...]],
    steps: Sequence[tuple[int, ...]],
    what: str,
    told: Mapping[str, object],
    reason: str,
) -> Agreement:
    """Writes the settled history of an agreement and the row that it folds to."""
    term_table = history.settled_terms(history.table_of(history.TERMS, terms))
    step_table = history.settled_steps(history.table_of(history.STEPS, steps))
    packed = history.folded(1, term_table, step_table)
    wanted = row._replace(
        tariff_no=int(packed.tariff_no[0]),
        attributes=packed.attributes[0].as_py(),
        changed_day=int(packed.changed_day[0]),
        recorded_at=write.now,
    )
    keys = one_row({"account_id": row.account_id, "agreement_no": row.agreement_no})
    if not rows.change(write.session, wanted, keyed(term_table, keys), keyed(step_table, keys)):
        raise changed_meanwhile(subject(row), row.revision, row.revision + 1)
    provider_id = provider_acting(write.caller)
    tell(write, provider_id, f"agreement.{what}", subject(row), told, reason)
    return get_agreement(write.session, provider_id, row.account_id, row.agreement_no)


def subject(row: AgreementRow) -> str:
    """What events and the audit log call it."""
    return f"agreement {row.agreement_no} of account {row.account_id}"
