"""Direct debit without a store: states, reasons, retries, terms, masks."""

import json
from datetime import date
from pathlib import Path

import pytest

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.collections.direct_debit import states
from billcore.core.collections.direct_debit.bank_details import masked
from billcore.core.collections.direct_debit.months import months_after
from billcore.core.collections.direct_debit.reasons import REASONS, Action, Kind, reason_of
from billcore.core.collections.direct_debit.retries import Failed, final_action, retry_day
from billcore.core.collections.direct_debit.states import (
    BATCH_FROM,
    DEBIT_FROM,
    MANDATE_FROM,
    BatchState,
    DebitState,
    MandateState,
    Scheme,
)
from billcore.core.collections.direct_debit.terms import DebitTerms, parse_terms
from billcore.v1 import direct_debit_service_pb2 as pb

PAGE = Path(__file__).parents[2] / "docs" / "direct-debit.md"

MONDAY = date(2026, 10, 5).toordinal()
AM04 = REASONS["AM04"]


# -- states


@pytest.mark.parametrize(
    ("table", "kind"),
    [(MANDATE_FROM, MandateState), (DEBIT_FROM, DebitState), (BATCH_FROM, BatchState)],
)
def test_every_state_has_its_row_and_can_be_reached(table, kind):
    """From the first state, by steps of the table."""
    assert list(table) == list(kind)
    starts = [state for state, before in table.items() if not before]
    assert starts == [next(iter(kind))]
    reached = set(starts)
    while more := {
        state for state, before in table.items() if state not in reached and reached & set(before)
    }:
        reached |= more
    assert reached == set(kind)


def test_a_debit_s_money_moves_in_one_direction():
    """Nothing leads back to a state before, and what was taken back stays so."""
    for state, before in DEBIT_FROM.items():
        if state is not DebitState.WITHDRAWN:
            assert all(one < state for one in before if one is not DebitState.FINAL)
    ends = set(DebitState) - {one for before in DEBIT_FROM.values() for one in before}
    assert ends == {DebitState.REJECTED, *states.TAKEN_BACK, DebitState.WITHDRAWN}


def test_groups_of_states_do_not_overlap():
    groups = (states.WAITING, states.UNDER_WAY, states.PAID, states.TAKEN_BACK)
    listed = [state for group in groups for state in group]
    assert len(listed) == len(set(listed))
    assert set(DebitState) - set(listed) == {DebitState.REJECTED, DebitState.WITHDRAWN}


@pytest.mark.parametrize(
    ("kind", "wire"),
    [
        (Scheme, pb.DebitScheme),
        (states.Sequence, pb.DebitSequence),
        (MandateState, pb.MandateState),
        (DebitState, pb.DebitState),
        (BatchState, pb.DebitBatchState),
    ],
)
def test_numbers_on_the_wire_are_core_s(kind, wire):
    prefix = wire.Name(0).removesuffix("UNSPECIFIED")
    told = {value.name.removeprefix(prefix): value.number for value in wire.DESCRIPTOR.values}
    assert told.pop("UNSPECIFIED") == 0
    assert told == {one.name: one.value for one in kind}


# -- reasons

ACTIONS = {
    Action.RETRY: "AM04 MS03 ARUDD-0",
    Action.CANCEL: "MD01 ARUDD-1 ARUDD-6 DDICA-3 DDICA-4 DDICA-5 DDICA-6",
    Action.STOP_AUTOPAY: "MD06",
    Action.STOP_ALL: "MD07 ARUDD-2",
    Action.CHECK: "AM05 RR03 FF01 TM01 DDICA-7",
}


def test_what_follows_from_each_code():
    """All others suspend the mandate."""
    listed = {code: action for action, codes in ACTIONS.items() for code in codes.split()}
    assert {code: one.action for code, one in REASONS.items()} == {
        code: listed.get(code, Action.SUSPEND) for code in REASONS
    }
    assert {c: one.retries for c, one in REASONS.items() if one.retries} == {
        "AM04": 2,
        "MS03": 1,
        "ARUDD-0": 2,
    }


def test_a_code_that_nobody_knows_suspends():
    assert reason_of("ZZ99").action is Action.SUSPEND
    assert reason_of("MD06").kinds == (Kind.REFUND,)


def test_the_page_has_every_code():
    text = PAGE.read_text(encoding="utf-8")
    for one in REASONS.values():
        assert f"| `{one.code}` | {one.meaning} | {one.action.value} |" in text


# -- retries


def failed(**more) -> Failed:
    values = {"attempt": 1, "day": MONDAY, "today": MONDAY, "next_due": 0} | more
    return Failed(**values)


