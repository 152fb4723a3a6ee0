"""Records of devices: one way to write each, whatever else is refused with its place."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.collections.field.contents import (
    Close,
    HandIn,
    Notice,
    Receipt,
    RecordKind,
    Reprint,
    Start,
    Step,
    Tender,
    Visit,
    Void,
    Zero,
)
from billcore.core.collections.field.errors import DeviceRecordInvalid
from billcore.core.collections.field.records import NOTHING_BEFORE, Record, pieces, read
from billcore.core.collections.field.shift import ALLOWED, Phase
from billcore.core.collections.field.visits import (
    ENDED,
    NEXT,
    VISITS_MAX,
    VisitState,
    moved,
    paid,
    unpaid,
)
from billcore.server.messages.field import FLAGS
from billcore.v1 import field_service_pb2 as pb

HEAD = "F1/1/7/3/{}/1790000000/1789990000/10000/" + "0" * 64

EACH = (
    (Start(1, 1_789_990_000), "1/1789990000"),
    (Notice("N-1/ü", 4, 0, 120), "N-1%2F%C3%BC/4/0/120"),
    (
        Receipt("N1", 4, 70_000_000_001, Tender.CASH, 120, 120, 9, ""),
        "N1/4/70000000001/CASH/120/120/9/",
    ),
    (Void(70_000_000_001, "wrong"), "70000000001/wrong"),
    (Reprint(70_000_000_001, 1), "70000000001/1"),
    (
        Visit("N1", 4, Step.DISPUTED, 0, "LATE_PAYMENT", "đã trả"),
        "N1/4/DISPUTED/0/LATE_PAYMENT/%C4%91%C3%A3%20tr%E1%BA%A3",
    ),
    (HandIn(120, 1, 0, "100x1,10x2"), "120/1/0/100x1%2C10x2"),
    (Zero(120), "120"),
    (Close(120, 1, 0), "120/1/0"),
)


@pytest.mark.parametrize(("content", "fields"), EACH, ids=[one.KIND.name for one, _ in EACH])
def test_a_record_is_written_in_one_way(content, fields):
    made = Record(1, 7, 3, 1_790_000_000, 1_789_990_000, 10_000, NOTHING_BEFORE, content)
    assert made.line == f"{HEAD.format(content.KIND.name)}/{fields}"
    assert read(made.line) == made


def test_the_longest_fields_fit_in_any_script():
    """40 and 200 characters of four bytes each."""
    told = Visit("😀" * 40, 1, Step.DISPUTED, 0, "😀" * 200, "😀" * 200)
    made = Record(1, 7, 3, 1, 1, 0, NOTHING_BEFORE, told)
    assert read(made.line) == made


def test_every_kind_has_its_line():
    assert [one.KIND for one, _ in EACH] == list(RecordKind)


ZERO = f"{HEAD.format('ZERO')}/120"

WRONG = {
    # a line, what is told of it
    "": "begins as F1",
    "F1/1/7": "begins as F1",
    ZERO.replace("F1", "F2"): "begins as F1",
    ZERO.replace("ZERO", "NOTHING"): "is no kind",
    ZERO + "/1": "ZERO has 1 fields: total",
    ZERO.replace("/120", "/0120"): "is no number",
    ZERO.replace("/120", "/-1"): "is no number",
    ZERO.replace("/120", "/1e3"): "is no number",
    ZERO.replace("/120", "/٣"): "ASCII",
    ZERO.replace("/120", "/100000000000001"): "at most 100000000000000 minor units",
    ZERO.replace("/3/ZERO", "/0/ZERO"): "counts from 1",
    ZERO.replace("1790000000", "99999999999"): "year 3000",
    ZERO.replace("/10000/", "/32503680000/"): "year 3000",
    ZERO.replace("0" * 64, "A" * 64): "previous is 64 small",
    f"{HEAD.format('VOID')}/5/": "why says",
    f"{HEAD.format('VOID')}/5/%ff": "is not UTF-8",
    f"{HEAD.format('VOID')}/5/a%0Ab": "printable",
    f"{HEAD.format('VOID')}/5/{'a' * 201}": "at most 200",
    f"{HEAD.format('VOID')}/5/%61": "percent-encoded so",
    f"{HEAD.format('VOID')}/5/a%CC%88": "NFC",
    f"{HEAD.format('NOTICE')}//0/0/1": "account has 1 to 40",
    f"{HEAD.format('NOTICE')}/{'N' * 41}/0/0/1": "account has 1 to 40",
    f"{HEAD.format('NOTICE')}/N/2147483648/0/1": "assignment_no is at most",
    f"{HEAD.format('HAND_IN')}/1/1/0/5x": "denominations",
    f"{HEAD.format('VISIT')}/N/0/GONE/0//": "is no step",
    f"{HEAD.format('VISIT')}/N/0/ABSENT/32503680001//": "appointment_at",
}


@pytest.mark.parametrize(("line", "why"), WRONG.items(), ids=list(WRONG.values()))
def test_what_is_no_record_is_refused(line, why):
    with pytest.raises(DeviceRecordInvalid) as caught:
        read(line, "records[4].line")
    assert why in caught.value.message
    assert caught.value.fields["field"] == "records[4].line"


LINES = [f"{HEAD.format(one.KIND.name)}/{fields}" for one, fields in EACH]


@given(
    st.sampled_from(LINES), st.integers(0, 200), st.integers(0, 5), st.text("/%0aF-é ", max_size=5)
)
def test_a_damaged_line_is_refused_or_another_record(line, at, cut, put):
    """Nothing else can happen: no line is read that would be written otherwise."""
    damaged = line[:at] + put + line[at + cut :]
    with suppress(DeviceRecordInvalid):
        assert read(damaged).line == damaged


@pytest.mark.parametrize(
    ("text", "total"),
    [("", 0), ("500x3", 1_500), ("500x3,10x1", 1_510), ("0x3", None), ("5x0", None), ("5", None)],
)
def test_pieces_are_counted(text, total):
    assert pieces(text) == total


def test_visits_have_one_table():
    """Every state is in it; what has ended goes nowhere by steps; a second visit is the last."""
    assert set(NEXT) == set(VisitState)
    assert {state for state in VisitState if not NEXT[state]} == ENDED
    notice, later = VisitState.NOTICE_PRINTED, VisitState.DEFERRED
    assert moved(VisitState.ASSIGNED, 0, notice) == (notice, 1)
    assert moved(later, 1, VisitState.REVISIT) == (VisitState.REVISIT, 2)
    assert moved(notice, VISITS_MAX, later) is None
    assert moved(VisitState.ASSIGNED, 0, VisitState.HANDED_OVER) == (VisitState.HANDED_OVER, 0)
    assert paid(0) == (VisitState.PAID, 1)
    assert [unpaid(one) for one in (VisitState.PAID, VisitState.DISPUTED)] == [
        notice,
        VisitState.DISPUTED,
    ]


def test_the_contract_has_the_numbers_of_core():
    """States, kinds, phases and flags travel under core's names and numbers."""
    for wire, core in (
        (pb.VisitState, VisitState),
        (pb.RecordKind, RecordKind),
        (pb.ShiftPhase, Phase),
    ):
        names = [name.split("_", 2)[2] for name in wire.keys()[1:]]
        assert dict(zip(names, wire.values()[1:], strict=True)) == {
            one.name: one.value for one in core
        }
    flags = [name.removeprefix("RECORD_FLAG_") for name in pb.RecordFlag.keys()[1:]]
    assert flags == [flag.name for flag in FLAGS]
    assert set(ALLOWED) == set(Phase)
