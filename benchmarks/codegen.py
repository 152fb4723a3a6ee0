"""C written for one plan, its constants baked: what a just-in-time compiler could reach.

Goals: the fastest C that gcc makes of a plan by auto-vectorisation (rounding by FMA,
bounds checked per block, rows beyond them redone in 128 bits), the plain 128-bit
function, and a kernel that only moves the same columns through memory.
Non-goals: any plan but the standard one.

Rounding: with R just above 1/D, fma(n, R, 1.5 * 2^52) leaves round-half-away(n / D) in
the low mantissa bits for |n| below `fast_limit(D)`; lines are summed as those bits.
"""

import ctypes
import hashlib
import math
import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd
from pathlib import Path
from typing import Literal

from benchmarks.standard import ENERGY_DIVISOR, FEE_DIVISOR, PERCENT_DIVISOR, Plan

Level = Literal["native", "avx2", "baseline"]

MATHS_FLAGS = (
    "-fno-trapping-math",
    "-fno-signed-zeros",
    "-ffinite-math-only",
    "-fno-math-errno",
    "-ffp-contract=off",
)
LEVEL_FLAGS: dict[Level, tuple[str, ...]] = {
    "native": ("-march=native", "-mprefer-vector-width=512"),
    "avx2": ("-march=x86-64-v3",),
    "baseline": (),
}
CACHE = Path(__file__).parents[1] / "build" / "benchmarks"
"""Compiled C by its text, flags and processor: 200 plans take gcc many seconds."""
CONSUMPTION_FAST_MAX = 2**31
DAYS_FAST_MAX = 2**12
BLOCK_ROWS = 2048

PRELUDE = """\
#include <stdint.h>
#include <string.h>
typedef int64_t i64;
typedef uint64_t u64;
typedef __int128 wide;
#define M 6755399441055744.0
#define MB 0x4338000000000000ULL
static inline u64 bits(double x) { u64 u; memcpy(&u, &x, 8); return u; }
static inline double value(u64 u) { double x; memcpy(&x, &u, 8); return x; }
#ifdef __AVX512DQ__
static inline double held(i64 c) { return (double)c; }
#else
static inline double held(i64 c) { return value((u64)c + MB) - M; }
#endif
static inline double least(double a, double b) { return a < b ? a : b; }
static inline wide wide_least(wide a, wide b) { return a < b ? a : b; }
static inline i64 half_away(wide n, i64 d) {
    wide h = d / 2;
    return (i64)(n >= 0 ? (n + h) / d : -((h - n) / d));
}
"""

MEMORY_ONLY = """\
void memory_only(const i64 *restrict c, const int32_t *restrict d, const i64 *restrict p,
                 i64 *const *outs, i64 lines, i64 rows)
{
    i64 *restrict total = outs[lines];
    if (lines == 0) {
        for (i64 i = 0; i < rows; i++) total[i] = c[i] + d[i] + p[i];
        return;
    }
    for (i64 from = 0; from < rows; from += 512) {
        i64 to = from + 512 < rows ? from + 512 : rows;
        for (i64 i = from; i < to; i++) total[i] = c[i] + d[i] + p[i];
        for (i64 k = 0; k < lines; k++) {
            i64 *restrict line = outs[k];
            for (i64 i = from; i < to; i++) line[i] = total[i] ^ k;
        }
    }
}
"""


def compiler() -> str:
    found = shutil.which("gcc") or shutil.which("cc")
    if found is None:
        raise FileNotFoundError("no C compiler: the generated C peer needs gcc or cc on the path")
    return found


def build(source: str, level: Level = "native", folder: Path = CACHE) -> ctypes.CDLL:
    """Load one file of C, compiled into `folder` unless it is there already."""
    flags = ("-O3", *LEVEL_FLAGS[level], *MATHS_FLAGS, "-shared", "-fPIC")
    library = folder / f"{_digest(source, *flags)}.so"
    if not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _compile(source, flags, library)
    return ctypes.CDLL(str(library))


def _digest(*texts: str) -> str:
    """Names a build: what -march=native means depends on the processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    known = [line for line in lines if line.startswith(("model name", "flags"))][:2]
    machine = (platform.machine(), compiler(), *known)
    return hashlib.sha256("\n".join((*texts, *machine)).encode()).hexdigest()[:24]


def _compile(source: str, flags: Sequence[str], library: Path) -> None:
    """Compiles beside its place and moves it there, so that no half of it is ever loaded."""
    mine = library.with_name(f"{library.stem}.{os.getpid()}")
    text, made = mine.with_name(mine.name + ".c"), mine.with_name(mine.name + ".so")
    text.write_text(source)
    subprocess.run(
        [compiler(), *flags, str(text), "-o", str(made), "-lm"],
        check=True,
        capture_output=True,
        text=True,
    )
    text.unlink()
    made.replace(library)


def reciprocal(divisor: int) -> float:
    """The smallest double strictly above 1 / divisor."""
    nearest = 1.0 / divisor
    above = Fraction(nearest) > Fraction(1, divisor)
    return nearest if above else math.nextafter(nearest, math.inf)


def fast_limit(divisor: int) -> int:
    """|n| up to here rounds exactly by FMA: min(2^51, 1 / (2 d)), d the reciprocal's error."""
    error = Fraction(reciprocal(divisor)) * divisor - 1
    return min(2**51, int(1 / (2 * error))) - 1


