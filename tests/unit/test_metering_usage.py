"""Usage of one period by hand: rollover, exchange, multiplier, several registers, estimates."""

import numpy as np
import pytest

from billcore.core.metering.errors import SplitInvalid
from billcore.core.metering.split import split, split_remainder
from billcore.core.metering.usage import UsageFlag, rescaled, segments, usage
from tests.metering_world import account, counted, installation, installed, ints, period, read

F = UsageFlag

# title, installations, readings, usage of (100, 200], decimals, flags
CASES = [
    (
        "plain",
        [installation(start=50)],
        [read(1, 100, 98), read(1, 200, 120)],
        (22, 0, 0),
    ),
    (
        "rollover",
        [installation(start=50)],
        [read(1, 100, 99990), read(1, 200, 15)],
        (25, 0, F.ROLLED_OVER),
    ),
    (
        "exchange: 150-100 and 17-3",
        [installation(1, start=50, end=140), installation(2, start=140)],
        [read(1, 100, 100), read(1, 140, 150), read(2, 140, 3), read(2, 200, 17)],
        (64, 0, F.EXCHANGED),
    ),
    (
        "multiplier 20, then 15.5: 10 x 20 + 4 x 15.5",
        [
            installation(start=50, end=140, multiplier=(20, 0)),
            installation(start=140, multiplier=(155, 1)),
        ],
        [read(1, 100, 0), read(1, 140, 10), read(1, 200, 14)],
        (2620, 1, F.MULTIPLIER_CHANGED),
    ),
    (
        "two meters beside each other",
        [installation(1, start=50), installation(2, start=50, decimals=3)],
        [read(1, 100, 1), read(1, 200, 4), read(2, 100, 5000), read(2, 200, 5250)],
        (3250, 3, 0),
    ),
    (
        "an actual reading below the estimate before it",
        [installation(start=50)],
        [read(1, 100, 120, estimated=True), read(1, 200, 110)],
        (-10, 0, F.NEGATIVE | F.OPENING_ESTIMATED),
    ),
    (
        "an estimate went over the end, the dial has not: 99 990 - 100 020",
        [installation(start=50)],
        [read(1, 100, 20, estimated=True), read(1, 200, 99990)],
        (-30, 0, F.NEGATIVE | F.ROLLED_OVER | F.OPENING_ESTIMATED),
    ),
    (
        "an estimate at the end",
        [installation(start=50)],
        [read(1, 100, 10), read(1, 200, 14, estimated=True)],
        (4, 0, F.CLOSING_ESTIMATED),
    ),
    (
        "the actual version of an estimated day counts",
        [installation(start=50)],
        [read(1, 100, 10), read(1, 200, 14, estimated=True), read(1, 200, 13, version=2)],
        (3, 0, 0),
    ),
    ("no closing reading", [installation(start=50)], [read(1, 100, 10)], (0, 0, F.CLOSING_MISSING)),
    ("no opening reading", [installation(start=50)], [read(1, 200, 1)], (0, 0, F.OPENING_MISSING)),
    (
        "hung inside the period",
        [installation(start=150)],
        [read(1, 150, 10), read(1, 200, 14)],
        (4, 0, F.INCOMPLETE),
    ),
    (
        "combined: rollover, exchange, new multiplier, an estimated exchange reading, a share",
        [
            installation(1, start=50, end=130, multiplier=(2, 0), share=(1, 1, 3)),
            installation(1, start=130, end=160, multiplier=(30, 1), share=(1, 1, 3)),
            installation(2, start=160, multiplier=(1, 0), share=(1, 1, 3)),
        ],
        [
            read(1, 100, 99995),
            read(1, 130, 5),  # 10 x 2 = 20: part 2 of 3 is floor(40/3) - floor(20/3) = 7
            read(1, 160, 12, estimated=True),  # 7 x 3.0 = 21.0: 210 tenths, 70 of them
            read(2, 160, 0),
            read(2, 200, 8),  # 8: floor(16/3) - floor(8/3) = 3
        ],
        (
            170,
            1,
            F.ROLLED_OVER | F.EXCHANGED | F.MULTIPLIER_CHANGED | F.SHARED | F.CLOSING_ESTIMATED,
        ),
    ),
]


