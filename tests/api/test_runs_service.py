"""Runs over gRPC: a server on a real port, the small water company, from plan to reversal."""

import os
import signal
import time
import urllib.request
from contextlib import suppress
from multiprocessing import active_children
from pathlib import Path

import pytest

from benchmarks.store_world import TARIFF
from billcore.core.billing.runs.drive import WorkersLost
from billcore.server import running
from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import billing_service_pb2 as billing
from billcore.v1 import event_service_pb2 as events
from billcore.v1 import runs_pb2 as pb
from tests.api import run_world as at
from tests.api.client import Client, refused
from tests.api.conftest import Served

STRAIGHT = '{"automatic_approval": true, "taxes": ["vat"]}'


@pytest.fixture
def sqlite_url(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'billcore.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request) -> str:
    """An empty store of each engine."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def company(sqlite_url) -> at.Company:
    return at.settled(sqlite_url)


@pytest.fixture
def runs(company):
    with at.served(company) as found:
        yield found


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A server for tests that leave no run which others could meet."""
    folder = tmp_path_factory.mktemp("shared")
    with at.served(at.settled(f"sqlite:///{folder / 'billcore.db'}")) as found:
        yield found


def bills(runs: at.Runs, number: int) -> list[billing.BillHeader]:
    """Every bill of the count-th account."""
    request = billing.ListBillsRequest(account_id=runs.account(number))
    return list(runs.client.billing.ListBills(request).bills)


def whole(runs: at.Runs, wanted: pb.RunOrder | None = None) -> pb.Run:
    """A run that is rated, approved and frozen."""
    run_id = runs.create(wanted)
    runs.did("StartRun", run_id)
    runs.ask("ApproveRun", run_id=run_id)
    return runs.did("FreezeRun", run_id)


# -- the life of a run


def test_a_run_from_its_plan_to_its_publication(runs):
    planned = runs.ask("CreateRun", order=at.order()).run
    assert (planned.state, planned.under_way) == (pb.RUN_STATE_PLANNED, False)
    assert planned.order.last_account == runs.account(40)
    run_id = planned.run_id
    begun = runs.ask("StartRun", run_id=run_id).run
    assert (begun.under_way, begun.driven, begun.passes[0].chunks) == (True, True, 5)
    rated = runs.watched(run_id)
    assert bills(runs, 1) == []
    approved = runs.ask("ApproveRun", run_id=run_id, reason="all seen").run
    assert approved.steps[-1].reason == "all seen"
    frozen = runs.did("FreezeRun", run_id)
    published = runs.ask("PublishRun", run_id=run_id).run
    assert at.states(published) == [
        "PLANNED", "RATED", "OUTSORTED", "APPROVED", "FROZEN", "PUBLISHED",
    ]  # fmt: skip
    rate, freeze = frozen.passes
    assert rated.passes[0] == rate
    assert rate.digest == freeze.digest != "0" * 64
    assert (freeze.bills, freeze.accounts_done, freeze.done) == (40, 40, True)
    assert sum(bills(runs, n)[0].total for n in range(1, 41)) == freeze.total > 0
    assert (frozen.under_way, frozen.driven, frozen.HasField("fault")) == (False, False, False)


def test_runs_are_listed_newest_first(runs):
    first = runs.create()
    second = runs.create(simulated=True)
    page = runs.ask("ListRuns", page_size=1)
    assert [(r.run_id, r.simulated) for r in page.runs] == [(second, True)]
    (last,) = runs.ask("ListRuns", page_size=1, page_token=page.next_page_token).runs
    assert (last.run_id, last.state) == (first, pb.RUN_STATE_PLANNED)
    assert last.order == runs.get(first).order
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        runs.ask("ListRuns", page_token="x")


def test_what_an_order_leaves_out_is_filled_in(runs):
    made = runs.ask("CreateRun", order=pb.RunOrder(last_day=at.iso(1), issued_day=at.iso(2))).run
    assert made.order == pb.RunOrder(
        first_account=runs.account(1),
        last_account=runs.account(40),
        first_day=at.iso(1),
        last_day=at.iso(1),
        issued_day=at.iso(2),
        straggler_day=at.iso(1),
        kind=pb.RUN_KIND_REGULAR,
        chunk_accounts=49_152,
        straight=False,
    )


def test_people_hold_and_release_bills(runs):
    """By id or number; what is held is left out, and a released one is billed by another pass."""
    run_id = runs.create()
    runs.did("StartRun", run_id)
    for n in (3, 7, 8, 9):
        runs.ask("HoldBill", run_id=run_id, account_id=runs.account(n), reason=f"look at {n}")
    runs.ask("ReleaseBill", run_id=run_id, number="A00000008", reason="seen")
    found = runs.left_out(run_id, page_size=1)
    assert [e.number for e in found] == ["A00000003", "A00000007", "A00000009"]
    assert {(e.rule, e.reason) for e in found[:1]} == {("BY_HAND", "look at 3")}
    runs.ask("ApproveRun", run_id=run_id)
    frozen = runs.did("FreezeRun", run_id)
    assert (frozen.passes[-1].bills, frozen.passes[-1].held) == (37, 3)
    assert [(r.outcome, r.rule, r.accounts) for r in frozen.rules] == [
        (pb.RUN_OUTCOME_HELD, "BY_HAND", 3)
    ]
    runs.ask("ReleaseBill", run_id=run_id, account_id=runs.account(7), reason="it is right")
    outcomes = {
        word: [e.number for e in runs.left_out(run_id, outcome=f"RUN_OUTCOME_{word}")]
        for word in ("HELD", "RELEASED", "REFUSED")
    }
    assert outcomes == {
        "HELD": ["A00000003", "A00000009"], "RELEASED": ["A00000007"], "REFUSED": [],
    }  # fmt: skip
    assert len(runs.left_out(run_id, rule="BY_HAND", page_size=2)) == 3
    assert runs.left_out(run_id, rule="ABOVE") == []
    supplemented = runs.did("SupplementRun", run_id)
    assert (supplemented.passes[-1].pass_no, supplemented.passes[-1].bills) == (1, 1)
    assert len(bills(runs, 7)) == 1
    assert [e.number for e in runs.left_out(run_id)] == ["A00000003", "A00000009"]


def test_rules_hold_bills(sqlite_url):
    """A policy holds every bill above an amount: they are told with what they come to."""
    company = at.settled(sqlite_url, policies='{"outsorting": {"above": 1}, "taxes": ["vat"]}')
    with at.served(company) as runs:
        run_id = runs.create()
        rated = runs.did("StartRun", run_id)
        assert (rated.passes[0].bills, rated.passes[0].held) == (0, 40)
        found = runs.left_out(run_id, rule="ABOVE", outcome="RUN_OUTCOME_HELD", page_size=7)
        assert len(found) == 40
        assert all(e.total > 1 and "above 1" in e.message for e in found)
        runs.ask("ReleaseBill", run_id=run_id, account_id=runs.account(1), reason="fine")
        (released,) = runs.left_out(run_id, outcome="RUN_OUTCOME_RELEASED")
        assert (released.account_id, released.reason) == (runs.account(1), "fine")
        runs.ask("ApproveRun", run_id=run_id)
        assert runs.did("FreezeRun", run_id).passes[-1].bills == 1


def test_stragglers_are_billed_by_another_pass(sqlite_url):
    """Accounts without a reading are refused, and billed once they are read."""
    company = at.settled(sqlite_url, without=(2, 11))
    with at.served(company) as runs:
        frozen = whole(runs, at.order(2))
        assert frozen.passes[0].refused == 2
        found = runs.left_out(frozen.run_id, outcome="RUN_OUTCOME_REFUSED", rule="NO_READING")
        assert [e.number for e in found] == ["A00000002", "A00000011"]
        for until in (at.iso(2, 4), at.iso(2, 16)):
            with refused("INVALID_ARGUMENT", "FIELD_REFUSED") as why:
                runs.ask("SupplementRun", run_id=frozen.run_id, until_day=until)
            assert set(why[0].fields) == {"until_day"}
        later = runs.did("SupplementRun", frozen.run_id, until_day=at.iso(2, 10))
        assert (later.passes[-1].until_day, later.passes[-1].refused) == (at.iso(2, 10), 2)
        assert later.state == pb.RUN_STATE_FROZEN


def test_after_their_time_stragglers_are_estimated(sqlite_url):
    """A run that estimates bills who is left in a pass beyond its straggler day."""
    company = at.settled(sqlite_url, without=(2, 11))
    with at.served(company) as runs:
        frozen = whole(runs, at.order(2, estimate=True))
        assert frozen.order.estimate
        on_time = runs.did("SupplementRun", frozen.run_id)
        assert (on_time.passes[-1].bills, on_time.passes[-1].refused) == (0, 2)
        later = runs.did("SupplementRun", frozen.run_id, until_day=at.iso(2, 16))
        assert (later.passes[-1].bills, later.passes[-1].refused) == (2, 0)
        assert runs.left_out(frozen.run_id) == []
        (newest,) = [bill for bill in bills(runs, 2) if bill.this_day == at.iso(2, 5)]
        assert newest.total > 0


def test_a_run_goes_straight_through_where_the_policy_says_so(sqlite_url):
    company = at.settled(sqlite_url, policies=STRAIGHT)
    with at.served(company) as runs:
        biller = at.Runs(Client(runs.app.port, company.keys["biller"]), company)
        made = biller.ask("CreateRun", order=at.order()).run
        assert made.order.straight
        biller.ask("StartRun", run_id=made.run_id)
        frozen = runs.watched(made.run_id)
        assert at.states(frozen) == ["PLANNED", "RATED", "OUTSORTED", "APPROVED", "FROZEN"]
        assert frozen.passes[0].bills == 40
        with refused("FAILED_PRECONDITION", "RUN_STATE_UNFIT"):
            biller.ask("StartRun", run_id=made.run_id)
        biller.client.channel.close()


def test_straight_through_against_the_policy_needs_an_approver(runs):
    """Else a biller could issue bills that nobody approves."""
    biller = at.Runs(Client(runs.app.port, runs.company.keys["biller"]), runs.company)
    with refused("PERMISSION_DENIED", "ROLE_MISSING") as why:
        biller.create(at.order(straight=True))
    assert why[0].facts["role"] == "approver"
    biller.client.channel.close()
    run = runs.did("StartRun", runs.create(at.order(straight=True)))
    assert run.state == pb.RUN_STATE_FROZEN


def test_a_reversed_run_leaves_nothing_owed(runs, company):
    run = whole(runs)
    for day, why in ((at.iso(1, 5), "before the bills"), ("2290-01-01", "in no year")):
        with refused("INVALID_ARGUMENT", "FIELD_REFUSED") as found:
            runs.ask("ReverseRun", run_id=run.run_id, day=day, reason="wrong")
        assert why in found[0].fields["day"]
    with refused("INVALID_ARGUMENT", "RUN_REASON_MISSING"):
        runs.ask("ReverseRun", run_id=run.run_id)
    done = runs.did("ReverseRun", run.run_id, day=at.iso(1, 9), reason="wrong tariff")
    assert done.state == pb.RUN_STATE_REVERSED
    assert (done.passes[-1].until_day, done.passes[-1].reason) == (at.iso(1, 9), "wrong tariff")
    assert sum(bill.total for bill in bills(runs, 5)) == 0
    again = whole(runs)
    assert again.passes[-1].bills == 40
    runs.app.drain()
    assert at.broken(company.url) == []
    runs.app = at.serve(company)  # for the fixture to drain


def test_a_cancelled_run_frees_its_accounts(runs):
    run_id = runs.create()
    with refused("FAILED_PRECONDITION", "RUN_OVERLAPS") as why:
        runs.create(at.order(2))
    assert why[0].facts["run"] == str(run_id)
    cancelled = runs.ask("CancelRun", run_id=run_id, reason="not now").run
    assert (cancelled.state, cancelled.under_way) == (pb.RUN_STATE_CANCELLED, False)
    runs.create(at.order(2))


# -- simulations


def test_a_simulation_issues_nothing(runs):
    run_id = runs.create(simulated=True)
    run = runs.did("StartRun", run_id)
    assert (run.state, run.simulated) == (pb.RUN_STATE_OUTSORTED, True)
    assert run.passes[0].bills == 40
    assert bills(runs, 1) == []
    for method in ("ApproveRun", "FreezeRun", "SupplementRun", "PublishRun"):
        with refused("FAILED_PRECONDITION", "RUN_STATE_UNFIT"):
            runs.ask(method, run_id=run_id)
    real = whole(runs)
    assert real.passes[0].digest == run.passes[0].digest


DOCUMENT = TARIFF.read_text()
DEARER = DOCUMENT.replace("5973", "6973")


def test_a_simulation_tries_a_proposed_tariff(runs):
    """By the numbers that agreements know; what is published stays as it is."""
    assert DEARER != DOCUMENT
    as_is = runs.did("StartRun", runs.create(simulated=True))
    tried = runs.did("StartRun", runs.create(simulated=True, proposed=[DEARER]))
    assert list(tried.proposed) == ["vn-hanoi-water"]
    assert tried.passes[0].total > as_is.passes[0].total
    assert list(as_is.proposed) == []


@pytest.mark.parametrize(
    ("proposed", "simulated", "reason", "field"),
    [
        ([DOCUMENT], False, "FIELD_REFUSED", "proposed"),
        ([DOCUMENT] * 21, True, "FIELD_REFUSED", "proposed"),
        ([DOCUMENT, DEARER], True, "FIELD_REFUSED", "proposed[1]"),
        (
            [DOCUMENT.replace("vn-hanoi-water", "unheard-of")],
            True,
            "FIELD_REFUSED",
            "proposed[0]",
        ),
        (["tariff: x"], True, "TARIFF_INVALID", "document"),
    ],
)
def test_what_no_simulation_can_try(shared, proposed, simulated, reason, field):
    with refused("INVALID_ARGUMENT", reason) as why:
        shared.create(simulated=simulated, proposed=proposed)
    assert any(one.startswith(field) for one in why[0].fields)


# -- what is refused


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"last_day": ""}, "order.last_day", "give a day"),
        ({"last_day": "2017-02-30"}, "order.last_day", "2017-02-30"),
        ({"first_day": "2017-03-01"}, "order.first_day", "not after last_day"),
        ({"first_day": "2016-02-24"}, "order.first_day", "at most 365 days"),
        ({"issued_day": "1899-12-31"}, "order.issued_day", "in no year of 1900"),
        ({"straggler_day": "2017-02-24"}, "order.straggler_day", "before last_day"),
        ({"kind": 7}, "order.kind", "RUN_KIND_FINAL"),
        ({"cycle": "daily"}, "order.cycle", "Allowed: monthly"),
        ({"chunk_accounts": -1}, "order.chunk_accounts", "1..409600"),
        ({"chunk_accounts": 409_601}, "order.chunk_accounts", "1..409600"),
        ({"first_account": 1}, "order.first_account", "accounts are 268435457 to 268435496"),
        ({"last_account": -1}, "order.last_account", "accounts are 268435457 to 268435496"),
        ({"last_account": 268435497}, "order.last_account", "to 268435496"),
        (
            {"first_account": 268435460, "last_account": 268435459},
            "order.last_account",
            "before first_account",
        ),
    ],
)
def test_an_order_that_cannot_be(shared, changed, field, words):
    """The field, its value, and what is allowed."""
    code = "NOT_FOUND" if field == "order.cycle" else "INVALID_ARGUMENT"
    with refused(code) as why:
        shared.create(at.order(**changed))
    assert set(why[0].fields) == {field}
    assert words in why[0].fields[field]


