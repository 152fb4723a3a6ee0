"""The company that is soaked: a water company, its store, its client's key, its bank's channel."""

from dataclasses import dataclass
from datetime import date

from benchmarks.store_world import DIAL_DECIMALS, day_of
from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.ids import owned_id
from billcore.core.payments.channels import create_channel
from billcore.core.reconciliation.terms import set_terms
from tests import runs_world
from tests.payments_world import Acting
from tests.runs_world import START
from tests.stores import migrated

BANK = "bank"
TERMS = '{"time_zone": "UTC"}'

OPENINGS = "SELECT account_id, value FROM reading WHERE register_no = 1 ORDER BY account_id"


@dataclass(frozen=True)
class Town:
    """A store with the company. key: of its client, who may do everything; first: an account's id;
    openings: what each meter showed at first, in litres."""

    url: str
    key: str
    first: int
    openings: tuple[int, ...]

    @property
    def accounts(self) -> int:
        """How many."""
        return len(self.openings)

    def number(self, count: int) -> str:
        """The number of the count-th account, from 1."""
        return f"A{count:08}"

    def meter_id(self, count: int) -> int:
        """Meters count as accounts do."""
        return self.first + count - 1

    def dial(self, count: int, month: int) -> str:
        """What a meter shows at the end of a month: 8 to 14 m³ more each."""
        value = self.openings[count - 1] + month * (8_000 + 1_000 * (count % 7))
        whole, part = divmod(value, 10**DIAL_DECIMALS)
        return f"{whole}.{part:0{DIAL_DECIMALS}}"


def read_day(month: int) -> date:
    """The day on which meters are read; month 0 is January of the first year."""
    first = date.fromordinal(day_of(0))
    return date(first.year + month // 12, month % 12 + 1, first.day)


def settled(url: str, accounts: int) -> Town:
    """The company in a new store, with its accounts and what their meters showed at first."""
    store = migrated(url)
    world = runs_world.settle(store, accounts, months=1)
    with store.write() as session:
        act = Acting(session, world.caller, START)
        values = {"channel": BANK, "kind": "web_bank", "name": "Bank", "policies": ""}
        set_terms(act, create_channel(act, values), TERMS, 0)
        nobody = Caller(0, HOUSE, frozenset())
        key = clients.create(session, nobody, "soak", world.provider_id, tuple(Role), START).key
        openings = tuple(int(value) for _, value in session.rows(OPENINGS))
    store.close()
    assert len(openings) == accounts
    return Town(url, key, owned_id(world.provider_id, 1), openings)
