"""Allocation, case by case: the strategies, directions, undoing, what is refused, explanations."""

import numpy as np
import pytest

from billcore.core.accounts.allocation import OLDEST_FIRST, parse_allocation
from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.errors import ColumnInvalid
from billcore.core.ledger.allocation.documents import Direction, Documents, signed
from billcore.core.ledger.allocation.explain import Cause, explain
from billcore.core.ledger.allocation.kernel import _FAULTS, fold
from billcore.ext import allocation
from tests.allocation_model import Row, documents

POLICY = parse_allocation(
    """{"default": "bill", "strategies": [
    {"name": "newest", "kind": "current_first"},
    {"name": "lines", "kind": "pro_rata"},
    {"name": "all", "kind": "pro_rata", "over": "account"},
    {"name": "table", "kind": "priority_table", "services": ["heat", "water"]},
    {"name": "law", "kind": "statutory_ru", "limit_months": 36},
    {"name": "bill", "kind": "exact_document"}]}"""
)
DOCUMENT, SERVICE, PERIOD, REFERENCE = (
    Direction.DOCUMENT, Direction.SERVICE, Direction.PERIOD, Direction.REFERENCE)  # fmt: skip
VALUE_DAY = 738_000


def item(number, *parts, day=VALUE_DAY - 100, period=0, penalty=0):
    """An item of parts (amount, service), or amounts of service 0."""
    every = [[*part, penalty] if isinstance(part, tuple) else [part, 0, penalty] for part in parts]
    amount = sum(part[0] for part in every)
    return Row(1, "debit", amount, day, number, 0, period, parts=every)


def credit(amount, by="oldest_first", direction=Direction.NOWHERE, target=0):
    number = POLICY.number(by)
    return Row(1, "credit", amount, VALUE_DAY, strategy=number, direction=direction, target=target)


def undo(target, amount):
    return Row(1, "undo", amount, target=target)


def folded(*rows):
    return fold(documents(list(rows)), POLICY.strategies)


def paid(*rows):
    """What of each part of each item is paid, part after part."""
    given = documents(list(rows))
    return (given.parts.amount - fold(given, POLICY.strategies).part_open).tolist()


THREE = (70000, 30000, 52345)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        # Published: 1,000.00 over 700.00, 300.00 and 523.45; 1.00 over three equal lines.
        ([item(1, *THREE), credit(100000, "lines")], [45948, 19692, 34360]),
        ([*map(item, range(3), THREE), credit(100000, "all")], [45948, 19692, 34360]),
        ([item(1, *THREE, period=4), credit(100000, "law")], [45948, 19692, 34360]),
        ([item(1, 100, 100, 100), credit(100, "lines")], [34, 33, 33]),
        # An item after the other, or all at once.
        ([item(1, 30, 30), item(2, 30, 30), credit(70, "lines")], [30, 30, 5, 5]),
        ([item(1, 30, 30), item(2, 30, 30), credit(70, "all")], [18, 18, 17, 17]),
        # By due day, whatever came first.
        ([item(1, 50, day=9), item(2, 50, day=8), credit(60)], [10, 50]),
        ([item(1, 50, day=9), item(2, 30, 20, day=8), credit(60, "newest")], [50, 10, 0]),
        # By the table, then what it does not name; of one service the older.
        ([item(1, (10, 3), (10, 1)), item(2, (10, 1), (10, 2)), credit(25, "table")],
         [0, 10, 5, 10]),
        ([item(1, (10, 3), (10, 1)), item(2, (10, 1), (10, 2)), credit(35, "table")],
         [5, 10, 10, 10]),
        # Principal of every period before any penalty, the older period first.
        ([item(1, 10, period=2), item(2, 10, period=1, penalty=1), item(3, 10, 30, period=1),
          credit(44, "law")], [4, 0, 10, 30]),
        # What is due for more than 36 months is not paid, unless it is named.
        ([item(1, 10, day=VALUE_DAY - 1097), item(2, 10, day=VALUE_DAY - 1090), credit(15, "law")],
         [0, 10]),
        ([item(1, 10, day=VALUE_DAY - 1097, period=7), item(2, 10, day=VALUE_DAY - 1090, period=8),
          credit(15, "law", PERIOD, 7)], [10, 5]),
        ([item(1, 10, day=VALUE_DAY - 1097, period=7), item(2, 10, day=VALUE_DAY - 1090, period=8),
          credit(15, "law", REFERENCE, 1)], [10, 5]),
        # The payer's word goes before the strategy; a payment id only where the strategy asks.
        ([item(1, 50), item(2, 50), credit(60, "oldest_first", DOCUMENT, 2)], [10, 50]),
        ([item(1, 50), item(2, 50), credit(60, "oldest_first", REFERENCE, 2)], [50, 10]),
        ([item(1, 50), item(2, 50), credit(60, "bill", REFERENCE, 2)], [10, 50]),
        ([item(1, 50), item(2, 50), credit(60, "bill", REFERENCE, 99)], [50, 10]),
        ([item(1, (9, 1), (9, 2)), item(2, (9, 2)), credit(20, "newest", SERVICE, 2)], [2, 9, 9]),
        # What is left over pays what comes later, whatever its service, by its own strategy.
        ([item(1, (9, 1)), credit(20, "lines", SERVICE, 1), item(2, (9, 2), (9, 3))], [9, 6, 5]),
        ([credit(5), credit(5, "newest"), item(1, 7)], [7]),
        # A credit that is undone opens what it paid; free credit flows in, other payments stay.
        ([item(1, 50), item(2, 50), credit(50), credit(50), undo(2, 50)], [0, 50]),
        ([item(1, 50), item(2, 50), credit(50), credit(70), undo(2, 50)], [20, 50]),
    ],
)  # fmt: skip
def test_who_is_paid(rows, wanted):
    assert paid(*rows) == wanted


