"""The kernel's parts, one by one: every op at every level, every refusal, every fallback."""

import pathlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from billcore.core import rating_kernel
from billcore.core.rating_kernel import (
    Column,
    KernelProgram,
    Level,
    Path,
    Plan,
    PlanSet,
    compile_program,
    levels,
    run_mixed,
)
from billcore.core.tariff.fast.narrowing import halved
from billcore.core.tariff.ir import (
    Code,
    Input,
    Ir,
    Mode,
    Op,
    Output,
    Range,
    divide,
    op_bounds,
    power_factor,
)
from billcore.core.tariff.status import Status
from billcore.ext import rating
from tests.unit.standard_plan import standard_plan_ir

BEYOND_51 = 1 << 51
LARGE = BEYOND_51 - 1
ROWS = 200

Ints = NDArray[np.int64]


# -- the numbers that Python and C share


def test_statuses_codes_and_modes_are_the_same_in_c() -> None:
    """C repeats the enums; a new member must be added on both sides."""
    assert {s.name: s.value for s in Status if s.name in rating.STATUSES} == rating.STATUSES
    assert {c.name: c.value for c in Code} == rating.CODES
    assert {m.name: m.value for m in Mode} == rating.MODES


def test_every_status_has_a_message() -> None:
    assert all(status.message.endswith(".") for status in Status)


def test_the_best_level_is_the_default_and_the_baseline_always_there() -> None:
    assert levels()[-1] is Level.BASELINE
    assert rating.level() == max(rating.levels())
    flags = set(pathlib.Path("/proc/cpuinfo").read_text().split())
    assert (Level.AVX512 in levels()) == ({"avx512f", "avx512dq", "avx512vl", "avx512bw"} <= flags)
    assert (Level.AVX2 in levels()) == ({"avx2", "fma"} <= flags)


# -- every fast op, written by hand, against its meaning

N_INPUTS = 4
RAISED = N_INPUTS  # a raised copy of register 0
FIRST_RESULT = RAISED + 1
DIVISORS = [2, 3, 4, 7, 10, 100, 1000]
OPS = [
    n
    for n in rating.FAST_SIGNATURES
    if n not in ("IN64", "IN32", "OUT", "OUT_RAISED", "SKIP", "FAIL", "END")
]


class Draft:
    """Random arguments for one op, after its signature."""

    def __init__(self, name: str, rng: random.Random) -> None:
        self.rng = rng
        self.name = name
        self.results: list[int] = []
        self.args = list(self._drawn(rating.FAST_SIGNATURES[name]))

    def _drawn(self, signature: str) -> Iterator[int]:
        head, _, rest = signature.partition("n(")
        yield from self._flat(head)
        if rest:
            group, _, tail = rest.partition(")")
            count = self.rng.randint(1, 3)
            yield count
            for _ in range(count):
                yield from self._flat(group)
            yield from self._flat(tail)

    def _flat(self, letters: str) -> Iterator[int]:
        for i, letter in enumerate(letters):
            match letter:
                case "d":
                    self.results.append(FIRST_RESULT + len(self.results))
                    yield self.results[-1]
                case "r" if letters[i + 1 : i + 2] == "D" and self.name.endswith("RADD"):
                    yield RAISED
                case "r":
                    yield self.rng.randrange(N_INPUTS)
                case "k":
                    yield self.rng.randint(-200, 200)
                case "b":
                    yield from (self.rng.randint(-(10**6), 10**6), 0)
                case "D" | "E":
                    yield self.rng.choice(DIVISORS)


def meaning(name: str, args: Sequence[int], r: Sequence[int]) -> dict[int, int]:
    """What the op writes, per register, in exact integers."""
    family, _, what = name.partition("_")
    if family.startswith("LIN"):
        dst, constant, _, *rest = args
        n = rest.pop(0) if family == "LINN" else int(family[3:])
        total = constant + sum(rest[2 * i + 1] * r[rest[2 * i]] for i in range(n))
        return {dst: become(what, total, rest[2 * n :], r)}
    if family == "TSUM":
        dst, quantity, constant, slope, n, *rest = args
        total = constant + slope * r[quantity]
        for reg, upto, k in zip(rest[: 3 * n : 3], rest[1::3], rest[2::3], strict=False):
            total += k * min(r[quantity], upto * r[reg])
        return {dst: become(what, total, rest[3 * n :], r)}
    if family in ("TIER", "TIERS"):
        return table(family == "TIERS", what, args, r)
    dst, *operands = args
    values = [r[register] for register in operands]
    simple: dict[str, Callable[[], int]] = {
        "MIN": lambda: min(values),
        "MAX": lambda: max(values),
        "MUL": lambda: values[0] * values[1],
        "LT": lambda: int(values[0] < values[1]),
        "LE": lambda: int(values[0] <= values[1]),
        "EQ": lambda: int(values[0] == values[1]),
        "SELECT": lambda: values[1] if values[0] else values[2],
        "SEL_LT": lambda: values[2] if values[0] < values[1] else values[3],
        "SEL_LE": lambda: values[2] if values[0] <= values[1] else values[3],
        "SEL_EQ": lambda: values[2] if values[0] == values[1] else values[3],
    }
    if family == "DIV":
        return {dst: divide(values[0], values[1], Mode[what]) if values[1] > 0 else 0}
    return {dst: simple[name]()}


