"""Iranian bill and payment ids: published examples, faults by table, values that can be written."""

import json
from pathlib import Path

import numpy as np
import pytest

from billcore.core.errors import MoneyInvalid
from billcore.core.identifiers import bulk
from billcore.core.identifiers.faults import IdentifierInvalid
from billcore.core.identifiers.iran import (
    BillId,
    PaymentId,
    parse_barcode,
    parse_bill_id,
    parse_pair,
)
from billcore.core.identifiers.iran_faults import (
    Accepted,
    Reason,
    Service,
    barcode_faults,
    bill_faults,
    check_digit,
    pair_faults,
    payment_faults,
)
from billcore.core.identifiers.payable import PayableMode, payable, payables

EXAMPLES = json.loads((Path(__file__).parent / "data" / "identifiers.json").read_text())["iran"]
BILL = "7748317800142"
TO_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
TO_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize("of", EXAMPLES["valid"], ids=lambda of: of["payment_id"])
def test_published_pairs(of):
    """Parsed, each says what is known of it; written from its parts, it is the same."""
    bill = BillId(int(of["file_no"]), of["company"], of["service_type"])
    pair = PaymentId(bill, of["amount_rial"], of["year_digit"], int(of["period"]))
    assert (bill.text, pair.text, pair.barcode) == (
        of["bill_id"],
        of["payment_id"],
        of["barcode26"],
    )
    assert parse_pair(of["given"]["bill_id"], of["given"]["payment_id"]) == pair
    assert parse_bill_id(of["bill_id"].translate(TO_PERSIAN)) == bill
    assert parse_barcode(of["barcode26"].translate(TO_ARABIC)) == pair


@pytest.mark.parametrize("of", EXAMPLES["invalid"], ids=lambda of: of["why"])
def test_published_mistakes(of):
    """Each has one fault, the one that is known of it."""
    if "barcode" in of:
        faults = barcode_faults(of["barcode"])
    else:
        faults = pair_faults(of["bill_id"], of["payment_id"])
    assert [fault.reason for fault in faults] == [of["reason"]]


@pytest.mark.parametrize("of", EXAMPLES["right_but_not_theirs"], ids=lambda of: of["situation"])
def test_check_digits_do_not_prove_whose_it_is(of):
    """Pairs of another subscriber, of a past bill, and paid twice have no fault."""
    assert pair_faults(of["bill_id"], of["payment_id"]) == []


FAULTS = """
    bill_id          payment_id      faults: field.REASON@position
    ""               1770160         bill_id.TOO_SHORT@0
    12345            1770160         bill_id.TOO_SHORT@0
    77483178001420   1770160         bill_id.TOO_LONG@14
    7748-17800142    1770160         bill_id.NOT_DIGITS@5
    7748317800142    17701x0         payment_id.NOT_DIGITS@6
    7748317800142    70160           payment_id.TOO_SHORT@0
    7748317800142    00000001770160  payment_id.TOO_LONG@14
    0000000001419    1770160         bill_id.FILE_NUMBER_ZERO@1 bill_id.BILL_CHECK@13
    7748317800100    1770160         bill_id.SERVICE_ZERO@12
    7748317800177    1770160         bill_id.SERVICE_UNKNOWN@12
    7748317800143    1770160         bill_id.BILL_CHECK@13
    7748317800143    1770170         bill_id.BILL_CHECK@13 payment_id.PAYMENT_CHECK_1@6
    7748317800142    0000000070160   payment_id.AMOUNT_ZERO@1 payment_id.PAYMENT_CHECK_1@12
    7748317800142    1770161         payment_id.PAYMENT_CHECK_2@7
"""


def told(faults):
    return [f"{fault.field}.{fault.reason}@{fault.position}" for fault in faults]


@pytest.mark.parametrize("line", FAULTS.strip().splitlines()[1:])
def test_every_fault_has_its_place(line):
    """The check digits of the table are as typed, so a line may have the fault of one as well."""
    bill, payment, *wanted = line.replace('""', "−").split()
    found = told(pair_faults(bill.replace("−", ""), payment))
    assert set(wanted) <= set(found)
    extra = {word.partition("@")[0].partition(".")[2] for word in set(found) - set(wanted)}
    assert extra <= {Reason.BILL_CHECK, Reason.PAYMENT_CHECK_1, Reason.PAYMENT_CHECK_2}


def test_all_faults_of_a_bill_are_told():
    """One answer names the service, the company and the check digit."""
    other = Accepted(frozenset({Service.WATER}), frozenset({"041", "042"}))
    faults = bill_faults("7748317800143", other)
    assert told(faults) == [
        "bill_id.SERVICE_UNKNOWN@12",
        "bill_id.COMPANY_OTHER@9",
        "bill_id.BILL_CHECK@13",
    ]
    assert "041, 042" in faults[1].message