def test_a_simulation_never_goes_straight_through(shared):
    with refused("INVALID_ARGUMENT", "FIELD_REFUSED") as why:
        shared.create(at.order(straight=True), simulated=True)
    assert set(why[0].fields) == {"order.straight"}


def test_the_days_of_366_are_enough(runs):
    assert runs.create(at.order(first_day="2016-02-26"))


METHODS = {
    "GetRun": {}, "StartRun": {}, "WatchRun": {}, "ListRunExceptions": {}, "ApproveRun": {},
    "FreezeRun": {}, "SupplementRun": {}, "PublishRun": {}, "ResumeRun": {},
    "CancelRun": {"reason": "r"}, "ReverseRun": {"reason": "r"},
    "ReleaseBill": {"reason": "r", "number": "A00000001"},
    "HoldBill": {"reason": "r", "number": "A00000001"},
}  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_a_run_that_is_not_there(shared, method):
    with refused("NOT_FOUND", "RUN_UNKNOWN"):
        answer = shared.ask(method, run_id=77, **METHODS[method])
        if method == "WatchRun":
            list(answer)


@pytest.mark.parametrize(
    ("method", "state"),
    [
        ("ApproveRun", "outsorted"),
        ("FreezeRun", "approved"),
        ("SupplementRun", "frozen, published"),
        ("PublishRun", "frozen"),
        ("ReverseRun", "frozen, published"),
        ("HoldBill", "outsorted, approved"),
        ("ReleaseBill", "outsorted, approved, frozen, published"),
    ],
)
def test_each_act_has_its_states(shared, method, state):
    """Of a planned run nothing but its start and its end is possible."""
    run_id = shared.create()
    with refused("FAILED_PRECONDITION", "RUN_STATE_UNFIT") as why:
        shared.ask(method, run_id=run_id, **METHODS[method])
    assert (why[0].facts["state"], why[0].facts["wanted"]) == ("planned", state)
    shared.ask("CancelRun", run_id=run_id, reason="tried")