RETRIES = [
    # terms, code, failed, days behind the collection; None: no retry
    ({}, "AM04", {}, 8),  # Saturday, Sunday, Monday again: Tuesday of the week after
    ({}, "AM04", {"attempt": 2}, 8),
    ({}, "AM04", {"attempt": 3}, None),
    ({}, "MS03", {}, 8),
    ({}, "MS03", {"attempt": 2}, None),
    ({}, "ARUDD-0", {}, 8),
    ({}, "MS02", {}, None),
    ({}, "MD06", {}, None),
    ({}, "AM04", {"next_due": MONDAY + 8}, None),
    ({}, "AM04", {"next_due": MONDAY + 9}, 8),
    ({}, "AM04", {"today": MONDAY + 9}, 10),  # it was told late
    ({}, "AM04", {"day": MONDAY + 1, "today": MONDAY + 1}, 7),  # a Tuesday: on Monday
    ({}, "AM04", {"taken": [MONDAY + 8, MONDAY + 9]}, 10),
    ({"retries": {"pay_days": [1, 15]}}, "AM04", {}, 10),
    ({"retries": {"pay_days": [31]}}, "AM04", {"today": MONDAY + 40}, None),
    ({"retries": {"days_apart": 10}}, "AM04", {}, 10),
    ({"retries": {"most": 0}}, "AM04", {}, None),
    ({"retries": {"most": 1}}, "AM04", {"attempt": 2}, None),
    ({"retry_notice_days": 11}, "AM04", {}, 11),
    ({"reasons": {"AM04": "suspend"}}, "AM04", {}, None),
]


@pytest.mark.parametrize(("given", "code", "told", "behind"), RETRIES)
def test_when_a_debit_is_tried_again(given, code, told, behind):
    terms = parse_terms(json.dumps(given))
    of = failed(**told)
    day = retry_day(terms, terms.reason(code), of)
    assert day == (MONDAY + behind if behind else 0)
    if day:
        weekday = date.fromordinal(day).isoweekday()
        assert weekday < 6
        assert day >= of.day + terms.retries.days_apart


def test_what_follows_behind_the_last_try():
    assert final_action(AM04, retried=True) is Action.RETRY
    assert final_action(AM04, retried=False) is Action.CHECK
    assert final_action(REASONS["MS03"], retried=False) is Action.SUSPEND
    assert final_action(REASONS["MD01"], retried=False) is Action.CANCEL


# -- terms


def test_terms_are_read_back_as_they_were_written():
    assert parse_terms("") == DebitTerms()
    given = {
        "creditor": {
            "id": "DE98ZZZ09999999999",
            "name": "W",
            "iban": "DE02 1203 0000 0000 2020 51",
        },
        "retries": {"pay_days": [15, 1, 15]},
        "reasons": {"MS02": "cancel"},
        "refund_days": {"b2b": 3},
    }
    made = parse_terms(json.dumps(given))
    assert made.creditor.iban == "DE02120300000000202051"
    assert made.retries.pay_days == (1, 15)
    assert made.reason("MS02").action is Action.CANCEL
    assert parse_terms(made.json) == made


def test_how_long_money_is_contingent():
    terms = DebitTerms()
    found = {scheme: terms.contingent_days(scheme) for scheme in Scheme}
    assert found == {Scheme.CORE: 56, Scheme.B2B: 7, Scheme.DOMESTIC: 7}


@pytest.mark.parametrize(
    ("place", "given"),
    [
        ("", {"unknown": 1}),
        (".creditor.id", {"creditor": {"id": "XX"}}),
        (".creditor.iban", {"creditor": {"iban": "DE00"}}),
        (".creditor.bic", {"creditor": {"bic": "NOBIC"}}),
        (".version", {"version": "pain.001.001.03"}),
        (".notice_days", {"notice_days": 61}),
        (".notice_days", {"notice_days": "14"}),
        (".refund_days.core", {"refund_days": {"core": -1}}),
        (".retries.pay_days", {"retries": {"pay_days": [0]}}),
        (".retries.pay_days", {"retries": {"pay_days": 1}}),
        (".reasons.AM99", {"reasons": {"AM99": "retry"}}),
        (".reasons.AM04", {"reasons": {"AM04": "pray"}}),
        (".text", {"text": "{name}"}),
        (".text", {"text": "x" * 101}),
    ],
)
def test_wrong_terms_are_refused_with_their_place(place, given):
    with pytest.raises(PolicyInvalid) as refused:
        parse_terms(json.dumps(given))
    assert refused.value.fields["field"].startswith(f"terms{place}")


def test_terms_without_a_float():
    with pytest.raises(PolicyInvalid):
        parse_terms('{"notice_days": 1.5}')


# -- small things


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        ("DE89370400440532013000", "DE…3000"),
        ("6222000012345678", "…5678"),
        ("12345678", "…"),
        ("", ""),
    ],
)
def test_a_mask_shows_the_end(account, shown):
    assert masked(account) == shown


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-11-22", -36, "2023-11-22"),
        ("2026-12-05", 13, "2028-01-05"),
    ],
)
def test_months_are_those_of_the_calendar(day, months, found):
    start = date.fromisoformat(day).toordinal()
    assert date.fromordinal(months_after(start, months)).isoformat() == found
