"""Windows, policies from JSON, chains of estimates, decisions over columns."""

import numpy as np
import pytest

from billcore.core.accounts.policies import parse_policies
from billcore.core.calendar import Calendar
from billcore.core.metering.estimate import chain_lengths
from billcore.core.metering.policy import Method, ReadingPolicy
from billcore.core.metering.provider import MeteringProvider, reading_policy
from billcore.core.metering.readings import decided
from tests.metering_world import account, counted, day, installation, installed, ints, read
from tests.metering_world import readings as table

# first, last, today -> window
WINDOWS = [
    (10, 20, "2024-03-15", ("2024-03-10", "2024-03-15")),
    (10, 20, "2024-03-21", None),
    (25, 3, "2024-03-30", ("2024-03-25", "2024-03-30")),
    (25, 3, "2024-03-02", ("2024-02-25", "2024-03-02")),
    (31, 3, "2024-03-02", ("2024-02-29", "2024-03-02")),
    (25, 3, "2024-03-10", None),
]


@pytest.mark.parametrize(("first", "last", "today", "window"), WINDOWS)
def test_the_window_of_customers(first: int, last: int, today: str, window: tuple | None) -> None:
    provider = MeteringProvider(7, policy=ReadingPolicy(window_first=first, window_last=last))
    wanted = None if window is None else tuple(map(day, window))
    assert provider.window(day(today)) == wanted


def test_a_day_is_that_of_the_providers_zone_and_calendar() -> None:
    """22:13 in London is the next day in Tehran, the 24th of Aban."""
    provider = MeteringProvider(7, "Asia/Tehran", Calendar.JALALI)
    today = provider.today(1_700_000_000_000_000)
    assert Calendar.JALALI.format(today) == "1402-08-24"


def test_the_policy_of_a_provider() -> None:
    found = reading_policy(parse_policies('{"plausibility": {"periods": 3}, "due_days": 5}'))
    assert found.periods == 3
    assert found.estimation == (Method.LAST_YEAR, Method.RECENT)


def test_chains_of_estimates() -> None:
    rows = installed(installation(1), installation(2))
    line = counted(
        rows,
        read(1, 10, 0),
        read(1, 20, 1, estimated=True),
        read(1, 30, 2, estimated=True),
        read(2, 10, 0, estimated=True),
        read(2, 20, 0),
    )
    found = chain_lengths(line, ints(0, 0, 0, 1, 1, 1), ints(10, 29, 99, 9, 10, 99))
    assert found.tolist() == [0, 1, 2, 0, 1, 0]


def test_the_last_decision_counts() -> None:
    rows = table([read(1, 10, 0), read(1, 20, 0), read(1, 20, 1, version=2)])
    key = {"account_id": account(1), "meter_id": 7 << 28 | 1, "register_no": 1}
    fixed = {name: np.full(3, value) for name, value in key.items()}
    told = {"day": ints(20, 20, 10), "version": ints(2, 2, 3), "decision_no": ints(2, 1, 1)}
    found = decided(rows, {**fixed, **told, "status": ints(4, 3, 3)})
    assert found.status.tolist() == [1, 1, 4]
