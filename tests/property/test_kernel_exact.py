"""The native executors against the plain model: random programs, random bills, no difference."""

import random

import numpy as np
import pytest
from numpy.typing import NDArray

from billcore.core.rating_kernel import KernelProgram, Level, Path, compile_program, levels
from billcore.core.tariff import ir as model
from billcore.core.tariff.ir import Ir
from billcore.core.tariff.status import Status
from tests.property.random_ir import random_bills, random_ir

SEEDS = range(300)
BILLS = 150
INT32 = (-(2**31), 2**31 - 1)
INT64 = (-(2**63), 2**63 - 1)

Answers = tuple[list[tuple[int, ...]], list[int]]


@pytest.mark.parametrize("block", range(10))
def test_every_executor_answers_as_the_plain_model(block: int) -> None:
    """Wide and fast, at every level: the same integers and the same status for every bill."""
    for seed in SEEDS[block::10]:
        ir = random_ir(seed)
        program = compile_program(ir)
        rng = random.Random(~seed)
        bills = [clipped(bill) for bill in random_bills(ir, program.fast_limits, rng, BILLS)]
        wanted = modelled(ir, bills)
        assert run(program, bills, rng, Path.WIDE) == wanted, seed
        for level in levels():
            assert run(program, bills, rng, Path.AUTO, level) == wanted, (seed, level)


def test_one_output_alone_is_what_it_is_among_others() -> None:
    """Leaving out outputs changes none of the others, whatever the fast program then shares."""
    for seed in SEEDS[::5]:
        ir = random_ir(seed)
        rng = random.Random(seed)
        wanted = None
        for output in ir.outputs:
            program = compile_program(ir, [output.name])
            alone = Ir(ir.inputs, ir.ops, (output,), ir.bounds)
            bills = [clipped(bill) for bill in random_bills(ir, program.fast_limits, rng, 64)]
            wanted = modelled(alone, bills)
            assert run(program, bills, rng, Path.AUTO) == wanted, (seed, output.name)
        assert wanted is not None


def test_most_random_programs_have_a_fast_path() -> None:
    """The comparison above is worth something only if the fast executors take part."""
    fast = sum(compile_program(random_ir(seed)).path == "fast" for seed in SEEDS)
    assert fast > len(SEEDS) // 3


def clipped(bill: dict[str, int]) -> dict[str, int]:
    return {name: min(max(value, INT64[0]), INT64[1]) for name, value in bill.items()}


def modelled(ir: Ir, bills: list[dict[str, int]]) -> Answers:
    """What the plain model says: amounts (0 where a bill fails) and status."""
    amounts, statuses = [], []
    for bill in bills:
        values: dict[str, int] = {}
        if all(i.lo <= bill[i.name] <= i.hi for i in ir.inputs):
            values, status = model.run(ir, bill)
            fits = all(INT64[0] <= value <= INT64[1] for value in values.values())
            status = status or (Status.OK if fits else Status.OVERFLOW)
        else:
            status = Status.OUT_OF_RANGE
        failed = status != Status.OK
        amounts.append(tuple(0 if failed else values[o.name] for o in ir.outputs))
        statuses.append(int(status))
    return amounts, statuses


def run(
    program: KernelProgram,
    bills: list[dict[str, int]],
    rng: random.Random,
    path: Path,
    level: Level | None = None,
) -> Answers:
    columns = [column([bill[i.name] for bill in bills], rng) for i in program.inputs]
    outputs = [np.full(len(bills), -1, dtype=np.int64) for _ in program.outputs]
    status = np.zeros(len(bills), dtype=np.uint8)
    program.run(columns, outputs, status, path=path, level=level)
    return list(zip(*(o.tolist() for o in outputs), strict=True)), status.tolist()


def column(values: list[int], rng: random.Random) -> NDArray[np.int64] | NDArray[np.int32]:
    """Now and then int32, where the values allow."""
    narrow = all(INT32[0] <= value <= INT32[1] for value in values) and rng.random() < 0.5
    return np.array(values, dtype=np.int32) if narrow else np.array(values, dtype=np.int64)
