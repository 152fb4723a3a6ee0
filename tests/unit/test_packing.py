"""Packed lines and inputs come back as they were, for every mix of agreements."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.billing.charges import packing

INT64 = st.integers(-(2**63), 2**63 - 1)
DAY = st.integers(1, 2**31 - 1)


@st.composite
def agreements(draw):
    """(bill, agreement_no, tariff_no, version, amounts) with one width a tariff version."""
    widths = draw(st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 2)),
                                  st.integers(0, 5), min_size=1))  # fmt: skip
    bills = draw(st.integers(1, 8))
    keys = draw(st.sets(st.tuples(st.integers(0, bills - 1), st.integers(1, 4)), min_size=1))
    found = []
    for bill, agreement in sorted(keys):
        tariff = draw(st.sampled_from(sorted(widths)))
        amounts = draw(st.lists(INT64, min_size=widths[tariff], max_size=widths[tariff]))
        found.append((bill, agreement, tariff, amounts))
    return bills, found


def grouped(found):
    """The rows of each tariff version."""
    return {key: [row for row in found if row[2] == key] for key in {row[2] for row in found}}


@given(agreements())
def test_lines_come_back(case):
    bills, found = case
    parts = [
        packing.lines_part(
            np.array([r[0] for r in rows]),
            np.array([r[1] for r in rows]),
            *key,
            np.array([r[3] for r in rows], dtype=np.int64).reshape(len(rows), -1),
        )
        for key, rows in grouped(found).items()
    ]
    packed = packing.joined(parts, bills)
    assert len(packed) == bills
    back = []
    for part in packing.lines_parts(packed):
        keys = zip(part.bill, part.field(0), part.field(1), part.field(2), strict=True)
        for (bill, agreement, tariff, version), amounts in zip(
            keys, packing.amounts_of(part).tolist(), strict=True
        ):
            back.append((bill, agreement, (tariff, version), amounts))
    assert sorted(back) == sorted(found)


CHANGE = st.tuples(st.integers(0, 9), DAY, INT64)
ROW = st.tuples(DAY, DAY, st.integers(0, 4000), st.tuples(INT64, INT64), st.tuples(CHANGE))


@given(st.lists(ROW, min_size=1, max_size=6))
def test_inputs_come_back(rows):
    bill = np.arange(len(rows))
    changes = np.array([r[4] for r in rows], dtype=np.int64)
    part = packing.inputs_part(
        bill,
        np.ones(len(rows)),
        (7, 2),
        packing.Period(*(np.array([r[at] for r in rows]) for at in range(3))),
        np.array([r[3] for r in rows], dtype=np.int64),
        packing.Changes(changes[:, :, 0], changes[:, :, 1], changes[:, :, 2]),
    )
    (back,) = packing.inputs_parts(packing.joined([part], len(rows)))
    period, told = packing.period_of(back), packing.changes_of(back)
    assert packing.values_of(back).tolist() == [list(r[3]) for r in rows]
    assert period.previous.tolist() == [r[0] for r in rows]
    assert period.this.tolist() == [r[1] for r in rows]
    assert period.days.tolist() == [r[2] for r in rows]
    assert np.stack([told.input, told.day, told.value], 2).tolist() == changes.tolist()


@given(st.binary(max_size=80))
def test_damaged_texts_are_refused(raw):
    """Any bytes are parts or PackedInvalid, never a crash or a read beyond the end."""
    packed = pa.array([raw, b""], pa.binary())
    try:
        for part in packing.inputs_parts(packed):
            packing.values_of(part), packing.changes_of(part)
    except packing.PackedInvalid:
        pass


def test_a_cut_text_is_refused():
    part = packing.lines_part(np.array([0]), np.array([1]), 1, 1, np.array([[5, 6]]))
    (raw,) = packing.joined([part], 1).to_pylist()
    with pytest.raises(packing.PackedInvalid):
        list(packing.lines_parts(pa.array([raw[:-4]], pa.binary())))
