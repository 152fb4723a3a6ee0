"""The columns that a tariff reads, from what the store knows of spans; and packed, for the record.

Usage fills the input of its quantity's name, attributes the input of theirs. An input `per:
segment` has the value of the span's first day, and changes from there; any other has that of its
last day.
Inputs that nothing fills have the document's default, or their bill is refused. All columns are
told in full, so that a packed bill needs no default of a document to be rated again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.attributes import Attribute, Misfit, rating_inputs, step_value
from billcore.core.accounts.checks import ints
from billcore.core.accounts.days import iso
from billcore.core.billing.charges import packing
from billcore.core.billing.charges.due import Due
from billcore.core.billing.charges.handed import Handed
from billcore.core.billing.places import last_before
from billcore.core.metering.exact import Bools
from billcore.core.metering.registers import agreement_key
from billcore.core.metering.usage import rescaled
from billcore.core.rating.batch import Changes, Columns, Ints
from billcore.core.rating.columns import ColumnSpec, columns_of, defaults_of
from billcore.core.tariff.tariff import Tariff

TIME = ("date", "days")

PREVIOUS_BALANCE = "previous_balance"
"""The money input that has what the account owed before the bill."""


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Columns of the spans `rows`, by name, and what changes inside them."""

    rows: Ints
    columns: dict[str, Ints]
    changes: Changes | None


def inputs_of(
    due: Due,
    rows: Ints,
    tariff: Tariff,
    attributes: Mapping[str, Attribute],
    handed: Sequence[Handed],
    days: Mapping[tuple[int, int], int],
) -> Inputs:
    """The columns of spans of one tariff. handed: of each row, what the bill before hands on;
    empty where the tariff takes nothing.

    days: by account and agreement, billed days that are stated instead of counted. Refuses accounts
    in `due.refusals`; their rows hold defaults. Raises AttributeMisfit.
    """
    specs = {s.name: s for s in columns_of(tariff)}
    columns = _time(due, rows, days)
    columns |= _usage(due, rows, specs)
    if PREVIOUS_BALANCE in specs and specs[PREVIOUS_BALANCE].kind == "money":
        columns[PREVIOUS_BALANCE] = due.opening[rows]
    rest = {name: a for name, a in attributes.items() if name not in columns}
    last = rating_inputs(tariff, rest, _values_at(due, rows, due.spans.this_day[rows]), len(rows))
    columns |= last.columns
    given = [last]
    if due.changing[rows].any():
        first = rating_inputs(
            tariff, rest, _values_at(due, rows, due.spans.previous_day[rows] + 1), len(rows)
        )
        inputs = tariff.document.inputs
        columns |= {name: c for name, c in first.columns.items() if inputs[name].per_segment}
        given.append(first)
    for misfit in given:
        for at in np.flatnonzero(misfit.misfit).tolist():
            _refuse(due, rows[at], misfit.names[misfit.misfit_of[at]], Misfit(misfit.misfit[at]))
    columns |= _states(specs, handed)
    for name, value in defaults_of(tariff).items():
        if name not in columns:
            columns[name] = np.full(len(rows), value, dtype=np.int64)
            if specs[name].required:
                for row in rows.tolist():
                    _refuse(due, row, name, Misfit.MISSING)
    return Inputs(rows, columns, _changes(due, rows, tariff, rest))


def _time(due: Due, rows: Ints, days: Mapping[tuple[int, int], int]) -> dict[str, Ints]:
    spans = due.spans
    columns = {"previous": spans.previous_day[rows], "this": spans.this_day[rows]}
    if days:
        _refuse_stated(due, rows, days)
        keys = zip(spans.account_id[rows].tolist(), spans.agreement_no[rows].tolist(), strict=True)
        counted = (columns["this"] - columns["previous"]).tolist()
        told = [days.get(key, count) for key, count in zip(keys, counted, strict=True)]
        columns["days"] = np.array(told, dtype=np.int64)
    return columns