def test_other_refusals(runs):
    run_id = runs.create()
    with refused("FAILED_PRECONDITION", "RUN_FINISHED"):
        runs.ask("ResumeRun", run_id=run_id)
    with refused("INVALID_ARGUMENT", "RUN_REASON_MISSING"):
        runs.ask("CancelRun", run_id=run_id)
    runs.did("StartRun", run_id)
    with refused("FAILED_PRECONDITION", "RUN_STATE_UNFIT"):
        runs.ask("StartRun", run_id=run_id)
    with refused("FAILED_PRECONDITION", "HOLD_UNKNOWN"):
        runs.ask("ReleaseBill", run_id=run_id, account_id=runs.account(1), reason="r")
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
        runs.ask("HoldBill", run_id=run_id, number="nobody", reason="r")
    with refused("INVALID_ARGUMENT", "FIELD_REFUSED"):
        runs.ask("HoldBill", run_id=run_id, reason="r")
    with refused("INVALID_ARGUMENT", "FIELD_REFUSED"):
        runs.ask("ApproveRun", run_id=run_id, reason="x" * 501)
    with refused("INVALID_ARGUMENT", "FIELD_REFUSED"):
        runs.ask("ListRunExceptions", run_id=run_id, outcome=9)
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        runs.ask("ApproveRun", run_id=run_id, request_id="")


