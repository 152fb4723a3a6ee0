"""scripts/no_float.py finds what it promises to find, and nothing that is exact."""

import runpy
from pathlib import Path

import pytest

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "no_float.py"))

FOUND = [
    # source                            kind
    ("x = 0.5",                         "literal"),
    ("x = 1e3",                         "literal"),
    ("x = float(y)",                    "call"),
    ("x = a / b",                       "division"),
    ("x /= 2",                          "division"),
    ("import math; math.sqrt(2)",       "math"),
    ("from math import sqrt",           "math"),
    ("np.zeros(3, dtype=float)",        "type"),
    ("np.zeros(3, dtype='<f8')",        "type"),
    ("np.zeros(3, np.float64)",         "type"),
    ("column.astype('float64')",        "type"),
]  # fmt: skip

EXACT = [
    "x = 5",
    "x = a // b",
    "x = Fraction(1, 3)",
    "x = Decimal('0.5')",
    "x = math.gcd(4, 6) + math.isqrt(9)",
    "from math import lcm",
    "np.zeros(3, dtype=np.int64)",
    "isinstance(x, float)",
    "'0.5 / float(x)'",
]


@pytest.mark.parametrize(("source", "kind"), FOUND)
def test_a_float_is_found(source, kind):
    """Every way in which a float can enter is found once, and named."""
    assert [finding.kind for finding in SCRIPT["findings"](source)] == [kind]


@pytest.mark.parametrize("source", EXACT)
def test_exact_arithmetic_passes(source):
    """Integers, Fractions, Decimals and the refusal of floats are no findings."""
    assert not list(SCRIPT["findings"](source))


def test_a_smuggled_float_is_refused_with_its_place(tmp_path):
    """A file of core with a float literal is refused, naming file and line."""
    (tmp_path / "core").mkdir()
    file = tmp_path / "core" / "late_fee.py"
    file.write_text("RATE = 3\nFEE = 0.5\n", encoding="utf-8")
    assert list(SCRIPT["refusals"](tmp_path, [file])) == [
        "core/late_fee.py:2: float literal 0.5 (literal)"
    ]


def test_core_is_free_of_floats():
    """`make lint` would pass: core/ has no float outside the reasoned allowances."""
    assert SCRIPT["main"]([]) == 0
