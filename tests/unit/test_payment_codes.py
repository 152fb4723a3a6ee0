"""Payment codes by published example: EMVCo, VietQR, ГОСТ Р 56042-2014; and what a text may be."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from billcore.core.identifiers import emvco, gost, tlv, vietqr
from billcore.core.identifiers.currencies import CURRENCY_CODES, CURRENCY_NUMBERS
from billcore.core.identifiers.emvco import Additional, Language, Point
from billcore.core.identifiers.faults import IdentifierInvalid
from billcore.core.identifiers.gost import Encoding, Receipt
from billcore.core.identifiers.iran import parse_pair
from billcore.core.identifiers.recognise import Kind, Phone, Rules, recognise
from billcore.core.money import CURRENCY_DIGITS

EXAMPLES = json.loads((Path(__file__).parent / "data" / "identifiers.json").read_text())
NAPAS = {of["computed"]: of["payload"] for of in EXAMPLES["emvco"] if of["check"] == "OK"}
DYNAMIC = NAPAS["2E2E"]
BEST_TRANSPORT = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN"
    "5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.725303156550201623303041234"
    "0603***0708A60086670902ME91320016A0112233449988770708123456786304A13A"
)
"""The example of the EMV QRCPS itself: objects in any order, a text of characters, not bytes."""


def with_crc(body: str) -> str:
    return f"{body}6304{tlv.crc(body + '6304')}"


def reasons(faults):
    return [(fault.reason, fault.field) for fault in faults]


def test_the_crc_is_ccitt_false():
    """The check value of the catalogue: 123456789 gives 29B1."""
    assert tlv.crc("123456789") == "29B1"


@pytest.mark.parametrize("of", EXAMPLES["emvco"], ids=lambda of: of["note"])
def test_published_codes(of):
    """Right ones are read and written again; of wrong ones the CRC differs as computed."""
    faults = emvco.faults(of["payload"])
    if of["check"] == "OK":
        assert faults == []
        assert emvco.write(emvco.read(of["payload"])) == of["payload"]
        assert vietqr.write(vietqr.read(of["payload"])) == of["payload"]
    else:
        assert reasons(faults) == [(of["check"], "63")]
        assert of["computed"] in faults[0].message


def test_another_library_s_code():
    """subiz/vietqr writes this one for 120,000 dong."""
    text = (
        "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA"
        "530370454061200005802VN62170813ung ho lu lut6304C15C"
    )
    additional = Additional(purpose=vietqr.unaccented("ủng hộ lũ lụt"))
    code = vietqr.VietQr(
        vietqr.Service.ACCOUNT, "970415", "0011001932418", True, 120_000, additional=additional
    )
    assert vietqr.write(code) == text


def test_the_example_of_the_specification():
    """Tag 64 counts characters, the CRC counts bytes; 23.72 yuan are 2372 fen."""
    payload = emvco.read(BEST_TRANSPORT)
    assert (payload.amount, payload.currency, payload.name) == (2372, "CNY", "BEST TRANSPORT")
    assert payload.language == Language("ZH", "最佳运输", "北京")
    assert payload.additional == Additional(
        store_label="1234", customer_label="***", terminal_label="A6008667", data_request="ME"
    )
    assert [tag for tag, _ in payload.others] == ["55", "91"]
    assert emvco.read(emvco.write(payload)) == payload


def test_what_a_vietqr_code_says():
    """Tag 62.01 is the bill number, whatever others read."""
    code = vietqr.read(DYNAMIC)
    assert (code.service, code.bank, code.beneficiary) == ("QRIBFTTA", "970403", "0011012345678")
    assert (code.dynamic, code.amount) == (True, 180_000)
    assert code.additional == Additional(bill_number="NPS6869", purpose="thanh toan don hang")
    assert emvco.read(DYNAMIC).point is Point.DYNAMIC


ACCOUNT = "38570010A00000072701270006970403011300110123456780208QRIBFTTA"
WRONG_CODES = [
    ("000X01", [("LENGTH_INVALID", "00")], 3),
    ("0A0201", [("TAG_INVALID", "payload")], 1),
    ("000201" + "5910abc", [("VALUE_CUT", "59")], 11),
    ("0000", [("LENGTH_INVALID", "00")], 3),
    (with_crc(f"000201{ACCOUNT}5303704"), [("TAG_MISSING", "58")], 0),
    (with_crc(f"{ACCOUNT}00020153037045802VN"), [("TAG_MISPLACED", "00")], 1),
    (with_crc(f"000201{ACCOUNT}53037045802VN5802VN"), [("TAG_REPEATED", "58")], 81),
    (with_crc(f"000202{ACCOUNT}53037045802VN"), [("VALUE_INVALID", "00")], 5),
    (with_crc(f"000201{ACCOUNT}53039985802VN"), [("CURRENCY_UNKNOWN", "53")], 72),
    (with_crc(f"000201{ACCOUNT}530370454031.55802VN"), [("AMOUNT_INVALID", "54")], 79),
    (with_crc(f"000201{ACCOUNT}5303704540105802VN"), [("AMOUNT_INVALID", "54")], 79),
    (with_crc(f"000201{ACCOUNT}530370454031,05802VN"), [("AMOUNT_INVALID", "54")], 79),
    (with_crc(f"000201{ACCOUNT}53037045802VN5902đi"), [("CHARACTER_INVALID", "59")], 85),
    (with_crc(f"000201{ACCOUNT}53037045802VN62050204a"), [("VALUE_CUT", "62.02")], 89),
    (f"000201{ACCOUNT}53037045802VN", [("TAG_MISSING", "63")], 0),
    (f"000201{ACCOUNT}630400005802VN5303704", [("TAG_MISPLACED", "63")], 68),
    (DYNAMIC[:-4] + "2e2e", [("CRC_INVALID", "63")], len(DYNAMIC) - 3),
    (DYNAMIC[:-1], [("VALUE_CUT", "63")], len(DYNAMIC) - 3),
    ("0" * 3000, [("PAYLOAD_TOO_LONG", "payload")], 2954),
]


@pytest.mark.parametrize(("text", "wanted", "position"), WRONG_CODES)
def test_faults_of_payment_codes(text, wanted, position):
    """What is wrong, at which tag, at which character."""
    faults = emvco.faults(text)
    assert reasons(faults) == wanted
    assert faults[0].position == position


def test_only_transfers_may_lack_a_name():
    """A payment to a merchant needs category, name and city."""
    code = vietqr.VietQr(vietqr.Service.PAYMENT, "970403", "SHOP1", False)
    with pytest.raises(IdentifierInvalid) as caught:
        vietqr.write(code)
    assert reasons(caught.value.faults) == [("TAG_MISSING", tag) for tag in ("52", "59", "60")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bank": "97040"}, "38.01.00"),
        ({"beneficiary": "1" * 20}, "38.01.01"),
        ({"amount": 10**13}, "54"),
        ({"amount": -1}, "54"),
        ({"name": "x" * 26}, "59"),
        ({"additional": Additional(purpose="x" * 26)}, "62.08"),
        ({"additional": Additional(*["x" * 25] * 8)}, "62"),
    ],
)
def test_values_that_do_not_fit(change, field):
    """Nothing is cut off to make it fit."""
    right = vietqr.VietQr(vietqr.Service.ACCOUNT, "970403", "1", dynamic=True, amount=1)
    with pytest.raises(IdentifierInvalid) as caught:
        vietqr.write(replace(right, **change))
    assert [fault.field for fault in caught.value.faults] == [field]


def test_every_currency_has_its_number():
    """The table has the currencies of money, each number once."""
    assert set(CURRENCY_NUMBERS) == set(CURRENCY_DIGITS)
    assert len(CURRENCY_CODES) == len(CURRENCY_NUMBERS)
    assert [CURRENCY_NUMBERS[code] for code in ("VND", "RUB", "IRR", "ALL")] == [
        "704",
        "643",
        "364",
        "008",
    ]


# --- ГОСТ Р 56042-2014 --------------------------------------------------------------------

CHECKS = {
    "SUM_NOT_KOPECKS": ("SUM_NOT_KOPECKS", "Sum"),
    "MANDATORY_ORDER_OR_MISSING": ("ORDER_BROKEN", "payload"),
    "HEADER": ("HEADER_INVALID", "header"),
}
HOUSE = Receipt(
    "ООО «Водоканал»",
    "40702810138250123017",
    "ПАО СБЕРБАНК",
    "044525225",
    "30101810400000000225",
    123_456,
    789,
    {"PersAcc": "0012345678", "PaymPeriod": "032026", "TechCode": "02"},
)
BLOCK = (
    "Name=ООО|PersonalAcc=40702810138250123017|BankName=Б|BIC=044525225|"
    "CorrespAcc=30101810400000000225"
)


@pytest.mark.parametrize("of", EXAMPLES["gost"], ids=lambda of: of["note"])
def test_published_receipts(of):
    """Right ones have the fields that are known of them; wrong ones the fault, strictly read."""
    found = gost.examined(of["payload"], strict=True)
    if of["check"] == "OK":
        assert (found.fields, found.faults) == (of["fields"], [])
    else:
        assert CHECKS[of["check"]] in reasons(found.faults)


@pytest.mark.parametrize("encoding", Encoding)
def test_a_receipt_s_bytes(encoding):
    """Header, encoding and separator; every byte in the declared encoding."""
    receipt = Receipt("Вода", HOUSE.personal_acc, "Банк", HOUSE.bic, "0", 5, None, {"Flat": "1|2"})
    data = gost.write(receipt, encoding)
    text = data.decode(encoding.codec)
    assert text == (
        f"ST0001{encoding:d}~Name=Вода~PersonalAcc=40702810138250123017~BankName=Банк"
        "~BIC=044525225~CorrespAcc=0~Sum=5~Flat=1|2"
    )
    assert gost.read(data) == receipt


TOLERATED = [
    (f"ST00012|{BLOCK}|", []),
    (f"ST00012|{BLOCK}|MiddleName=|Sum=5", ["VALUE_EMPTY"]),
    (f"ST00012|{BLOCK}|lastName=Иванов", ["KEY_CASE"]),
    (f"ST00012|{BLOCK}|Colour=red", ["FIELD_UNKNOWN"]),
    (f"ST00012|Sum=5|{BLOCK}", ["ORDER_BROKEN"]),
    ("ST00012#" + BLOCK.replace("|", "#") + "|Sum=5|Flat=3#", ["SEPARATOR_MIXED"]),
]


@pytest.mark.parametrize(("text", "wanted"), TOLERATED)
def test_what_readers_tolerate(text, wanted):
    """Told when tolerated, refused when read strictly; the meaning is kept."""
    found = gost.examined(text)
    assert (found.faults, [fault.reason for fault in found.tolerated]) == ([], wanted)
    assert gost.read(text).sum == (5 if "Sum=5" in text else None)
    assert [fault.reason for fault in gost.examined(text, strict=True).faults] == wanted


@pytest.mark.parametrize(
    ("text", "reason", "wrong"),
    [
        ("ST00022|" + BLOCK, "HEADER_INVALID", "ST"),
        ("ST00019|" + BLOCK, "HEADER_INVALID", "9|"),
        ("ST00012Name=", "HEADER_INVALID", "Name"),
        (f"ST00012|{BLOCK}|Sum=12.50", "SUM_NOT_KOPECKS", "12.50"),
        (f"ST00012|{BLOCK}|Sum=5|Sum=6", "FIELD_REPEATED", "Sum=6"),
        (f"ST00012|{BLOCK}|Sum", "FIELD_INVALID", "Sum"),
        (f"ST00012|{BLOCK}|QuittDate=31.02.2026", "VALUE_INVALID", "31.02.2026"),
        (f"ST00012|{BLOCK.replace('044525225', '44525225')}", "VALUE_INVALID", "44525225"),
        (f"ST00012|{BLOCK.replace('Б', 'Б' * 45 + 'Г')}", "VALUE_TOO_LONG", "Г"),
        (f"ST00012|{BLOCK.replace('ООО', 'О' * 160)}", "BLOCK_TOO_LONG", "Name"),
        (f"ST00012|{BLOCK}|Flat=1\n2", "CHARACTER_INVALID", "\n"),
        (f"ST00011|{BLOCK}|Flat=京", "ENCODING_INVALID", "京"),
    ],
)
def test_faults_of_receipts(text, reason, wrong):
    """One fault, at the first wrong character."""
    (fault,) = gost.examined(text).faults
    assert (fault.reason, fault.position) == (reason, text.index(wrong) + 1)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ("ST00012", ("HEADER_INVALID", 8)),
        (f"ST00012|{BLOCK.replace('BIC=044525225|', '')}", ("FIELD_MISSING", 0)),
        (f"ST00012|{BLOCK}".encode("cp1251"), ("ENCODING_INVALID", 14)),
    ],
)
def test_faults_of_receipts_that_have_no_character(data, wanted):
    """Something is missing, or it is no text."""
    (fault,) = gost.examined(data).faults
    assert (fault.reason, fault.position) == wanted


@pytest.mark.parametrize(
    ("others", "encoding", "reason"),
    [
        ({"purpose": "x"}, Encoding.UTF_8, "FIELD_UNKNOWN"),
        ({"Name": "x"}, Encoding.UTF_8, "FIELD_REPEATED"),
        ({"Flat": ""}, Encoding.UTF_8, "VALUE_EMPTY"),
        ({"Flat": "京"}, Encoding.KOI8_R, "ENCODING_INVALID"),
        ({"Purpose": gost.SEPARATORS}, Encoding.UTF_8, "SEPARATOR_NONE"),
        ({"Purpose": "x" * 211}, Encoding.UTF_8, "VALUE_TOO_LONG"),
        ({"TechCode": "16"}, Encoding.UTF_8, "VALUE_INVALID"),
    ],
)
def test_receipts_that_cannot_be_written(others, encoding, reason):
    receipt = Receipt("ООО", HOUSE.personal_acc, "Б", HOUSE.bic, "0", others=others)
    with pytest.raises(IdentifierInvalid) as caught:
        gost.write(receipt, encoding)
    assert [fault.reason for fault in caught.value.faults] == [reason]


# --- what is it? --------------------------------------------------------------------------

IRAN = Rules(country="98", account=r"[0-9]{4,12}")
PAIR = parse_pair("7748317800142", "1770160")
RECOGNISED = [
    (PAIR.barcode, ["BARCODE"]),
    ("7748317800142 0000001770160", ["BARCODE"]),
    ("7748317800142/1770160", ["BILL_AND_PAYMENT"]),
    ("1770160 7748317800142", ["BILL_AND_PAYMENT", "-BARCODE"]),
    ("شناسه قبض: ۷۷۴۸۳۱۷۸۰۰۱۴۲ شناسه پرداخت: ۱۷۷۰۱۶۰", ["BILL_AND_PAYMENT"]),
    ("7748317800142", ["BILL"]),
    ("7748 3178 00142", ["BILL"]),
    ("\u200f۷۷۴۸۳۱۷۸۰۰۱۴۲\u200e", ["BILL"]),
    ("7748317800143", ["-BILL"]),
    ("+98 912 123 4567", ["PHONE"]),
    ("0098 912 123 4567", ["PHONE"]),
    ("09121234567", ["PHONE", "ACCOUNT", "-BILL"]),
    ("1421", ["ACCOUNT"]),
    ("700118", ["BILL", "ACCOUNT"]),
    ("77483178001420001770160", ["-BARCODE"]),
    (DYNAMIC + "\r\n", ["EMVCO"]),
    (DYNAMIC[:-1] + "F", ["-EMVCO"]),
    (f"ST00012|{BLOCK}", ["GOST"]),
    ("ST00012|Name=x", ["-GOST"]),
    (f"ST00011|{BLOCK}\r\n".encode("cp1251"), ["GOST"]),
    ("", []),
    ("hello", []),
    (b"\xff\xfe", []),
    ("9" * 5000, []),
]


@pytest.mark.parametrize(("text", "wanted"), RECOGNISED)
def test_what_a_text_may_be(text, wanted):
    """All readings in their order; a minus marks those with faults."""
    found = recognise(text, IRAN)
    assert [("-" if of.faults else "") + of.kind.name for of in found] == wanted


def test_the_parts_come_along():
    """The likeliest reading is the first."""
    assert recognise(PAIR.barcode)[0].parts == PAIR
    assert recognise("1770160 7748317800142")[0].parts == PAIR
    assert recognise("0912 123 4567", IRAN)[0].parts == Phone("+989121234567")
    assert recognise("K-1421")[0].parts == "K-1421"
    assert [of.kind for of in recognise("09121234567")] == [Kind.ACCOUNT, Kind.BILL]