def test_roles(runs):
    """Viewers ask, billers plan and start, approvers decide."""
    run_id = runs.create()
    keys = runs.company.keys
    viewer, biller = (
        at.Runs(Client(runs.app.port, keys[name]), runs.company) for name in ("viewer", "biller")
    )
    assert viewer.get(run_id).run_id == run_id
    assert viewer.watched(run_id).run_id == run_id
    for method in ("CreateRun", "StartRun", "ResumeRun"):
        with refused("PERMISSION_DENIED", "ROLE_MISSING"):
            viewer.ask(method)
    for method in METHODS.keys() - {"StartRun", "ResumeRun"}:
        with refused("PERMISSION_DENIED", "ROLE_MISSING"):
            answer = biller.ask(method, run_id=run_id, **METHODS[method])
            list(answer) if method == "WatchRun" else None
    biller.ask("StartRun", run_id=run_id)
    runs.watched(run_id)
    for one in (viewer, biller):
        one.client.channel.close()


def test_runs_are_a_provider_s_own(runs):
    """Another provider has neither the runs nor, here, an account to bill."""
    run_id = runs.create()
    house = Client(runs.app.port, runs.company.keys["house"])
    other = accounts.Provider(
        code="other", name="Other", time_zone="UTC", currency="VND", calendar="gregorian",
        language="vi",
    )  # fmt: skip
    house.accounts.CreateProvider(accounts.CreateProviderRequest(request_id="o", provider=other))
    client = Client(runs.app.port, runs.company.keys["house"], x_billcore_provider="other")
    others = at.Runs(client, runs.company)
    with refused("NOT_FOUND", "RUN_UNKNOWN"):
        others.get(run_id)
    with refused("INVALID_ARGUMENT", "FIELD_REFUSED") as why:
        others.create()
    assert "no accounts yet" in why[0].fields["order.first_account"]
    for one in (house, client):
        one.channel.close()


