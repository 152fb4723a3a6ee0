"""Oldest first: the columns agree with a loop over each account's documents."""

from collections import deque

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.ledger.allocation import oldest_first, open_amounts

DOCUMENTS = st.lists(
    st.tuples(
        st.integers(1, 4), st.integers(1, 5), st.integers(-50, 50) | st.integers(-(10**15), 10**15)
    ),
    max_size=30,
)


def by_loop(documents):
    """(credit, item, amount) of every account, one document at a time."""
    found = []
    for account in sorted({a for a, _, _ in documents}):
        rows = sorted((d, n) for n, (a, d, _) in enumerate(documents) if a == account)
        items = deque([n, documents[n][2]] for _, n in rows if documents[n][2] > 0)
        for credit in (n for _, n in rows if documents[n][2] < 0):
            left = -documents[credit][2]
            while left and items:
                part = min(left, items[0][1])
                found.append((credit, items[0][0], part))
                left -= part
                items[0][1] -= part
                if not items[0][1]:
                    items.popleft()
    return found


@given(DOCUMENTS)
def test_columns_agree_with_a_loop(documents):
    account, day, amount = (np.array([d[at] for d in documents], dtype=np.int64) for at in range(3))
    order = np.arange(len(documents))
    found = oldest_first(account, day, order, amount)
    told = zip(found.credit.tolist(), found.item.tolist(), found.amount.tolist(), strict=True)
    assert sorted(told) == sorted(by_loop(documents))


@given(DOCUMENTS)
def test_what_is_left_is_the_balance(documents):
    """Nothing is paid twice, an account has open items or open credits, never both."""
    account, day, amount = (np.array([d[at] for d in documents], dtype=np.int64) for at in range(3))
    left = open_amounts(amount, oldest_first(account, day, np.arange(len(documents)), amount))
    for number in {d[0] for d in documents}:
        mine = left[account == number]
        assert mine.sum() == amount[account == number].sum()
        assert not ((mine > 0).any() and (mine < 0).any())
    assert (np.abs(left) <= np.abs(amount)).all()
    assert ((left == 0) | (np.sign(left) == np.sign(amount))).all()
