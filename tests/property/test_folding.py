"""Documents as rows of the fold: what takes what back, beside a model that goes row by row; many
accounts at once are the same as each alone."""

import dataclasses

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.ledger.allocation.kernel import fold
from billcore.core.ledger.folding import Rows, undone_rows
from billcore.core.ledger.kinds import EntryKind

NAMES = [field.name for field in dataclasses.fields(Rows) if field.name != "direction"]
AMOUNT, UNDOES = NAMES.index("amount"), NAMES.index("undoes")

ROW = st.tuples(
    st.integers(1, 6),  # document
    st.integers(0, 1),  # is_entry
    st.sampled_from([-200, -100, 100, 200]),
    st.integers(0, 6),  # undoes
    st.integers(1, 5),  # day
)


@st.composite
def accounts(draw):
    """Rows of some accounts; no document is there twice."""
    found = []
    for account in range(1, draw(st.integers(1, 3)) + 1):
        seen = set()
        for number, is_entry, amount, undoes, day in draw(st.lists(ROW, max_size=10)):
            if (number, is_entry) in seen:
                continue
            seen.add((number, is_entry))
            kind = EntryKind.LATE_FEE if is_entry and number % 2 else EntryKind.PAYMENT
            found.append((account, number, is_entry, int(kind), day, day, 0, amount, undoes, 0))
    return found


def rows_of(table, texts=()):
    columns = np.array(table, dtype=np.int64).reshape(-1, len(NAMES)).T.copy()
    direction = pa.array(texts or [""] * len(table), pa.string())
    return Rows(**dict(zip(NAMES, columns, strict=True)), direction=direction)


def model(table):
    """The row that each takes back, or -1."""
    found, known = [], {}
    for at, row in enumerate(table):
        account, number, is_entry, amount, undoes = *row[:3], row[AMOUNT], row[UNDOES]
        undone = known.pop((account, is_entry, undoes), None) if undoes else None
        if undone is not None and table[undone][AMOUNT] == -amount:
            found.append(undone)
            continue
        known[account, is_entry, number] = at
        found.append(-1)
    return found


@given(accounts())
def test_what_is_taken_back(table):
    assert undone_rows(rows_of(table)).tolist() == model(table)


@given(accounts())
def test_many_accounts_are_each_alone(table):
    together = fold(rows_of(table).documents())
    alone = [
        fold(rows_of([row for row in table if row[0] == account]).documents())
        for account in sorted({row[0] for row in table})
    ]
    assert together.open.tolist() == [n for one in alone for n in one.open.tolist()]
    assert together.undone.tolist() == [n for one in alone for n in one.undone.tolist()]


def test_a_late_fee_is_a_penalty_and_its_credit_is_none():
    """Only what is owed is a penalty; the credit pays the fee that it names."""
    fee = int(EntryKind.LATE_FEE)
    table = [(1, 3, 0, 2, 1, 1, 0, 100, 0, 0), (1, 1, 1, fee, 1, 1, 0, 100, 0, 0),
             (1, 2, 1, fee, 1, 1, 0, -40, 0, 0)]  # fmt: skip
    documents = rows_of(table, ["", "", "entry:1"]).documents()
    assert documents.penalty is not None
    assert documents.penalty.tolist() == [0, 1, 0]
    assert fold(documents).open.tolist() == [100, 60, 0]
