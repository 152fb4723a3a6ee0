"""A server over the small water company of `runs_world`, and its runs over gRPC."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from benchmarks.store_world import day_of
from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.store.open import open_store
from billcore.core.verify import verify
from billcore.server import settings
from billcore.server.app import App
from billcore.v1 import runs_pb2 as pb
from tests import runs_world
from tests.api.client import Client
from tests.stores import migrated

CODE = "hanoi"

ROLES = {"all": tuple(Role), "biller": (Role.BILLER,), "viewer": (Role.VIEWER,)}


@dataclass(frozen=True)
class Company:
    """A store with the company in it. keys: of its clients, by name; house: of the house."""

    url: str
    accounts: int
    first_account: int
    keys: dict[str, str]


def settled(
    url: str, accounts: int = 40, months: int = 3, policies: str = "", without: tuple[int, ...] = ()
) -> Company:
    """The company in a new store, with readings of the first months; the last without some."""
    store = migrated(url)
    world = runs_world.settle(store, accounts, months if not without else months - 1)
    if without:
        runs_world.read(world, months - 1, without)
    nobody = Caller(0, HOUSE, frozenset())
    with store.write() as session:
        if policies:
            session.run("UPDATE provider SET policies = :policies", policies=policies)
        keys = {
            name: clients.create(session, nobody, name, world.provider_id, roles, 0).key
            for name, roles in ROLES.items()
        }
        keys["house"] = clients.create(session, nobody, "house", HOUSE, tuple(Role), 0).key
    store.close()
    return Company(url, accounts, world.account(1), keys)


def broken(url: str) -> list[object]:
    """What verify finds in a store that no server has."""
    store = open_store(url)
    with store.read() as reader:
        found = [verdict for verdict in verify(reader, [0, 1]) if verdict.broken]
    store.close()
    return found


def serve(company: Company, **more: object) -> App:
    """A server on the store, started."""
    values: dict[str, object] = {"port": 0, "metrics_port": 0, "drain_seconds": 1, "run_workers": 0}
    found = App(settings.load(store=company.url, **(values | more)))
    found.start()
    return found


@contextmanager
def served(company: Company, **more: object) -> Iterator["Runs"]:
    """A server for the block, and a client of the company."""
    app = serve(company, **more)
    runs = Runs(Client(app.port, company.keys["all"]), company, app)
    try:
        yield runs
    finally:
        runs.client.channel.close()
        app.drain()


def iso(month: int, later: int = 0) -> str:
    """The day on which meters are read in a month (0: January 2017), and so many days later."""
    return date.fromordinal(day_of(month) + later).isoformat()


def order(month: int = 1, **changed: object) -> pb.RunOrder:
    """A run of all accounts up to their readings of a month."""
    given: dict[str, object] = {
        "first_day": iso(month, -5),
        "last_day": iso(month, 5),
        "issued_day": iso(month, 6),
        "straggler_day": iso(month, 15),
        "chunk_accounts": 8,
    }
    return pb.RunOrder(**(given | changed))


@dataclass
class Runs:
    """The runs of the company over gRPC."""

    client: Client
    company: Company
    app: App | None = None
    numbers: count = field(default_factory=lambda: count(1))

    def account(self, number: int) -> int:
        """The id of the count-th account, from 1."""
        return self.company.first_account + number - 1

    def ask(self, method: str, **fields: object):
        """Calls a write with a request id of its own, or any other method."""
        request = getattr(pb, f"{method}Request")
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            fields.setdefault("request_id", f"r{time.time_ns()}-{next(self.numbers)}")
        return getattr(self.client.billing, method)(request(**fields))

    def create(self, wanted: pb.RunOrder | None = None, **more: object) -> int:
        """A new run; its number."""
        return self.ask("CreateRun", order=wanted or order(), **more).run.run_id

    def get(self, run_id: int) -> pb.Run:
        return self.ask("GetRun", run_id=run_id).run

    def watched(self, run_id: int) -> pb.Run:
        """Watches a run to its end; the run."""
        (*_, last) = list(self.ask("WatchRun", run_id=run_id))
        return last.run

    def did(self, method: str, run_id: int, **fields: object) -> pb.Run:
        """Begins something and watches it to its end; the run."""
        self.ask(method, run_id=run_id, **fields)
        return self.watched(run_id)

    def left_out(self, run_id: int, **fields: object) -> list[pb.RunException]:
        """Every exception, page by page."""
        found: list[pb.RunException] = []
        token = ""
        while True:
            page = self.ask("ListRunExceptions", run_id=run_id, page_token=token, **fields)
            found += page.exceptions
            token = page.next_page_token
            if not token:
                return found


def states(run: pb.Run) -> list[str]:
    return [pb.RunState.Name(step.state).removeprefix("RUN_STATE_") for step in run.steps]
