"""RateBatch on a real port: a bad row fails alone, a bad batch ends its stream."""

import threading
from contextlib import suppress

import grpc
import numpy as np
import pytest

from billcore.core.tariff.status import Status
from billcore.server import wire
from billcore.v1 import rating_service_pb2 as pb
from tests.api.client import batch, bill, day, encoded_batches, header, month, plan, refused

WATER = "test-water"


def results(client, *messages, **call):
    """The layout and the results of a stream."""
    answers = list(client.rate_batches(messages, **call))
    assert answers[0].HasField("layout")
    return answers[0].layout, [answer.result for answer in answers[1:]]


def test_a_stream_is_a_layout_and_a_result_for_each_batch(client):
    """The layout names plans, lines and limits; results are numbered from 1."""
    layout, found = results(
        client,
        header(WATER),
        batch(**month(2), m3=[10_000, 2]),
        batch(**month(1), m3=[1_000_000]),
    )
    assert [(p.tariff_id, p.version) for p in layout.plans] == [(WATER, 1)]
    assert list(layout.lines) == ["water", "fee", "extra", "before", "rounding"]
    assert (list(layout.currencies), list(layout.digits)) == (["RUB"], [2])
    assert layout.rows_max == 10_000
    assert [r.sequence for r in found] == [1, 2]
    assert [list(r.totals) for r in found] == [[2800, 301], [250300]]
    assert [list(column.values) for column in found[0].lines] == [
        [2500, 1],
        [300, 300],
        [0, 0],
        [0, 0],
        [0, 0],
    ]


def test_a_header_alone_is_a_stream(client):
    """No batch, no result."""
    layout, found = results(client, header(WATER))
    assert layout.lines
    assert found == []


def test_totals_alone_are_narrower(client):
    """Without lines the layout and the results have none."""
    layout, found = results(client, header(WATER, lines=False), batch(**month(1), m3=[10_000]))
    assert (list(layout.lines), list(found[0].lines)) == ([], [])
    assert list(found[0].totals) == [2800]


def test_rows_agree_with_single_bills(client):
    """Every row of a batch is what RateBill says of it."""
    rng = np.random.default_rng(7)
    previous = rng.integers(day("2020-01-01"), day("2021-06-01"), 40)
    this = previous + rng.integers(1, 300, 40)
    m3 = rng.integers(0, 1_000_001, 40)
    message = batch(previous=previous.tolist(), this=this.tolist(), m3=m3.tolist())
    _, found = results(client, header(WATER), message)
    for row in range(40):
        rated = client.rate_bill(
            WATER,
            previous=str(np.datetime64(int(previous[row]), "D")),
            this=str(np.datetime64(int(this[row]), "D")),
            inputs={"m3": f"{m3[row] // 1000}.{m3[row] % 1000:03}"},
        )
        assert found[0].totals[row] == rated.total


BAD_ROWS = [
    # previous       this            m3          status
    ("2020-03-01", "2020-03-31", -1, Status.OUT_OF_RANGE),
    ("2020-03-01", "2020-03-31", 1_000_001, Status.OUT_OF_RANGE),
    ("2020-03-01", "2020-03-31", 2**63 - 1, Status.OUT_OF_RANGE),
    ("2020-03-01", "2020-03-31", -(2**63), Status.OUT_OF_RANGE),
    ("2020-03-31", "2020-03-01", 1, Status.BAD_PERIOD),
    ("2020-03-01", "2020-03-01", 1, Status.BAD_PERIOD),
    ("2020-03-01", "2021-12-31", 1, Status.BAD_PERIOD),
    ("1799-12-01", "1799-12-31", 1, Status.BAD_PERIOD),
    (-(2**31), 2**31 - 1, 1, Status.BAD_PERIOD),
    (2**31 - 2, 2**31 - 1, 1, Status.BAD_PERIOD),
    ("2019-03-01", "2019-03-31", 1, Status.NOT_IN_FORCE),
]


