"""From the intermediate form to what the kernel runs: a wide program, maybe a fast one.

Goals: drop what the wanted outputs do not need; find the limits inside which every
register fits 64 bits; ask for a fast program. Non-goals: executing (the kernel), the
meaning of ops (`ir`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from billcore.core.tariff.fast.code import FastCode, fast_code
from billcore.core.tariff.fast.narrowing import narrowed
from billcore.core.tariff.ir import Code, Ir, Op, Range, op_bounds

INT64 = (-(1 << 63), (1 << 63) - 1)

OPERANDS = {
    Code.INPUT: "",
    Code.CONST: "",
    Code.MULK: "a",
    Code.ADDK: "a",
    Code.DIVK: "a",
    Code.FAIL: "a",
    Code.SELECT: "abc",
}


@dataclass(frozen=True, slots=True)
class Lowered:
    """What `billcore.ext.rating.Program` is made of."""

    inputs: tuple[Range, ...]
    ops: tuple[Op, ...]
    outputs: tuple[int, ...]
    names: tuple[str, ...]
    narrow: tuple[Range, ...] | None
    """Limits inside which every register fits 64 bits."""
    fast: FastCode | None


def lower(ir: Ir, outputs: Sequence[str] | None = None) -> Lowered:
    """The programs that compute the named outputs of `ir` (all, if None)."""
    shown = _wanted(ir, outputs)
    registers = [register for _, register in shown]
    readers = count_readers(ir.ops, registers)
    kept = [i for i, n in enumerate(readers) if n >= 0]
    place = {register: i for i, register in enumerate(kept)}
    ops = tuple(_renumbered(ir.ops[i], place) for i in kept)
    inputs = tuple((i.lo, i.hi) for i in ir.inputs)
    return Lowered(
        inputs=inputs,
        ops=ops,
        outputs=tuple(place[register] for register in registers),
        names=tuple(name for name, _ in shown),
        narrow=_int64_limits(ops, [ir.bounds[i] for i in kept], inputs),
        fast=fast_code(ir, registers, readers),
    )


def operands(op: Op) -> tuple[int, ...]:
    """The registers that an op reads."""
    return tuple(getattr(op, name) for name in OPERANDS.get(op.code, "ab"))


def count_readers(ops: Sequence[Op], shown: Sequence[int]) -> list[int]:
    """Per register, how many needed ops and outputs read it; -1: it is not needed.

    Needed is what an output or a failure depends on, and every input.
    """
    readers = [0 if op.code in (Code.FAIL, Code.INPUT) else -1 for op in ops]
    for register in shown:
        readers[register] = max(readers[register], 0) + 1
    for i in range(len(ops) - 1, -1, -1):
        for operand in operands(ops[i]) if readers[i] >= 0 else ():
            readers[operand] = max(readers[operand], 0) + 1
    return readers


def _wanted(ir: Ir, outputs: Sequence[str] | None) -> list[tuple[str, int]]:
    register_of = {output.name: output.register for output in ir.outputs}
    names = list(register_of) if outputs is None else list(outputs)
    unknown = [name for name in names if name not in register_of]
    if unknown:
        raise ValueError(f"no output is named {unknown[0]!r}; there are {', '.join(register_of)}")
    return [(name, register_of[name]) for name in names]


def _renumbered(op: Op, place: dict[int, int]) -> Op:
    names = OPERANDS.get(op.code, "ab")
    a, b, c = (place[getattr(op, n)] if n in names else -1 for n in "abc")
    return replace(op, a=a, b=b, c=c)


def _int64_limits(
    ops: Sequence[Op], proved: Sequence[Range], inputs: Sequence[Range]
) -> tuple[Range, ...] | None:
    spans: list[Range] = [(0, 0)] * len(ops)

    def fits(i: int, limits: Sequence[Range]) -> bool:
        lo, hi = op_bounds(ops[i], spans, limits)
        lo, hi = max(lo, proved[i][0]), min(hi, proved[i][1])
        spans[i] = lo, hi
        return INT64[0] < lo and hi <= INT64[1]

    reads = [(op.k if op.code is Code.INPUT else -1, operands(op)) for op in ops]
    return narrowed(len(ops), reads, fits, inputs)
