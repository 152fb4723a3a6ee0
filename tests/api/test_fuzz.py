"""Whatever is sent, the answer is a result or a refusal; never INTERNAL, never UNKNOWN."""

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billcore.v1 import common_pb2, tariff_service_pb2
from billcore.v1 import rating_service_pb2 as pb
from tests.api.client import header
from tests.api.documents import OTHER, RATCHET, RUNNING, STRICT, WATER

FINE = {
    grpc.StatusCode.OK,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.OUT_OF_RANGE,
}

QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

PLANS = st.sampled_from(
    ["test-water", "test-other", "test-strict", "test-running", "test-ratchet", "", "none"]
)
WORDS = st.sampled_from(
    "m3 kwh kw persons zone exempt arrears used left before before.month previous this days".split()
)
NUMBERS = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.integers(-(10**30), 10**30).map(str),
    st.text(max_size=12),
    st.sampled_from(["0", "-0", "1e9", "0x1", "１", "1_000", ".5", "5.", "--1", "9" * 100]),
)
DATES = st.one_of(
    st.dates().map(str),
    st.text(max_size=12),
    st.sampled_from(["", "2020-02-30", "1399-12-30", "0000-00-00", "9999-12-31", "2020-03-01"]),
)
INT32 = st.integers(-(2**31), 2**31 - 1)
INT64 = st.integers(-(2**63), 2**63 - 1)


def code(call, *args) -> grpc.StatusCode:
    try:
        answer = call(*args)
        if hasattr(answer, "__next__"):
            list(answer)
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def pieces(text: str) -> list[str]:
    return text.replace("{", " { ").replace(",", " , ").split(" ")


@st.composite
def documents(draw) -> str:
    """A test tariff with some of its words replaced, dropped, doubled or swapped."""
    words = pieces(draw(st.sampled_from([WATER, OTHER, STRICT, RUNNING, RATCHET])))
    for _ in range(draw(st.integers(1, 6))):
        at, other = (draw(st.integers(0, len(words) - 1)) for _ in range(2))
        change = draw(st.integers(0, 3))
        if change == 0:
            words[at] = words[other]
        elif change == 1:
            words[at] = draw(st.one_of(NUMBERS, st.text(max_size=8)))
        elif change == 2:
            words.insert(at, words[other])
        elif len(words) > 1:
            del words[at]
    return " ".join(words)


@QUICK
@given(st.one_of(st.text(max_size=300), documents()))
def test_documents(client, document):
    """Any text is valid or has findings; publishing it is fine or refused."""
    request = tariff_service_pb2.ValidateTariffRequest(document=document)
    answer = client.tariffs.ValidateTariff(request)
    assert bool(answer.findings) != answer.HasField("tariff")
    publish = tariff_service_pb2.PublishTariffRequest(
        document=document.replace("test-", "fuzz-"), request_id=f"fuzz {hash(document)}"
    )
    assert code(client.tariffs.PublishTariff, publish) in FINE


VALUES = st.builds(
    lambda name, kind, value: pb.InputValue(name=name, **{kind[0]: value[kind[1]]}),
    st.one_of(WORDS, st.text(max_size=5)),
    st.sampled_from([("number", 0), ("choice", 0), ("flag", 1), ("money", 2)]),
    st.tuples(NUMBERS, st.booleans(), INT64),
)

BILLS = st.builds(
    pb.Bill,
    previous_date=DATES,
    this_date=DATES,
    days=INT32,
    inputs=st.lists(VALUES, max_size=4),
    changes=st.lists(st.builds(pb.InputChange, first_day=DATES, input=VALUES), max_size=2),
    states=st.lists(
        st.builds(
            pb.StateValue,
            name=WORDS,
            value=NUMBERS,
            history=st.lists(st.builds(pb.HistoryValue, month=INT32, value=NUMBERS), max_size=2),
        ),
        max_size=2,
    ),
    segments=st.lists(
        st.builds(pb.BillSegment, day=DATES, days=INT32, inputs=st.lists(VALUES, max_size=2)),
        max_size=2,
    ),
)