@pytest.mark.parametrize(("previous", "this", "m3", "status"), BAD_ROWS)
def test_a_bad_row_fails_alone(client, previous, this, m3, status):
    """The row gets its status and zeros; its neighbours are rated."""
    first, last = (day(d) if isinstance(d, str) else d for d in (previous, this))
    good = month(1)
    message = batch(
        previous=good["previous"] + [first] + good["previous"],
        this=good["this"] + [last] + good["this"],
        m3=[10_000, m3, 10_000],
    )
    _, found = results(client, header(WATER), message)
    assert list(found[0].statuses) == [0, status, 0]
    assert found[0].failed == 1
    assert list(found[0].totals) == [2800, 0, 2800]
    assert all(column.values[1] == 0 for column in found[0].lines)


@pytest.mark.parametrize("days", [-(2**31), -1, 0, 401, 2**31 - 1])
def test_absurd_days_fail_their_bill(client, days):
    """Stated days outside 1 to 400 are a bad period of that bill."""
    message = batch(**month(2), days=[30, days], m3=[10_000, 10_000])
    columns = {"previous": 32, "this": 32, "days": 32, "m3": 64}
    _, found = results(client, header(WATER, columns=columns), message)
    assert list(found[0].statuses) == [0, Status.BAD_PERIOD]


def test_choices_and_flags_are_numbers(client):
    """A choice's column holds its place in the list; another number fails the bill."""
    columns = {"previous": 32, "this": 32, "m3": 64, "zone": 64, "exempt": 64}
    rows = {"m3": [10_000] * 4, "zone": [0, 1, 2, -1], "exempt": [0, 1, 0, 0]}
    _, found = results(client, header(WATER, columns=columns), batch(**month(4), **rows))
    unknown = Status.UNKNOWN_CHOICE
    assert list(found[0].statuses) == [0, 0, unknown, unknown]
    assert list(found[0].totals) == [2800, 3500, 0, 0]


def test_any_column_may_have_either_width(client):
    """Wide dates and narrow quantities give the same amounts."""
    columns = {"previous": 64, "this": 64, "m3": 32}
    rows = month(1)
    message = pb.RateBatchRequest(
        batch=pb.BatchColumns(
            rows=1,
            columns=[
                pb.ColumnValues(wide=rows["previous"]),
                pb.ColumnValues(wide=rows["this"]),
                pb.ColumnValues(narrow=[10_000]),
            ],
        )
    )
    _, found = results(client, header(WATER, columns=columns), message)
    assert list(found[0].totals) == [2800]


def test_plans_may_be_mixed_in_a_batch(client):
    """The plan column picks each bill's plan; a number that is none fails its bill."""
    message = batch(**month(4), m3=[10_000] * 4, kwh=[8] * 4)
    message.batch.plan.extend([0, 1, 2, -1])
    columns = {"previous": 32, "this": 32, "m3": 64, "kwh": 64}
    layout, found = results(client, header(WATER, "test-other", columns=columns), message)
    assert list(layout.currencies) == ["RUB", "USD"]
    assert "energy" in layout.lines
    unknown = Status.UNKNOWN_PLAN
    assert list(found[0].statuses) == [0, 0, unknown, unknown]
    assert list(found[0].totals) == [2800, 200, 0, 0]


def test_attributes_may_change_inside_bills(client):
    """Two of three bills get more persons; the third stays as it is."""
    message = batch(**month(3), m3=[0, 0, 0], persons=[1, 1, 1])
    change = message.batch.changes
    change.rows.extend([0, 2])
    change.first_days.extend([day("2020-03-22"), day("2020-03-12")])
    change.columns.extend([3, 3])
    change.values.extend([3, 2])
    columns = {"previous": 32, "this": 32, "m3": 64, "persons": 64}
    _, found = results(client, header(WATER, columns=columns), message)
    assert list(found[0].totals) == [500, 300, 500]


def test_segments_may_be_given_in_batches(client):
    """Bills without dates, cut by the caller."""
    message = batch(m3=[0, 0])
    segments = message.batch.segments
    segments.rows.extend([0, 0, 1])
    segments.days.extend([day("2020-03-10"), day("2020-03-30"), day("2020-03-10")])
    segments.billed_days.extend([20, 10, 30])
    segments.columns.add().wide.extend([1, 3, 1])
    head = header(
        WATER,
        columns={"m3": 64},
        segment_columns=[pb.BatchColumn(name="persons", type=pb.COLUMN_TYPE_SFIXED64)],
    )
    _, found = results(client, head, message)
    assert list(found[0].totals) == [500, 300]