def become(what: str, total: int, args: Sequence[int], r: Sequence[int]) -> int:
    match what:
        case "SUM":
            return total
        case "MIN":
            return min(total, args[0])
        case "MAX":
            return max(total, args[0])
        case "RAISED":
            return divide(total, args[0], Mode.HALF_UP)
        case "RADD":
            return r[0] + divide(total, args[1], Mode.HALF_UP)
    return divide(total, args[0], Mode[what])


def table(keeps: bool, what: str, args: Sequence[int], r: Sequence[int]) -> dict[int, int]:
    mode = Mode.HALF_UP if what == "RAISED" else Mode[what]
    dst, quantity, n, *rest = args
    written: dict[int, int] = {}
    total = below = 0
    for row in range(n + 1):
        line = rest.pop(0) if keeps else -1
        reach = r[quantity]
        if row < n:
            reg, upto = rest.pop(0), rest.pop(0)
            reach = min(reach, upto * r[reg])
        k, divisor = rest.pop(0), rest.pop(0)
        amount = divide(k * (reach - below), divisor, mode)
        total, below = total + amount, reach
        if keeps:
            written[line] = amount
    return written | {dst: total}


def fast_program(
    ops: Sequence[tuple[str, Sequence[int]]], shown: Sequence[tuple[str, int]], limit: int = LARGE
) -> rating.Program:
    """A program of four inputs and these fast ops; its wide code is not meant to run."""
    loads = [("IN64", (j, j, -limit, limit)) for j in range(N_INPUTS)]
    stores = [(out, (register, j)) for j, (out, register) in enumerate(shown)]
    wide = [(Code.INPUT, -1, -1, -1, 0, Mode.HALF_UP)]
    fast = ([*loads, *ops, *stores, ("END", ())], (), FIRST_RESULT + 20)
    return rating.Program([(-limit, limit)] * N_INPUTS, wide, [0] * len(shown), None, fast)


def run_fast(program: rating.Program, columns: Sequence[Ints], level: int) -> list[Ints]:
    rows = len(columns[0])
    outputs = [np.zeros(rows, dtype=np.int64) for _ in range(program.n_outputs)]
    status = np.zeros(rows, dtype=np.uint8)
    rating.run(program, columns, outputs, status, level=level, path=rating.FAST)
    assert not status.any()
    return outputs


@pytest.mark.parametrize("level", rating.levels())
@pytest.mark.parametrize("name", OPS)
def test_a_fast_op_means_what_its_line_says(name: str, level: int) -> None:
    """On random arguments and rows, with many ties, zeros and equal operands."""
    rng = random.Random(name)
    for _ in range(4):
        draft = Draft(name, rng)
        raised = name.endswith(("RADD", "RAISED"))
        shown = [("OUT_RAISED" if raised else "OUT", draft.results[0])]
        shown += [("OUT", register) for register in draft.results[1:]]
        prelude = ("LIN1_SUM", (RAISED, 0, 1, 0, 1))
        program = fast_program([prelude, (name, draft.args)], shown, limit=10**6)
        size = rng.choice([3, 100, 10**6])
        rows = [[rng.randint(-size, size) for _ in range(N_INPUTS)] for _ in range(ROWS)]
        columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
        outputs = run_fast(program, columns, level)
        wanted = [meaning(name, draft.args, row) for row in rows]
        for (_, register), output in zip(shown, outputs, strict=True):
            assert output.tolist() == [w[register] for w in wanted], (name, draft.args)


@pytest.mark.parametrize("level", rating.levels())
def test_a_sum_takes_a_raised_term_down(level: int) -> None:
    """7 * raised + 5 * plain, with seven biases taken off by the constant."""
    ops = [("LIN1_SUM", (RAISED, 0, 1, 0, 1)), ("LIN2_SUM", (5, 0, -7, RAISED, 7, 1, 5))]
    program = fast_program(ops, [("OUT", 5)], limit=10**14)
    a, b = (np.random.default_rng(7).integers(-(10**14), 10**14, ROWS) for _ in range(2))
    (output,) = run_fast(program, [a, b, a, b], level)
    assert output.tolist() == [7 * x + 5 * y for x, y in zip(a.tolist(), b.tolist(), strict=True)]


# -- roundings at their edges


