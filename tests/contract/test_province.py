"""The demo's province on both stores: it loads whole, bills, and goes wrong where it says."""

import json

import pytest

from billcore.core import verify
from billcore.core.accounts import attributes, cycles, providers
from billcore.core.accounts.providers import get_provider
from billcore.core.billing.charges.due import Window
from billcore.core.billing.runs import export, runs
from billcore.core.billing.runs.states import State
from billcore.core.billing.stored import stored_bill
from billcore.core.caller import Caller, Role
from billcore.core.loading.loader import Loader
from billcore.core.loading.loads import Source
from billcore.core.store import runs as rows
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from billcore.server.demo import province
from billcore.server.demo.printed import document
from tests import runs_world as at

ACCOUNTS = 60
NOW = at.now_of(province.day(province.READ_DAYS[-1]) + 10)


def founded(store):
    """The province without accounts; who may do everything there."""
    house = Caller(1, 0, frozenset())
    policies = json.dumps(province.POLICIES)
    with store.write() as session:
        write = at.store_world.Act(session, house, NOW)
        made = providers.create_provider(write, {**province.PROVIDER, "policies": policies})
        caller = Caller(2, made.provider_id, frozenset(Role), "Anna")
        act = at.store_world.Act(session, caller, NOW)
        cycles.create_cycle(act, province.CYCLE, 1)
        for name, kind, unit, words in province.ATTRIBUTES:
            attributes.create_attribute(act, name, kind, unit, 0, words)
    for tariff in province.TARIFFS:
        Catalog(Stored(store, lambda: NOW)).publish(document(tariff), tariff, caller=caller)
    return at.World(store, caller, ACCOUNTS)


def loaded(world, months=province.MONTHS):
    """Loads every table in small chunks; the answers by table."""
    found = {}
    for table in province.Province(world.accounts).tables(months):
        source = Source(table.kind, table.digest(world.accounts), "", table.name)
        loader = Loader(world.store, world.caller, lambda: NOW, source)
        found[table.name] = [loader.load(chunk) for chunk in table.chunks(1, 1, 50)]
    return found


@pytest.fixture
def world(books):
    return founded(books)


def order(world, month, **changed):
    day = province.day(province.READ_DAYS[month])
    given = {"window": Window(day, day), "issued_day": day + 2, "straggler_day": day + 9}
    return at.order(world, **{**given, "chunk_accounts": 25, **changed})


def test_it_is_the_same_each_time():
    one, other = (list(province.Province(100).tables()) for _ in range(2))
    assert [table.name for table in one] == [table.name for table in other]
    for mine, theirs in zip(one, other, strict=True):
        assert mine.columns.keys() == theirs.columns.keys()
        assert all(mine.columns[name].equals(theirs.columns[name]) for name in mine.columns)
        assert mine.digest(100) == theirs.digest(100) != mine.digest(101)


def test_its_odd_accounts_are_different_ones():
    found = province.Province(10_000)
    odd = [*found.dear, *found.unread, *found.leaping]
    assert len(odd) == len(set(odd)) == 6


def test_every_row_is_taken(world):
    """Nothing is refused; the doubtful readings are kept, but held."""
    found = loaded(world)
    assert {name for name, done in found.items() if any(one.refused for one in done)} == set()
    told = province.Province(ACCOUNTS)
    assert sum(d.accepted for d in found["agreements"]) == ACCOUNTS + len(told.sewered)
    assert len(told.sewered) > 0
    assert set(told.town.tolist()) == {0, 1, 2}


def test_it_bills_and_goes_wrong_where_it_says(world):
    loaded(world)
    told = province.Province(ACCOUNTS)
    first = at.whole(world, order(world, 1, straight=True))
    run_id = at.create(world, order(world, 2))
    assert at.rated(world, run_id) is State.OUTSORTED
    last = at.create(world, order(world, 3), simulated=True)
    at.rated(world, last)
    dear = [world.account(n + 1) for n in told.dear.tolist()]
    unbilled = sorted(world.account(n + 1) for n in [*told.unread, *told.leaping])
    everybody = 0, world.account(ACCOUNTS)
    with world.store.read() as reader:
        found = {
            run: rows.exceptions(reader, world.provider_id, run, everybody, 1_000)
            for run in (first, run_id, last)
        }
    for run in (first, run_id):
        assert [(e.account_id, e.outcome) for e in found[run]] == [(d, rows.HELD) for d in dear]
    held = [e.account_id for e in found[last] if e.outcome == rows.HELD]
    refused = [(e.account_id, e.rule) for e in found[last] if e.outcome == rows.REFUSED]
    assert set(dear) <= set(held)
    assert refused == [(account, "NO_READING") for account in unbilled]
    with world.store.write() as session:
        runs.cancel(world.act(session, NOW), run_id, "enough")
    with world.store.read() as reader:
        broken = [v for v in verify.verify(reader, [world.provider_id]) if v.broken]
    assert broken == []


def test_accounts_with_two_agreements_are_exported_with_the_lines_of_both(world):
    """Each bill's lines are those of its spans, in their order, with their tariffs."""
    loaded(world, 1)
    run_id = at.whole(world, order(world, 1, straight=True))
    with world.store.read() as reader:
        provider = get_provider(reader, world.caller, world.provider_id)
    batches = export.export(world.store, provider, run_id).batches()
    found = [row for batch in batches for row in batch.to_pylist()]
    assert {len({line["tariff"] for line in row["lines"]}) for row in found} == {1, 2}
    for row in found:
        with world.store.read() as reader:
            spans = stored_bill(reader, world.provider_id, row["bill_id"]).spans
        wanted = [
            (span.agreement_no, span.tariff.id, span.version, name, amount)
            for span in spans
            for name, amount in span.lines.items()
        ]
        assert [tuple(line.values()) for line in row["lines"]] == wanted