def _refuse_stated(due: Due, rows: Ints, days: Mapping[tuple[int, int], int]) -> None:
    """Days are stated of a whole period: an agreement whose tariff changes inside it has parts."""
    spans = due.spans
    parts = np.bincount(spans.agreement)[spans.agreement[rows]] > 1
    for row in rows[parts].tolist():
        account, agreement = int(spans.account_id[row]), int(spans.agreement_no[row])
        if (account, agreement) in days:
            why = "its tariff changes inside the period, so that stated days cannot be divided."
            due.refusals.add(account, "DAYS_INDIVISIBLE", why, agreement)


def _usage(due: Due, rows: Ints, specs: Mapping[str, ColumnSpec]) -> dict[str, Ints]:
    """The quantities of the tariff's inputs; spans without a register of it have 0."""
    place = np.full(len(due.spans), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    usage, columns = due.usage, {}
    for number, name in enumerate(due.quantities):
        mine = np.flatnonzero((usage.quantity_no == number) & (place[usage.period] >= 0))
        if name not in specs or not len(mine):
            continue
        wanted = specs[name].decimals
        given, decimals = usage.usage[mine], usage.decimals[mine]
        values, fits = rescaled(given, decimals, wanted)
        finest = int(decimals.max())
        if finest > wanted:
            back, _ = rescaled(values, np.full(len(mine), wanted), finest)
            fits &= back == rescaled(given, decimals, finest)[0]
        for at in np.flatnonzero(~fits).tolist():
            _refuse(due, usage.period[mine[at]], name, Misfit.TOO_FINE)
        column = np.zeros(len(rows), dtype=np.int64)
        column[place[usage.period[mine]]] = values
        columns[name] = column
    return columns


def _values_at(due: Due, rows: Ints, day: Ints) -> dict[int, tuple[Ints, Bools]]:
    """The attributes of spans on a day of each: today's, or of a changing agreement, then."""
    owner = due.spans.agreement[rows]
    found = {
        no: (value[owner], there[owner]) for no, (value, there) in due.agreements.attributes.items()
    }
    changing = due.changing[rows]
    if not changing.any():
        return found
    steps = due.steps
    key = agreement_key(ints(steps["account_id"]), ints(steps["agreement_no"]))
    wanted = agreement_key(due.spans.account_id[rows], due.spans.agreement_no[rows])
    for number in np.unique(ints(steps["attribute_no"])).tolist():
        mine = ints(steps["attribute_no"]) == number
        at = last_before(key[mine], ints(steps["from_day"])[mine], wanted, day)
        value, there = found.get(
            number, (np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.bool_))
        )
        then = np.where(at >= 0, ints(steps["value"])[mine][np.maximum(at, 0)], 0)
        found[number] = (np.where(changing, then, value), np.where(changing, at >= 0, there))
    return found


def _changes(
    due: Due, rows: Ints, tariff: Tariff, attributes: Mapping[str, Attribute]
) -> Changes | None:
    """The steps inside spans of inputs `per: segment`, by row."""
    spans, steps = due.spans, due.steps
    specs = {s.name: s for s in columns_of(tariff)}
    varying = {
        a.attribute_no: a
        for name, a in attributes.items()
        if name in specs and tariff.document.inputs[name].per_segment
    }
    found: list[tuple[int, int, str, int]] = []
    key = agreement_key(ints(steps["account_id"]), ints(steps["agreement_no"]))
    for at in np.flatnonzero(due.changing[rows]).tolist() if varying else []:
        row = rows[at]
        mine = key == agreement_key(spans.account_id[row], spans.agreement_no[row])
        day = ints(steps["from_day"])
        inside = mine & (day > spans.previous_day[row] + 1) & (day <= spans.this_day[row])
        for step in np.flatnonzero(inside).tolist():
            attribute = varying.get(int(ints(steps["attribute_no"])[step]))
            if attribute is None:
                continue
            given = int(ints(steps["value"])[step])
            value, misfit = step_value(attribute, specs[attribute.name], given)
            if misfit:
                _refuse(due, row, attribute.name, misfit)
            found.append((at, int(day[step]), attribute.name, value))
    found.sort(key=lambda change: change[:2])
    return Changes(*(list(column) for column in zip(*found, strict=True))) if found else None