def test_an_item_that_is_undone_frees_its_money():
    """The money flows to what is open; what nothing needs is free."""
    found = folded(item(1, 50), item(2, 50), credit(60), undo(0, 50))
    assert found.open.tolist() == [0, 0, 10, 0]


def test_the_limit_counts_calendar_months():
    """Three years after 29 February ends with 28 February; after 31 January with 31 January."""
    for due, last in ((737_484, 738_579), (737_455, 738_551)):  # 2020-02-29, 2020-01-31
        for value, open_parts in ((last, [0]), (last + 1, [10])):
            rows = [item(1, 10, day=due), credit(10, "law")]
            rows[1].day = value
            assert folded(*rows).part_open.tolist() == open_parts


def test_free_credit_and_open_items_of_each_row():
    found = folded(item(1, 50), credit(80), undo(0, 50), item(2, 30, 10))
    assert found.open.tolist() == [0, 40, 0, 0]
    assert found.undone.tolist() == [True, False, False, False]
    rows = [column.tolist() for column in (found.credit, found.item, found.part, found.amount)]
    assert rows == [[1, 1], [3, 3], [0, 1], [30, 10]]
    assert found.steps["undone"].tolist() == [2, -1, -1]


def test_no_documents():
    nothing = np.zeros(0, np.int64)
    found = fold(Documents(nothing, nothing, nothing, nothing))
    assert (len(found.open), len(found.amount)) == (0, 0)


def test_signed_amounts_are_paid_oldest_first():
    account, day = np.array([7, 7, 7, 3]), np.array([1, 2, 3, 1])
    found = fold(signed(account, day, np.array([50, -70, 40, -5])))
    assert found.open.tolist() == [0, 0, 20, 5]


LARGE = 2**62


