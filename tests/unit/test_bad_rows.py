"""A bad row fails alone: every other row of its batch is rated as if it were not there."""

from pathlib import Path

import numpy as np
import pytest

from billcore.core.calendar import Calendar
from billcore.core.errors import ColumnInvalid, ColumnMissing, ColumnUnknown
from billcore.core.rating import rate as rating
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff

TARIFFS = Path(__file__).parents[2] / "tariffs"
DAY = Calendar.JALALI.parse
FIRST, LAST = DAY("1396-05-01"), DAY("1396-06-01")
INT32 = np.iinfo(np.int32)


def tariff(name: str) -> Tariff:
    return Tariff.load((TARIFFS / f"{name}.yaml").read_text(encoding="utf-8"), name)


WATER = tariff("ir-mehrab-water")

# previous   this          m3 (milli)  status
ROWS = [
    (FIRST, LAST, 10_000, Status.OK),
    (LAST, FIRST, 10_000, Status.BAD_PERIOD),  # backwards
    (FIRST, FIRST, 10_000, Status.BAD_PERIOD),  # no day
    (FIRST - 500, LAST, 10_000, Status.BAD_PERIOD),  # more than 400 days
    (INT32.min, INT32.max, 10_000, Status.BAD_PERIOD),
    (INT32.max, INT32.min, 10_000, Status.BAD_PERIOD),
    (0, 31, 10_000, Status.BAD_PERIOD),  # no calendar knows these
    (DAY("1390-01-01"), DAY("1390-02-01"), 10_000, Status.NOT_IN_FORCE),
    (DAY("1394-12-15"), DAY("1395-01-15"), 10_000, Status.NOT_IN_FORCE),  # starts too early
    (FIRST, LAST, -1, Status.OUT_OF_RANGE),
    (FIRST, LAST, 100_000_001, Status.OUT_OF_RANGE),
    (FIRST, LAST, 2**62, Status.OUT_OF_RANGE),
    (FIRST, LAST, -(2**63), Status.OUT_OF_RANGE),
    (FIRST, LAST, 100_000_000, Status.OK),  # the largest that the tariff takes
    (FIRST, DAY("1396-08-01"), 10_000, Status.OK),  # over the price change
]


def columns(rows: list[tuple[int, int, int, Status]]) -> dict[str, np.ndarray]:
    previous, this, m3, _ = zip(*rows, strict=True)
    return {
        "previous": np.array(previous, dtype=np.int32),
        "this": np.array(this, dtype=np.int32),
        "m3": np.array(m3, dtype=np.int64),
    }


@pytest.mark.parametrize("order", [1, -1])
def test_each_row_has_its_own_status(order: int) -> None:
    rows = ROWS[::order]
    rated = rating.rate(WATER, columns(rows))
    assert [Status(s) for s in rated.status] == [row[3] for row in rows]


def test_failed_rows_have_no_amounts() -> None:
    rated = rating.rate(WATER, columns(ROWS))
    failed = rated.status != 0
    assert not rated.total[failed].any()
    assert not any(line[failed].any() for line in rated.lines.values())


@pytest.mark.parametrize("repeat", [1, 300])
def test_good_rows_are_as_alone(repeat: int) -> None:
    """On both paths: a batch of a few rows, and one that fills vectors."""
    rated = rating.rate(WATER, columns(ROWS * repeat))
    for n, row in enumerate(ROWS):
        alone = rating.rate(WATER, columns([row]))
        assert (rated.total[n :: len(ROWS)] == alone.total[0]).all()
        assert (rated.status[n :: len(ROWS)] == alone.status[0]).all()


def test_a_batch_of_bad_rows_only() -> None:
    bad = [row for row in ROWS if row[3] is not Status.OK]
    rated = rating.rate(WATER, columns(bad))
    assert [Status(s) for s in rated.status] == [row[3] for row in bad]


def test_an_empty_batch_is_rated() -> None:
    rated = rating.rate(WATER, {n: c[:0] for n, c in columns(ROWS).items()})
    assert rated.total.size == rated.status.size == 0


def test_bad_history_entries_fail_their_row() -> None:
    """A month 13, or a value beyond the state's limits, is that row's fault alone."""
    ratchet = tariff("feature-ratchet-months")
    count = 4
    this = np.full(count, DAY("1402-05-31"), dtype=np.int32)
    peaks = np.array([[500], [500], [10**9], [500]], dtype=np.int64)
    months = np.array([[4], [13], [4], [0]], dtype=np.int64)
    rated = rating.rate(
        ratchet,
        {
            "previous": this - 31,
            "this": this,
            "peak_kw": np.full(count, 400, dtype=np.int64),
            "peaks": peaks,
            "peaks.month": months,
        },
    )
    assert [Status(s).name for s in rated.status] == ["OK", "OUT_OF_RANGE", "OUT_OF_RANGE", "OK"]


def test_a_flaw_of_the_whole_batch_is_an_error() -> None:
    good = columns(ROWS)
    with pytest.raises(ColumnMissing):
        rating.rate(WATER, {n: c for n, c in good.items() if n != "m3"})
    with pytest.raises(ColumnUnknown):
        rating.rate(WATER, good | {"kwh": good["m3"]})
    with pytest.raises(ColumnInvalid):
        rating.rate(WATER, good | {"m3": good["m3"][:-1]})
    with pytest.raises(ColumnInvalid):
        rating.rate(WATER, good | {"m3": good["m3"].astype(np.float64)})


def test_plans_keep_their_rows_apart() -> None:
    """Rows of several tariffs in any order, an unknown plan among them."""
    other = tariff("vn-hanoi-water")
    this = np.full(6, Calendar.GREGORIAN.parse("2017-10-20"), dtype=np.int32)
    given = {
        "previous": this - 30,
        "this": this,
        "m3": np.arange(6, dtype=np.int64) * 1000,
        "households": np.ones(6, dtype=np.int64),
    }
    plan = np.array([1, 0, 2, -1, 0, 1], dtype=np.int32)
    rated = rating.rate_plans([WATER, other], plan, given)
    water = rating.rate(WATER, {n: c for n, c in given.items() if n != "households"})
    hanoi = rating.rate(other, given)
    assert rated.total.tolist() == [
        hanoi.total[0], water.total[1], 0, 0, water.total[4], hanoi.total[5],
    ]  # fmt: skip
    assert [Status(s).name for s in rated.status] == [
        "OK", "OK", "UNKNOWN_PLAN", "UNKNOWN_PLAN", "OK", "OK",
    ]  # fmt: skip