@pytest.mark.parametrize(("title", "rows", "dials", "wanted"), CASES, ids=[c[0] for c in CASES])
def test_usage_of_a_period(title: str, rows: list, dials: list, wanted: tuple) -> None:
    table = installed(*rows)
    found = usage(table, counted(table, *dials), period(100, 200))
    assert (found.usage.tolist(), found.decimals.tolist()) == ([wanted[0]], [wanted[1]])
    assert UsageFlag(int(found.flags[0])) == wanted[2]


def test_registers_of_a_meter_feed_their_own_quantities() -> None:
    table = installed(
        installation(register=1, quantity="day"), installation(register=2, quantity="night")
    )
    dials = [read(1, d, v, register=r) for r, d, v in ((1, 100, 0), (1, 200, 9), (2, 100, 5))]
    found = usage(table, counted(table, *dials), period(100, 200))
    assert [table.quantities[n] for n in found.quantity_no] == ["day", "night"]
    assert found.usage.tolist() == [9, 0]
    assert found.flags.tolist() == [0, F.CLOSING_MISSING]


def test_the_printed_readings_of_a_water_meter() -> None:
    """The dial 98 to 220 of the five printed bills."""
    table = installed(installation())
    dials = [98, 120, 130, 140, 175, 220]
    line = counted(table, *(read(1, 100 * n, v) for n, v in enumerate(dials, start=1)))
    found = [int(usage(table, line, period(100 * n, 100 * n + 100)).usage[0]) for n in range(1, 6)]
    assert found == [22, 10, 10, 35, 45]


def test_segments_need_a_reading_on_their_border() -> None:
    table = installed(installation(1), installation(2))
    line = counted(
        table,
        *(read(m, d, v) for m in (1, 2) for d, v in ((100, 0), (150, 10), (200, 30))),
        read(1, 170, 15),
    )
    cut, origin = segments(table, line, period(100, 200), ints(0, 0, 0), ints(170, 150, 200))
    assert (cut.previous_day.tolist(), cut.this_day.tolist()) == ([100, 150], [150, 200])
    assert origin.tolist() == [0, 0]
    assert usage(table, line, cut).usage.tolist() == [20, 40]


def test_usage_that_64_bits_do_not_hold_is_flagged() -> None:
    table = installed(
        installation(1, digits=12, multiplier=(999_999, 0)),
        installation(2, digits=1, decimals=0, multiplier=(1, 9)),
    )
    top = 10**12 // 2 - 1
    dials = [read(1, 100, 0), read(1, 200, top), read(2, 100, 0), read(2, 200, 1)]
    found = usage(table, counted(table, *dials), period(100, 200))
    assert found.usage.tolist() == [0]
    assert found.flags[0] & F.OVERFLOW


def test_rescaling_rounds_half_up() -> None:
    value, fits = rescaled(ints(25, -25, 24, 3), ints(1, 1, 1, 0), 0)
    assert value.tolist() == [3, -3, 2, 3]
    assert fits.all()
    assert rescaled(ints(25), ints(1), 3)[0].tolist() == [2500]


# whole, weights, parts
SPLITS = [
    (10, (1, 1, 1), [4, 3, 3]),
    (100, (3, 5, 2), [30, 50, 20]),
    (-10, (1, 1, 1), [-4, -3, -3]),
    (1, (0, 7), [0, 1]),
    (0, (1, 2), [0, 0]),
    (10**18, (1, 2), [333333333333333333, 666666666666666667]),
]


@pytest.mark.parametrize(("whole", "weights", "parts"), SPLITS)
def test_split_by_the_largest_remainder(whole: int, weights: tuple, parts: list) -> None:
    assert split(whole, ints(*weights)).tolist() == parts


def test_a_house_is_shared_out_by_norm_and_meter() -> None:
    """1 000 of the house; 300 and 250 by meter, 150 by norm: 300 more by areas 50, 30, 20."""
    found = split_remainder(1000, ints(300, 250, 150), ints(50, 30, 20))
    assert found.tolist() == [450, 340, 210]
    assert split_remainder(600, ints(300, 250, 150), ints(1, 1, 1)).sum() == 600


@pytest.mark.parametrize("weights", [(), (0, 0), (1, -1)])
def test_weights_that_split_nothing(weights: tuple) -> None:
    with pytest.raises(SplitInvalid):
        split(10, ints(*weights))


def test_periods_without_a_meter_have_no_usage() -> None:
    table = installed(installation())
    found = usage(table, counted(table), period(100, 200, of=2))
    assert not len(found.usage)
    assert account(2) not in table.account_id
    assert np.array_equal(found.first, [])
