"""What is open in all providers together, for figures that somebody watches; indexed, and grouped
by the database, so that looking costs little."""

from typing import NamedTuple, cast

from billcore.core.durations import DAY
from billcore.core.store.port import Reader

RUN_STATES = """SELECT r.provider_id, r.run_id, s.state, s.recorded_at FROM run r JOIN run_step s
ON s.provider_id = r.provider_id AND s.run_id = r.run_id WHERE r.simulated = 0
AND s.step_no = (SELECT MAX(t.step_no) FROM run_step t
    WHERE t.provider_id = r.provider_id AND t.run_id = r.run_id)
ORDER BY r.provider_id, r.run_id"""

SUSPENDED = """SELECT currency, age, COUNT(*), CAST(SUM(open) AS BIGINT), MIN(recorded_at) FROM
(SELECT p.currency, i.recorded_at, CASE :ages ELSE 0 END AS age,
    i.amount - COALESCE((SELECT SUM(m.amount) FROM suspense_move m
        WHERE m.provider_id = i.provider_id AND m.payment_id = i.payment_id), 0) AS open
FROM suspense_item i JOIN provider p ON p.provider_id = i.provider_id) AS item
WHERE open <> 0 GROUP BY currency, age ORDER BY currency, age"""

WAITING_RECORDS = """SELECT COUNT(*), COALESCE(MIN(r.received_at), 0)
FROM field_device d JOIN field_record r
ON r.provider_id = d.provider_id AND r.device_no = d.device_no AND r.seq > d.seq"""


class RunState(NamedTuple):
    """The last step of a run that is no simulation."""

    provider_id: int
    run_id: int
    state: int
    recorded_at: int


class Suspended(NamedTuple):
    """Payments with money in suspense, of an age. amount: minor units; oldest_at: microseconds."""

    currency: str
    age_days: int
    items: int
    amount: int
    oldest_at: int


def run_states(reader: Reader) -> list[RunState]:
    """The state of every run of every provider, simulations left out."""
    return [RunState(*row) for row in reader.rows(RUN_STATES)]  # type: ignore[arg-type]


def suspended(reader: Reader, ages: tuple[int, ...], now: int) -> list[Suspended]:
    """What is in suspense, by currency and by the days at which each bucket of age begins.

    ages: those days, rising from 0; now: microseconds since 1970 in UTC.
    """
    older = [one for one in sorted(ages, reverse=True) if one]
    cases = " ".join(f"WHEN i.recorded_at <= :until{one} THEN {one}" for one in older)
    values = {f"until{one}": now - one * DAY for one in older}
    rows = reader.rows(SUSPENDED.replace(":ages", cases), **values)
    return [Suspended(*cast("tuple[str, int, int, int, int]", row)) for row in rows]


def waiting_records(reader: Reader) -> tuple[int, int]:
    """(records of devices that wait for those before them, when the first of them came)."""
    row = reader.row(WAITING_RECORDS)
    assert row is not None, "it counts"
    return int(row[0]), int(row[1])
