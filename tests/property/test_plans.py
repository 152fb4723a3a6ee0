"""Rows of many tariffs in one batch are rated as each tariff alone rates them."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from billcore.core.errors import BillcoreError, ColumnInvalid, ColumnMissing, TariffInvalid
from billcore.core.rating import rate as rating
from billcore.core.rating.rate import ColumnSpec, RatedColumns
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff
from tests.random_documents import DocumentMaker

DOCUMENTS = sorted((Path(__file__).parents[2] / "tariffs").glob("*.yaml"))
SEEDS = 30
TARIFFS_MAX = 8
Columns = dict[str, NDArray[np.int64]]


@cache
def tariffs() -> tuple[Tariff, ...]:
    """Published documents and random ones: versions, seasons, choices, states, histories."""
    texts = [p.read_text() for p in DOCUMENTS]
    found = []
    for text in [*texts, *(DocumentMaker(seed).text() for seed in range(SEEDS))]:
        try:
            found.append(Tariff.load(text))
        except TariffInvalid:
            continue
    return tuple(found)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**9),
    rows=st.sampled_from([1, 5, 60, 700]),
    lines=st.booleans(),
    grouped=st.booleans(),
)
def test_rows_of_many_tariffs_are_rated_as_alone(
    seed: int, rows: int, lines: bool, grouped: bool
) -> None:
    """In any order, with unknown plans, bad rows and columns that only some tariffs know."""
    rng = np.random.default_rng(seed)
    some = [tariffs()[i] for i in rng.integers(0, len(tariffs()), rng.integers(1, TARIFFS_MAX))]
    columns = random_columns(some, rows, rng)
    plan = rng.integers(-1, len(some) + 1, rows)
    if grouped:
        plan.sort()
    want = outcome(lambda: one_by_one(some, plan, columns, lines))
    assert outcome(lambda: rating.rate_plans(some, plan, columns, lines=lines)) == want


def outcome(work: Callable[[], RatedColumns]) -> dict[str, object] | str:
    """All columns as lists, or what the error says."""
    try:
        rated = work()
    except BillcoreError as error:
        return f"{error.reason}: {error}"
    return {
        "total": rated.total.tolist(),
        "status": rated.status.tolist(),
        "lines": {n: c.tolist() for n, c in rated.lines.items()},
        "state": {n: c.tolist() for n, c in rated.state.items()},
    }


def random_columns(some: list[Tariff], rows: int, rng: np.random.Generator) -> Columns:
    """Columns of all tariffs, of a name that several have by one of them; some out of range."""
    borders = [v.start for t in some for v in t.document.versions]
    this = rng.choice(borders, rows) + rng.integers(-3, 400, rows)
    found: Columns = {"previous": this - rng.integers(0, 120, rows), "this": this}
    if rng.random() < 0.3:
        found["days"] = rng.integers(0, 60, rows)
    for spec in (s for t in some for s in rating.columns_of(t)):
        if spec.name not in found and spec.kind != "days" and (spec.required or rng.random() < 0.5):
            found |= random_column(spec, rows, rng)
    return found


def random_column(spec: ColumnSpec, rows: int, rng: np.random.Generator) -> Columns:
    beyond = int(rng.random() < 0.2)
    hi = spec.hi if spec.kind in ("choice", "flag") else min(spec.hi, 500 * 10**spec.decimals)
    if spec.kind != "history":
        return {spec.name: rng.integers(max(spec.lo, -5) - beyond, max(hi, 1) + 1 + beyond, rows)}
    shape = rows, int(rng.integers(1, spec.entries + 1))
    months = rng.integers(0, 13 + beyond, shape)
    return {spec.name: rng.integers(0, max(hi, 1), shape), f"{spec.name}.month": months}


def one_by_one(
    some: list[Tariff], plan: NDArray[np.int64], columns: Columns, lines: bool
) -> RatedColumns:
    """The rows of each tariff rated by themselves, and put where they came from."""
    names = [n for t in some for n in rating.line_names(t)] if lines else []
    states = [n for t in some for n in rating.state_names(t)]
    found = RatedColumns(
        total=np.zeros(len(plan), dtype=np.int64),
        lines={n: np.zeros(len(plan), dtype=np.int64) for n in names},
        state={n: np.zeros(len(plan), dtype=np.int64) for n in states},
        status=np.full(len(plan), Status.UNKNOWN_PLAN, dtype=np.uint8),
    )
    for index, tariff in enumerate(some):
        rows = np.flatnonzero(plan == index)
        if not rows.size:
            continue
        known = rating.column_names(tariff)
        mine = {n: c[rows] for n, c in columns.items() if n in known}
        rated = rating.rate(tariff, mine, lines=lines)
        found.total[rows], found.status[rows] = rated.total, rated.status
        for name, column in rated.lines.items():
            found.lines[name][rows] = column
        for name, column in rated.state.items():
            found.state[name][rows] = column
    return found


def test_a_column_that_one_tariff_misses_is_an_error_where_it_has_rows() -> None:
    """Only tariffs with rows in the batch ask for their columns."""
    some = [t for t in tariffs() if t.id in ("vn-hanoi-water", "feature-tax-change")]
    given = {s.name: np.ones(3, dtype=np.int64) for s in rating.columns_of(some[0]) if s.required}
    missing = next(s.name for s in rating.columns_of(some[1]) if s.required and s.name not in given)
    rating.rate_plans(some, np.zeros(3, dtype=np.int64), given)
    with pytest.raises(ColumnMissing, match=f"'{missing}'"):
        rating.rate_plans(some, np.array([0, 1, 0]), given)


def test_a_column_of_another_length_than_the_plans_is_an_error() -> None:
    tariff = tariffs()[0]
    given = {s.name: np.ones(3, dtype=np.int64) for s in rating.columns_of(tariff) if s.required}
    with pytest.raises(ColumnInvalid, match="has 3 rows, but the batch has 4"):
        rating.rate_plans([tariff], np.zeros(4, dtype=np.int64), given)


def test_a_batch_without_rows_is_rated() -> None:
    """Nothing in, nothing out."""
    none = np.zeros(0, dtype=np.int64)
    assert rating.rate_plans(tariffs()[:2], none, {"this": none}).total.size == 0
