"""A stub founds one case, whoever hands it in at the same time, on both stores."""

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billcore.core.cases.errors import ClaimTaken
from billcore.core.cases.facts import Ids, Known, Line, Paid
from billcore.core.cases.investigating import judge
from billcore.core.cases.kinds import CaseKind
from billcore.core.cases.states import FOUND, OUTCOMES, CaseState
from billcore.core.store import case_evidence
from billcore.core.store.again import again
from tests.stores import migrated

CASES = 4


@pytest.fixture(params=("sqlite", "postgres"))
def store(request, tmp_path: Path):
    """An empty store of each engine."""
    if request.param == "sqlite":
        found = migrated(f"sqlite:///{tmp_path / 'store.db'}")
    else:
        found = migrated(request.getfixturevalue("postgres_url"))
    yield found
    found.close()


def claims() -> st.SearchStrategy:
    code = st.integers(0, 2)
    return st.tuples(code, code, st.sampled_from(["", "R1", "R2"])).filter(any)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(claims(), min_size=1, max_size=3), min_size=CASES, max_size=CASES))
def test_a_claim_founds_one_case(store, wanted):
    """Of cases that claim at once each claim is one's; who lost knows whose it is."""
    with store.write() as session:
        session.run("DELETE FROM case_claim")
    told: dict[int, list[int]] = {}
    begin = threading.Barrier(CASES)

    def found(case_no: int) -> None:
        def act(session):
            return [
                case_evidence.claim(session, (1, case_no), one, case_no)
                for one in sorted(wanted[case_no])
            ]

        begin.wait()
        told[case_no] = again(store, act, tries=50)

    threads = [threading.Thread(target=found, args=(number,)) for number in range(CASES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as reader:
        sql = "SELECT payer_code, payment_code, trace, case_no FROM case_claim"
        kept = {row[:3]: row[3] for row in reader.rows(sql)}
    assert set(kept) == {one for every in wanted for one in every}
    for case_no, answers in told.items():
        assert answers == [kept[one] for one in sorted(wanted[case_no])]


def test_the_refusal_names_the_other_case():
    assert "case 17" in ClaimTaken(17, "Bill id 1, trace R1").message


PAID = st.builds(
    Paid,
    channel=st.just("bank"),
    reference=st.sampled_from(["R1", "R2"]),
    payment_id=st.integers(1, 5),
    account_id=st.sampled_from([0, 1, 2]),
    number=st.just("N"),
    amount=st.sampled_from([100, 200]),
    left=st.sampled_from([0, 50, 100]),
    day=st.just(739_880),
    paid_at=st.just(1),
    bill_id=st.sampled_from([0, 8, 9]),
    past=st.booleans(),
    recorded_at=st.integers(1, 9),
    reversed=st.booleans(),
    matched=st.sampled_from(["trace", "ids", "amount"]),
)
LINES = st.builds(Line, st.just("bank"), st.just("R9"), st.just(100), st.just(739_880))
IDS = st.builds(
    Ids, st.just(111_811), st.just(10_011), wrong=st.sampled_from(["", "check digit"]),
    foreign=st.booleans(), account_id=st.sampled_from([0, 1, 2]),
)  # fmt: skip
KNOWN = st.builds(
    Known,
    account_id=st.just(1),
    paid=st.lists(PAID, max_size=4).map(tuple),
    lines=st.lists(LINES, max_size=1).map(tuple),
    ids=st.lists(IDS, max_size=2).map(tuple),
    transit_until=st.sampled_from([0, 739_879, 739_880, 739_881]),
    today=st.just(739_880),
)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(CaseKind), KNOWN)
def test_every_investigation_ends_in_one_way(kind, known):
    """Money that is there is found, money that is gone is not; what waits has a date; and what is
    judged depends on what is known alone, in whatever order it was found."""
    found = judge(kind, known)
    assert found.outcome in OUTCOMES | {CaseState.CHECKING}
    assert found.facts
    live = [one for one in known.paid if one.left and not one.reversed]
    assert all(one in live for one in found.payments)
    if found.outcome in FOUND:
        assert found.payments
    elsewhere = [one for one in live if one.account_id != known.account_id]
    if elsewhere:
        assert found.outcome in (CaseState.FOUND_SUSPENSE, CaseState.FOUND_OTHER_SUBSCRIBER)
    if not live:
        assert found.outcome not in FOUND
    assert (found.outcome is CaseState.CHECKING) == bool(found.waits_until)
    if found.outcome is CaseState.SENT_TO_FINANCE:
        assert kind is CaseKind.DEBITED_NOT_RECEIVED
