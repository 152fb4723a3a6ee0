"""Refuses binary floating point in core/, where money and quantities are integers and Fractions.

Goal: a float cannot enter a bill unseen: not as a literal, by a call of float(), through a float
function of math, as a numpy float type, or out of a true division of integers. Non-goal: types.
`/` is exact between Fractions, so a file may be allowed a kind of finding, with its reason.

    python scripts/no_float.py [files or folders; core if none]
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ALLOWED: dict[str, dict[str, str]] = {
    "core/billing/runs/drive.py": {"literal": "seconds of a pause"},
    "core/documents/typesetting.py": {"literal": "dots an inch of a printer"},
    "core/rating/groups.py": {
        "division": "a history's factor over its column's scale, both Fractions"
    },
    "core/money.py": {"division": "a Fraction over an int or a Fraction"},
    "core/tariff/bill.py": {"division": "a segment's Fractions over the count of its parts"},
    "core/tariff/program/builder.py": {"division": "constant scales of registers: Fractions"},
    "core/tariff/language/expression.py": {"division": "a percentage and constants: Fractions"},
    "core/tariff/reference/formulas.py": {"division": "the exact reference: Fractions"},
    "core/tariff/reference/inputs.py": {"division": "a share of the period: Fractions"},
    "core/tariff/reference/tiers.py": {"division": "a quantity for money: Fractions"},
    "core/tariff/language/schema.py": {"division": "a path below a package"},
    "core/tariff/explain/substitute.py": {"division": "a quotient written in a formula: Fractions"},
}

MATH_INTEGER = set("ceil comb factorial floor gcd isqrt lcm perm prod trunc".split())
FLOAT_TYPES = {"double", "float16", "float32", "float64", "float128", "floating", "longdouble"}
FLOAT_DTYPES = FLOAT_TYPES | {"float", "f2", "f4", "f8", "<f2", "<f4", "<f8", ">f2", ">f4", ">f8"}


class Finding(NamedTuple):
    line: int
    kind: str
    what: str


def findings(source: str) -> Iterator[Finding]:
    """Every place of a module's source where a float may come from."""
    for node in ast.walk(ast.parse(source)):
        for kind, what in _judge(node):
            yield Finding(getattr(node, "lineno", 0), kind, what)


def _judge(node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Constant(value=float() | complex() as value):
            yield "literal", f"float literal {value}"
        case ast.Call(func=ast.Name(id="float" | "complex" as name)):
            yield "call", f"{name}()"
        case ast.Call(func=ast.Attribute(attr="astype"), args=[kind, *_]):
            yield from _judge_dtype(kind)
        case ast.keyword(arg="dtype", value=kind):
            yield from _judge_dtype(kind)
        case ast.Attribute(value=ast.Name(id="math"), attr=name) if name not in MATH_INTEGER:
            yield "math", f"math.{name}"
        case ast.ImportFrom(module="math", names=names):
            bad = [alias.name for alias in names if alias.name not in MATH_INTEGER]
            yield from (("math", f"math.{name}") for name in bad)
        case ast.Attribute(attr=name) if name in FLOAT_TYPES:
            yield "type", name
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            yield "division", "true division; // is exact, Fraction(a, b) too"


def _judge_dtype(node: ast.expr) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Name(id=name) | ast.Constant(value=str() as name) if name in FLOAT_DTYPES:
            yield "type", f"dtype {name}"


def refusals(root: Path, files: Iterable[Path]) -> Iterator[str]:
    """The findings that no reason in ALLOWED covers, as lines for an editor to jump to."""
    for file in files:
        name = file.resolve().relative_to(root).as_posix()
        allowed = ALLOWED.get(name, {})
        for found in findings(file.read_text(encoding="utf-8")):
            if found.kind not in allowed:
                yield f"{name}:{found.line}: {found.what} ({found.kind})"


def stale(root: Path) -> Iterator[str]:
    """Allowances that cover nothing any more: the list may only shrink."""
    for name, kinds in ALLOWED.items():
        file = root / name
        found = findings(file.read_text(encoding="utf-8")) if file.exists() else ()
        for kind in sorted(kinds.keys() - {finding.kind for finding in found}):
            yield f"{name}: has no {kind}: remove its allowance from scripts/no_float.py"


def main(arguments: list[str]) -> int:
    root = Path(__file__).resolve().parent.parent
    paths = [Path(a) for a in arguments] or [root / "core"]
    files = [f for p in paths for f in (sorted(p.rglob("*.py")) if p.is_dir() else [p])]
    lines = [*refusals(root, files), *([] if arguments else stale(root))]
    print(*lines, sep="\n", end="\n" if lines else "")
    print(f"no_float: {len(files)} files, {len(lines)} refused")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
