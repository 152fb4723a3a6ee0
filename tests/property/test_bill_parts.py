"""Parts of bills: they sum to the bill, none is negative, and they are what the rule says."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from billcore.core.billing.parts import Charges, parts_of_charges
from tests.allocation_model import ints, shares

AMOUNT = st.integers(-40, 60) | st.integers(-(10**15), 10**16)
CHARGE = st.tuples(st.integers(0, 3), st.integers(0, 1), AMOUNT)
BILLS = st.lists(st.lists(CHARGE, max_size=6), max_size=5)


def columns(rows):
    """Charges (bill, order, service, penalty, amount)."""
    return Charges(*(ints(row[at] for row in rows) for at in range(5)))


def charged(bills):
    return [
        (bill, order, *charge) for bill, own in enumerate(bills) for order, charge in enumerate(own)
    ]


def parts(rows, count):
    """(service, penalty, amount) of the parts of each bill."""
    found = parts_of_charges(columns(rows), count)
    told = list(zip(found.service.tolist(), found.penalty.tolist(), found.amount.tolist(),
                    strict=True))  # fmt: skip
    begin = found.begin.tolist()
    assert len(begin) == count + 1
    assert (begin[0], begin[-1]) == (0, len(told))
    return [told[lo:hi] for lo, hi in pairwise(begin)]


def model(charges):
    """The parts of one bill, by lists and whole numbers."""
    sums: dict[int, list[int]] = {}
    for service, penalty, amount in charges:
        sums.setdefault(service, [0, 0])[penalty] += amount
    short, left = 0, []
    for service, (principal, penalty) in sums.items():
        if min(principal, penalty) < 0:
            whole = principal + penalty
            short += max(-whole, 0)
            rest = max(whole, 0)
            principal, penalty = (rest, 0) if principal > penalty else (0, rest)
        left += [[service, 0, principal], [service, 1, penalty]]
    left = [part for part in left if part[2]]
    taken = shares(short, [part[2] for part in left]) if left else []
    rest = [(s, p, amount - off) for (s, p, amount), off in zip(left, taken, strict=True)]
    return [part for part in rest if part[2]]


@settings(max_examples=300)
@given(BILLS)
def test_parts_are_those_of_the_rule_in_words(bills):
    assert parts(charged(bills), len(bills)) == [model(own) for own in bills]


@given(BILLS)
def test_parts_are_positive_and_sum_to_the_bill(bills):
    for own, found in zip(bills, parts(charged(bills), len(bills)), strict=True):
        assert all(amount > 0 for _, _, amount in found)
        assert sum(amount for _, _, amount in found) == max(sum(c[2] for c in own), 0)
        assert len({part[:2] for part in found}) == len(found)


@given(BILLS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(bills, random):
    """Nor do other bills: each has the parts that it has alone."""
    rows = charged(bills)
    shuffled = random.sample(rows, len(rows))
    assert parts(shuffled, len(bills)) == parts(rows, len(bills))
    alone = [parts(charged([own]), 1)[0] for own in bills]
    assert parts(rows, len(bills)) == alone


def test_a_discount_stays_within_its_service_first():
    """Water 100 less 30 of its own; what heat falls short of 0 is taken off the others, 20 of 70
    and 30: 14 and 6."""
    rows = [(0, 0, 1, 0, 100), (0, 1, 1, 0, -30), (0, 2, 2, 0, -20), (0, 3, 3, 1, 30)]
    assert parts(rows, 1) == [[(1, 0, 56), (3, 1, 24)]]


def test_no_bills():
    assert parts([], 0) == []
    assert np.array_equal(parts_of_charges(columns([]), 2).begin, [0, 0, 0])