def test_states_come_back_as_columns(client):
    """A running value goes in as a column and comes out as one."""
    columns = {"previous": 32, "this": 32, "kwh": 64, "used": 64}
    message = batch(**month(2), kwh=[13, 4], used=[0, 13])
    layout, found = results(client, header("test-running", columns=columns), message)
    assert list(layout.states) == ["used"]
    assert list(found[0].states[0].values) == [13, 17]


def test_histories_go_in_as_entries_and_months(client):
    """80 % of the highest of earlier bills; a bill without any has none."""
    message = batch(**month(2), kw=[50, 50], before=[0] * 6, months=[0] * 6)
    message.batch.columns[3].wide[:] = [100_00, 90_00, 60_00, 0, 0, 40_00]
    message.batch.columns[4].wide[:] = [12, 1, 2, 0, 0, 2]
    message.batch.rows = 2
    columns = {"previous": 32, "this": 32, "kw": 64, "before": 64, "before.month": 64}
    head = header("test-ratchet", columns=columns)
    for column in head.header.columns[3:]:
        column.entries = 3
    layout, found = results(client, head, message)
    assert list(found[0].totals) == [800_00, 500_00]
    assert list(layout.states) == ["before"]
    assert list(found[0].states[0].values) == [80_00, 50_00]


def test_a_stream_keeps_its_versions(client):
    """A version that is published during a stream does not change it."""
    from tests.api.documents import OTHER

    document = OTHER.replace("test-other", "test-during")
    client.publish(document)

    def messages():
        yield header("test-during", columns={"previous": 32, "this": 32, "kwh": 64}, lines=False)
        yield batch(**month(1), kwh=[4])
        client.publish(document.replace("0.25", "0.5"))
        yield batch(**month(1), kwh=[4])

    answers = list(client.rate_batches(messages()))
    assert [list(a.result.totals) for a in answers[1:]] == [[100], [100]]


# -- refusals of a whole stream


def columns_of(**columns):
    return {"previous": 32, "this": 32} | columns


def test_the_first_message_is_a_header(client):
    """A stream that starts with a batch, or with nothing, is refused."""
    for messages in ([batch(**month(1), m3=[1])], [], [pb.RateBatchRequest()]):
        with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as found:
            list(client.rate_batches(messages))
        assert list(found[0].fields) == ["header"]


def test_a_second_header_is_refused(client):
    """After the header every message is a batch."""
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as found:
        list(client.rate_batches([header(WATER), header(WATER)]))
    assert list(found[0].fields) == ["batch"]


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"plans": []}, "REQUEST_INVALID", "header.plans"),
        ({"plans": [plan(WATER)] * 1001}, "BATCH_TOO_LARGE", "header.plans"),
        ({"plans": [plan("")]}, "REQUEST_INVALID", "header.plans[0].tariff_id"),
        ({"output": 0}, "REQUEST_INVALID", "header.output"),
        ({"output": 99}, "REQUEST_INVALID", "header.output"),
        ({"columns": [pb.BatchColumn(name="m3")]}, "REQUEST_INVALID", "header.columns[0].type"),
        ({"columns": [pb.BatchColumn(name="nope", type=2)]}, "COLUMN_UNKNOWN", "nope"),
        (
            {"columns": [pb.BatchColumn(name="m3", type=2)] * 2},
            "REQUEST_INVALID",
            "header.columns[1].name",
        ),
        (
            {"columns": [pb.BatchColumn(name="m3", type=2, entries=-1)]},
            "REQUEST_INVALID",
            "header.columns[0].entries",
        ),
        (
            {"columns": [pb.BatchColumn(name="m3", type=2, entries=2)]},
            "REQUEST_INVALID",
            "header.columns[0].entries",
        ),
        (
            {"segment_columns": [pb.BatchColumn(name="m3", type=2)]},
            "REQUEST_INVALID",
            "header.segment_columns[0]",
        ),
    ],
)
def test_a_header_that_is_wrong_is_named(client, change, reason, field):
    """Each fault of a header names its field."""
    message = header(WATER)
    for name, given in change.items():
        message.header.ClearField(name)
        if isinstance(given, list):
            getattr(message.header, name).extend(given)
        else:
            setattr(message.header, name, given)
    with refused("INVALID_ARGUMENT", reason) as found:
        list(client.rate_batches([message]))
    assert list(found[0].fields) == [field]


