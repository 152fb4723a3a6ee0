"""A company whose every write is planned: what is asked, how it is done, and what must be there.

The plan is the same in every process. A request that is sent again has the same id, content and
time, so its answer must be the same to the byte, on every store and after every fault.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa

from billcore.core import verify
from billcore.core.accounts import agreements, things
from billcore.core.accounts.accounts import ACCOUNTS, CUSTOMERS, POINTS
from billcore.core.accounts.adding import GivenTerm
from billcore.core.billing.charges.due import Window
from billcore.core.billing.make import Order, bill_accounts
from billcore.core.caller import Caller, Role
from billcore.core.events import sequencer
from billcore.core.events.audit import audit
from billcore.core.ids import owned_id
from billcore.core.ledger import account_entries as ledger
from billcore.core.ledger import balances
from billcore.core.ledger.kinds import EntryKind
from billcore.core.metering.findings import Source
from billcore.core.metering.meters import Desk, Placing, create, install
from billcore.core.metering.provider import metering_provider
from billcore.core.metering.record import new_readings, record
from billcore.core.requests import Answer, once
from billcore.core.store import events
from billcore.core.store import providers as provider_rows
from billcore.core.store.meters import Register
from billcore.core.store.port import OPEN_DAY, Reader, Session, Store
from tests import seed
from tests.seed import NOW, SECOND, Act, jalali

PROVIDER = 1
CLERK = Caller(2, PROVIDER, frozenset(Role), "clerk")

COUNT = 4
ACCOUNT_IDS = tuple(owned_id(PROVIDER, n) for n in range(1, COUNT + 1))
METER_IDS = ACCOUNT_IDS
"""Both count from 1 within the provider."""

GROUPS = ((0, 1), (2, 3))
"""Accounts that are billed together; one client has them, so that their requests have an order."""

MONTHS_MAX = 29
OPENING = {ACCOUNT_IDS[0]: 17}
"""What is owed before the first request."""

NEW = 1_000_000
"""Requests of a group are numbered from here times its number."""

KINDS = (EntryKind.PAYMENT, EntryKind.ADJUSTMENT, EntryKind.LATE_FEE, EntryKind.REFUND)


@dataclass(frozen=True)
class Row:
    """An account entry: of which account, which kind, when, how much."""

    account: int
    kind: int
    day: int
    amount: int


@dataclass(frozen=True)
class Request:
    """A write. method: post, reverse, read or bill; what the others ask for is in few fields.

    rows: what is posted. of: the number of the request whose one row is reversed. dials: what the
    meters of the group's accounts show on the day, which read and bill also have.
    """

    number: int
    method: str
    rows: tuple[Row, ...] = ()
    of: int = 0
    group: int = 0
    day: int = 0
    dials: tuple[int, ...] = ()

    @property
    def request_id(self) -> str:
        return f"request {self.number}"

    @property
    def content(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode()

    @property
    def at(self) -> int:
        return NOW + self.number * SECOND


# -- what is there at the beginning


def settle(store: Store) -> None:
    """The company of the printed bills with more accounts, each with a meter."""
    world = seed.settle(store)
    assert (world.caller.provider_id, world.account_id, world.meter_id) == (
        PROVIDER,
        ACCOUNT_IDS[0],
        METER_IDS[0],
    )
    with store.write() as session:
        made = [_account(Act(session, CLERK, NOW), n) for n in range(2, COUNT + 1)]
    assert tuple(made) == ACCOUNT_IDS[1:]


def _account(act: Act, number: int) -> int:
    blank = {"phone": "", "email": "", "address": "", "language": ""}
    first = jalali(seed.FIRST[0])
    owner = things.create(
        act, CUSTOMERS, {"kind": "person", "name": "…", "number": f"C{number}", **blank}
    )
    place = {"number": f"P{number}", "service": "water", "address": "", "geographic_code": ""}
    point = things.create(act, POINTS, place)
    values = {"number": f"A{number}", "customer_id": owner.customer_id, "name": "", **blank}
    days = {"geographic_code": "1", "opened_day": first, "closed_day": OPEN_DAY}
    account_id = things.create(act, ACCOUNTS, values | days).account_id
    agreement = {"account_id": account_id, "point_id": point.point_id, "service": "water"}
    agreements.create_agreement(
        act,
        agreement | {"cycle": "two months", "from_day": first, "until_day": OPEN_DAY},
        [GivenTerm(first, OPEN_DAY, "ir-mehrab-water")],
        (),
    )
    desk = Desk(act.session, CLERK, metering_provider(act.session, PROVIDER), act.now)
    meter = create(desk, f"M{number}", "", [Register(1, "m3", "m3", 5, 0)])
    install(desk, Placing(account_id, 1, meter.meter_id, first), {1: (seed.FIRST[1], 0)})
    return account_id


# -- what is asked


def month_day(count: int) -> int:
    """The 29th day of the count-th month behind the first reading's, from 1."""
    month = count
    return jalali(f"{1395 + month // 12}-{month % 12 + 1:02}-29")