@pytest.mark.parametrize("method", ["RateBill", "ExplainBill"])
@QUICK
@given(tariff=PLANS, version=st.integers(-1, 2), bill=BILLS)
def test_bills(client, method, tariff, version, bill):
    """Any bill is rated or refused, by both engines."""
    plan = common_pb2.Plan(tariff_id=tariff, version=version)
    request = getattr(pb, f"{method}Request")(plan=plan, bill=bill)
    assert code(getattr(client.rating, method), request) in FINE


NARROW = st.lists(INT32, max_size=3)
WIDE = st.lists(INT64, max_size=3)
PLAUSIBLE = st.lists(st.one_of(st.integers(18_200, 18_800), INT32), min_size=2, max_size=2)

COLUMNS = st.one_of(
    st.builds(pb.ColumnValues, narrow=PLAUSIBLE),
    st.builds(pb.ColumnValues, wide=st.lists(INT64, min_size=2, max_size=2)),
    st.builds(pb.ColumnValues, wide=WIDE, narrow=NARROW),
)

BATCHES = st.builds(
    pb.BatchColumns,
    rows=st.one_of(st.just(2), INT32),
    plan=st.one_of(st.just([]), NARROW),
    columns=st.lists(COLUMNS, min_size=3, max_size=4),
    changes=st.one_of(
        st.none(),
        st.builds(
            pb.BatchChanges,
            rows=st.lists(st.integers(-1, 2), max_size=2),
            first_days=NARROW,
            columns=st.lists(st.integers(-1, 4), max_size=2),
            values=WIDE,
        ),
    ),
    segments=st.one_of(
        st.none(),
        st.builds(
            pb.BatchSegments,
            rows=st.lists(st.integers(-1, 2), max_size=2),
            days=NARROW,
            billed_days=NARROW,
            columns=st.lists(COLUMNS, max_size=1),
        ),
    ),
)


@QUICK
@given(
    tariffs=st.lists(PLANS, min_size=1, max_size=2),
    extra=st.one_of(st.none(), st.tuples(WORDS, st.sampled_from([32, 64]))),
    batches=st.lists(BATCHES, min_size=1, max_size=3),
    lines=st.booleans(),
)
def test_batches(client, tariffs, extra, batches, lines):
    """Any stream of batches is rated or refused."""
    quantity = {"test-water": "m3", "test-ratchet": "kw"}.get(tariffs[0], "kwh")
    columns = {"previous": 32, "this": 32, quantity: 64} | dict([extra] if extra else [])
    messages = [header(*tariffs, columns=columns, lines=lines)]
    messages += [pb.RateBatchRequest(batch=b) for b in batches]
    assert code(client.rate_batches, messages) in FINE


ROWS = st.tuples(
    st.one_of(st.integers(18_000, 18_900), INT32),
    st.one_of(st.integers(18_000, 18_900), INT32),
    INT64,
    INT64,
    INT64,
)


@QUICK
@given(st.lists(ROWS, min_size=1, max_size=6))
def test_rows(client, rows):
    """Well-formed batches of any numbers at all are answered, row by row."""
    previous, this, m3, persons, zone = (list(c) for c in zip(*rows, strict=True))
    message = pb.RateBatchRequest(
        batch=pb.BatchColumns(
            rows=len(rows),
            columns=[
                pb.ColumnValues(narrow=previous),
                pb.ColumnValues(narrow=this),
                *(pb.ColumnValues(wide=c) for c in (m3, persons, zone)),
            ],
        )
    )
    columns = {"previous": 32, "this": 32, "m3": 64, "persons": 64, "zone": 64}
    answers = list(client.rate_batches([header("test-water", columns=columns), message]))
    assert len(answers[1].result.statuses) == len(rows)


@QUICK
@given(st.binary(max_size=60))
def test_bytes(client, raw):
    """Bytes that may be a message or not, to every method."""
    for name in ("TariffService/PublishTariff", "RatingService/RateBill"):
        method = client.channel.unary_unary(f"/billcore.v1.{name}")
        assert code(method, raw) in FINE
    assert code(client.rate_batches, [header("test-water"), raw]) in FINE
