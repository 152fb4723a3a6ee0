"""Identifiers: kernels agree with plain Python, what is written is read back, nothing crashes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.identifiers import bulk, emvco, gost, tlv, vietqr
from billcore.core.identifiers.emvco import Additional, Language, Payload, Point
from billcore.core.identifiers.gost import Encoding, Receipt
from billcore.core.identifiers.iran import BillId, PaymentId, parse_barcode, parse_pair
from billcore.core.identifiers.iran_faults import Accepted, bill_faults, pair_faults
from billcore.core.identifiers.payable import PayableMode, payable, payables
from billcore.core.identifiers.recognise import Kind, recognise

SERVICES = st.sampled_from([1, 2, 3, 4, 5, 6, 9])
COMPANIES = st.integers(0, 999).map(lambda n: f"{n:03}")
BILLS = st.builds(BillId, st.integers(1, 99_999_999), COMPANIES, SERVICES)
PAIRS = st.builds(
    PaymentId,
    BILLS,
    st.integers(1, 99_999_999).map(lambda n: n * 1000),
    st.integers(0, 9),
    st.integers(0, 99),
)
ACCEPTED = st.builds(
    Accepted,
    st.frozensets(st.integers(1, 9), min_size=1),
    st.frozensets(COMPANIES, max_size=3) | st.just(frozenset({"001", "114"})),
)


@given(PAIRS)
def test_pairs_are_read_back(pair):
    """Padded or not, the parts come back, and kernels make the same numbers."""
    assert parse_pair(pair.bill.text.zfill(13), pair.text.zfill(13)) == pair
    assert parse_barcode(pair.barcode) == pair
    bills = bulk.bill_ids(np.array([pair.bill.file_no]), pair.bill.company, pair.bill.service)
    made = bulk.payment_ids(bills.ids, np.array([pair.amount]), pair.year_digit, pair.period)
    assert (int(bills.ids[0]), int(made.ids[0])) == (int(pair.bill.text), int(pair.text))
    assert not bills.faults.any()
    assert not made.faults.any()
    assert bulk.amounts(made.ids).tolist() == [pair.amount]


def near(pair):
    """Ids as numbers: right, of one another, altered by a step, and any at all."""
    bill, payment = int(pair.bill.text), int(pair.text)
    any_id = st.integers(0, 10**13 - 1)
    return st.tuples(
        st.sampled_from([bill, bill + 1, bill // 10]) | any_id | st.integers(0, 10**6),
        st.sampled_from([payment, payment + 1, payment + 10, payment // 10])
        | any_id
        | st.integers(0, 10**6),
    )


@given(st.lists(PAIRS.flatmap(near), min_size=1, max_size=20), ACCEPTED)
def test_kernels_find_what_plain_python_finds(rows, accepted):
    """Every word of faults is the list of faults of the texts, in order."""
    bill, payment = (np.array([row[at] for row in rows], dtype=np.int64) for at in (0, 1))
    words = bulk.pair_faults(bill, payment, accepted)
    for (b, p), word in zip(rows, words.tolist(), strict=True):
        plain = pair_faults(f"{b:013}", f"{p:013}", accepted)
        assert bulk.told(word) == tuple((fault.field, fault.reason) for fault in plain)
    for (b, _), word in zip(rows, bulk.bill_faults(bill, accepted).tolist(), strict=True):
        plain = bill_faults(f"{b:013}", accepted)
        assert bulk.told(word) == tuple((fault.field, fault.reason) for fault in plain)


@given(st.integers(-(2**63), -1) | st.integers(10**13, 2**63 - 1))
def test_numbers_that_are_no_ids(number):
    """Below zero and above 13 digits there is no id, to be checked or to be made."""
    reason = "NOT_DIGITS" if number < 0 else "TOO_LONG"
    column, right = np.array([number]), np.array([7748317800142])
    assert bulk.told(int(bulk.pair_faults(column, np.array([1770160]))[0])) == (
        ("bill_id", reason),
    )
    assert bulk.told(int(bulk.pair_faults(right, column)[0])) == (("payment_id", reason),)
    assert bulk.told(int(bulk.bill_ids(column, "001", 1).faults[0])) == (("bill_id", reason),)
    assert bulk.payment_ids(column, np.array([1000]), 1, 1).ids.tolist() == [0]


@given(
    st.lists(st.integers(-(10**15), 10**15) | st.integers(-3000, 3000), max_size=20),
    st.sampled_from([1, 7, 10, 500, 1000]),
    st.sampled_from(PayableMode),
)
def test_payables_agree(totals, unit, mode):
    """The column is the scalar row by row; nothing is lost."""
    found = payables(np.array(totals, dtype=np.int64), unit, mode)
    rows = zip(found.payable.tolist(), found.remainder.tolist(), strict=True)
    for total, (amount, rest) in zip(totals, rows, strict=True):
        assert (amount, rest) == payable(total, unit, mode)
        assert amount + rest == total
        assert amount % unit == 0
        assert abs(rest) < unit


def ascii_text(most, least=0):
    return st.text(
        st.characters(min_codepoint=32, max_codepoint=126), min_size=least, max_size=most
    )


LANGUAGES = st.builds(
    Language,
    st.sampled_from(["ZH", "FA", "VI", "RU"]),
    st.text("最佳运输آبНеваĐiện ", min_size=1, max_size=25),
    st.text("北京تهران", max_size=15),
)
ADDITIONAL = st.builds(
    Additional,
    bill_number=ascii_text(25),
    reference_label=ascii_text(25),
    purpose=ascii_text(25),
    data_request=ascii_text(3),
)
PAYLOADS = st.builds(
    Payload,
    accounts=st.just((("02", "4000123456789012"), ("26", "0004here0102me"))),
    currency=st.sampled_from(["VND", "RUB", "IRR", "CNY", "KWD"]),
    country=st.sampled_from(["VN", "RU", "IR"]),
    point=st.sampled_from([None, *Point]),
    amount=st.none() | st.integers(1, 10**9),
    category=st.just("4900"),
    name=ascii_text(25, 1),
    city=ascii_text(15, 1),
    postal_code=ascii_text(10),
    additional=ADDITIONAL,
    language=st.none() | LANGUAGES,
    others=st.sampled_from([(), (("55", "01"), ("80", "0003abc"))]),
)


@given(PAYLOADS)
def test_payment_codes_are_read_back(payload):
    """Whatever fits into its objects is written, and says the same again."""
    text = emvco.write(payload)
    assert emvco.read(text) == payload
    assert recognise(text)[0].parts == payload


@given(PAYLOADS, st.data())
def test_an_altered_payment_code_is_refused(payload, data):
    """One other character anywhere is found."""
    text = emvco.write(payload)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("0123456789ABxyz").filter(lambda c: c != text[at]))
    faults = emvco.faults(text[:at] + other + text[at + 1 :])
    assert faults
    assert all(0 <= fault.position <= len(text) + 1 for fault in faults)


TAGS = st.integers(0, 99).map("{:02}".format)
OBJECTS = st.dictionaries(TAGS, st.text(min_size=1, max_size=99))


@given(OBJECTS)
def test_objects_are_read_back(objects):
    """Tag, length and value of any text."""
    items, faults = tlv.read(tlv.written(objects.items()))
    assert [(item.tag, item.value) for item in items] == list(objects.items())
    assert faults == []


VIETQR = st.builds(
    vietqr.VietQr,
    st.sampled_from([vietqr.Service.ACCOUNT, vietqr.Service.CARD]),
    st.integers(0, 999_999).map("{:06}".format),
    st.text("0123456789AB", min_size=1, max_size=19),
    st.booleans(),
    st.none() | st.integers(1, 10**12),
    additional=st.builds(Additional, bill_number=ascii_text(25), purpose=ascii_text(25)),
)


@given(VIETQR)
def test_vietqr_is_read_back(code):
    assert vietqr.read(vietqr.write(code)) == code


SIGNS = 'абвгдежзийклмнопрстуфхцчшщъыьэюя АЯ"-|~^.,0123456789='
"""In all three encodings; 45 of them in two fields leave the block below 300 bytes."""
CYRILLIC = st.text(SIGNS, min_size=1, max_size=45)
RECEIPTS = st.builds(
    Receipt,
    CYRILLIC,
    st.just("40702810138250123017"),
    CYRILLIC,
    st.just("044525225"),
    st.sampled_from(["30101810400000000225", "0"]),
    st.none() | st.integers(0, 10**18 - 1),
    st.none() | st.integers(0, 10**18 - 1),
    st.dictionaries(st.sampled_from(["Purpose", "PersAcc", "LastName", "PaymPeriod"]), CYRILLIC),
)


@given(RECEIPTS, st.sampled_from(Encoding))
def test_receipts_are_read_back(receipt, encoding):
    """In every encoding, whatever separators stand in the values; strict reading agrees."""
    data = gost.write(receipt, encoding)
    assert gost.read(data) == gost.read(data, strict=True) == receipt
    assert gost.read(data.decode(encoding.codec)) == receipt
    assert recognise(data)[0].kind is Kind.GOST


@pytest.mark.parametrize("head", ["", "ST00012|", "ST00012#Name=", "000201", "0002010102", "+"])
@given(text=st.text(max_size=80) | st.text("0123456789|=#. -", max_size=80))
def test_no_text_is_too_odd(head, text):
    """Reading answers with parts or with faults; clean readings come first, in order."""
    for given_text in (head + text, (head + text).encode("utf-8", "replace")):
        readings = recognise(given_text)
        assert all((reading.parts is None) == bool(reading.faults) for reading in readings)
        order = [(bool(reading.faults), reading.kind) for reading in readings]
        assert order == sorted(order)
