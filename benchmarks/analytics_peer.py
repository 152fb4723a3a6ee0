"""The report of `benchmarks.analytics_world` by DuckDB: its independent twin, of windows and joins.

Oldest first over bills that fall due in order is an overlap of running sums: what of a bill lies
within a payment's part of all that was paid. Collection by channel, ageing, receipts and scores
follow from these overlaps.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from billcore.core.accounts.early_warning import BANDS, RULES, Feature
from billcore.core.collections.analytics.ageing import AGES

Figures = dict[str, dict[tuple[Any, ...], tuple[int, ...]]]
"""By section, by key, the figures."""

PREPARE = """
CREATE OR REPLACE TABLE item AS
SELECT account, month, due_day, total,
    sum(total) OVER run - total AS lo, sum(total) OVER run AS hi
FROM bill WHERE issued_day <= {day}
WINDOW run AS (PARTITION BY account ORDER BY due_day ROWS UNBOUNDED PRECEDING);
CREATE OR REPLACE TABLE money AS
SELECT account, kind, channel, day, amount,
    sum(amount) OVER run - amount AS lo, sum(amount) OVER run AS hi
FROM credit WHERE day <= {day}
WINDOW run AS (PARTITION BY account ORDER BY day, number ROWS UNBOUNDED PRECEDING);
CREATE OR REPLACE TABLE step AS
SELECT i.account, i.month, m.kind, m.channel, m.day,
    least(i.hi, m.hi) - greatest(i.lo, m.lo) AS amount
FROM item i JOIN money m ON m.account = i.account AND m.lo < i.hi AND m.hi > i.lo;
CREATE OR REPLACE TABLE settled AS
SELECT i.account, i.month, i.due_day, i.total, coalesce(s.received, 0) AS received,
    coalesce(s.written_off, 0) AS written_off, coalesce(s.credited, 0) AS credited,
    i.total - coalesce(s.paid, 0) AS left_open, s.last_day, a.area, a.class,
    CASE WHEN i.due_day < {before} THEN i.total - coalesce(s.paid_before, 0) ELSE 0 END AS before
FROM item i JOIN account a ON a.account = i.account
LEFT JOIN (SELECT account, month, sum(amount) AS paid, max(day) AS last_day,
    sum(CASE WHEN kind = 2 THEN amount ELSE 0 END) AS received,
    sum(CASE WHEN kind = 6 THEN amount ELSE 0 END) AS written_off,
    sum(CASE WHEN kind = 3 THEN amount ELSE 0 END) AS credited,
    sum(CASE WHEN day <= {before} THEN amount ELSE 0 END) AS paid_before
    FROM step GROUP BY account, month) s ON s.account = i.account AND s.month = i.month
"""

COLLECTION = """SELECT month, area, class, count(*),
count(*) FILTER (left_open = 0), sum(total), sum(received), sum(written_off), sum(credited),
sum(left_open) FROM settled GROUP BY month, area, class"""

CHANNELS = """SELECT s.month, a.area, a.class, s.channel, sum(s.amount)
FROM step s JOIN account a ON a.account = s.account WHERE s.kind = 2
GROUP BY s.month, a.area, a.class, s.channel"""

AGEING = """SELECT age, area, class, count(DISTINCT account), count(*), sum(amount) FROM (
    SELECT {age} AS age, area, class, account, left_open AS amount FROM settled
    WHERE left_open > 0
    UNION ALL
    SELECT {free}, a.area, a.class, m.account, -(m.hi - greatest(m.lo, t.hi))
    FROM money m JOIN account a ON a.account = m.account
    JOIN (SELECT account, max(hi) AS hi FROM item GROUP BY account) t ON t.account = m.account
    WHERE m.hi > t.hi)
GROUP BY age, area, class"""

RECEIPTS = """SELECT c.channel, a.area, a.class, count(*), sum(c.amount)
FROM credit c JOIN account a ON a.account = c.account
WHERE c.kind = 2 AND c.day BETWEEN {from_day} AND {day} GROUP BY c.channel, a.area, a.class"""

WARNINGS = """SELECT {band} AS band, area, class, count(*), sum(arrears) FROM (
    SELECT area, class, arrears, {score} AS score FROM (
        SELECT account, area, class,
            {day} - coalesce(min(due_day) FILTER (left_open > 0), {day}) AS days_in_arrears,
            coalesce(sum(left_open), 0) AS arrears,
            count(*) FILTER (left_open > 0) AS bills_in_arrears,
            greatest(coalesce(sum(left_open), 0) - sum(before), 0) AS arrears_growth,
            100 * count(*) FILTER (left_open > 0 OR last_day > due_day) // count(*)
                AS late_bills_percent,
            0 AS returned_payments
        FROM settled WHERE due_day < {day} GROUP BY account, area, class)
) WHERE score >= {least} GROUP BY 1, area, class"""

KEYS = {"collection": 3, "channels": 4, "ageing": 3, "receipts": 3, "warnings": 3}


@dataclass(frozen=True, slots=True)
class Days:
    """The cut-off, and the first day of receipts; ordinals."""

    day: int
    from_day: int


def connected(tables: Sequence[pa.Table], threads: int = 1) -> Any:
    """DuckDB with the tables of `exported`, copied into its own memory."""
    connection = importlib.import_module("duckdb").connect()
    connection.execute(f"SET threads = {threads}")
    connection.execute("SET enable_progress_bar = false")
    for name, table in zip(("account", "bill", "credit"), tables, strict=True):
        connection.register("given", table)
        connection.execute(f"CREATE TABLE {name} AS FROM given")
        connection.unregister("given")
    return connection


def told(connection: Any, days: Days) -> Figures:
    """The whole report. All bills must be among the last that count for late ones."""
    places = {"day": days.day, "from_day": days.from_day, "before": days.day - 90}
    places |= {"age": _steps("{day} - due_day", AGES), "free": len(AGES) + 1}
    places["age"] = places["age"].format(day=days.day)
    places |= {"score": _score(), "band": _band(), "least": BANDS[0].at_least}
    connection.execute(PREPARE.format(**places))
    asked = {
        "collection": COLLECTION,
        "channels": CHANNELS,
        "ageing": AGEING,
        "receipts": RECEIPTS,
        "warnings": WARNINGS,
    }
    return {
        name: _told(connection, sql.format(**places), KEYS[name]) for name, sql in asked.items()
    }


def _told(connection: Any, sql: str, keys: int) -> dict[tuple[Any, ...], tuple[int, ...]]:
    rows = connection.execute(sql).fetchall()
    return {row[:keys]: tuple(int(value) for value in row[keys:]) for row in rows}


def _steps(value: str, ends: Sequence[int]) -> str:
    """In which of the parts a value lies that end with these."""
    return (
        "CASE "
        + " ".join(f"WHEN {value} <= {end} THEN {at}" for at, end in enumerate(ends))
        + (f" ELSE {len(ends)} END")
    )


def _score() -> str:
    by_feature: Mapping[Feature, list[str]] = {feature: [] for feature in Feature}
    for rule in reversed(RULES):
        by_feature[rule.feature].append(
            f"WHEN {rule.feature.value} >= {rule.at_least} THEN {rule.points}"
        )
    return " + ".join(
        f"CASE {' '.join(parts)} ELSE 0 END" for parts in by_feature.values() if parts
    )


def _band() -> str:
    parts = enumerate(BANDS, start=1)
    cases = [f"WHEN score >= {band.at_least} THEN {at}" for at, band in parts]
    return f"CASE {' '.join(reversed(cases))} END"
