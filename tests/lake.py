"""What the tests of rating in a lake share: bills, what they come to, the examples as modules."""

import importlib
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest

from billcore.core.tariff.bill import Bill
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff
from tests.engines import expected

ROOT = Path(__file__).parents[1]
LAKE = ROOT / "examples" / "lake"
TARIFF = ROOT / "tariffs" / "ir-mehrab-water.yaml"
BILLS = 2_500


def example(name: str) -> ModuleType:
    """A module of examples/lake, as a program started there sees it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(LAKE))
        return importlib.import_module(name)


def rows() -> list[tuple[date, date, Decimal]]:
    """Bills over every price of the tariff; some are of days that it does not know."""
    chance = random.Random(8)
    found = []
    for _ in range(BILLS):
        first = date(2016, 1, 1) + timedelta(chance.randrange(1_200))
        used = Decimal(chance.randrange(200_000)) / 1000
        found.append((first, first + timedelta(chance.randrange(1, 90)), used))
    return found


def bills() -> pa.Table:
    """The same as columns."""
    previous, this, m3 = zip(*rows(), strict=True)
    return pa.table(
        {
            "bill": pa.array(range(BILLS), pa.int64()),
            "previous": pa.array(previous, pa.date32()),
            "this": pa.array(this, pa.date32()),
            "m3": pa.array(m3, pa.decimal128(12, 3)),
        }
    )


def check(found: pa.Table) -> None:
    """Every tenth bill is what the exact reference makes of it alone."""
    tariff = Tariff.load(TARIFF.read_text(encoding="utf-8"))
    told = found.sort_by("bill").to_pydict()
    assert told["bill"] == list(range(BILLS))
    assert BILLS / 2 < told["status"].count("OK") < BILLS
    for at, (previous, this, m3) in list(enumerate(rows()))[::10]:
        days = {"previous": previous.toordinal(), "this": this.toordinal()}
        bill = Bill({"m3": Fraction(m3)}, **days)
        wanted = expected(tariff, bill)
        assert (told["status"][at] == "OK") is (wanted.status is Status.OK)
        for name in told.keys() & wanted.columns.keys():
            assert told[name][at] == wanted.columns[name], (at, name)
    assert told.keys() >= {"total", "water", "subscription", "levy"}
