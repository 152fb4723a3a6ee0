"""LoadService over gRPC: streams, what is refused of them, tenancy, resuming, cursors."""

import hashlib
import threading

import pyarrow as pa
import pytest

from billcore.core.loading.kinds import KINDS
from billcore.core.loading.loads import Chunk, Source
from billcore.server.commands.load import LoadKind
from billcore.server.messages import load as messages
from billcore.v1 import load_service_pb2 as pb
from tests.api import stored
from tests.api.client import Client, refused
from tests.loading_world import columns, tables

TEXT, PACKED, INTS = (
    pb.LOAD_COLUMN_TYPE_TEXT,
    pb.LOAD_COLUMN_TYPE_PACKED_TEXT,
    pb.LOAD_COLUMN_TYPE_SFIXED64,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("loads")


@pytest.fixture(scope="module")
def keys(folder):
    return stored.fill(folder)


@pytest.fixture(scope="module")
def app(folder, keys):
    server = stored.server(folder, load_streams_max=2)
    yield server
    server.drain()


@pytest.fixture
def client(app, keys):
    found = Client(app.port, keys["north"])
    yield found
    found.channel.close()


def header(kind="POINTS", types=None, **more):
    given = {"number": TEXT, "service": TEXT} if types is None else types
    named = [pb.LoadColumn(name=name, type=number) for name, number in given.items()]
    identity = more if {"digest", "request_id"} & set(more) else {"request_id": "r", **more}
    return pb.LoadRequest(header=pb.LoadHeader(kind=f"LOAD_KIND_{kind}", columns=named, **identity))


def batch(chunk, *texts, rows=None, **more):
    values = [pb.LoadValues(texts=column) for column in texts]
    count = len(texts[0]) if rows is None and texts else rows or 0
    return pb.LoadRequest(batch=pb.LoadBatch(chunk=chunk, rows=count, columns=values, **more))


def load(client, *requests, timeout=30):
    """The answers to a stream."""
    stream = client.channel.stream_stream(
        "/billcore.v1.LoadService/Load", response_deserializer=pb.LoadResponse.FromString
    )
    sent = (r if isinstance(r, bytes) else r.SerializeToString() for r in requests)
    return list(stream(sent, timeout=timeout))


def test_kinds_on_the_wire_are_those_of_core():
    """Every kind has its number and its word of the command line, and no other."""
    wire = {
        name.removeprefix("LOAD_KIND_").lower() for name in pb.LoadKind.DESCRIPTOR.values_by_name
    }
    assert wire - {"unspecified"} == set(KINDS)
    assert [kind.value for kind in LoadKind] == list(KINDS)


def test_a_stream_is_loaded_and_answered_by_batch(client):
    """The header tells where to go on; each batch its counts and refused rows; the end its end."""
    opened, first, second, end = load(
        client,
        header(request_id="s1"),
        batch(1, ["S1", "S2"], ["water", "Water"]),
        batch(2, ["S3"], ["water"], unreadable=[pb.UnreadableRow(row=0, message="torn")]),
        batch(3),
    )
    assert (opened.opened.load.next_chunk, opened.opened.load.next_row) == (1, 1)
    assert opened.opened.rows_max >= 50_000
    assert (first.batch.chunk, first.batch.first_row, first.batch.accepted) == (1, 1, 1)
    assert [(r.row, r.field, r.reason) for r in first.batch.refused] == [
        (2, "service", "FIELD_REFUSED")
    ]
    assert [(r.row, r.reason, r.message) for r in second.batch.refused] == [
        (3, "ROW_UNREADABLE", "torn")
    ]
    assert (end.batch.rows, end.batch.first_row) == (0, 4)
    load_id = opened.opened.load.load_id
    found = client.loads.GetLoad(pb.GetLoadRequest(load_id=load_id)).load
    assert (found.accepted, found.refused, found.complete, found.next_row) == (1, 2, True, 4)
    assert found.source == "request s1"
    assert found.opened_at.endswith("Z")


def test_columns_may_be_packed_or_integers(client):
    """Packed texts and days as integers say the same as texts."""
    load(client, header("CUSTOMERS", {"kind": TEXT, "name": TEXT, "number": TEXT}, request_id="c"),
         batch(1, ["person"], ["Mina"], ["W1"]))  # fmt: skip
    types = {"customer": PACKED, "number": PACKED, "opened_day": INTS}
    values = [
        pb.LoadValues(data=b"W1W1", ends=[2, 4]),
        pb.LoadValues(data="N۱N2".encode(), ends=[3, 5]),
        pb.LoadValues(numbers=[18_262, -1_000_000]),
    ]
    request = pb.LoadRequest(batch=pb.LoadBatch(chunk=1, rows=2, columns=values))
    _, done = load(client, header("ACCOUNTS", types, request_id="packed"), request)
    assert [(r.row, r.field) for r in done.batch.refused] == [(2, "opened_day")]
    assert done.batch.accepted == 1


def test_the_clients_half_says_what_core_reads():
    """A chunk encoded and decoded is the same chunk, slices included."""
    table = {name: column.slice(2, 5) for name, column in columns(tables(9)["points"]).items()}
    given = Chunk(7, table)
    source = Source("points", bytes(32), name="f.csv")
    raw = messages.packed_header(source, list(table), dry_run=False)
    head = messages.header(iter([pb.LoadRequest.FromString(raw)]))
    back = messages.chunk(pb.LoadRequest.FromString(messages.packed_batch(given)), head)
    assert back.number == 7
    assert {n: c.to_pylist() for n, c in back.columns.items()} == {
        n: c.to_pylist() for n, c in table.items()
    }


BAD_HEADERS = {
    "no header": (batch(1, ["a"], ["b"]), "header"),
    "kind": (header("UNSPECIFIED"), "header.kind"),
    "both names": (header(digest=bytes(32), request_id="x"), "header"),
    "no name": (header(request_id=""), "header"),
    "digest": (header(digest=b"short"), "digest"),
    "request id": (header(request_id="x" * 101), "request_id"),
    "type": (header(types={"number": TEXT, "service": 0}), "header.columns[1].type"),
    "integers": (header(types={"number": TEXT, "service": INTS}), "header.columns[1].type"),
}


@pytest.mark.parametrize("case", BAD_HEADERS)
def test_a_bad_header_is_refused_with_its_field(client, case):
    """INVALID_ARGUMENT, with the path of what is wrong."""
    request, field = BAD_HEADERS[case]
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as found:
        load(client, request)
    assert found[0].facts["field"] == field


def test_columns_are_named_when_they_are_wrong(client):
    """Missing and unknown columns, before any row is sent."""
    with refused("INVALID_ARGUMENT", "COLUMN_MISSING") as found:
        load(client, header(types={"number": TEXT}))
    assert found[0].facts["column"] == "service"
    with refused("INVALID_ARGUMENT", "COLUMN_INVALID"):
        load(client, header(types={"number": TEXT, "service": TEXT, "colour": TEXT}))


BAD_BATCHES = {
    "a second header": header(),
    "columns": batch(1, ["a"]),
    "rows": batch(1, ["a", "b"], ["c", "d"], rows=3),
    "too many rows": batch(1, ["a"], ["b"], rows=200_001),
    "negative rows": batch(1, rows=-1),
    "chunk 0": batch(0, ["a"], ["b"]),
    "unreadable": batch(1, ["a"], ["b"], unreadable=[pb.UnreadableRow(row=1)]),
    "no message": b"\xff",
    "bytes": batch(1, ["a"], ["b"]).SerializeToString().replace(b"a", b"\xff"),
}


@pytest.mark.parametrize("case", BAD_BATCHES)
def test_a_bad_batch_keeps_nothing(client, case):
    """INVALID_ARGUMENT; the load is as it was."""
    with refused("INVALID_ARGUMENT"):
        load(client, header(request_id=case), BAD_BATCHES[case])
    assert load(client, header(request_id=case))[0].opened.load.next_chunk == 1


@pytest.mark.parametrize(
    ("ends", "data"), [([2, 1], b"ab"), ([1, 3], b"ab"), ([1, 2], b"abc"), ([1, 2], b"\xff\xfe")]
)
def test_packed_texts_are_checked(client, ends, data):
    """Ends ascend to the length of the data, which is UTF-8."""
    types = {"number": PACKED, "service": TEXT}
    values = [pb.LoadValues(data=data, ends=ends), pb.LoadValues(texts=["a", "b"])]
    request = pb.LoadRequest(batch=pb.LoadBatch(chunk=1, rows=2, columns=values))
    with refused("INVALID_ARGUMENT", "COLUMN_INVALID"):
        load(client, header(types=types), request)


def test_a_broken_stream_is_resumed(client):
    """A new stream with the same header goes on; what is sent again is answered as before."""
    rows = [["Q1", "Q2"], ["water", "Water"]]
    _, first = load(client, header(request_id="q"), batch(1, *rows))
    opened, again, more = load(
        client, header(request_id="q"), batch(1, *rows), batch(2, ["Q3"], ["water"])
    )
    assert (opened.opened.load.next_chunk, opened.opened.load.next_row) == (2, 3)
    assert again.batch.repeated
    assert again.batch.refused == first.batch.refused
    assert (more.batch.first_row, more.batch.accepted) == (3, 1)
    with refused("ALREADY_EXISTS", "LOAD_CONFLICT"):
        load(client, header(request_id="q"), batch(2, ["Q4"], ["water"]))
    with refused("FAILED_PRECONDITION", "LOAD_OUT_OF_ORDER"):
        load(client, header(request_id="q"), batch(4, ["Q4"], ["water"]))


def test_loads_are_the_providers(client, app, keys):
    """Another provider's load is as unknown as none, and needs a clerk."""
    load_id = load(client, header(request_id="mine"))[0].opened.load.load_id
    south = Client(app.port, keys["south"])
    for asked in (
        lambda: south.loads.GetLoad(pb.GetLoadRequest(load_id=load_id)),
        lambda: south.loads.ListRefusals(pb.ListRefusalsRequest(load_id=load_id)),
    ):
        with refused("NOT_FOUND", "LOAD_UNKNOWN"):
            asked()
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        load(Client(app.port, keys["viewer"]), header())
    entries = dict.fromkeys(tables(1)["entries"], TEXT)
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        load(Client(app.port, keys["clerk"]), header("ENTRIES", entries))
    with refused("INVALID_ARGUMENT", "PROVIDER_NOT_NAMED"):
        load(Client(app.port, keys["house"]), header())


def test_refusals_are_listed_by_cursor(client):
    """Pages miss and repeat nothing while more rows are refused."""
    bad = [[f"R{n}" for n in range(7)], ["Bad"] * 7]
    load_id = load(client, header(request_id="bad"), batch(1, *bad))[0].opened.load.load_id
    request, rows = pb.ListRefusalsRequest(load_id=load_id, page_size=3), []
    while True:
        page = client.loads.ListRefusals(request)
        rows += [row.row for row in page.refusals]
        if len(rows) == 3:
            load(client, header(request_id="bad"), batch(2, ["R9"], ["Bad"]))
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert rows == list(range(1, 9))
    request.page_token = "other"
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        client.loads.ListRefusals(request)


def test_a_dry_run_keeps_nothing(client):
    """Refusals are answered, no load is opened, and the number stays free."""
    rows = [["D1", "D2"], ["water", "Bad"]]
    opened, done = load(client, header(request_id="d", dry_run=True), batch(1, *rows))
    assert opened.opened.load.load_id == 0
    assert (done.batch.accepted, len(done.batch.refused)) == (1, 1)
    opened, done = load(client, header(request_id="d"), batch(1, *rows))
    assert opened.opened.load.next_chunk == 1
    assert (done.batch.accepted, done.batch.repeated) == (1, False)


def test_streams_are_bounded_and_cancelled(client, app):
    """More than load_streams_max are refused; a cancelled or late one gives its place back."""
    for _ in range(3):
        held = [threading.Event() for _ in range(2)]

        def waiting(event):
            yield header(digest=hashlib.sha256(b"held").digest())
            event.wait()

        calls = [client.loads.Load(waiting(event), timeout=30) for event in held]
        for call in calls:
            assert next(call).opened.rows_max
        with refused("RESOURCE_EXHAUSTED", "STREAMS_EXHAUSTED") as found:
            load(client, header())
        assert found[0].facts["limit"] == "load_streams_max"
        for call in calls:
            call.cancel()
        for event in held:
            event.set()
        wait_until(lambda: not app.metrics.loads._value.get())


def wait_until(happened):
    import time

    until = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)


