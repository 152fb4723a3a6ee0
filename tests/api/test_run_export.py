"""Runs exported over gRPC and to files: bounded messages, whole files, the run's own total."""

import csv
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from billcore.core.billing.runs import export as core_export
from billcore.core.billing.runs import holds
from billcore.core.billing.runs.states import Phase
from billcore.server import cli
from billcore.server.messages import export as messages
from billcore.server.refusals import ServerRefused
from billcore.v1 import export_pb2 as pb
from tests import runs_world as at
from tests.api import stored
from tests.api.client import Client, refused

ACCOUNTS = 40


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    return {"folder": folder, **stored.fill(folder)}


@pytest.fixture(scope="module")
def app(keys):
    """A server with a store; replaces the one without."""
    server = stored.server(keys["folder"])
    yield server
    server.drain()


@pytest.fixture(scope="module")
def world(app):
    return at.settle(app.store)


@pytest.fixture(scope="module")
def frozen(world):
    """A run of all accounts but the last, whose bill is held."""
    run_id = at.create(world, at.order(world))
    at.rated(world, run_id)
    with world.store.write() as session:
        holds.hold(world.act(session), run_id, world.account(ACCOUNTS), "to be looked at")
    at.approved(world, run_id)
    at.frozen(world, run_id)
    return run_id


@pytest.fixture(scope="module")
def hanoi(app, keys, world):
    """A client of the house that acts for the company."""
    found = Client(app.port, keys["house"], x_billcore_provider="hanoi")
    yield found
    found.channel.close()


@pytest.fixture
def run(app, keys):
    """Exports a run to a file; what is printed."""

    def called(run_id, file, status=0):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys["house"],
            "COLUMNS": "200",
        }
        command = ["run", "export", str(run_id), "-o", str(file), "--provider=hanoi"]
        result = CliRunner().invoke(cli.app, command, env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.output

    return called


def total(world, run_id):
    chunks = at.view(world, run_id).chunks
    return sum(chunk.total for chunk in chunks if chunk.phase == Phase.FREEZE)


def exported(client, run_id):
    answers = client.billing.ExportRun(pb.ExportRunRequest(run_id=run_id))
    return messages.opened(answers).read_all()


def test_the_stream_is_an_arrow_stream(hanoi, world, frozen):
    """The data of the messages, one behind the other, are read by Arrow as they are."""
    answers = hanoi.billing.ExportRun(pb.ExportRunRequest(run_id=frozen))
    whole = b"".join(answer.data for answer in answers)
    with pa.ipc.open_stream(whole) as reader:
        found = reader.read_all()
    assert found.schema.remove_metadata() == core_export.SCHEMA
    assert found.num_rows == ACCOUNTS - 1
    assert pc.sum(found["total"]).as_py() == total(world, frozen) > 0
    assert found.equals(exported(hanoi, frozen))


def test_messages_are_bounded(hanoi, frozen, monkeypatch):
    """Every message is as full as it may be or ends a batch; none is empty."""
    whole = exported(hanoi, frozen)
    monkeypatch.setattr(messages, "MESSAGE_BYTES_MAX", 100)
    answers = list(hanoi.billing.ExportRun(pb.ExportRunRequest(run_id=frozen)))
    sizes = [len(answer.data) for answer in answers]
    assert max(sizes) == 100
    assert min(sizes) > 0
    assert messages.opened(answers).read_all().equals(whole)
    monkeypatch.setattr(core_export, "BATCH_BILLS", 7)
    assert exported(hanoi, frozen).equals(whole)


def test_a_parquet_file_has_every_bill_and_line(run, world, frozen, tmp_path):
    file = tmp_path / "bills.parquet"
    assert f"39 bills of run {frozen}" in run(frozen, file)
    found = pq.read_table(file)
    assert pc.sum(found["total"]).as_py() == total(world, frozen)
    assert found.schema.field("lines").type.equals(core_export.SCHEMA.field("lines").type)
    assert found.schema.metadata[b"billcore.currency"] == b"VND"
    lines = pa.table(
        pc.list_flatten(found["lines"]).combine_chunks().flatten(), core_export.LINE.names
    )
    kept = lines.filter(pc.is_in(lines["line"], pa.array(["water", "vat", "environment"])))
    assert kept.num_rows
    assert [entry.name for entry in tmp_path.iterdir()] == ["bills.parquet"]


def test_a_csv_file_has_every_bill_without_its_lines(run, world, frozen, tmp_path):
    file = tmp_path / "bills.csv"
    run(frozen, file)
    with file.open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert list(found[0]) == [name for name in core_export.SCHEMA.names if name != "lines"]
    assert len(found) == ACCOUNTS - 1
    assert sum(Decimal(row["total"]) for row in found) == total(world, frozen)
    first = found[0]
    assert (first["account"], first["kind"], first["outcome"]) == ("A00000001", "regular", "issued")
    assert first["this_day"] == "2017-02-20"


def test_a_file_that_is_there_stays_until_the_new_one_is_whole(
    run, world, frozen, tmp_path, monkeypatch
):
    file = tmp_path / "bills.parquet"
    file.write_bytes(b"as it was")
    with pytest.raises(ServerRefused, match="NOT_FOUND"):
        run(frozen + 100, file)
    batches = core_export.Export.batches

    def breaking(self):
        yield next(batches(self))
        raise OSError("the disk is gone")

    monkeypatch.setattr(core_export.Export, "batches", breaking)
    with pytest.raises(ServerRefused, match="INTERNAL"):
        run(frozen, file)
    assert file.read_bytes() == b"as it was"
    assert [entry.name for entry in tmp_path.iterdir()] == ["bills.parquet"]
    monkeypatch.undo()
    run(frozen, file)
    assert pq.read_table(file).num_rows == ACCOUNTS - 1


def test_what_cannot_be_exported_is_refused(hanoi, app, keys, world):
    planned = at.create(world, at.order(world, 2))
    with refused("FAILED_PRECONDITION", "RUN_STATE_UNFIT"):
        exported(hanoi, planned)
    with refused("NOT_FOUND", "RUN_UNKNOWN"):
        exported(hanoi, planned + 1)
    clerk = Client(app.port, keys["clerk"])
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        exported(clerk, planned)
    north = Client(app.port, keys["viewer"])
    with refused("NOT_FOUND", "RUN_UNKNOWN"):
        exported(north, planned)
    for client in (clerk, north):
        client.channel.close()


def test_two_exports_at_a_time(hanoi, frozen, monkeypatch):
    """A third one is refused; one that is cancelled gives its place back."""
    monkeypatch.setattr(messages, "MESSAGE_BYTES_MAX", 10)
    calls = [hanoi.billing.ExportRun(pb.ExportRunRequest(run_id=frozen)) for _ in range(2)]
    for call in calls:
        next(call)
    with refused("RESOURCE_EXHAUSTED", "STREAMS_EXHAUSTED") as found:
        exported(hanoi, frozen)
    assert found[0].facts["limit"] == "export_streams_max"
    for call in calls:
        call.cancel()
    for _ in range(100):
        answers = hanoi.billing.ExportRun(pb.ExportRunRequest(run_id=frozen))
        try:
            assert list(answers)
            break
        except Exception:
            continue
    else:
        raise AssertionError("the places are not given back")