def reduced(factor: int, divisor: int) -> tuple[int, int]:
    shared = gcd(factor, divisor)
    return factor // shared, divisor // shared


def _round_bits(quantity: str, rate: int, divisor: int, quantity_max: int) -> str:
    factor, by = reduced(rate, divisor)
    if quantity_max * factor > fast_limit(by):
        raise ValueError(f"{quantity} * {factor} / {by} leaves the fast range")
    return f"bits(__builtin_fma({quantity} * {factor}.0, {reciprocal(by).hex()}, M))"


def _percent_bits(base: str, ppm: int, base_max: int) -> str:
    factor, by = reduced(ppm, PERCENT_DIVISOR)
    if base_max * factor > fast_limit(by):
        raise ValueError(f"{base} * {factor} / {by} leaves the fast range")
    product = f"__builtin_fma(value({base}), {factor}.0, -M * {factor}.0)"
    return f"bits(__builtin_fma({product}, {reciprocal(by).hex()}, M))"


def _biased_sum(terms: Sequence[str]) -> str:
    return f"{' + '.join(terms)} - {len(terms) - 1}ULL * MB"


def _fast_statements(plan: Plan) -> list[str]:
    """C statements that leave the biased lines in l0..lK."""
    uptos = [f"double u{t} = least(q, {u}.0 * dd);" for t, u in enumerate(plan.uptos_milli_per_day)]
    heads = [*(f"u{t}" for t in range(plan.tiers - 1)), "q"]
    fills = [heads[0], *(f"({b} - {a})" for a, b in pairwise(heads))]
    lines = [
        _round_bits(fill, rate, ENERGY_DIVISOR, CONSUMPTION_FAST_MAX)
        for fill, rate in zip(fills, plan.rates, strict=True)
    ]
    lines += _flat_lines(plan)
    levied = [f"l{k}" for k in range(plan.tiers + 1)]
    taxed = [f"l{k}" for k in (*range(plan.tiers), *range(plan.tiers + 1, plan.tiers + 4))]
    lines.append(_percent_bits("levied", plan.levy_ppm, 2**30))
    lines.append(_percent_bits("taxed", plan.tax_ppm, 2**30))
    named = [f"u64 l{k} = {line};" for k, line in enumerate(lines)]
    named.insert(-2, f"u64 levied = {_biased_sum(levied)};")
    named.insert(-1, f"u64 taxed = {_biased_sum(taxed)};")
    return ["double q = held(ci), dd = di;", *uptos, *named]


def _flat_lines(plan: Plan) -> list[str]:
    allowance = f"(q - least(q, {plan.allowance_milli_per_day}.0 * dd))"
    return [
        _round_bits("dd", plan.fee_per_day, FEE_DIVISOR, DAYS_FAST_MAX),
        _round_bits("q", plan.rider_rate, ENERGY_DIVISOR, CONSUMPTION_FAST_MAX),
        _round_bits(allowance, plan.surcharge_rate, ENERGY_DIVISOR, CONSUMPTION_FAST_MAX),
    ]


def _wide_statements(plan: Plan) -> list[str]:
    """C statements that leave the lines in l0..lK, in 128 bits."""
    heads = [f"wide_least(q, (wide){u} * di)" for u in plan.uptos_milli_per_day] + ["q"]
    text = ["wide q = ci, below = 0, upto;"]
    for t, (head, rate) in enumerate(zip(heads, plan.rates, strict=True)):
        text.append(f"upto = {head};")
        text.append(f"i64 l{t} = half_away((upto - below) * {rate}, {ENERGY_DIVISOR});")
        text.append("below = upto;")
    n = plan.tiers
    tiers = " + ".join(f"l{t}" for t in range(n))
    allowed = f"wide_least(q, (wide){plan.allowance_milli_per_day} * di)"
    quantities = (
        ("(wide)di", plan.fee_per_day, FEE_DIVISOR),
        ("q", plan.rider_rate, ENERGY_DIVISOR),
        (f"(q - {allowed})", plan.surcharge_rate, ENERGY_DIVISOR),
        (f"(wide)({tiers} + l{n})", plan.levy_ppm, PERCENT_DIVISOR),
        (f"(wide)({tiers} + l{n + 1} + l{n + 2} + l{n + 3})", plan.tax_ppm, PERCENT_DIVISOR),
    )
    for k, (quantity, rate, divisor) in enumerate(quantities, start=n):
        text.append(f"i64 l{k} = half_away({quantity} * {rate}, {divisor});")
    return text