def calls(app, method, code):
    """How many calls of a method ended with a code."""
    labels = {"method": method, "code": code}
    return app.metrics.registry.get_sample_value("billcore_calls_total", labels) or 0


def test_the_command_loads_through_the_server(app, keys, monkeypatch, capfd, tmp_path):
    """`billcore load` with a key: kept, resumed, refused rows fetched page by page."""
    from billcore.server import cli

    file = tmp_path / "points.parquet"
    table = tables(5, start=900)["points"]
    table["service"][2] = "Bad"
    pa.parquet.write_table(pa.table(table), file)
    monkeypatch.setenv("BILLCORE_KEY", keys["clerk"])

    def command(*words):
        monkeypatch.setattr("sys.argv", ["billcore", "load", "points", str(file), *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code or 0, capfd.readouterr().err

    address = f"--address=127.0.0.1:{app.port}"
    cancelled = calls(app, "LoadService/Load", "CANCELLED")
    status, err = command(address, "--chunk-rows=2", "--dry-run")
    assert (status, "4 rows would be accepted, 1 refused" in err) == (1, True)
    status, err = command(address, "--chunk-rows=2")
    assert (status, "row 3: service: 'Bad'" in err) == (1, True)
    status, err = command(address)
    assert (status, "is loaded already" in err) == (1, True)
    status, err = command(address, "--again=second")
    assert (status, "0 rows accepted, 5 refused" in err) == (1, True)
    assert err.count("[ALREADY_TAKEN]") == 4
    status, err = command(address, "--again=second")
    assert (status, "is loaded already" in err) == (1, True)
    assert not calls(app, "LoadService/Load", "CANCELLED") - cancelled
    monkeypatch.setenv("BILLCORE_KEY", keys["viewer"])
    status, err = command(address)
    assert (status, "PERMISSION_DENIED" in err) == (2, True)


def test_a_store_that_a_server_has_is_not_loaded_into(app, folder, monkeypatch, capfd, tmp_path):
    """--store on the server's own file: 2, and it says who has it."""
    from billcore.server import cli

    file = tmp_path / "points.csv"
    file.write_text("number,service\nZ1,water\n", encoding="utf-8")
    words = ["load", "points", str(file), "--store", stored.url(folder), "--provider", "north"]
    monkeypatch.setattr("sys.argv", ["billcore", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "busy" in capfd.readouterr().err


def test_counts_of_the_store_are_those_answered(app, folder):
    """A last look: every refused row that was answered is kept."""
    with app.store.read() as reader:
        rows = reader.row("SELECT SUM(row_count - accepted) FROM load_chunk")[0]
        assert int(rows) == int(reader.row("SELECT COUNT(*) FROM load_refusal")[0])