@pytest.mark.parametrize(
    ("rows", "column", "rule", "row"),
    [
        ([item(1, 5), credit(-1)], "amount", "negative", 1),
        ([item(1, LARGE), item(2, LARGE)], "amount", "overflow", 1),
        ([credit(LARGE), credit(LARGE - 1), credit(1)], "amount", "overflow", 2),
        ([item(1, 6, -1)], "parts.amount", "negative", 0),
        ([Row(1, "debit", 5, parts=[[4, 0, 0]])], "parts.amount", "sum", 0),
        ([Row(1, "debit", 5)], "parts.amount", "sum", 0),
        ([Row(1, "credit", 5, parts=[[5, 0, 0]])], "parts.begin", "range", 0),
        ([Row(1, "credit", 5, strategy=7)], "strategy", "strategy", 0),
        ([Row(1, "credit", 5, strategy=-1)], "strategy", "strategy", 0),
        ([Row(1, "credit", 5, direction=5)], "direction", "direction", 0),
        ([credit(5), undo(1, 5)], "target", "target", 1),
        ([credit(5), undo(-1, 5)], "target", "target", 1),
        ([Row(0, "credit", 5), undo(0, 5)], "target", "target", 1),
        ([credit(5), undo(0, 5), undo(1, 5)], "target", "undo", 2),
        ([credit(5), undo(0, 5), undo(0, 5)], "target", "twice", 2),
        ([credit(5), undo(0, 4)], "amount", "undo", 1),
        ([Row(1, "credit", 1), Row(2, "credit", 1), Row(1, "credit", 1)], "account", "together", 2),
    ],
)
def test_what_is_refused(rows, column, rule, row):
    """Each fault names its column, its rule and its row, counted from 0."""
    with pytest.raises(ColumnInvalid) as refused:
        folded(*rows)
    assert (refused.value.column, refused.value.rule, refused.value.row) == (column, rule, row)


def test_every_fault_of_the_kernel_has_its_words():
    names = "KIND_UNKNOWN AMOUNT_NEGATIVE SUM_OVERFLOW PARTS_OUTSIDE PART_NEGATIVE PARTS_SUM"
    names += " STRATEGY_UNKNOWN DIRECTION_UNKNOWN UNDO_OUTSIDE UNDO_OF_UNDO UNDO_TWICE UNDO_AMOUNT"
    assert set(_FAULTS) == {getattr(allocation, name) for name in names.split()}
    assert sorted(_FAULTS) == list(range(2, 14))


def test_columns_that_do_not_fit_are_refused():
    one = np.ones(1, np.int64)
    for columns, rule in (
        ({"day": np.ones(2, np.int64)}, "shape"),
        ({"day": np.ones(1)}, "type"),
        ({"kind": 3 * one}, "kind"),
    ):
        with pytest.raises(ColumnInvalid) as refused:
            fold(Documents(**{"account": one, "kind": one, "amount": one, "day": one, **columns}))
        assert refused.value.rule == rule


def test_undone_amounts_make_room():
    """Only what stands counts against the limit of 64 bits."""
    found = folded(item(1, LARGE), undo(0, LARGE), item(2, LARGE), credit(2**63 - 1))
    assert found.open.tolist() == [0, 0, 0, LARGE - 1]


def test_a_payment_is_explained():
    """A payment by the id of bill 2, the older bill next; what was left is drawn by a later one."""
    rows = [
        item(1, (50, 1), day=8),
        item(2, (50, 1), (25, 2), day=9),
        credit(130, "bill", REFERENCE, 2),
        item(3, (9, 1), day=10),
        undo(0, 50),
    ]
    why = explain(documents(rows), 2, POLICY.strategies)
    assert (why.strategy.name, why.direction, why.target) == ("bill", REFERENCE, 2)
    assert (why.amount, why.free, why.undone) == (130, 46, False)
    told = [(s.cause, s.reason, s.item_id, s.part, s.open_before, s.amount, s.rest, s.undone_at)
            for s in why.steps]  # fmt: skip
    at_once, nowhere = Cause.AT_ONCE, Direction.NOWHERE
    assert told == [
        (at_once, REFERENCE, 2, 0, 50, 50, 80, None),
        (at_once, REFERENCE, 2, 1, 25, 25, 55, None),
        (at_once, nowhere, 1, 0, 50, 50, 5, 4),
        (Cause.NEW_ITEM, nowhere, 3, 0, 9, 5, 0, None),
        (Cause.UNDONE, nowhere, 3, 0, 4, 4, 46, None),
    ]