def test_faults_of_a_barcode_stand_where_they_are():
    """Positions count through the 26 digits."""
    assert told(barcode_faults("77483178001430000001770170")) == [
        "bill_id.BILL_CHECK@13",
        "payment_id.PAYMENT_CHECK_1@25",
    ]
    assert told(barcode_faults("7748317800142000000177016x")) == ["barcode.NOT_DIGITS@26"]


def test_check_2_needs_the_bill_id():
    """A payment id alone is tested by check 1 only."""
    assert payment_faults("1770165") == []
    assert told(payment_faults("1770165", BILL)) == ["payment_id.PAYMENT_CHECK_2@7"]


def test_doubted_services_are_configuration():
    """Type 8 is refused unless it is accepted."""
    tax = BillId(12, "001", 8)
    assert told(bill_faults(tax.text)) == [f"bill_id.SERVICE_UNKNOWN@{len(tax.text) - 1}"]
    assert parse_bill_id(tax.text, Accepted(frozenset({8}))) == tax


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ((0, 7, 1), ["AMOUNT_ZERO"]),
        ((-1000, 7, 1), ["AMOUNT_ZERO"]),
        ((1001, 7, 1), ["AMOUNT_NOT_WHOLE"]),
        ((100_000_000_000, 7, 1), ["AMOUNT_TOO_LARGE"]),
        ((1000, 10, 100), ["OUT_OF_RANGE", "OUT_OF_RANGE"]),
    ],
)
def test_values_that_no_payment_id_can_say(values, reasons):
    """Scalars and columns refuse the same."""
    bill = parse_bill_id(BILL)
    with pytest.raises(IdentifierInvalid) as caught:
        PaymentId(bill, *values)
    assert [fault.reason for fault in caught.value.faults] == reasons
    made = bulk.payment_ids(np.array([int(BILL)]), np.array([values[0]]), *values[1:])
    assert made.ids.tolist() == [0]
    assert [reason for _, reason in bulk.told(int(made.faults[0]))] == reasons


@pytest.mark.parametrize("values", [(0, "001", 1), (10**8, "001", 1), (1, "1", 1), (1, "001", 0)])
def test_values_that_no_bill_id_can_say(values):
    with pytest.raises(IdentifierInvalid):
        BillId(*values)


def test_the_largest_ids():
    """99,999,999,000 rials; the word of faults is 0."""
    pair = PaymentId(BillId(99_999_999, "999", 9), 99_999_999_000, 9, 99)
    assert len(pair.text) == len(pair.bill.text) == 13
    assert bulk.pair_faults(np.array([int(pair.bill.text)]), np.array([int(pair.text)])) == 0


def test_a_refusal_is_data():
    """The error carries every fault; its message names the first."""
    with pytest.raises(IdentifierInvalid, match="BILL_CHECK") as caught:
        parse_pair("7748317800143", "1770160")
    answer = caught.value.as_dict()
    assert answer["fields"]["position"] == "13"
    assert [fault["reason"] for fault in answer["faults"]] == ["BILL_CHECK"]


def test_worked_check_digits():
    """The remainders 0 and 1 give 0."""
    assert [check_digit(body) for body in ("774831780014", "17701", "5", "6")] == [2, 6, 1, 0]


PAYABLE = """
    total   mode     payable  remainder
    362327  floor    362000     327
    362327  nearest  362000     327
    362327  ceil     363000    -673
    362500  nearest  363000    -500
    -500    nearest   -1000     500
    -500    floor     -1000     500
    -500    ceil          0    -500
    0       floor         0       0
    1000    ceil       1000       0
    34422260977 nearest 34422261000 -23
"""


@pytest.mark.parametrize("line", PAYABLE.strip().splitlines()[1:])
def test_payable(line):
    """Bills of Iran: what is asked for is in whole thousands, the rest is carried."""
    total, mode, amount, rest = line.split()
    assert payable(int(total), 1000, PayableMode(mode)) == (int(amount), int(rest))


def test_a_chain_of_remainders():
    """Three bills rounded down, each with the remainder of the one before."""
    carried, asked = 0, []
    for total in (362_327, 495_585, 925_331):
        amount, carried = payable(total + carried, 1000, PayableMode.FLOOR)
        asked.append((amount, carried))
    assert asked == [(362_000, 327), (495_000, 912), (926_000, 243)]


@pytest.mark.parametrize("unit", [0, -1000])
def test_a_unit_is_positive(unit):
    with pytest.raises(MoneyInvalid):
        payable(1, unit, PayableMode.FLOOR)
    with pytest.raises(MoneyInvalid):
        payables(np.array([1]), unit, PayableMode.FLOOR)


def test_payables_do_not_wrap():
    """The largest int64 has no multiple of 1000 above it."""
    with pytest.raises(MoneyInvalid, match="9223372036854775807"):
        payables(np.array([0, 2**63 - 1]), 1000, PayableMode.CEIL)
    with pytest.raises(MoneyInvalid):
        payable(2**63 - 1, 1000, PayableMode.CEIL)
