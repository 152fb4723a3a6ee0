"""The one door to the rating kernel: tariff programs in, columns of bills out.

Goals: compile an `Ir` to native programs, say which path it takes and why, run it over
columns with as many threads as wanted. Non-goals: tariff words, errors of one bill as
exceptions (they are a status per row, see `billcore.core.tariff.status`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import IntEnum, StrEnum
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from billcore.core.tariff.fast.code import FastCode
from billcore.core.tariff.fast.listing import listing
from billcore.core.tariff.fast.lowering import Lowered, lower
from billcore.core.tariff.ir import Input, Ir, Range
from billcore.ext import rating

BLOCK_ROWS = 1 << 16
"""Rows that a thread takes at a time."""
MIXED_BLOCK_ROWS = 1 << 19
"""The same for rows of many plans: each call has buffers to fill first."""

Column = NDArray[np.int64] | NDArray[np.int32]
Amounts = NDArray[np.int64]
Statuses = NDArray[np.uint8]
PlanIds = NDArray[np.int32]


class Path(IntEnum):
    """Which executor may run; the results never differ."""

    AUTO = rating.AUTO
    WIDE = rating.WIDE
    FAST = rating.FAST


class Level(StrEnum):
    """A dispatch level: the instruction set that the fast path uses. The results never differ."""

    AVX512 = "avx512"
    AVX2 = "avx2"
    BASELINE = "baseline"


_NATIVE_LEVEL = {Level.AVX512: 4, Level.AVX2: 3, Level.BASELINE: 1}


def levels() -> tuple[Level, ...]:
    """The dispatch levels that this processor can run, best first; the first is the default."""
    return tuple(level for level in Level if _NATIVE_LEVEL[level] in rating.levels())


class KernelProgram:
    """A compiled variant of a tariff: immutable, usable from any thread."""

    def __init__(self, inputs: tuple[Input, ...], lowered: Lowered) -> None:
        self.inputs = inputs
        self.outputs = lowered.names
        self._lowered = lowered
        ops = [(op.code, op.a, op.b, op.c, op.k, op.mode) for op in lowered.ops]
        self.native = rating.Program(
            lowered.inputs, ops, lowered.outputs, lowered.narrow, _fast(lowered.fast)
        )

    @property
    def path(self) -> Literal["fast", "general"]:
        """Fast: bills inside `fast_limits` run on vectors; general: every bill runs wide."""
        return "fast" if self.native.has_fast else "general"

    @property
    def fast_limits(self) -> tuple[Range, ...] | None:
        """Per input, the interval that stays on the fast path; None on the general path."""
        return None if self._lowered.fast is None else self._lowered.fast.limits

    def listing(self) -> str:
        """Both programs as text, for people."""
        return listing(self._lowered, [i.name for i in self.inputs])

    def run(
        self,
        inputs: Sequence[Column],
        outputs: Sequence[Amounts | None],
        status: Statuses,
        *,
        threads: int = 1,
        level: Level | None = None,
        path: Path = Path.AUTO,
    ) -> None:
        """Rate every row. OUT: `outputs` in the program's order, `status` where a row fails.

        The caller zeroes `status`. An output of None is not written; a failed row's are 0.
        """

        def block(start: int, stop: int) -> None:
            rating.run(
                self.native,
                inputs,
                outputs,
                status,
                start=start,
                stop=stop,
                level=_native(level),
                path=path,
            )

        _in_blocks(block, len(status), BLOCK_ROWS, threads)


class Plan(NamedTuple):
    """A program, and by name the common columns of what it reads and of what it shows."""

    program: KernelProgram
    inputs: Mapping[str, int]
    outputs: Mapping[str, int]


class PlanSet:
    """Programs over common columns, so many a side; a plan id is a place in the set."""

    def __init__(self, plans: Sequence[Plan], n_inputs: int, n_outputs: int) -> None:
        self.plans = tuple(plans)
        self.native = rating.PlanSet(
            [plan.program.native for plan in self.plans],
            [_input_map(plan) for plan in self.plans],
            [[plan.outputs.get(name, -1) for name in plan.program.outputs] for plan in self.plans],
            n_inputs,
            n_outputs,
        )


def _input_map(plan: Plan) -> list[int]:
    try:
        return [plan.inputs[i.name] for i in plan.program.inputs]
    except KeyError as missing:
        known = ", ".join(plan.inputs)
        raise ValueError(f"a program reads {missing}, common columns are {known}") from None


def run_mixed(
    plans: PlanSet,
    plan_ids: PlanIds,
    inputs: Sequence[Column],
    outputs: Sequence[Amounts | None],
    status: Statuses,
    *,
    threads: int = 1,
    level: Level | None = None,
    path: Path = Path.AUTO,
) -> None:
    """Rate every row by its plan, in any order; rows stored plan by plan run fastest.

    OUT: `outputs`, 0 where a plan has no such output; `status` where a row fails, which
    the caller zeroes. A plan id that is not in the set fails its row with UNKNOWN_PLAN.
    """

    def block(start: int, stop: int) -> None:
        rating.run_mixed(
            plans.native,
            plan_ids,
            inputs,
            outputs,
            status,
            start=start,
            stop=stop,
            level=_native(level),
            path=path,
        )

    _in_blocks(block, len(status), MIXED_BLOCK_ROWS, threads)


def compile_program(ir: Ir, outputs: Sequence[str] | None = None) -> KernelProgram:
    """The native program that computes the named outputs of `ir` (all, if None)."""
    return KernelProgram(ir.inputs, lower(ir, outputs))


def _fast(code: FastCode | None) -> rating.FastCode | None:
    if code is None:
        return None
    return [(op.name, op.args) for op in code.ops], code.constants, code.registers


def _native(level: Level | None) -> int | None:
    return None if level is None else _NATIVE_LEVEL[level]


def _in_blocks(
    work: Callable[[int, int], None], n_rows: int, block_rows: int, threads: int
) -> None:
    if threads <= 1 or n_rows <= block_rows:
        work(0, n_rows)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(lambda rows: work(*rows), _blocks(n_rows, block_rows)):
            pass


def _blocks(n_rows: int, block_rows: int) -> Iterator[tuple[int, int]]:
    for start in range(0, n_rows, block_rows):
        yield start, min(start + block_rows, n_rows)