def near_ties(divisor: int, limit: int) -> Ints:
    """Numerators on, one below and one above ties and multiples, up to +-limit."""
    rng = random.Random(divisor)
    most = limit // divisor
    quotients = [0, 1, 2, 3, most - 1, most, *(rng.randint(0, most) for _ in range(60))]
    found = set()
    for q in quotients:
        for base in (q * divisor, q * divisor + divisor // 2, q * divisor + (divisor + 1) // 2):
            found |= {sign * (base + d) for d in (-1, 0, 1) for sign in (1, -1)}
    found |= {limit, -limit}
    return np.array(sorted(n for n in found if abs(n) <= limit), dtype=np.int64)


@pytest.mark.parametrize("level", rating.levels())
@pytest.mark.parametrize("mode", list(Mode))
def test_roundings_are_exact_up_to_their_bound(mode: Mode, level: int) -> None:
    """|n| + D // 2 < 2^51: ties, their neighbours, both signs, for divisors of every size."""
    for divisor in (2, 3, 5, 7, 10, 12, 97, 1000, 10**4, 999_983, 10**7, 2**20, 2**31 - 1, 10**12):
        numerators = near_ties(divisor, LARGE - divisor // 2)
        program = fast_program([(f"LIN1_{mode.name}", (5, 0, 0, 0, 1, divisor))], [("OUT", 5)])
        (output,) = run_fast(program, [numerators] * 4, level)
        assert output.tolist() == [divide(n, divisor, mode) for n in numerators.tolist()], divisor


@pytest.mark.parametrize("level", rating.levels())
def test_half_up_fails_beyond_its_bound(level: int) -> None:
    """Up to four times the bound it is wrong somewhere: the tests above see the edge."""
    wrong = 0
    for divisor in (3, 7, 10, 1000, 999_983, 10**7):
        numerators = near_ties(divisor, LARGE // 4) * 4
        ops = [("LIN1_HALF_UP", (5, 0, 0, 0, 16, divisor))]
        (output,) = run_fast(fast_program(ops, [("OUT", 5)]), [numerators // 4] * 4, level)
        wanted = [divide(n * 4, divisor, Mode.HALF_UP) for n in numerators.tolist()]
        wrong += sum(a != b for a, b in zip(output.tolist(), wanted, strict=True))
    assert wrong > 0


@pytest.mark.parametrize("level", rating.levels())
@pytest.mark.parametrize("mode", list(Mode))
def test_quotients_of_registers_are_exact(mode: Mode, level: int) -> None:
    """Every sign of the dividend; a divisor that is not positive gives 0."""
    rng = random.Random(mode)
    divisors = [1, 2, 3, 10, 365, 10**6, 2**31, LARGE, 0, -1, -7]
    pairs = [(n, d) for d in divisors for n in near_ties(max(d, 1), LARGE).tolist()[::7]]
    pairs += [(rng.randint(-LARGE, LARGE), rng.randint(1, LARGE)) for _ in range(500)]
    n, d = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    program = fast_program([(f"DIV_{mode.name}", (5, 0, 1))], [("OUT", 5)])
    (output,) = run_fast(program, [n, d, n, n], level)
    assert output.tolist() == [divide(a, b, mode) if b > 0 else 0 for a, b in pairs]


# -- small programs of the intermediate form


def ir_of(inputs: Sequence[Range], ops: Sequence[Op], shown: Sequence[int] | None = None) -> Ir:
    columns = tuple(Input(f"x{j}", lo, hi) for j, (lo, hi) in enumerate(inputs))
    bounds: list[Range] = []
    for op in ops:
        bounds.append(op_bounds(op, bounds, inputs))
    registers = [len(ops) - 1] if shown is None else shown
    outputs = tuple(Output(f"y{j}", register) for j, register in enumerate(registers))
    return Ir(columns, tuple(ops), outputs, tuple(bounds))


def rated(
    ir: Ir, columns: Sequence[Sequence[int]], path: Path = Path.AUTO, level: Level | None = None
) -> tuple[list[list[int]], list[int]]:
    program = compile_program(ir)
    rows = len(columns[0])
    outputs = [np.full(rows, -1, dtype=np.int64) for _ in program.outputs]
    status = np.zeros(rows, dtype=np.uint8)
    inputs = [np.array(column, dtype=np.int64) for column in columns]
    program.run(inputs, outputs, status, path=path, level=level)
    return [o.tolist() for o in outputs], status.tolist()


LINE = [Op(Code.INPUT), Op(Code.MULK, 0, k=12345), Op(Code.DIVK, 1, k=10**7)]


@pytest.mark.parametrize("level", levels())
def test_rows_beyond_the_fast_limits_fall_back(level: Level) -> None:
    """They come out right, among fast rows, at the limit and one beyond it, of either sign."""
    ir = ir_of([(-(10**18), 10**18)], LINE)
    program = compile_program(ir)
    assert program.path == "fast"
    assert program.fast_limits is not None
    lo, hi = program.fast_limits[0]
    assert -(10**18) < lo < hi < 10**18
    values = [lo - 1, lo, hi, hi + 1, 10**18, -(10**18), *range(-100, 100), 5 * 10**17]
    outputs, status = rated(ir, [values], level=level)
    assert outputs == [[divide(v * 12345, 10**7, Mode.HALF_UP) for v in values]]
    assert not any(status)


@pytest.mark.parametrize("path", [Path.AUTO, Path.WIDE])
def test_a_bill_out_of_its_declared_range_fails_alone(path: Path) -> None:
    """Its amounts are 0 and its neighbours are rated."""
    values = [*range(1000), -1, 1001, 2**63 - 1, -(2**63), 1000]
    outputs, status = rated(ir_of([(0, 1000)], LINE), [values], path)
    fine = [0 <= v <= 1000 for v in values]
    assert status == [Status.OK if f else Status.OUT_OF_RANGE for f in fine]
    wanted = [
        divide(v * 12345, 10**7, Mode.HALF_UP) if f else 0
        for v, f in zip(values, fine, strict=True)
    ]
    assert outputs == [wanted]


@pytest.mark.parametrize("path", [Path.AUTO, Path.WIDE])
def test_the_first_failing_op_names_the_status(path: Path) -> None:
    """x > 10 fails with 3, x > 20 with 4, and 3 comes first."""
    ops = [
        Op(Code.INPUT),
        Op(Code.CONST, k=10),
        Op(Code.CONST, k=20),
        Op(Code.LT, 1, 0),
        Op(Code.FAIL, 3, k=Status.ABOVE_LAST_ROW),
        Op(Code.LT, 2, 0),
        Op(Code.FAIL, 5, k=Status.UNKNOWN_CHOICE),
    ]
    values = [*range(64), 5, 15, 25]
    outputs, status = rated(ir_of([(0, 100)], ops, [0]), [values], path)
    assert status == [Status.ABOVE_LAST_ROW if v > 10 else Status.OK for v in values]
    assert outputs == [[0 if v > 10 else v for v in values]]


def test_a_failure_precedes_an_overflow() -> None:
    """x * x beyond 64 bits overflows, unless x > 2^62, which fails first."""
    ops = [
        Op(Code.INPUT),
        Op(Code.MUL, 0, 0),
        Op(Code.CONST, k=2**62),
        Op(Code.LT, 2, 0),
        Op(Code.FAIL, 3, k=Status.MISSING_KEY),
    ]
    outputs, status = rated(ir_of([(0, 2**62 + 5)], ops, [1]), [[3, 2**32, 2**62 + 1]])
    assert status == [Status.OK, Status.OVERFLOW, Status.MISSING_KEY]
    assert outputs == [[9, 0, 0]]


def test_products_of_128_bits_are_divided_exactly() -> None:
    """(x * y) / 10^20 in every mode, with products beyond 2^120."""
    rng = random.Random(5)
    pairs = [(rng.randint(-(2**62), 2**62), rng.randint(-(2**62), 2**62)) for _ in range(300)]
    for mode in Mode:
        for divisor in (3, 10**7, 2**63 - 25, 2**63, 10**20, 2**100 + 1):
            ops = [Op(Code.INPUT), Op(Code.INPUT, k=1), Op(Code.MUL, 0, 1)]
            ops += [Op(Code.DIVK, 2, k=divisor, mode=mode), Op(Code.CONST, k=2**63)]
            ops += [Op(Code.LT, 3, 4), Op(Code.CONST), Op(Code.SELECT, 5, 3, 6)]
            found, _ = rated(ir_of([(-(2**62), 2**62)] * 2, ops), list(zip(*pairs, strict=True)))
            exact = [divide(a * b, divisor, mode) for a, b in pairs]
            for have, want in zip(found[0], exact, strict=True):
                assert have == (want if -(2**63) <= want < 2**63 else 0)


def test_power_factors_are_exact_where_doubles_are_not() -> None:
    """Ties of a/sqrt(a^2+b^2) at large a and b, against integer square roots."""
    rng = random.Random(3)
    k = 1000
    pairs = [(3 * n, 4 * n) for n in (1, 7, 10**9, 10**14)] + [(0, 5), (-5, 1), (5, 0), (1, -1)]
    pairs += [(rng.randint(0, 10**15), rng.randint(-(10**15), 10**15)) for _ in range(300)]
    for b in (10**12, 10**14):  # the smallest a that rounds up to 500, and the one below
        low = next_power_factor(b, 500, k)
        pairs += [(low + d, b) for d in (-1, 0, 1)]
    ops = [Op(Code.INPUT), Op(Code.INPUT, k=1), Op(Code.POWER_FACTOR, 0, 1, k=k)]
    found, _ = rated(ir_of([(-(10**15), 10**15)] * 2, ops), list(zip(*pairs, strict=True)))
    assert found == [[power_factor(a, b, k) for a, b in pairs]]


def next_power_factor(b: int, n: int, k: int) -> int:
    """The least a with (2n - 1)^2 (a^2 + b^2) <= (2k)^2 a^2."""
    lo, hi = 0, 10 * b
    while lo < hi:
        a = (lo + hi) // 2
        reached = (2 * n - 1) ** 2 * (a * a + b * b) <= (2 * k) ** 2 * a * a
        lo, hi = (lo, a) if reached else (a + 1, hi)
    return lo


# -- which path a program takes


def test_a_program_without_practical_limits_is_general() -> None:
    """x^4 would have to stay below 2^13 to fit: no fast program; a power factor never has one."""
    square = [Op(Code.INPUT), Op(Code.MUL, 0, 0), Op(Code.MUL, 1, 1)]
    assert compile_program(ir_of([(0, 10**9)], square)).path == "general"
    factor = [Op(Code.INPUT), Op(Code.POWER_FACTOR, 0, 0, k=10)]
    assert compile_program(ir_of([(0, 10**6)], factor)).path == "general"


def test_a_small_declared_range_is_practical() -> None:
    assert compile_program(ir_of([(0, 4000)], [Op(Code.INPUT), Op(Code.MUL, 0, 0)])).path == "fast"


def test_the_fast_path_may_be_left_but_not_asked_for_where_there_is_none() -> None:
    ir = ir_of([(0, 10**6)], [Op(Code.INPUT), Op(Code.POWER_FACTOR, 0, 0, k=10)])
    with pytest.raises(ValueError, match="no fast code"):
        rated(ir, [[1]], Path.FAST)


@pytest.mark.parametrize(
    ("limit", "wanted"),
    [
        ((0, 100), (0, 50)),
        ((-100, 100), (-50, 50)),
        ((-7, 100), (-7, 50)),
        ((-100, 3), (-50, 3)),
        ((10, 110), (10, 60)),
        ((-110, -10), (-60, -10)),
    ],
)
def test_halving_brings_the_far_end_nearer(limit: Range, wanted: Range) -> None:
    assert halved(limit) == wanted


def test_the_standard_plan_needs_few_ops() -> None:
    """The table, five lines and the total: what the measured speed rests on."""
    program = compile_program(standard_plan_ir(), ["total"])
    assert program.path == "fast"
    listed = program.listing().split("wide:")[0]
    assert listed.count("\n  r") + listed.count("\n  total") <= 13
    assert "table of r0" in listed


def test_a_listing_shows_every_op() -> None:
    program = compile_program(standard_plan_ir())
    assert program.listing().count(" = ") > len(standard_plan_ir().ops)


# -- columns


def standard_columns(rows: int, seed: int = 1) -> list[Column]:
    rng = np.random.default_rng(seed)
    consumption = rng.integers(-(10**5), 3 * 10**6, rows)
    consumption[rng.integers(0, rows, rows // 50)] = 5 * 10**10  # beyond the fast limits
    consumption[rng.integers(0, rows, rows // 50)] = 2 * 10**11  # beyond the declared ones
    days = rng.integers(0, 70, rows).astype(np.int32)
    return [consumption, days, rng.integers(-(10**9), 10**9, rows)]


def test_threads_and_ranges_change_nothing() -> None:
    """Blocks of rows, on three threads or as start..stop, give what one call gives."""
    program = compile_program(standard_plan_ir())
    rows = 3 * rating_kernel.BLOCK_ROWS + 77
    columns = standard_columns(rows)
    whole, pieces, threaded = ([np.zeros(rows, np.int64) for _ in program.outputs] for _ in "123")
    statuses = [np.zeros(rows, np.uint8) for _ in "123"]
    program.run(columns, whole, statuses[0])
    program.run(columns, threaded, statuses[1], threads=3)
    edges = [0, 1, 6, 70, 5000, 5001, rows]
    for start, stop in pairwise(edges):
        rating.run(program.native, columns, pieces, statuses[2], start=start, stop=stop)
    for output, threads, piece in zip(whole, threaded, pieces, strict=True):
        assert np.array_equal(output, threads)
        assert np.array_equal(output, piece)
    assert np.array_equal(statuses[0], statuses[1])
    assert np.array_equal(statuses[0], statuses[2])


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 31, 32, 63, 64, 65, 127, 130])
@pytest.mark.parametrize("level", levels())
def test_any_number_of_rows(rows: int, level: Level) -> None:
    program = compile_program(standard_plan_ir())
    columns = [column[-rows:].copy() if rows else column[:0] for column in standard_columns(130)]
    fast, wide = ([np.zeros(rows, np.int64) for _ in program.outputs] for _ in "12")
    statuses = [np.zeros(rows, np.uint8) for _ in "12"]
    program.run(columns, fast, statuses[0], level=level)
    program.run(columns, wide, statuses[1], path=Path.WIDE)
    assert all(np.array_equal(a, b) for a, b in zip(fast, wide, strict=True))
    assert np.array_equal(statuses[0], statuses[1])


def test_an_output_of_none_is_left_out() -> None:
    program = compile_program(standard_plan_ir())
    columns = standard_columns(200)
    whole = [np.zeros(200, np.int64) for _ in program.outputs]
    total = np.zeros(200, np.int64)
    program.run(columns, whole, np.zeros(200, np.uint8))
    only = [None] * (len(whole) - 1)
    program.run(columns, [*only, total], np.zeros(200, np.uint8))
    assert np.array_equal(total, whole[-1])


def int64s(rows: int = 8) -> Ints:
    return np.zeros(rows, dtype=np.int64)


SHARED = np.zeros(16, dtype=np.int64)
READ_ONLY = int64s()
READ_ONLY.flags.writeable = False
UINT8 = np.zeros(8, dtype=np.uint8)


@pytest.mark.parametrize(
    ("inputs", "outputs", "status", "error", "words"),
    [
        ([int64s()] * 2, [int64s()], UINT8, ValueError, "takes 3 inputs"),
        ([int64s()] * 3, [], UINT8, ValueError, "1 outputs"),
        ([int64s(), int64s(7), int64s()], [int64s()], UINT8, ValueError, "input 1 has 7 rows"),
        ([int64s()] * 3, [int64s(9)], UINT8, ValueError, "output 0 has 9 rows"),
        (
            [int64s().astype(float)] + [int64s()] * 2,
            [int64s()],
            UINT8,
            TypeError,
            "input 0 has items",
        ),
        ([int64s().astype("u8")] + [int64s()] * 2, [int64s()], UINT8, TypeError, "int64 or int32"),
        ([int64s().astype(">i8")] + [int64s()] * 2, [int64s()], UINT8, TypeError, "input 0"),
        ([int64s()] * 3, [int64s().astype("i4")], UINT8, TypeError, "wanted is int64"),
        ([int64s()] * 3, [int64s()], int64s(), TypeError, "wanted is uint8"),
        ([int64s(16)[::2]] + [int64s()] * 2, [int64s()], UINT8, ValueError, "contiguous"),
        ([int64s()] * 3, [READ_ONLY], UINT8, ValueError, "writable"),
        ([int64s().reshape(2, 4)] + [int64s()] * 2, [int64s()], UINT8, ValueError, "2 dimensions"),
        ([SHARED[:8], int64s(), int64s()], [SHARED[4:12]], UINT8, ValueError, "shares memory"),
        ([None] * 3, [int64s()], UINT8, TypeError, "bytes-like"),
    ],
)
def test_columns_that_do_not_fit_are_refused(
    inputs: list[Ints], outputs: list[Ints], status: Ints, error: type[Exception], words: str
) -> None:
    program = compile_program(standard_plan_ir(), ["total"])
    with pytest.raises(error, match=words):
        rating.run(program.native, inputs, outputs, status)


def test_rows_levels_and_paths_that_do_not_exist_are_refused() -> None:
    native = compile_program(standard_plan_ir(), ["total"]).native
    columns = ([int64s()] * 3, [int64s()], UINT8)
    for start, stop in ((-1, 4), (5, 4), (0, 9)):
        with pytest.raises(ValueError, match="not within"):
            rating.run(native, *columns, start=start, stop=stop)
    with pytest.raises(ValueError, match="level 2"):
        rating.run(native, *columns, level=2)
    with pytest.raises(ValueError, match="path 9"):
        rating.run(native, *columns, path=9)


# -- programs that are refused

INPUT = (Code.INPUT, -1, -1, -1, 0, Mode.HALF_UP)


@pytest.mark.parametrize(
    ("op", "words"),
    [
        ((17, 0, 0, 0, 0, 0), "code 17"),
        ((-1, 0, 0, 0, 0, 0), "code -1"),
        ((Code.ADD, 0, 1, -1, 0, 0), "operand 1"),
        ((Code.ADD, -1, 0, -1, 0, 0), "operand -1"),
        ((Code.SELECT, 0, 0, 5, 0, 0), "operand 5"),
        ((Code.INPUT, -1, -1, -1, 1, 0), "constant 1"),
        ((Code.INPUT, -1, -1, -1, -1, 0), "constant -1"),
        ((Code.CONST, -1, -1, -1, 1 << 126, 0), "constant"),
        ((Code.MULK, 0, -1, -1, -(1 << 126), 0), "constant"),
        ((Code.DIVK, 0, -1, -1, 0, 0), "constant 0"),
        ((Code.DIVK, 0, -1, -1, -5, 0), "constant -5"),
        ((Code.DIVK, 0, -1, -1, 5, 8), "mode 8"),
        ((Code.FAIL, 0, -1, -1, 0, 0), "constant 0"),
        ((Code.FAIL, 0, -1, -1, 256, 0), "constant 256"),
        ((Code.POWER_FACTOR, 0, 0, -1, 1 << 62, 0), "constant"),
    ],
)
def test_ops_that_could_not_run_are_refused(
    op: tuple[int, int, int, int, int, int], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        rating.Program([(0, 1)], [INPUT, op], [0])


@pytest.mark.parametrize(
    ("inputs", "outputs", "narrow", "words"),
    [
        ([(0, 1)], [1], None, "no register 1"),
        ([(0, 1)], [-1], None, "no register -1"),
        ([(1, 0)], [0], None, "not an interval"),
        ([(0, 1 << 63)], [0], None, "not an interval"),
        ([(0, 1)], [0], [], "0 narrow limits"),
    ],
)
def test_limits_and_outputs_that_could_not_be_are_refused(
    inputs: list[Range], outputs: list[int], narrow: list[Range] | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        rating.Program(inputs, [INPUT], outputs, narrow)


LOAD, SHOW, END = ("IN64", (0, 0, 0, 9)), ("OUT", (0, 0)), ("END", ())


@pytest.mark.parametrize(
    ("ops", "words"),
    [
        ([LOAD, SHOW], "end with END"),
        ([LOAD, END, SHOW, END], "more than one END"),
        ([LOAD, END], "show every output"),
        ([LOAD, SHOW, SHOW, END], "shown already"),
        ([LOAD, LOAD, SHOW, END], "read already"),
        ([("IN64", (0, 1, 0, 9)), SHOW, END], "input 1"),
        ([("IN64", (0, 0, -1, 9)), SHOW, END], "exceed the declared"),
        ([("IN32", (0, 0, 0, 9)), SHOW, END], "'IN32' is unknown"),
        ([LOAD, ("NOP", ()), SHOW, END], "'NOP' is unknown"),
        ([LOAD, ("ADD2", (0,)), SHOW, END], "unknown"),
        ([LOAD, ("MIN", (1, 0)), SHOW, END], "too few arguments"),
        ([LOAD, ("MIN", (1, 0, 0, 0)), SHOW, END], "4 arguments, it takes 3"),
        ([LOAD, ("MIN", (1, 0, 2)), SHOW, END], "register 2 is read before"),
        ([LOAD, ("MIN", (9, 0, 0)), SHOW, END], "register 9 cannot be written"),
        ([LOAD, ("LIN1_SUM", (1, 0, 0, 0, 1 << 54)), SHOW, END], "beyond 2\\^53"),
        ([LOAD, ("LIN1_SUM", (1, 1, 3, 0, 1)), SHOW, END], "not exact"),
        ([LOAD, ("LIN1_DOWN", (1, 0, 0, 0, 1, 1)), SHOW, END], "divisor 1"),
        ([LOAD, ("LIN1_HALF_UP", (1, 0, 0, 0, 1, 0)), SHOW, END], "divisor 0"),
        ([LOAD, ("LINN_SUM", (1, 0, 0, -1)), SHOW, END], "count -1"),
        ([LOAD, ("LINN_SUM", (1, 0, 0, 2, 0, 1)), SHOW, END], "too few"),
    ],
)
def test_fast_code_that_could_not_run_is_refused(
    ops: list[tuple[str, tuple[int, ...]]], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        rating.Program([(0, 9)], [INPUT], [0], None, (ops, (), 8))


# -- many plans


INPUTS = {"days": 0, "consumption": 1, "previous": 2}
OUTPUTS = {"total": 0, "levy": 1}


def plan_set(programs: list[KernelProgram]) -> PlanSet:
    """Programs over the common columns INPUTS and OUTPUTS."""
    plans = [Plan(program, INPUTS, OUTPUTS) for program in programs]
    return PlanSet(plans, len(INPUTS), len(OUTPUTS))


def named(ir: Ir, name: str) -> Ir:
    """The program of one input, as a plan that reads the column of that name."""
    (column,), (output,) = ir.inputs, ir.outputs
    output = replace(output, name="total")
    return replace(ir, inputs=(replace(column, name=name),), outputs=(output,))


def stepped_ir() -> Ir:
    """A plan whose fast code keeps constants in registers, and which fails some bills."""
    ops = [Op(Code.INPUT), Op(Code.CONST, k=5_000), Op(Code.LT, 0, 1), Op(Code.CONST, k=900)]
    ops += [Op(Code.SELECT, 2, 3, 0), Op(Code.CONST, k=-50_000), Op(Code.LT, 0, 5)]
    ops += [Op(Code.FAIL, 6, k=3)]
    return named(ir_of([(-(10**11), 10**11)], ops, [4]), "consumption")


def power_factor_ir() -> Ir:
    """A plan that has no fast code."""
    ops = [Op(Code.INPUT), Op(Code.POWER_FACTOR, 0, 0, k=1000)]
    return named(ir_of([(0, 10**6)], ops), "days")


def plans_and_wanted(
    ids: NDArray[np.int32], n_plans: int = 30
) -> tuple[PlanSet, list[Ints], NDArray[np.uint8], list[Column]]:
    """Plans of six kinds in turn; what each row's own program says, run alone."""
    kinds = [
        compile_program(standard_plan_ir(t), ["total", "levy"] if t % 2 else ["total"])
        for t in (3, 4, 5, 6)
    ]
    kinds += [compile_program(stepped_ir()), compile_program(power_factor_ir())]
    plans = plan_set([kinds[i % 6] for i in range(n_plans)])
    rows = len(ids)
    consumption, days, previous = standard_columns(rows)
    by_name = {"consumption": consumption, "days": days, "previous": previous}
    outputs, status = [int64s(rows), int64s(rows)], np.full(rows, Status.UNKNOWN_PLAN, np.uint8)
    known = (ids >= 0) & (ids < n_plans)
    for kind, program in enumerate(kinds):
        mine = np.flatnonzero(known & (ids % 6 == kind))
        own = [int64s(len(mine)) for _ in program.outputs]
        failed = np.zeros(len(mine), np.uint8)
        columns = [by_name[i.name][mine] for i in program.inputs]
        program.run(columns, own, failed, path=Path.WIDE)
        status[mine] = failed
        for name, output in zip(program.outputs, own, strict=True):
            outputs[OUTPUTS[name]][mine] = output
    return plans, outputs, status, [days, consumption, previous]


def check_mixed(ids: NDArray[np.int32], level: Level, n_plans: int = 30, threads: int = 1) -> None:
    plans, wanted, statuses, columns = plans_and_wanted(ids, n_plans)
    outputs, status = [np.full(len(ids), -7, np.int64) for _ in "12"], np.zeros(len(ids), np.uint8)
    run_mixed(plans, ids, columns, outputs, status, level=level, threads=threads)
    assert np.array_equal(status, statuses)
    assert all(np.array_equal(a, b) for a, b in zip(outputs, wanted, strict=True))


@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize("order", ["random", "grouped", "runs"])
def test_rows_of_many_plans_are_rated_each_by_its_own(order: str, level: Level) -> None:
    """In any order, unknown plans fail alone, and outputs that a plan has not are 0."""
    rng = np.random.default_rng(11)
    ids = rng.integers(-2, 33, 40_000).astype(np.int32)
    if order == "grouped":
        ids.sort()
    elif order == "runs":
        ids = np.repeat(ids[:200], 200)
    check_mixed(ids, level, threads=2)


@pytest.mark.parametrize("n_plans", [0, 1, 2, 5_000, 40_000])
@pytest.mark.parametrize("level", levels())
def test_any_number_of_plans(n_plans: int, level: Level) -> None:
    """With 40 000 plans, there are more than linked programs are kept of, and than rows."""
    rng = np.random.default_rng(n_plans)
    ids = rng.integers(-1, n_plans + 1, 30_000).astype(np.int32)
    ids[::7] = ids[0]  # returns after others have taken its place
    check_mixed(ids, level, n_plans)


@pytest.mark.parametrize("rows", [1, 2, 63, 64, 65, 511, 4_095, 4_096, 4_097, 70_001])
@pytest.mark.parametrize("level", levels())
def test_any_number_of_mixed_rows(rows: int, level: Level) -> None:
    """Below a step, at the borders of blocks of any size, and beyond the largest block."""
    for n_plans in (3, 2_000):
        ids = np.random.default_rng(rows).integers(0, n_plans, rows).astype(np.int32)
        check_mixed(ids, level, n_plans)


@pytest.mark.parametrize("level", levels())
def test_one_row_of_a_plan_among_rows_of_another(level: Level) -> None:
    """The last step of a plan runs on into the next plan's rows, which are then its own again."""
    for others in (0, 3, 4, 5, 29):
        ids = np.full(1_000, others, np.int32)
        ids[::400] = [1, 2, 4]
        check_mixed(ids, level)


@pytest.mark.parametrize("level", levels())
def test_ids_at_the_edges(level: Level) -> None:
    edges = np.array([0, 29, 30, 31, -1, -(2**31), 2**31 - 1], np.int32)
    check_mixed(np.tile(edges, 900), level)
    check_mixed(np.repeat(edges, 700), level)
    check_mixed(np.tile(edges[2:], 900), level)  # all unknown


@pytest.mark.parametrize("level", levels())
def test_a_plan_of_a_whole_block_but_in_no_run(level: Level) -> None:
    """Every place of the largest block is used; a run of a plan would be rated in place."""
    ids = np.zeros(150_000, np.int32)
    ids[::500] = 1_999
    check_mixed(ids, level, 2_000)


def test_maps_that_do_not_fit_are_refused() -> None:
    native = compile_program(standard_plan_ir(), ["total"]).native
    for in_map, out_map, words in (
        ([0, 1], [0], "2 entries"),
        ([0, 1, 3], [0], "outside 0..2"),
        ([0, 1, 2], [1], "outside -1..0"),
    ):
        with pytest.raises(ValueError, match=words):
            rating.PlanSet([native], [in_map], [out_map], 3, 1)
    with pytest.raises(ValueError, match="1 programs, 0 input maps"):
        rating.PlanSet([native], [], [[0]], 3, 1)
    with pytest.raises(ValueError, match="'consumption'"):
        PlanSet([Plan(compile_program(standard_plan_ir()), {"days": 0, "previous": 1}, {})], 2, 0)


def test_plan_ids_are_int32() -> None:
    plans = plan_set([compile_program(standard_plan_ir(), ["total"])])
    with pytest.raises(TypeError, match="plan ids"):
        rating.run_mixed(plans.native, int64s(), [int64s()] * 3, [int64s(), int64s()], UINT8)


def test_the_memory_only_kernel_moves_every_column() -> None:
    """Each output is the sum of the inputs: nothing of the streams is left out."""
    columns = standard_columns(640)
    for level in rating.levels():
        outputs = [int64s(640), int64s(640)]
        rating.memory_only(columns, outputs, level=level)
        assert all(np.array_equal(output, sum(columns)) for output in outputs)