def plan(chance: int, months: int, group: int) -> Iterator[Request]:
    """The requests of a group in order: every month is read, billed, and posted to."""
    assert 1 <= months <= MONTHS_MAX
    random_ = random.Random(f"{chance} {group}")
    numbers = iter(range(group * NEW + 1, group * NEW + NEW))
    single: list[Request] = []
    dials = [seed.FIRST[1]] * len(GROUPS[group])
    for count in range(1, months + 1):
        day = month_day(count)
        dials = [dial + random_.randint(20, 60) for dial in dials]
        for method in ("read", "bill"):
            yield Request(next(numbers), method, group=group, day=day, dials=tuple(dials))
            for request in _posts(random_, numbers, group, day, single):
                yield request
                if request.method == "post" and len(request.rows) == 1:
                    single.append(request)


def _posts(
    random_: random.Random, numbers: Iterator[int], group: int, day: int, single: list[Request]
) -> Iterator[Request]:
    for _ in range(random_.randint(1, 4)):
        if single and random_.random() < 0.2:
            undone = single.pop(random_.randrange(len(single)))
            yield Request(next(numbers), "reverse", undone.rows, undone.number, group, day)
            continue
        rows = tuple(
            Row(
                ACCOUNT_IDS[random_.choice(GROUPS[group])],
                int(random_.choice(KINDS)),
                day + random_.randint(-3, 20),
                random_.choice((-1, 1)) * random_.randint(1, 10 ** random_.randint(1, 9)),
            )
            for _ in range(random_.choice((1, 1, 1, 5)))
        )
        yield Request(next(numbers), "post", rows, group=group)


def whole_plan(chance: int, months: int) -> list[Request]:
    """The requests of all groups, a month's share of each in turn."""
    groups = [list(plan(chance, months, group)) for group in range(len(GROUPS))]
    order = sorted((place / len(own), group, place) for group, own in enumerate(groups)
                   for place in range(len(own)))  # fmt: skip
    return [groups[group][place] for _, group, place in order]


# -- how it is done


def do(store: Store, request: Request) -> Answer:
    """A request in a transaction of its own, as a service does it."""
    with store.write() as session:
        return do_in(session, request)


def do_in(session: Session, request: Request) -> Answer:
    """A request, once."""
    return once(
        session,
        CLERK,
        request.method,
        request.request_id,
        request.content,
        request.at,
        lambda: perform(session, request),
    )


def perform(session: Session, request: Request) -> bytes:
    """What is asked for, with a row of the audit log; the answer: ids, and amounts by account."""
    ids, amounts = _ACTS[request.method](session, request)
    told = {"ids": ids, "amounts": {str(account): n for account, n in sorted(amounts.items())}}
    audit(session, CLERK, f"test.{request.method}", request.request_id, "", {}, request.at)
    return json.dumps(told).encode()


Done = tuple[list[int], Mapping[int, int]]
"""Ids of what was made, and what it adds to each account."""


def _post(session: Session, request: Request) -> Done:
    rows = request.rows
    entries = ledger.AccountEntries(
        account_id=np.array([row.account for row in rows]),
        kind=np.array([row.kind for row in rows]),
        day=np.array([row.day for row in rows]),
        amount=np.array([row.amount for row in rows]),
        reference=pa.array([reference(request, n) for n in range(len(rows))]),
        reverses=np.zeros(len(rows), dtype=np.int64),
    )
    ids = ledger.post_account_entries(session, entries, posting(request))
    return ids.tolist(), added(request)


def _reverse(session: Session, request: Request) -> Done:
    (row,) = request.rows
    wanted = f"{request.of} 0"
    (entry,) = [d.id for d in balances.documents(session, row.account) if d.reference == wanted]
    undoing = ledger.reverse_account_entry(
        session, row.account, entry, request.day, posting(request)
    )
    return [undoing], added(request)


def _read(session: Session, request: Request) -> Done:
    own = GROUPS[request.group]
    given = new_readings(
        {
            "meter_id": np.array([METER_IDS[account] for account in own]),
            "register_no": np.ones(len(own), dtype=np.int64),
            "day": np.full(len(own), request.day),
            "value": np.array(request.dials),
            "source": np.full(len(own), int(Source.OFFICER)),
        }
    )
    provider = metering_provider(session, PROVIDER)
    results = record(session, CLERK, provider, given, request.at)
    assert results.status.tolist() == [1] * len(own), results
    return [], {}