def test_an_unknown_plan_is_not_found(client):
    """Ids, versions and hashes that are not there end the stream at once."""
    with refused("NOT_FOUND", "TARIFF_UNKNOWN"):
        list(client.rate_batches([header("nowhere")]))
    message = header(WATER)
    message.header.plans[0].version = 99
    with refused("NOT_FOUND", "TARIFF_VERSION_UNKNOWN"):
        list(client.rate_batches([message]))


def short(name):
    message = batch(**month(2), m3=[1, 1])
    index = ["previous", "this", "m3"].index(name)
    column = message.batch.columns[index]
    del (column.narrow if name != "m3" else column.wide)[1:]
    return message


def swapped():
    message = batch(**month(1), m3=[1])
    message.batch.columns[2].narrow.append(1)
    return message


def with_plan(values):
    message = batch(**month(1), m3=[1])
    message.batch.plan.extend(values)
    return message


def rows(number):
    message = batch(**month(1), m3=[1])
    message.batch.rows = number
    return message


def fewer():
    message = batch(**month(1), m3=[1])
    del message.batch.columns[2]
    return message


@pytest.mark.parametrize(
    ("message", "reason", "field"),
    [
        (short("m3"), "COLUMN_INVALID", "m3"),
        (short("this"), "COLUMN_INVALID", "this"),
        (swapped(), "COLUMN_INVALID", "m3"),
        (fewer(), "REQUEST_INVALID", "batch.columns"),
        (with_plan([0, 0]), "COLUMN_INVALID", "plan"),
        (rows(0), "REQUEST_INVALID", "batch.rows"),
        (rows(-1), "REQUEST_INVALID", "batch.rows"),
        (rows(2), "COLUMN_INVALID", "previous"),
        (rows(10_001), "BATCH_TOO_LARGE", "batch_rows_max"),
        (pb.RateBatchRequest(), "REQUEST_INVALID", "batch"),
    ],
)
def test_a_batch_that_is_wrong_ends_its_stream(client, message, reason, field):
    """The batches before it are answered, then the fault is named."""
    answers, good = [], batch(**month(1), m3=[10_000])
    with refused("INVALID_ARGUMENT", reason) as found:
        answers.extend(client.rate_batches([header(WATER), good, message]))
    assert list(found[0].fields) == [field]


def test_a_required_column_is_missed_by_name(client):
    """A batch without a column that the tariff reads tells which."""
    with refused("INVALID_ARGUMENT", "COLUMN_MISSING") as found:
        list(client.rate_batches([header(WATER, columns=columns_of()), batch(**month(1))]))
    assert list(found[0].fields) == ["m3"]


@pytest.mark.parametrize(
    "change",
    [
        {"rows": [5], "first_days": [18_345], "columns": [3], "values": [1]},
        {"rows": [1, 0], "first_days": [18_345] * 2, "columns": [3] * 2, "values": [1] * 2},
        {"rows": [0], "first_days": [2**31 - 1], "columns": [3], "values": [1]},
        {"rows": [0], "first_days": [18_345], "columns": [2], "values": [1]},
        {"rows": [0], "first_days": [18_345], "columns": [9], "values": [1]},
        {"rows": [0], "first_days": [18_345], "columns": [3], "values": []},
    ],
)
def test_changes_that_are_wrong_are_named(client, change):
    """Rows in order and in range, days of this age, columns that can change, equal lengths."""
    message = batch(**month(2), m3=[0, 0], persons=[1, 1])
    for name, values in change.items():
        getattr(message.batch.changes, name).extend(values)
    head = header(WATER, columns=columns_of(m3=64, persons=64))
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as found:
        list(client.rate_batches([head, message]))
    assert next(iter(found[0].fields)).startswith("batch.changes")


def test_a_message_that_is_too_large_is_refused(client):
    """Above message_bytes_max the transport refuses: RESOURCE_EXHAUSTED."""
    with refused("RESOURCE_EXHAUSTED"):
        list(client.rate_batches([header(WATER), *encoded_batches(1, 300_000)]))