def _states(specs: Mapping[str, ColumnSpec], handed: Sequence[Handed]) -> dict[str, Ints]:
    """Running values and histories that the bills before hand on."""
    columns: dict[str, Ints] = {}
    for name, spec in specs.items():
        if spec.kind == "state" and any(name in h.states for h in handed):
            columns[name] = np.array([h.states.get(name, 0) for h in handed], dtype=np.int64)
        elif spec.kind == "history":
            pairs = [h.histories.get(name, ())[-spec.entries :] for h in handed]
            table = np.zeros((len(handed), spec.entries, 2), dtype=np.int64)
            for row, entries in enumerate(pairs):
                if entries:
                    table[row, spec.entries - len(entries) :] = entries
            columns[f"{name}.month"] = table[:, :, 0].copy()
            columns[name] = table[:, :, 1].copy()
    return columns


def _refuse(due: Due, row: int | np.integer, name: str, misfit: Misfit) -> None:
    spans = due.spans
    why = {
        Misfit.MISSING: "the tariff needs it, the agreement has no attribute and no register of it",
        Misfit.TOO_FINE: "it has more decimals than the tariff's input",
        Misfit.TOO_LARGE: "it does not fit the tariff's input",
        Misfit.WORD_UNKNOWN: "the tariff does not list the word",
    }[misfit]
    due.refusals.add(
        int(spans.account_id[row]),
        f"INPUT_{misfit.name}",
        f"the input {name!r} of {iso(spans.this_day[row])}: {why}.",
        int(spans.agreement_no[row]),
    )


# -- packed


def packed_columns(tariff: Tariff) -> list[tuple[ColumnSpec, int]]:
    """The columns of a packed bill in order, and how many values each has."""
    specs = [s for s in columns_of(tariff) if s.kind not in TIME]
    return [(s, 2 * s.entries if s.kind == "history" else 1) for s in specs]


def packed_values(tariff: Tariff, inputs: Inputs) -> Ints:
    """The inputs as (rows, values), see `packing.inputs_part`."""
    found: list[Ints] = []
    for spec, _ in packed_columns(tariff):
        if spec.kind == "history":
            found.extend(inputs.columns[f"{spec.name}.month"].T)
            found.extend(inputs.columns[spec.name].T)
        else:
            found.append(inputs.columns[spec.name])
    return np.stack(found).T if found else np.zeros((len(inputs.rows), 0), dtype=np.int64)


def unpacked(tariff: Tariff, part: packing.Part) -> tuple[Columns, Changes | None]:
    """The columns and changes of packed inputs; the other way of `packed_values`."""
    period, values = packing.period_of(part), packing.values_of(part)
    columns = {"previous": period.previous, "this": period.this}
    if period.days.any():
        counted = period.this - period.previous
        columns["days"] = np.where(period.days > 0, period.days, counted)
    at = 0
    for spec, width in packed_columns(tariff):
        mine = values[:, at : at + width]
        if spec.kind == "history":
            columns[f"{spec.name}.month"] = mine[:, : spec.entries]
            columns[spec.name] = mine[:, spec.entries :]
        else:
            columns[spec.name] = mine[:, 0]
        at += width
    return columns, _unpacked_changes(tariff, packing.changes_of(part))


def _unpacked_changes(tariff: Tariff, changes: packing.Changes) -> Changes | None:
    names = [spec.name for spec, _ in packed_columns(tariff)]
    rows, count = changes.day.shape
    if not rows or not count:
        return None
    return Changes(
        np.repeat(np.arange(rows), count).tolist(),
        changes.day.ravel().tolist(),
        [names[number] for number in changes.input.ravel().tolist()],
        changes.value.ravel().tolist(),
    )
