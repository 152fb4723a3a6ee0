"""Histories of agreements against a plain model, day by day and agreement by agreement."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.accounts import history
from billcore.core.accounts.checks import Checks
from billcore.core.accounts.overlaps import refuse_overlaps
from billcore.core.accounts.packing import unpacked

DAYS = 12
day = st.integers(0, DAYS - 1)
span = st.tuples(day, day).map(sorted)


def table(names, rows):
    return history.table_of(names, rows)


terms_of = st.lists(st.tuples(day, day, st.integers(1, 3)), max_size=5)


@given(st.lists(st.tuples(span, terms_of), min_size=1, max_size=6))
def test_terms_cover_days_as_counting_says(drawn):
    """Good: each day of the agreement has one term, no other day has any."""
    agreements = {
        "from_day": np.array([s[0] for s, _ in drawn]),
        "until_day": np.array([s[1] for s, _ in drawn]),
    }
    lines = [(row, *term) for row, (_, terms) in enumerate(drawn) for term in terms]
    checks = Checks(len(drawn))
    history.check_terms(agreements, table(history.TERMS, lines), checks)
    for row, ((first, last), terms) in enumerate(drawn):
        counts = [sum(a <= d <= b for a, b, _ in terms) for d in range(DAYS)]
        wanted = [int(first <= d <= last) for d in range(DAYS)]
        assert checks.good[row] == (counts == wanted and all(a <= b for a, b, _ in terms))


steps_of = st.dictionaries(st.tuples(st.integers(1, 3), day), st.integers(0, 2), max_size=8)
borders = st.dictionaries(st.integers(1, DAYS - 1), st.integers(1, 3), max_size=4)


@given(st.lists(st.tuples(borders, steps_of), min_size=1, max_size=5), st.randoms())
def test_the_packed_row_is_the_fold_of_the_history(drawn, order):
    """Settling changes no day; the last of each is packed; changed_day is the last change."""
    terms, steps = [], []
    for row, (changes, values) in enumerate(drawn):
        starts = sorted({0: 1, **changes}.items())
        ends = [start - 1 for start, _ in starts[1:]] + [DAYS - 1]
        terms += [(row, a, b, t) for (a, t), b in zip(starts, ends, strict=True)]
        steps += [(row, number, d, v) for (number, d), v in values.items()]
    order.shuffle(terms)
    order.shuffle(steps)
    settled_terms = history.settled_terms(table(history.TERMS, terms))
    settled_steps = history.settled_steps(table(history.STEPS, steps))
    packed = history.folded(len(drawn), settled_terms, settled_steps)
    for row in range(len(drawn)):
        tariffs = tariff_by_day([t[1:] for t in terms if t[0] == row])
        mine = rows_of(settled_terms, history.TERMS, row)
        assert tariff_by_day(mine) == tariffs
        assert all(a[2] != b[2] for a, b in pairwise(mine))
        assert packed.tariff_no[row] == tariffs[-1]
        values = {n: value_by_day(steps, row, n) for n in (1, 2, 3)}
        kept = [(row, *line) for line in rows_of(settled_steps, history.STEPS, row)]
        assert {n: value_by_day(kept, row, n) for n in (1, 2, 3)} == values
        pairs = zip(*(c.tolist() for c in unpacked(packed.attributes)), strict=True)
        last = {n: v for r, n, v in pairs if r == row}
        assert last == {n: v[-1] for n, v in values.items() if v[-1] is not None}
        changing = [d for d in range(1, DAYS) if tariffs[d] != tariffs[d - 1]]
        changing += [d for v in values.values() for d in range(1, DAYS) if v[d] != v[d - 1]]
        assert packed.changed_day[row] == max([0, *changing])


def rows_of(lines, names, row):
    found = zip(*(lines[name].tolist() for name in names), strict=True)
    return [line[1:] for line in found if line[0] == row]


def tariff_by_day(terms):
    return [next(t for a, b, t in terms if a <= d <= b) for d in range(DAYS)]


def value_by_day(steps, row, number):
    mine = sorted((d, v) for r, n, d, v in steps if (r, n) == (row, number))
    return [next((v for at, v in reversed(mine) if at <= d), None) for d in range(DAYS)]


places = st.tuples(st.integers(1, 2), st.sampled_from(["water", "power"]))


@given(
    st.lists(st.tuples(places, span), max_size=6),
    st.lists(st.tuples(places, span, st.booleans()), max_size=10),
)
def test_overlaps_are_found_as_one_by_one(given_there, new):
    """A row is refused if a day of it is taken by one that is there or an earlier kept row."""
    there = []
    for place, (first, last) in given_there:
        if not any(shares(place, first, last, other) for other in there):
            there.append((place, first, last))
    checks = Checks(len(new))
    checks.good[:] = [good for _, _, good in new]
    refuse_overlaps(
        agreements([(place, *span) for place, span, _ in new]), agreements(there), checks
    )
    kept = list(there)
    for row, (place, (first, last), good) in enumerate(new):
        wanted = good and not any(shares(place, first, last, other) for other in kept)
        assert checks.good[row] == wanted
        if wanted:
            kept.append((place, first, last))


def shares(place, first, last, other):
    return place == other[0] and first <= other[2] and other[1] <= last


def agreements(lines):
    count = len(lines)
    return {
        "account_id": np.arange(count, dtype=np.int64),
        "agreement_no": np.ones(count, dtype=np.int64),
        "point_id": np.array([p[0] for p, _, _ in lines], dtype=np.int64),
        "service": pa.array([p[1] for p, _, _ in lines], pa.string()),
        "from_day": np.array([a for _, a, _ in lines], dtype=np.int64),
        "until_day": np.array([b for _, _, b in lines], dtype=np.int64),
    }