# -- once


def test_a_request_is_done_once(runs):
    """Sent again it answers the same, whatever happened to the run; other content is refused."""
    create = pb.CreateRunRequest(request_id="one", order=at.order())
    first = runs.client.billing.CreateRun(create)
    assert runs.client.billing.CreateRun(create) == first
    assert len(runs.ask("ListRuns").runs) == 1
    run_id = first.run.run_id
    started = runs.ask("StartRun", run_id=run_id, request_id="start")
    runs.watched(run_id)
    again, call = runs.client.billing.StartRun.with_call(
        pb.StartRunRequest(request_id="start", run_id=run_id)
    )
    assert again == started
    assert dict(call.trailing_metadata())["x-billcore-replayed"] == "1"
    for _ in range(2):
        runs.ask("ApproveRun", run_id=run_id, request_id="approve")
        runs.ask("FreezeRun", run_id=run_id, request_id="freeze")
        assert runs.watched(run_id).state == pb.RUN_STATE_FROZEN
    assert [p.pass_no for p in runs.get(run_id).passes] == [0, 0]
    with refused("ALREADY_EXISTS", "REQUEST_CONFLICT"):
        runs.ask("StartRun", run_id=run_id + 1, request_id="start")


def test_what_was_done_is_told(runs):
    """Steps are events; they and what was begun are in the audit log."""
    run = whole(runs)
    for _ in range(50):
        told = runs.client.events.ListEvents(events.ListEventsRequest(limit=1000)).events
        names = [e.kind for e in told if e.kind.startswith("run.")]
        if len(names) == 5:
            break
        time.sleep(0.1)
    assert names == ["run.planned", "run.rated", "run.outsorted", "run.approved", "run.frozen"]
    rows = runs.client.events.ListAudit(events.ListAuditRequest(limit=1000)).rows
    actions = [r.action for r in rows if r.subject == f"run {run.run_id}"]
    assert {"run.rate", "run.freeze"} <= set(actions)