def test_a_division_and_a_table_are_explained():
    """What the money was divided over; the place of the service in the table."""
    shared = explain(documents([item(1, *THREE), credit(100000, "lines")]), 1, POLICY.strategies)
    assert [(s.amount, s.divided_over) for s in shared.steps] == [
        (45948, 152345), (19692, 152345), (34360, 152345)]  # fmt: skip
    ranked = explain(
        documents([item(1, (5, 1), (5, 2), (5, 3)), credit(15, "table")]), 1, POLICY.strategies
    )
    assert [(s.service, s.service_name, s.rank) for s in ranked.steps] == [
        (2, "heat", 0), (1, "water", 1), (3, "waste", None)]  # fmt: skip


def test_only_a_credit_is_explained():
    with pytest.raises(ColumnInvalid, match="no credit stands there"):
        explain(documents([item(1, 5)]), 0)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[]", "allocation", "object"),
        ('{"order": 1}', "allocation.order", "Allowed: default, strategies"),
        ('{"strategies": {}}', "allocation.strategies", "list"),
        ('{"default": "law"}', "allocation.default", "Allowed: oldest_first"),
        ('{"strategies": [{"kind": "pro_rata"}]}', "allocation.strategies[0].name", "null"),
        ('{"strategies": [{"name": "A", "kind": "pro_rata"}]}', "allocation.strategies[0].name",
         "no name"),
        ('{"strategies": [{"name": "oldest_first", "kind": "pro_rata"}]}',
         "allocation.strategies[0].name", "before it"),
        ('{"strategies": [{"name": "a", "kind": "fifo"}]}', "allocation.strategies[0].kind",
         "exact_document, oldest_first, current_first, pro_rata, priority_table, statutory_ru"),
        ('{"strategies": [{"name": "a", "kind": "pro_rata", "rest": "b"}]}',
         "allocation.strategies[0].rest", "Allowed: name, kind, over"),
        ('{"strategies": [{"name": "a", "kind": "pro_rata", "over": "bill"}]}',
         "allocation.strategies[0].over", "Allowed: document, account"),
        ('{"strategies": [{"name": "a", "kind": "exact_document", "rest": "a"}]}',
         "allocation.strategies[0].rest", "Allowed: oldest_first"),
        ('{"strategies": [{"name": "a", "kind": "exact_document", "rest": 1}]}',
         "allocation.strategies[0].rest", "Allowed: oldest_first"),
        ('{"strategies": [{"name": "a", "kind": "priority_table"}]}',
         "allocation.strategies[0].services", "list of 1 to 64"),
        ('{"strategies": [{"name": "a", "kind": "priority_table", "services": ["b", "c", "b"]}]}',
         "allocation.strategies[0].services[2]", "stands before"),
        ('{"strategies": [{"name": "a", "kind": "priority_table", "services": [1]}]}',
         "allocation.strategies[0].services[0]", "1 is not a service"),
        ('{"strategies": [{"name": "a", "kind": "priority_table", "services": ["Hot water"]}]}',
         "allocation.strategies[0].services[0]", "small letters, digits and _"),
        ('{"strategies": [{"name": "a", "kind": "statutory_ru", "limit_months": 1201}]}',
         "allocation.strategies[0].limit_months", "0..1200"),
    ],
)  # fmt: skip
def test_a_wrong_policy_is_told_with_its_place(text, place, words):
    with pytest.raises(PolicyInvalid) as refused:
        parse_allocation(text)
    assert refused.value.fields["field"] == place
    assert words in refused.value.message


def test_a_policy_reads_back_and_numbers_stay():
    assert parse_allocation("").strategies == (OLDEST_FIRST,)
    assert parse_allocation(POLICY.text) == POLICY
    assert [POLICY.number(name) for name in ("oldest_first", "newest", "bill")] == [0, 1, 6]
    longer = parse_allocation(POLICY.text.replace(
        '"strategies":[', '"strategies":[{"kind":"current_first","name":"first"},'))  # fmt: skip
    POLICY.check_follows(parse_allocation(""))
    with pytest.raises(PolicyInvalid, match=r"strategies\[0\]"):
        longer.check_follows(POLICY)
    with pytest.raises(PolicyInvalid, match=r"strategies\[0\]"):
        parse_allocation("").check_follows(POLICY)
