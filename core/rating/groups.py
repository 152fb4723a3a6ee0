"""Rows of one tariff that read the same columns: what their programs are, and what they read."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from billcore.core.errors import TariffInvalid
from billcore.core.rating.batch import Batch, Column, Ints, Statuses
from billcore.core.rating.ragged import RaggedGroup, ragged_groups
from billcore.core.rating.shapes import Times, grouping
from billcore.core.rating_kernel import PlanIds
from billcore.core.tariff.language.expression import FOLDS
from billcore.core.tariff.program.scope import Binding, Variant
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Program

TIME_KINDS = ("days", "months", "years")


@dataclass(frozen=True, slots=True)
class Group:
    """ids[row] is the place of the row's shape in `shapes`, -1: none; None: all have the first.

    Rows are those of `batch`.
    """

    batch: Batch
    shapes: tuple[tuple[Variant, ...], ...]
    ids: PlanIds | None
    times: Times | RaggedGroup

    def program(self, shape: tuple[Variant, ...], outputs: tuple[str, ...]) -> Program | Status:
        """The program of a shape, or why its bills cannot be rated."""
        try:
            program = self.batch.tariff.program(shape, outputs)
        except TariffInvalid:
            return Status.UNREPRESENTABLE
        kinds = {b.kind for b in program.bindings if b.kind in TIME_KINDS}
        return program if all(self.times.told(kind) for kind in kinds) else Status.BAD_PERIOD

    def given_name(self, binding: Binding) -> str | None:
        """The given column that is, row by row, what a program reads; None: it has to be made."""
        ragged = isinstance(self.times, RaggedGroup)
        if binding.kind in TIME_KINDS:
            as_given = binding.kind == "days" and binding.segment is None and not ragged
        else:
            as_given = binding.kind not in FOLDS and not (ragged and binding.segment is not None)
        return binding.name if as_given and binding.name in self.batch.given else None

    def column(self, binding: Binding) -> Column:
        """What programs read for the rows of the group."""
        if binding.kind in TIME_KINDS:
            return self.times.column(binding.kind, binding.segment)
        if binding.kind in FOLDS:
            return folded(self.batch, binding)
        if isinstance(self.times, RaggedGroup) and binding.segment is not None:
            return self.times.attributes[binding.name][binding.segment]
        return self.batch.column(binding.name)


def groups_of(batch: Batch, status: Statuses) -> Iterator[Group]:
    """All rows that have a shape. OUT: status of the others, zeroed by the caller."""
    grouped = grouping(batch, status)
    shapes = tuple(s.variants for s in grouped.shapes)
    yield Group(batch, shapes, grouped.ids, Times(batch, grouped))
    for ragged in ragged_groups(batch, status):
        yield Group(batch.subset(ragged.rows), (ragged.variants,), None, ragged)


def folded(batch: Batch, binding: Binding) -> Ints:
    """What each row's history comes to (`FOLDS`), in multiples of binding.scale; 0 if empty."""
    state = batch.tariff.document.states[binding.name]
    if state.name not in batch.given:
        return np.zeros(batch.length, dtype=np.int64)
    months = np.clip(batch.column(f"{state.name}.month"), 0, 12)  # rows beyond have failed
    unit = Fraction(1, 10**state.decimals)
    factors = np.array([0, *(int(f * unit / binding.scale) for f in binding.factors)])
    return _fold(binding.kind, batch.column(state.name) * factors[months], months > 0)


def _fold(kind: str, entries: Ints, present: npt.NDArray[np.bool_]) -> Ints:
    """rows x entries to one number a row, of the present ones."""
    found: Ints
    if kind == "count_of":
        found = np.count_nonzero(present, axis=1).astype(np.int64)
        return found
    if kind == "sum_of":
        found = np.sum(entries, axis=1, where=present, dtype=np.int64)
        return found
    ends = np.iinfo(np.int64)
    if kind == "highest":
        found = np.max(entries, axis=1, where=present, initial=ends.min)
    else:
        found = np.min(entries, axis=1, where=present, initial=ends.max)
    return np.where(present.any(axis=1), found, 0)