# -- watched


def test_a_watched_run_tells_how_far_it_is(sqlite_url):
    """Growing, every half second, with the run at its end."""
    company = at.settled(sqlite_url, accounts=400)
    with at.served(company) as runs:
        run_id = runs.create(at.order(chunk_accounts=2))
        runs.ask("StartRun", run_id=run_id)
        told = list(runs.ask("WatchRun", run_id=run_id))
    assert len(told) >= 2
    done = [one.progress.chunks_done for one in told]
    assert done == sorted(done)
    assert done[-1] == told[-1].progress.chunks == 200
    assert [one.HasField("run") for one in told] == [False] * (len(told) - 1) + [True]
    assert told[0].driven
    assert told[-1].progress.accounts_per_second > 0
    assert told[-1].state == told[-1].run.state == pb.RUN_STATE_OUTSORTED


def test_only_so_many_runs_are_watched(company):
    with at.served(company, run_streams_max=1) as runs:
        run_id = runs.create()
        store = runs.app.store
        with store.write() as session:  # begun, and handed to nobody
            session.run(
                "INSERT INTO run_pass (provider_id, run_id, phase, pass, until_day, client_id,"
                " actor, reason, recorded_at) VALUES (1, :run, 1, 0, 1, 1, '', '', 1)",
                run=run_id,
            )
        first = runs.ask("WatchRun", run_id=run_id)
        told = next(first)
        assert (told.driven, told.progress.chunks_done, told.HasField("run")) == (False, 0, False)
        with refused("RESOURCE_EXHAUSTED", "STREAMS_EXHAUSTED"):
            list(runs.ask("WatchRun", run_id=run_id))
        runs.app.drain()
        with refused("UNAVAILABLE", "SERVER_DRAINING"):
            list(first)
        runs.app = at.serve(company)  # for the block to drain


