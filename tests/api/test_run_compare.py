"""CompareRuns and `billcore run compare` against a real server: what core compares, as messages."""

from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from benchmarks.store_world import TARIFF
from billcore.core import clients
from billcore.core.billing.runs.compare.comparison import Comparison, Wanted, compare
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.store import providers, tariffs
from billcore.server import cli
from billcore.server.app import App
from billcore.v1 import compare_pb2 as pb
from tests import runs_world as at
from tests.api import stored
from tests.api.client import Client, refused
from tests.stores import migrated

ACCOUNTS = 20


@dataclass(frozen=True)
class Company:
    """A frozen run, a simulation of it with other prices of fewer accounts, and another company."""

    app: App
    keys: dict[str, str]
    run_id: int
    simulation: int
    planned: int
    found: Comparison

    def ask(self, key: str = "viewer", **fields: object) -> pb.CompareRunsResponse:
        given = {"run_id": self.run_id, "other_run_id": self.simulation} | fields
        client = Client(self.app.port, self.keys[key])
        try:
            return client.billing.CompareRuns(pb.CompareRunsRequest(**given))
        finally:
            client.channel.close()


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    store = migrated(stored.url(folder))
    world = at.settle(store, accounts=ACCOUNTS)
    stranger = at.store_world.company(store, "stranger")
    text = (
        TARIFF.read_text().replace("rate: 7052", "rate: 9999").replace("rate: 5973", "rate: 5900")
    )
    with store.read() as reader:
        number = tariffs.number(reader, world.provider_id, "vn-hanoi-water")
    fewer = {"last_account": world.account(15), "proposed": {number: text}}
    simulation = at.simulated(world, at.order(world, **fewer))
    run_id = at.whole(world, at.order(world, straight=True))
    planned = at.create(world, at.order(world, 2))
    wanted = Wanted(attribute="households", area_length=10, movers=3)
    with store.read() as reader:
        provider = providers.provider(reader, world.provider_id)
        found = compare(reader, provider, run_id, simulation, wanted)
    nobody = Caller(0, HOUSE, frozenset())
    with store.write() as session:
        keys = {
            name: clients.create(session, nobody, name, provider_id, roles, 0).key
            for name, provider_id, roles in (
                ("viewer", world.provider_id, (Role.VIEWER,)),
                ("biller", world.provider_id, (Role.BILLER,)),
                ("stranger", stranger.provider_id, (Role.VIEWER,)),
            )
        }
    store.close()
    app = stored.server(folder)
    yield Company(app, keys, run_id, simulation, planned, found)
    app.drain()


def test_a_comparison_is_told_whole(company):
    """Every sum, group and account of core's comparison, with the currency."""
    told = company.ask(attribute="households", area_length=10, movers=3)
    found = company.found
    assert (told.currency, told.digits) == ("VND", 0)
    assert (told.run.run_id, told.run.issued, told.run.simulated) == (company.run_id, True, False)
    assert (told.other_run.issued, told.other_run.simulated) == (False, True)
    for groups, wanted in (
        (told.tariffs, found.tariffs), (told.classes, found.classes), (told.areas, found.areas)
    ):  # fmt: skip
        assert [(g.name, *numbers(g.compared)) for g in groups] == [
            (name, *pair_numbers(pair)) for name, pair in wanted.sorted
        ]
    assert numbers(told.whole) == pair_numbers(found.whole)
    assert told.whole.difference != 0
    assert (told.whole.bills, told.whole.other_bills) == (20, 15)
    for accounts, wanted in ((told.rises, found.rises.moves), (told.falls, found.falls.moves)):
        assert len(accounts) == 3
        assert [(a.account_id, a.total, a.other_total) for a in accounts] == list(
            zip(wanted.account_id, wanted.one, wanted.other, strict=True)
        )
        assert all(a.number.startswith("A0") for a in accounts)
        assert all(a.difference == a.other_total - a.total for a in accounts)
    assert (told.only_run.accounts, told.only_run.total) == (5, found.only_one.sum.total)
    assert [(a.number, a.other_total) for a in told.only_run.first] == [
        (f"A{n:08}", 0) for n in (16, 17, 18)
    ]
    assert told.only_other_run.accounts == 0


def numbers(one):
    return one.bills, one.total, one.other_bills, one.other_total, one.difference, one.per_mille


def pair_numbers(pair):
    one, other = pair.one, pair.other
    return one.bills, one.total, other.bills, other.total, pair.difference, pair.per_mille


def test_what_is_not_asked_for_is_not_told(company):
    """No classes and areas; ten accounts of each list, none where 0 are wanted."""
    told = company.ask()
    assert not told.classes
    assert not told.areas
    assert len(told.tariffs) == 1
    assert len(told.rises) == min(10, len(company.ask(movers=1000).rises))
    none = company.ask(movers=0)
    assert [*none.rises, *none.falls, *none.only_run.first] == []
    assert none.only_run.accounts == 5


@pytest.mark.parametrize(
    ("fields", "code", "reason"),
    [
        ({"run_id": 99}, "NOT_FOUND", "RUN_UNKNOWN"),
        ({"other_run_id": 0}, "NOT_FOUND", "RUN_UNKNOWN"),
        ({"other_run_id": -1}, "NOT_FOUND", "RUN_UNKNOWN"),
        ({"attribute": "colour"}, "NOT_FOUND", "ATTRIBUTE_UNKNOWN"),
        ({"movers": 1001}, "INVALID_ARGUMENT", "REQUEST_INVALID"),
        ({"area_length": -1}, "INVALID_ARGUMENT", "REQUEST_INVALID"),
        ({"key": "stranger"}, "NOT_FOUND", "RUN_UNKNOWN"),
        ({"key": "biller"}, "PERMISSION_DENIED", "ROLE_MISSING"),
    ],
)
def test_refusals(company, fields, code, reason):
    """Runs of another provider are unknown; the role is viewer."""
    with refused(code, reason):
        company.ask(**fields)


def test_a_run_that_is_only_planned(company):
    with refused("FAILED_PRECONDITION", "RUN_STATE_UNFIT"):
        company.ask(other_run_id=company.planned)


def test_the_command(company):
    result = CliRunner().invoke(
        cli.app,
        [
            "run", "compare", str(company.run_id), str(company.simulation),
            "--by-attribute=households", "--area=10", "--movers=3",
            f"--address=127.0.0.1:{company.app.port}",
        ],
        env={"BILLCORE_KEY": company.keys["viewer"], "COLUMNS": "160"},
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    told = result.output
    title = f"run {company.run_id} as issued with simulation {company.simulation} as rated"
    assert f"{title}, amounts in VND" in told
    for words in ("all bills", "vn-hanoi", "households", "01.0000000", "dearer", "cheaper"):
        assert words in told, told
    assert f"{company.found.whole.difference:,}" in told
    assert f"only in run {company.run_id}: 5 accounts" in told
    assert "A00000016" in told