def _lines(plan: Plan) -> int:
    return len(plan.line_names)


def _stores(plan: Plan, itemised: bool, bias: str) -> list[str]:
    count = _lines(plan)
    total = " + ".join(["(u64)p[i]", *(f"(u64)l{k}" for k in range(count))])
    stores = [f"o{k}[i] = (i64)((u64)l{k}{bias});" for k in range(count)] if itemised else []
    return [*stores, f"total[i] = (i64)({total}{bias and f' - {count}ULL * MB'});"]


def _arguments(plan: Plan, itemised: bool) -> tuple[str, str, str]:
    """(parameters, their names, the local output pointers) of a plan's functions."""
    columns = "const i64 *restrict c, const int32_t *restrict d, const i64 *restrict p"
    count = _lines(plan) if itemised else 0
    outs = [f"i64 *restrict o{k} = outs[{k}];" for k in range(count)]
    outs.append(f"i64 *restrict total = outs[{count}];")
    return f"{columns}, i64 *const *outs", "c, d, p, outs", " ".join(outs)


def _body(statements: Sequence[str]) -> str:
    return "\n        ".join(statements)


def wide_source(plan: Plan, name: str = "bill", itemised: bool = False) -> str:
    """C function `name_wide` (128 bits) over rows from..to; at -O1, which spares gcc minutes."""
    parameters, _, outs = _arguments(plan, itemised)
    wide = [*_wide_statements(plan), *_stores(plan, itemised, "")]
    return f"""\
__attribute__((noinline, optimize("O1"))) void {name}_wide({parameters}, i64 from, i64 to)
{{
    {outs}
    for (i64 i = from; i < to; i++) {{
        i64 ci = c[i]; int32_t di = d[i];
        {_body(wide)}
    }}
}}
"""


def plan_source(plan: Plan, name: str = "bill", itemised: bool = False) -> str:
    """C functions `name` (fast, checked) and `name_wide` (128 bits) over rows from..to."""
    parameters, names, outs = _arguments(plan, itemised)
    fast = [*_fast_statements(plan), *_stores(plan, itemised, " - MB")]
    return f"""\
{wide_source(plan, name, itemised)}
static inline u64 {name}_block({parameters}, i64 from, i64 to)
{{
    {outs}
    u64 bad = 0;
    for (i64 i = from; i < to; i++) {{
        i64 ci = c[i]; int32_t di = d[i];
        bad |= ({CONSUMPTION_FAST_MAX}ULL - (u64)ci) | ((u64)ci + {CONSUMPTION_FAST_MAX}ULL)
             | (u64)(i64)({DAYS_FAST_MAX} - di) | (u64)(i64)di;
        {_body(fast)}
    }}
    return bad >> 63;
}}
static void {name}_redo({parameters}, i64 from, i64 to)
{{
    for (i64 i = from; i < to; i++)
        if (c[i] > {CONSUMPTION_FAST_MAX} || c[i] < -{CONSUMPTION_FAST_MAX}
            || d[i] > {DAYS_FAST_MAX} || d[i] < 0)
            {name}_wide({names}, i, i + 1);
}}
void {name}({parameters}, i64 from, i64 to)
{{
    for (i64 at = from; at < to; at += {BLOCK_ROWS}) {{
        i64 end = at + {BLOCK_ROWS} < to ? at + {BLOCK_ROWS} : to;
        if (__builtin_expect({name}_block({names}, at, end) != 0, 0))
            {name}_redo({names}, at, end);
    }}
}}
"""


def program_source(plan: Plan, itemised: bool = False) -> str:
    return PRELUDE + MEMORY_ONLY + plan_source(plan, itemised=itemised)


def plans_source(plans: Sequence[Plan]) -> str:
    """One function per plan, and `bills` that runs plan k over the rows starts[k]..starts[k+1]."""
    functions = "".join(plan_source(plan, f"bill{k}") for k, plan in enumerate(plans))
    return PRELUDE + functions + _driver(len(plans), "")


def wide_plans_source(plans: Sequence[Plan]) -> str:
    """The same in 128 bits: `bills_wide`."""
    functions = "".join(wide_source(plan, f"bill{k}") for k, plan in enumerate(plans))
    return PRELUDE + functions + _driver(len(plans), "_wide")


def _driver(count: int, suffix: str) -> str:
    table = ", ".join(f"bill{k}{suffix}" for k in range(count))
    return f"""\
typedef void (*bill_of{suffix})(const i64 *, const int32_t *, const i64 *, i64 *const *, i64, i64);
static const bill_of{suffix} plans{suffix}[] = {{ {table} }};
void bills{suffix}(const i64 *c, const int32_t *d, const i64 *p, i64 *const *outs,
                   const i64 *starts)
{{
    for (i64 k = 0; k < {count}; k++)
        plans{suffix}[k](c, d, p, outs, starts[k], starts[k + 1]);
}}
"""
