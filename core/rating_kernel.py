"""The one door to the rating kernel: tariff programs in, columns of bills out.

Goals: compile an `Ir` to native programs, say which path it takes and why, run it over
columns with as many threads as wanted. Non-goals: tariff words, errors of one bill as
exceptions (they are a status per row, see `billcore.core.tariff.status`).
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import IntEnum, StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from billcore.core.tariff.ir import Input, Ir, Range
from billcore.core.tariff.lowering import Lowered, lower
from billcore.ext import rating

BLOCK_ROWS = 1 << 16
"""Rows that a thread takes at a time."""

Column = NDArray[np.int64] | NDArray[np.int32]
Amounts = NDArray[np.int64]
Statuses = NDArray[np.uint8]


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
        code = lowered.fast
        fast = code and ([(op.name, op.args) for op in code.ops], code.constants, code.registers)
        self.native = rating.Program(lowered.inputs, ops, lowered.outputs, lowered.narrow, fast)

    @property
    def path(self) -> Literal["fast", "general"]:
        return "fast" if self.native.has_fast else "general"

    @property
    def fast_limits(self) -> tuple[Range, ...] | None:
        """Per input, the interval that stays on the fast path; None on the general path."""
        return self._lowered.fast and self._lowered.fast.limits

    def listing(self) -> str:
        """The program as text, for people."""
        return "\n".join(str(op) for op in self._lowered.ops)

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
        """Rate every row. OUT: `outputs` in the program's order, `status` where a row fails."""
        native_level = None if level is None else _NATIVE_LEVEL[level]

        def block(start: int, stop: int) -> None:
            rating.run(
                self.native,
                inputs,
                outputs,
                status,
                start=start,
                stop=stop,
                level=native_level,
                path=path,
            )

        _in_blocks(block, len(status), threads)


def compile_program(ir: Ir, outputs: Sequence[str] | None = None) -> KernelProgram:
    """The native program that computes the named outputs of `ir` (all, if None)."""
    return KernelProgram(ir.inputs, lower(ir, outputs))


def _in_blocks(work: Callable[[int, int], None], n_rows: int, threads: int) -> None:
    if threads <= 1 or n_rows <= BLOCK_ROWS:
        work(0, n_rows)
        return
    with ThreadPoolExecutor(threads) as pool:
        starts, stops = zip(*_blocks(n_rows), strict=True)
        for _ in pool.map(work, starts, stops):
            pass


def _blocks(n_rows: int) -> Iterator[tuple[int, int]]:
    for start in range(0, n_rows, BLOCK_ROWS):
        yield start, min(start + BLOCK_ROWS, n_rows)
