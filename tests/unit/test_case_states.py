"""The table of states, as core has it and as docs/corrections.md shows it; what kinds must have."""

import re
from pathlib import Path

import pytest

from billcore.core.cases.errors import CaseStateUnfit
from billcore.core.cases.facts import Fact, FactKind, facts_of, facts_text, masked
from billcore.core.cases.kinds import NEEDS, CaseKind, EvidenceKind
from billcore.core.cases.plans import Balance, Plan, Step, StepKind, plan_of
from billcore.core.cases.states import ENDED, FOUND, NEXT, OUTCOMES, STOPS, CaseState, may_follow

PAGE = (Path(__file__).parents[2] / "docs" / "corrections.md").read_text(encoding="utf-8")
S = CaseState


def test_the_page_has_the_table():
    """Every state with all that may follow it, and no other."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| ((?:`[A-Z_]+`(?:, )?)+) \|$", PAGE, re.MULTILINE)
    told = {name: set(re.findall(r"`([A-Z_]+)`", after)) for name, after in rows}
    assert told == {one.name: {two.name for two in after} for one, after in NEXT.items()}


def test_the_page_has_what_each_kind_must_have():
    for kind, needs in NEEDS.items():
        (row,) = re.findall(rf"^\| `{kind.name}` \|.*$", PAGE, re.MULTILINE)
        for need in needs:
            assert need.value in row, (kind, need)
    for word in (*FactKind, *(one.name for one in EvidenceKind), *(one.name for one in StepKind)):
        assert f"`{word}`" in " ".join(PAGE.split()), word


def test_every_state_has_its_row_and_is_reached():
    assert set(NEXT) == set(S)
    reached = set.union(*(set(after) for after in NEXT.values()))
    assert reached == set(S) - {S.REGISTERED}


def test_every_case_can_end():
    """From wherever a case is there is a way to an end."""
    for state in S:
        seen, left = set(), {state}
        while left:
            one = left.pop()
            seen.add(one)
            left |= NEXT[one] - seen
        assert seen & ENDED, state


def test_what_ended_goes_on_by_being_reopened_alone():
    for state in ENDED:
        assert NEXT[state] == {S.REOPENED}


def test_money_is_posted_behind_a_proposal_alone():
    """Nothing comes to CORRECTED but what was proposed."""
    assert [one for one in S if may_follow(one, S.CORRECTED)] == [S.CORRECTION_PROPOSED]
    assert {one for one in S if may_follow(one, S.CORRECTION_PROPOSED)} == FOUND | {
        S.SENT_TO_FINANCE
    }


def test_the_clock_runs_to_correction_or_finance():
    assert {S.CORRECTED, S.SENT_TO_FINANCE} <= STOPS
    assert not STOPS & {S.REGISTERED, S.CHECKING, S.CORRECTION_PROPOSED, *FOUND}
    assert {S.SENT_TO_FINANCE, S.NOT_OURS, S.NOT_FOUND} == OUTCOMES - FOUND


def test_every_kind_needs_something():
    assert set(NEEDS) == set(CaseKind)
    assert all(NEEDS.values())


def test_the_refusal_teaches_what_may_follow():
    message = CaseStateUnfit(17, S.NOTIFIED, "corrected").message
    assert (
        message == "Case 17 is NOTIFIED: it cannot be corrected now. From here: CHECKING, CLOSED."
    )


@pytest.mark.parametrize(
    ("number", "shown"),
    [("", ""), ("17", "**"), ("1421", "****"), ("14215", "14*15"), ("A0000007", "A0****07")],
)
def test_numbers_of_others_are_hidden(number, shown):
    assert masked(number) == shown


def test_facts_are_kept_whole():
    facts = (
        Fact(FactKind.PAYMENT, "bank", "R1", 7, 8, "14**21", 500, 739_880, 9, 10, 11, 12, "ids"),
        Fact(FactKind.FOREIGN, text="شرکت آب"),
        Fact(FactKind.NOTHING),
    )
    assert facts_of(facts_text(facts)) == facts


def test_plans_are_kept_whole():
    steps = (
        Step(StepKind.TRANSFER, 1, 500, 2, 7, "bank R1"),
        Step(StepKind.REISSUE, 1, bill_id=9, asked_before=700, asked_after=200),
    )
    plan = Plan(steps, (Balance(1, 700, 200), Balance(2, -500, 0, 0), Balance(3, 0, 5, 5)))
    assert plan_of(plan.text) == plan
    assert plan.amount == 500
    assert [one.account_id for one in plan.consumed] == [3]
