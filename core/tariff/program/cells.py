"""Cells of parameters that depend on the bill: a branch for each row that can hold.

Which row holds is known when a bill is rated; every branch is a mask and a cell.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from billcore.core.tariff.language.document import Cell, Record
from billcore.core.tariff.program.builder import Builder, Mask, Val
from billcore.core.tariff.status import Status


@dataclass(frozen=True, slots=True)
class Switch:
    """The first branch whose mask holds."""

    branches: tuple[tuple[Mask, "Ref"], ...]


Ref = Cell | Switch


def choose(build: Builder, ref: Ref, leaf: Callable[[Cell], Val]) -> Val:
    """The value of the branch that holds, each evaluated on its own path."""
    if not isinstance(ref, Switch):
        return leaf(ref)
    values: list[tuple[Mask, Val]] = []
    for mask, here, branch in _in_turn(build, ref):
        if here is not False:
            with build.under(here):
                values.append((mask, choose(build, branch, leaf)))
    return build.first_of(values[:-1], values[-1][1])


def select(build: Builder, ref: Ref, row: Callable[[Cell], Ref], within: Mask = True) -> Ref:
    """What `row` selects in the cell of every branch, each on its own path."""
    if not isinstance(ref, Switch):
        with build.under(within):
            return row(ref)
    return Switch(
        tuple(
            (mask, select(build, branch, row, build.both(within, here)))
            for mask, here, branch in _in_turn(build, ref)
        )
    )


def _in_turn(build: Builder, switch: Switch) -> Iterator[tuple[Mask, Mask, Ref]]:
    """(mask, mask and none before it, branch)."""
    earlier: Mask = False
    for mask, branch in switch.branches:
        yield mask, build.both(mask, build.negate(earlier)), branch
        earlier = build.either(earlier, mask)


def one_of(build: Builder, held: Sequence[tuple[Mask, Cell]], otherwise: Status) -> Switch:
    """The first cell whose mask holds; the bill fails where none does."""
    build.fail(build.negate(build.any_of(mask for mask, _ in held)), otherwise)
    return Switch(tuple(held))


def entry(ref: Ref, key: str) -> Ref:
    """A column of a record, or a choice's entry of a map, in every branch."""
    if isinstance(ref, Switch):
        return Switch(tuple((mask, entry(branch, key)) for mask, branch in ref.branches))
    assert isinstance(ref, Record)
    return ref.cells[key]
