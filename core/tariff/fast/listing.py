"""Native programs as text, for people: what runs on which path, with which limits.

Goals: every op of both programs, readable without the kernel's sources. Non-goals: a
format that anything parses. A register with a ^ is raised, see `schedule`.
"""

from collections.abc import Iterator, Sequence

from billcore.core.tariff.fast.code import FastOp
from billcore.core.tariff.fast.lowering import Lowered
from billcore.core.tariff.ir import Code, Op, Range

SIGNS = {
    Code.ADD: "w{a} + w{b}",
    Code.SUB: "w{a} - w{b}",
    Code.MUL: "w{a} * w{b}",
    Code.MULK: "{k} * w{a}",
    Code.ADDK: "w{a} + {k}",
    Code.MIN: "min(w{a}, w{b})",
    Code.MAX: "max(w{a}, w{b})",
    Code.LT: "w{a} < w{b}",
    Code.LE: "w{a} <= w{b}",
    Code.EQ: "w{a} = w{b}",
    Code.SELECT: "if w{a} then w{b} else w{c}",
    Code.DIVK: "{mode}(w{a} / {k})",
    Code.DIV: "{mode}(w{a} / w{b})",
    Code.FAIL: "fail with status {k} if w{a}",
    Code.POWER_FACTOR: "half_up({k} * power factor of w{a}, w{b})",
    Code.CONST: "{k}",
    Code.INPUT: "input {k}",
}


def listing(lowered: Lowered, input_names: Sequence[str]) -> str:
    """The fast program, if there is one, and the wide one."""
    return "\n".join([*_fast(lowered, input_names), *_wide(lowered, input_names)])


def _wide(lowered: Lowered, names: Sequence[str]) -> Iterator[str]:
    yield "wide: every bill that the fast path may not take"
    yield from _limits("128 bits within", lowered.inputs, names)
    if lowered.narrow:
        yield from _limits("64 bits within", lowered.narrow, names)
    for i, op in enumerate(lowered.ops):
        yield f"  w{i} = {_wide_op(op)}"
    for name, register in zip(lowered.names, lowered.outputs, strict=True):
        yield f"  {name} = w{register}"


def _wide_op(op: Op) -> str:
    return SIGNS[op.code].format(a=op.a, b=op.b, c=op.c, k=op.k, mode=op.mode.name.lower())


def _fast(lowered: Lowered, names: Sequence[str]) -> Iterator[str]:
    code = lowered.fast
    if code is None:
        yield "fast: none; every bill takes the wide program"
        return
    yield "fast: vectors of doubles, exact below 2^51"
    yield from _limits("within", code.limits, names)
    for register, constant in enumerate(code.constants):
        yield f"  r{register} = {constant}, before the first bill"
    for op in code.ops:
        if op.name != "END":
            yield f"  {_fast_op(op, lowered)}"


def _limits(what: str, limits: Sequence[Range], names: Sequence[str]) -> Iterator[str]:
    for name, (lo, hi) in zip(names, limits, strict=True):
        yield f"  {what} {lo} <= {name} <= {hi}"


def _fast_op(op: FastOp, lowered: Lowered) -> str:
    args = op.args
    family, _, rest = op.name.partition("_")
    match family:
        case "IN64":
            return f"r{args[0]} = input {args[1]}"
        case "OUT":
            return f"{lowered.names[args[1]]} = r{args[0]}{'^' if rest else ''}"
        case "FAIL":
            return f"leave to the wide program if r{args[0]}"
        case "TIER" | "TIERS":
            return _table(family == "TIERS", rest, args)
        case "TSUM":
            return _reach_sum(rest, args)
        case "SEL":
            sign = {"LT": "<", "LE": "<=", "EQ": "="}[rest]
            dst, x, y, then, other = args
            return f"r{dst} = if r{x} {sign} r{y} then r{then} else r{other}"
    if family.startswith("LIN"):
        return _sum(family, rest, args)
    operands = ", ".join(f"r{arg}" for arg in args[1:])
    return f"r{args[0]} = {op.name.lower()}({operands})"


def _sum(family: str, becomes: str, args: Sequence[int]) -> str:
    dst, constant, raised, *rest = args
    n = rest.pop(0) if family == "LINN" else int(family[3:])
    terms = [f"{k}*r{reg}" for reg, k in zip(rest[: 2 * n : 2], rest[1 : 2 * n : 2], strict=True)]
    shown = [str(constant)] if constant or not terms else []
    biased = [f"{raised}*^"] if raised else []
    return f"r{dst}{_become(becomes, ' + '.join([*shown, *biased, *terms]), rest[2 * n :])}"


def _become(becomes: str, total: str, args: Sequence[int]) -> str:
    match becomes:
        case "SUM":
            return f" = {total}"
        case "MIN" | "MAX":
            return f" = {becomes.lower()}({total}, {args[0]})"
        case "RAISED":
            return f"^ = half_up(({total}) / {args[0]})"
        case "RADD":
            return f"^ = r{args[0]}^ + half_up(({total}) / {args[1]})"
    return f" = {becomes.lower()}(({total}) / {args[0]})"


def _table(lines: bool, mode: str, args: Sequence[int]) -> str:
    dst, quantity, n, *rest = args
    width = 4 + lines
    rows = [rest[width * i : width * (i + 1)] for i in range(n)]
    shown = [f"{_line(lines, row)}{row[-2]}/{row[-1]} up to {row[-3]}*r{row[-4]}" for row in rows]
    last = rest[width * n :]
    shown.append(f"{_line(lines, last)}{last[-2]}/{last[-1]} above")
    raised = "^" if mode == "RAISED" else ""
    rounding = "half_up" if raised else mode.lower()
    return f"r{dst}{raised} = table of r{quantity}, each line {rounding}: {'; '.join(shown)}"


def _line(lines: bool, row: Sequence[int]) -> str:
    return f"r{row[0]} = " if lines else ""


def _reach_sum(becomes: str, args: Sequence[int]) -> str:
    dst, quantity, constant, slope, n, *rest = args
    terms = [
        f"{rest[3 * i + 2]}*min(r{quantity}, {rest[3 * i + 1]}*r{rest[3 * i]})" for i in range(n)
    ]
    total = " + ".join([str(constant), f"{slope}*r{quantity}", *terms])
    return f"r{dst}{_become(becomes, total, rest[3 * n :])}"