def test_bytes_that_are_no_message_are_refused(client):
    """Garbage is the caller's fault, not an internal error."""
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        list(client.rate_batches([header(WATER), b"\xff\xff\xff"]))
    method = client.channel.unary_unary("/billcore.v1.RatingService/RateBill")
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        method(b"\x07garbage")


def test_hand_encoded_messages_are_ordinary_ones(client):
    """wire.batch and wire.result write what the generated classes read, byte for byte."""
    previous = np.array([18_000, 18_001], dtype=np.int32)
    m3 = np.array([-1, 2**40], dtype=np.int64)
    encoded = wire.batch(2, [previous, m3], np.array([0, 1], dtype=np.int32))
    message = pb.RateBatchRequest(
        batch=pb.BatchColumns(
            rows=2,
            plan=[0, 1],
            columns=[pb.ColumnValues(narrow=[18_000, 18_001]), pb.ColumnValues(wide=[-1, 2**40])],
        )
    )
    assert encoded == message.SerializeToString()
    answer = wire.result(3, np.array([0, 5], dtype=np.uint8), m3, [m3], [m3])
    column = pb.ResultColumn(values=[-1, 2**40])
    wanted = pb.BatchResult(
        sequence=3,
        statuses=b"\0\5",
        failed=1,
        totals=[-1, 2**40],
        lines=[column],
        states=[column],
    )
    assert answer == pb.RateBatchResponse(result=wanted).SerializeToString()


# -- time, cancellation, number of streams


def endless(started: threading.Event):
    yield header(WATER, lines=False)
    for message in encoded_batches(10**9, 1000):
        yield message
        started.set()


def test_a_deadline_ends_a_stream(client):
    """A stream that never ends stops at its deadline."""
    with refused("DEADLINE_EXCEEDED"):
        list(client.rate_batches(endless(threading.Event()), timeout=0.3))


def test_a_cancelled_stream_frees_its_place(client, app):
    """Cancelling ends the stream; its place among streams_max is free again."""
    for _ in range(app.settings.streams_max * 2):
        started = threading.Event()
        call = client.rate_batches(endless(started))
        next(call)
        started.wait(10)
        call.cancel()
        with pytest.raises(grpc.RpcError):
            list(call)
        _wait_for_free(client)


def _wait_for_free(client):
    for _ in range(100):
        call = client.rate_batches([header(WATER)])
        with suppress(grpc.RpcError):
            list(call)
        if call.code() is grpc.StatusCode.OK:
            return
        assert call.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        threading.Event().wait(0.02)
    raise AssertionError("the stream's place was never freed")


def test_streams_have_a_number(client, app):
    """One stream more than streams_max is refused and may be tried again; unary calls go on."""
    hold = threading.Event()

    def held():
        yield header(WATER)
        hold.wait(30)

    calls = [client.rate_batches(held()) for _ in range(app.settings.streams_max)]
    for call in calls:
        next(call)
    with refused("RESOURCE_EXHAUSTED", "STREAMS_EXHAUSTED") as found:
        results(client, header(WATER))
    assert found[0].retryable
    assert client.rate_bill(WATER, inputs={"m3": "1"}).total
    hold.set()
    assert [list(call) for call in calls] == [[], []]


def test_a_stream_is_read_no_faster_than_it_is_answered(client):
    """A client that takes no answers can send only what the transport buffers."""
    sent = 0

    def counted():
        nonlocal sent
        yield header(WATER)
        for message in encoded_batches(2_000, 10_000):
            sent += 1
            yield message

    call = client.rate_batches(counted())
    next(call)
    before = -1
    while sent != before:  # until nothing more goes out
        before = sent
        threading.Event().wait(0.3)
    assert sent < 1_000
    call.cancel()


def test_an_ordinary_client_can_rate(client):
    """The generated stub, nothing of ours, rates a batch."""
    answers = list(client.rating.RateBatch(iter([header(WATER), batch(**month(1), m3=[10_000])])))
    assert list(answers[1].result.totals) == [2800]
    assert bill().previous_date == "2020-03-01"