def _bill(session: Session, request: Request) -> Done:
    own = [ACCOUNT_IDS[account] for account in GROUPS[request.group]]
    provider = provider_rows.provider(session, PROVIDER)
    assert provider is not None
    order = Order(
        first=own[0],
        last=own[-1],
        window=Window(request.day, request.day),
        issued_day=request.day,
        source=source(request),
        client_id=CLERK.client_id,
        recorded_at=request.at,
    )
    issued, made = bill_accounts(session, provider, order)
    ids = issued.bill_id
    assert len(ids) == len(own), made.refused
    accounts, totals = made.drafts.account_id.tolist(), made.drafts.total.tolist()
    return ids.tolist(), dict(zip(accounts, totals, strict=True))


_ACTS = {"post": _post, "reverse": _reverse, "read": _read, "bill": _bill}


def source(request: Request) -> str:
    """What a request posts from."""
    return f"{request.method} {request.number}"


def reference(request: Request, row: int) -> str:
    """What tells the rows of a request apart."""
    return f"{request.number} {row}"


def posting(request: Request) -> ledger.Posting:
    return ledger.Posting(PROVIDER, source(request), CLERK.client_id, request.at)


def number_some(store: Store, limit: int) -> int:
    """A round of the sequencer; how many rows got a number."""
    with store.write() as session:
        return sequencer.number(session, PROVIDER, limit)


# -- what must be there


def added(request: Request) -> Counter[int]:
    """What a post or its reversal adds to each account."""
    sign = -1 if request.method == "reverse" else 1
    found: Counter[int] = Counter()
    for row in request.rows:
        found[row.account] += sign * row.amount
    return found


def amounts_of(answer: bytes) -> Counter[int]:
    """What a request added to each account, as it answered."""
    return Counter({int(a): n for a, n in json.loads(answer)["amounts"].items()})


def balances_of(reader: Reader) -> dict[int, int]:
    """What every account owes."""
    return {account: balances.balance(reader, account) for account in ACCOUNT_IDS}


def broken(store: Store) -> dict[str, object]:
    """Every check of `verify` that finds something."""
    with store.read() as reader:
        verdicts = list(verify.verify(reader, [PROVIDER]))
    assert {"events", "events_rebuild_balances", "books_agree"} <= {v.check for v in verdicts}
    return {verdict.check: verdict.broken for verdict in verdicts if verdict.broken}


def check(store: Store, requests: list[Request], answers: Mapping[int, bytes]) -> None:
    """Every request was done exactly once, with these answers, and the books are right.

    answers: by the number of the request, of a store that no fault befell.
    """
    while number_some(store, sequencer.BATCH):
        pass
    assert broken(store) == {}
    with store.read() as reader:
        assert _stored(reader) == {(r.method, r.request_id): answers[r.number] for r in requests}
        assert balances_of(reader) == _model(requests, answers)
        _check_counts(reader, requests, answers)
        _check_numbers(reader, len(requests))


def _stored(reader: Reader) -> dict[tuple[str, str], bytes]:
    found = reader.rows(
        "SELECT method, request_id, answer FROM request WHERE client_id = :client",
        client=CLERK.client_id,
    )
    return {(str(m), str(r)): bytes(a) for m, r, a in found if m in _ACTS}


def _model(requests: list[Request], answers: Mapping[int, bytes]) -> dict[int, int]:
    """Balances: entries as they were planned, bills as they were answered."""
    total = Counter(OPENING)
    for request in requests:
        told = amounts_of(answers[request.number])
        if request.method != "bill":
            assert told == added(request)
        total.update(told)
    return {account: total[account] for account in ACCOUNT_IDS}


def _check_counts(reader: Reader, requests: list[Request], answers: Mapping[int, bytes]) -> None:
    """No row of record twice, none missing."""
    ids = {method: [] for method in _ACTS}
    for request in requests:
        ids[request.method] += json.loads(answers[request.number])["ids"]
    query = "SELECT account_entry_id FROM account_entry WHERE reference <> 'taken over'"
    assert sorted(n for (n,) in reader.rows(query)) == sorted(ids["post"] + ids["reverse"])
    assert sorted(n for (n,) in reader.rows("SELECT bill_id FROM bill")) == sorted(ids["bill"])
    readings = sum(len(r.dials) for r in requests if r.method == "read")
    since = "SELECT COUNT(*) FROM reading WHERE recorded_at > :now"
    assert reader.row(since, now=NOW) == (readings,)


def _check_numbers(reader: Reader, requests: int) -> None:
    """1, 2, 3, … without a gap, and an audit row for each request."""
    assert events.pending(reader, PROVIDER) == (0, 0)
    told = events.events(reader, PROVIDER, 0, 10**6)
    assert [event.sequence for event in told] == list(range(1, len(told) + 1))
    assert len({event.event_id for event in told}) == len(told)
    rows = events.audits(reader, PROVIDER, 0, 10**6)
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    ours = [row.subject for row in rows if row.action.startswith("test.")]
    assert len(ours) == len(set(ours)) == requests
