"""The bills of a run as Arrow columns, on both stores: they are what the run told and issued."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from billcore.core.accounts.providers import get_provider
from billcore.core.billing.runs import export, holds, runs
from billcore.core.billing.runs.errors import RunStateUnfit, RunUnknown
from billcore.core.billing.runs.states import Phase
from billcore.core.billing.stored import stored_bill
from tests import runs_world as at


@pytest.fixture
def world(books):
    return at.settle(books)


def opened(world, run_id):
    with world.store.read() as reader:
        provider = get_provider(reader, world.caller, world.provider_id)
    return export.export(world.store, provider, run_id)


def table(world, run_id):
    found = opened(world, run_id)
    return pa.Table.from_batches(found.batches(), found.schema)


def total(world, run_id, phase):
    return sum(chunk.total for chunk in at.view(world, run_id).chunks if chunk.phase == phase)


def test_issued_bills_are_exported_as_they_are_stored(world):
    run_id = at.whole(world, at.order(world))
    found = table(world, run_id)
    assert found.num_rows == world.accounts
    assert pc.sum(found["total"]).as_py() == total(world, run_id, Phase.FREEZE) > 0
    assert found["account_id"].to_pylist() == [world.account(n + 1) for n in range(40)]
    assert found["account"].to_pylist()[:2] == ["A00000001", "A00000002"]
    assert set(found["outcome"].to_pylist()) == {"issued"}
    for row in found.slice(0, 9).to_pylist():
        with world.store.read() as reader:
            stored = stored_bill(reader, world.provider_id, row["bill_id"])
        (span,) = stored.spans
        assert {line["line"]: line["amount"] for line in row["lines"]} == span.lines
        assert [line["line"] for line in row["lines"]] == list(span.lines)
        for line in row["lines"]:
            assert (line["agreement_no"], line["tariff"], line["version"]) == (
                1, "vn-hanoi-water", 1,
            )  # fmt: skip
        header = stored.header
        assert (row["opening"], row["total"], row["closing"]) == (
            header.opening, header.total, header.closing,
        )  # fmt: skip
        for name in ("previous_day", "this_day", "issued_day", "due_day"):
            assert row[name].toordinal() == getattr(header, name)
        assert (row["kind"], row["month"]) == ("regular", "2017-02")


def test_the_schema_says_what_is_exported(world):
    run_id = at.whole(world, at.order(world))
    found = opened(world, run_id).schema
    assert found.remove_metadata() == export.SCHEMA
    assert found.metadata == {
        b"billcore.provider": b"hanoi",
        b"billcore.run_id": str(run_id).encode(),
        b"billcore.state": b"frozen",
        b"billcore.simulated": b"0",
        b"billcore.currency": b"VND",
        b"billcore.digits": b"0",
    }


def test_what_is_rated_is_what_will_be_issued(world):
    """Ids, days, amounts and lines of a simulation, of a rated and of the frozen run are equal."""
    simulated = at.create(world, at.order(world), simulated=True)
    at.rated(world, simulated)
    run_id = at.create(world, at.order(world, chunk_accounts=13))
    at.rated(world, run_id)
    tried, rated = table(world, simulated), table(world, run_id)
    assert pc.sum(rated["total"]).as_py() == total(world, run_id, Phase.RATE)
    at.approved(world, run_id)
    at.frozen(world, run_id)
    issued = table(world, run_id)
    assert set(rated["outcome"].to_pylist()) == {"rated"}
    same = [name for name in export.SCHEMA.names if name != "outcome"]
    assert tried.select(same).equals(rated.select(same))
    assert rated.select(same).equals(issued.select(same))


def test_held_bills_say_so_until_they_are_left_out(world):
    run_id = at.create(world, at.order(world))
    at.rated(world, run_id)
    with world.store.write() as session:
        for count in (7, 8):
            holds.hold(world.act(session), run_id, world.account(count), "to be looked at")
        holds.release(world.act(session), run_id, world.account(8), "seen")
    found = table(world, run_id)
    held = found.filter(pc.equal(found["outcome"], "held"))
    assert held["account_id"].to_pylist() == [world.account(7)]
    at.approved(world, run_id)
    at.frozen(world, run_id)
    found = table(world, run_id)
    assert (found.num_rows, pc.sum(found["total"]).as_py()) == (
        39,
        total(world, run_id, Phase.FREEZE),
    )
    with world.store.write() as session:
        holds.release(world.act(session), run_id, world.account(7), "it is right")
    at.begin(world, run_id, Phase.FREEZE)
    at.driven(world, run_id)
    found = table(world, run_id)
    assert (found.num_rows, pc.sum(found["total"]).as_py()) == (
        40,
        total(world, run_id, Phase.FREEZE),
    )
    assert found["account_id"].to_pylist() == sorted(found["account_id"].to_pylist())


def test_a_reversed_run_keeps_its_bills_cancelled(world):
    first = at.whole(world, at.order(world))
    at.whole(world, at.order(world, 2, last_account=world.account(2)))
    before = table(world, first)
    at.begin(world, first, Phase.REVERSE, at.day_of(2) + 10, "wrong")
    at.driven(world, first)
    found = table(world, first)
    assert found.drop(["outcome"]).equals(before.drop(["outcome"]))
    assert found["outcome"].to_pylist() == ["issued"] * 2 + ["cancelled"] * 38


def test_batches_are_bounded(world, monkeypatch):
    """However many bills a run has, a batch has at most so many."""
    run_id = at.whole(world, at.order(world, chunk_accounts=16))
    whole = table(world, run_id)
    monkeypatch.setattr(export, "BATCH_BILLS", 5)
    found = list(opened(world, run_id).batches())
    assert max(batch.num_rows for batch in found) == 5
    assert pa.Table.from_batches(found).equals(whole)


def test_only_what_is_rated_can_be_exported(world):
    run_id = at.create(world, at.order(world))
    with pytest.raises(RunStateUnfit, match="planned; to export it"):
        opened(world, run_id)
    with pytest.raises(RunUnknown):
        opened(world, run_id + 1)
    at.rated(world, run_id)
    found = opened(world, run_id).batches()
    assert next(found).num_rows
    with world.store.write() as session:
        runs.cancel(world.act(session), run_id, "not now")
    with pytest.raises(RunStateUnfit, match="cancelled"):
        list(found)


def test_a_run_without_bills_is_an_empty_table(world):
    run_id = at.whole(world, at.order(world, 5))
    found = table(world, run_id)
    assert (found.num_rows, found.schema.names) == (0, export.SCHEMA.names)


def test_no_bills_have_no_lines(world):
    with world.store.read() as reader:
        found = export.listed(export.Tariffs(reader), pa.array([], pa.binary()))
    assert (len(found), found.type) == (0, pa.list_(export.LINE))
    assert np.array_equal(found.offsets.to_numpy(), [0])
