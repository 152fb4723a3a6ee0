"""Segments that the caller states follow the document's `period.change` as dates would."""

from fractions import Fraction

import pytest

from billcore.core.calendar import Calendar
from billcore.core.tariff.bill import Bill, BillFailed, GivenSegment, Segment, cut
from billcore.core.tariff.language.loader import load
from billcore.core.tariff.status import Status

TEXT = """
tariff: x
currency: USD
period: {{change: {change}}}
inputs:
  persons: {{kind: number, per: segment, decimals: 0, max: 9}}
versions:
  - {{from: 2024-01-01, fee: 1}}
  - {{from: 2024-02-01, fee: 2}}
lines:
  - {{id: line, is: share(persons * fee)}}
"""
JANUARY, FEBRUARY = (Calendar.GREGORIAN.parse(f"2024-0{n}-10") for n in (1, 2))
ONE = {"persons": Fraction(1)}


def segments(change: str) -> tuple[Segment, ...]:
    given = [GivenSegment(JANUARY, 20, ONE), GivenSegment(FEBRUARY, 10, ONE)]
    return cut(load(TEXT.format(change=change)), Bill(segments=given))


@pytest.mark.parametrize(
    ("change", "versions"), [("split", [0, 1]), ("first", [0, 0]), ("last", [1, 1])]
)
def test_change_decides_the_version(change: str, versions: list[int]) -> None:
    assert [s.version for s in segments(change)] == versions


def test_change_is_refused() -> None:
    with pytest.raises(BillFailed) as failed:
        segments("refuse")
    assert failed.value.status is Status.CHANGE_REFUSED