# -- driven


def digest_of(company: at.Company, workers: int, **order: object) -> str:
    with at.served(company, run_workers=workers) as runs:
        run = runs.did("StartRun", runs.create(at.order(**order), simulated=True))
        return run.passes[0].digest


def test_workers_make_the_same_bills(url):
    """Two processes, chunks of another size, and the server's own thread: one digest."""
    company = at.settled(url, accounts=60)
    alone = digest_of(company, 0)
    assert digest_of(company, 2, chunk_accounts=7) == alone
    with at.served(company, run_workers=2) as runs:
        run = whole(runs)
        assert [p.digest for p in run.passes] == [alone, alone]
        assert runs.did("ReverseRun", run.run_id, reason="r").state == pb.RUN_STATE_REVERSED
    assert at.broken(url) == []


def until(what, seconds: float = 60) -> None:
    """Waits until something holds."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def done(runs: at.Runs, run_id: int) -> int:
    return runs.get(run_id).passes[-1].chunks_done


def test_a_killed_worker_costs_nothing_but_its_chunk(url):
    company = at.settled(url, accounts=200)
    wanted = digest_of(company, 0, chunk_accounts=200)
    with at.served(company, run_workers=2) as runs:
        run_id = runs.create(at.order(chunk_accounts=2))
        runs.ask("StartRun", run_id=run_id)
        until(lambda: done(runs, run_id) >= 2)
        workers = active_children()
        assert len(workers) == 2
        os.kill(workers[0].pid, signal.SIGKILL)
        assert done(runs, run_id) < 100
        run = runs.watched(run_id)
        assert (run.state, run.passes[0].digest) == (pb.RUN_STATE_OUTSORTED, wanted)
        runs.ask("ApproveRun", run_id=run_id)
        assert runs.did("FreezeRun", run_id).passes[-1].digest == wanted
    assert at.broken(url) == []


@pytest.mark.parametrize(("workers", "by_itself"), [(0, True), (2, False)])
def test_a_drained_run_goes_on_at_the_next_server(sqlite_url, workers, by_itself):
    """When somebody says so, or the setting does; nothing is done twice, nothing is left out."""
    company = at.settled(sqlite_url, accounts=400)
    wanted = digest_of(company, 0, chunk_accounts=400)
    with at.served(company, run_workers=workers) as runs:
        run_id = runs.create(at.order(chunk_accounts=2, straight=True))
        runs.ask("StartRun", run_id=run_id)
        until(lambda: done(runs, run_id) >= 2)
    with at.served(company, run_workers=workers, run_resume=by_itself) as runs:
        found = runs.get(run_id)
        if not by_itself:
            assert (found.under_way, found.driven) == (True, False)
            assert 2 <= found.passes[0].chunks_done < 200
            with refused("FAILED_PRECONDITION", "RUN_BUSY"):
                runs.ask("StartRun", run_id=run_id)
            runs.ask("ResumeRun", run_id=run_id)
        run = runs.watched(run_id)
        assert (run.state, run.passes[0].digest) == (pb.RUN_STATE_FROZEN, wanted)
        assert run.passes[0].bills == 400
    assert at.broken(sqlite_url) == []


def test_two_servers_share_a_run(postgres_url):
    """Each chunk is done by one of them."""
    company = at.settled(postgres_url, accounts=400)
    wanted = digest_of(company, 0, chunk_accounts=400)
    with at.served(company) as one, at.served(company, run_workers=1) as other:
        run_id = one.create(at.order(chunk_accounts=2, straight=True))
        one.ask("StartRun", run_id=run_id)
        other.ask("ResumeRun", run_id=run_id)
        run = other.watched(run_id)
        assert (run.state, run.passes[0].digest) == (pb.RUN_STATE_FROZEN, wanted)
        assert run.passes[0].bills == 400
        until(lambda: not one.get(run_id).driven and not other.get(run_id).driven)
        assert not one.get(run_id).HasField("fault")
        assert not other.get(run_id).HasField("fault")
    assert at.broken(postgres_url) == []


def test_a_fault_is_told_until_the_run_goes_on(runs, monkeypatch):
    run_id = runs.create()

    def failing(*_):
        raise WorkersLost(5)

    with monkeypatch.context() as patch:
        patch.setattr(running, "drive", failing)
        run = runs.did("StartRun", run_id)
    assert (run.under_way, run.driven, run.fault.reason) == (True, False, "WORKERS_LOST")
    with refused("FAILED_PRECONDITION", "RUN_BUSY"):
        runs.ask("StartRun", run_id=run_id)
    assert runs.get(run_id).fault.message.startswith("The workers died 5 times")

    def broken_driver(*_):
        raise ValueError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(running, "drive", broken_driver)
        assert runs.did("ResumeRun", run_id).fault.reason == "INTERNAL"
    run = runs.did("ResumeRun", run_id)
    assert (run.state, run.HasField("fault")) == (pb.RUN_STATE_OUTSORTED, False)


def test_a_cancelled_run_stops(sqlite_url):
    """While it is rated; the others of the provider go on."""
    company = at.settled(sqlite_url, accounts=400)
    with at.served(company) as runs:
        run_id = runs.create(at.order(chunk_accounts=1))
        runs.ask("StartRun", run_id=run_id)
        until(lambda: done(runs, run_id) >= 2)
        runs.ask("CancelRun", run_id=run_id, reason="wrong days")
        run = runs.watched(run_id)
        assert (run.state, run.under_way) == (pb.RUN_STATE_CANCELLED, False)
        assert run.passes[0].chunks_done < 400
        until(lambda: not runs.get(run_id).driven)
        assert not runs.get(run_id).HasField("fault")
        assert runs.did("StartRun", runs.create()).state == pb.RUN_STATE_OUTSORTED


def test_the_figures(runs):
    whole(runs)
    page = f"http://127.0.0.1:{runs.app.metrics_port}/metrics"
    with urllib.request.urlopen(page) as answer:
        lines = answer.read().decode().splitlines()
    found = dict(line.rsplit(" ", 1) for line in lines if line.startswith("billcore_run"))
    assert found['billcore_run_chunks_total{phase="rate"}'] == "5.0"
    assert found['billcore_run_bills_total{phase="freeze"}'] == "40.0"
    assert found['billcore_run_chunk_seconds_count{phase="rate"}'] == "5.0"
    assert found["billcore_runs_under_way"] == "0.0"
    assert found["billcore_runs_waiting"] == "0.0"


def test_a_killed_server_leaves_no_worker(sqlite_url):
    """Workers end with their server, whatever ends it; the run goes on at the next one."""
    company = at.settled(sqlite_url, accounts=400)
    options = {"BILLCORE_KEY": company.keys["all"], "BILLCORE_RUN_WORKERS": "2"}
    served = Served(f"--store={company.url}", **options)
    runs = at.Runs(served.client, company)
    run_id = runs.create(at.order(chunk_accounts=2))
    runs.ask("StartRun", run_id=run_id)
    until(lambda: done(runs, run_id) >= 2)
    workers = _children(served.process.pid)
    assert len(workers) >= 2
    served.process.kill()
    served.process.wait()
    until(lambda: not any(Path(f"/proc/{pid}/stat").exists() for pid in workers))
    served.client.channel.close()
    with at.served(company) as runs:
        runs.ask("ResumeRun", run_id=run_id)
        assert runs.watched(run_id).passes[0].bills == 400


def _children(pid: int) -> list[int]:
    with suppress(FileNotFoundError):
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(child) for task in tasks for child in task.read_text().split()]
    return []
