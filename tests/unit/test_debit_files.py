"""Files of direct debit: pain.008 as it is written, pain.002 as it is read, domestic pairs."""

from datetime import date
from pathlib import Path

import pytest
from sepaxml.validation import try_valid_xml

from billcore.core.collections.direct_debit import domestic, pain008
from billcore.core.collections.direct_debit.errors import DebitFieldInvalid, DebitFormatInvalid
from billcore.core.collections.direct_debit.formats import PAIRS, read_pair
from billcore.core.collections.direct_debit.pain002 import read_pain002
from billcore.core.collections.direct_debit.pain008 import Transaction, block_of
from billcore.core.collections.direct_debit.states import Scheme, Sequence, Told
from billcore.core.collections.direct_debit.terms import VERSIONS, Creditor
from billcore.core.reconciliation.files.errors import FileBroken
from tests.debit_world import pain002

GOLDEN = Path(__file__).parent / "data" / "pain008_core.xml"

DAY = date(2026, 10, 5).toordinal()

CREDITOR = Creditor("DE98ZZZ09999999999", "Wasserwerk Süd", "DE02120300000000202051", "BYLADEM1001")


def transaction(number: int, sequence=Sequence.RCUR, **more) -> Transaction:
    values = {
        "end_to_end_id": f"BC1-D{number}",
        "amount": 1_000 + number,
        "sequence": sequence,
        "umr": f"BC1-M{number}",
        "signed_day": DAY - 100,
        "name": "Jürgen Weiß",
        "iban": "DE89370400440532013000",
        "bic": "",
        "text": "Account N1",
    }
    return Transaction(**values | more)


THREE = [
    transaction(1, Sequence.FRST),
    transaction(2, bic="COBADEFFXXX", amount=5),
    transaction(3, Sequence.FRST, amount=12_345_678),
]


def header(version="pain.008.001.08", scheme=Scheme.CORE):
    made_at = 1_790_000_000_000_000
    return pain008.Header("BC1-B7", version, CREDITOR, scheme, DAY, made_at)


def test_a_file_is_the_golden_one():
    """Two blocks; sums to the cent; the same bytes every time."""
    made = pain008.write(header(), THREE)
    assert made == GOLDEN.read_bytes().rstrip(b"\n")
    assert made == pain008.write(header(), THREE)


@pytest.mark.parametrize("scheme", [Scheme.CORE, Scheme.B2B])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_and_scheme_fits_its_schema(version, scheme):
    sequences = [transaction(n, sequence) for n, sequence in enumerate(Sequence)]
    made = pain008.write(header(version, scheme), sequences)
    try_valid_xml(made, version)
    assert f"<LclInstrm><Cd>{scheme.name}</Cd></LclInstrm>".encode() in made


def test_amounts_have_two_decimals_however_small():
    made = pain008.write(header(), THREE)
    assert b'<InstdAmt Ccy="EUR">0.05</InstdAmt>' in made
    assert b"<NbOfTxs>3</NbOfTxs><CtrlSum>123466.84</CtrlSum>" in made


def test_what_the_schema_refuses_is_never_sealed():
    with pytest.raises(Exception, match="validation errors"):
        pain008.write(header(), [transaction(1, umr="x" * 36)])


def test_blocks_are_found_again_by_their_id():
    assert block_of(pain008.block_id("BC1-B7", Sequence.RCUR)) == ("BC1-B7", Sequence.RCUR)
    for other in ("", "RCUR", "-RCUR", "BC1-B7-WHAT"):
        assert block_of(other) is None


# -- pain.002


def outcomes(content: str):
    found = read_pain002(content.encode(), "status.xml", "EUR")
    return found.message_id, [
        (one.end_to_end_id, one.told, one.code, one.block) for one in found.outcomes
    ]


def test_a_report_of_single_debits():
    told = pain002(
        "BC1-B1", ("A", "RJCT", "AC01"), ("B", "ACSC", ""), ("C", "RJCT", ""), ("D", "PDNG", "")
    )
    assert outcomes(told) == (
        "BC1-B1",
        [
            ("A", Told.REJECTED, "AC01", ""),
            ("B", Told.ACCEPTED, "", ""),
            ("C", Told.REJECTED, "MS03", ""),
        ],
    )


@pytest.mark.parametrize("version", ["03", "10", "14"])
def test_a_status_of_the_whole_file(version):
    accepted = pain002("BC1-B1", group="ACCP", version=version)
    assert outcomes(accepted)[1] == [("", Told.ACCEPTED, "", "")]
    rejected = pain002("BC1-B1", group="RJCT", version=version)
    assert outcomes(rejected)[1] == [("", Told.REJECTED, "MS03", "")]


def test_statuses_of_blocks_stand_over_that_of_the_file():
    blocks = [("BC1-B1-FRST", "RJCT", "FF01"), ("BC1-B1-RCUR", "", "")]
    assert outcomes(pain002("BC1-B1", group="PART", blocks=blocks))[1] == [
        ("", Told.REJECTED, "FF01", "BC1-B1-FRST"),
        ("", Told.ACCEPTED, "", "BC1-B1-RCUR"),
    ]
    assert outcomes(pain002("BC1-B1", group="PDNG"))[1] == []


AMOUNT = '<OrgnlTxRef><Amt><InstdAmt Ccy="{}">{}</InstdAmt></Amt></OrgnlTxRef>'


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("GrpSts", pain002("BC1-B1", group="OK")),
        ("TxInfAndSts", pain002("BC1-B1", ("A", "PART", ""))),
        ("InstdAmt", pain002("BC1-B1", ("A", "RJCT", ""), more=AMOUNT.format("USD", "1.00"))),
        ("InstdAmt", pain002("BC1-B1", ("A", "RJCT", ""), more=AMOUNT.format("EUR", "1.005"))),
        ("InstdAmt", pain002("BC1-B1", ("A", "RJCT", ""), more=AMOUNT.format("EUR", "-1.00"))),
        ("Document", pain002("BC1-B1").replace("pain.002.001.10", "pain.002.001.02")),
        ("Document", pain002("BC1-B1").replace("CstmrPmtStsRpt", "CstmrDrctDbtInitn")),
        ("OrgnlGrpInfAndSts", pain002("B").replace("<OrgnlMsgId>B</OrgnlMsgId>", "")),
        ("DOCTYPE", '<!DOCTYPE a [<!ENTITY b "c">]>' + pain002("B").partition("?>")[2]),
    ],
)
def test_a_wrong_report_is_refused_with_its_line(field, content):
    with pytest.raises(FileBroken) as refused:
        read_pain002(content.encode(), "status.xml", "EUR")
    assert refused.value.field == field
    assert refused.value.line >= 1


# -- domestic pairs

PAIR = """
format: own
encoding: utf-8
amounts: major
request:
  line:
    - {is: end_to_end_id, width: 10}
    - {is: bank_account, width: 12}
    - {is: amount, width: 9, align: right}
    - {is: day, width: 8}
result:
  line:
    - {is: end_to_end_id, width: 10}
    - {is: amount, width: 9, align: right}
    - {is: code, width: 2}
codes: {"00": collected, "01": AM04}
"""


def request(**more):
    values = {"end_to_end_id": "BC1-D1", "amount": 123_456, "name": "张伟", "umr": "M1"}
    values |= {"bank_account": "62220001", "account": "N1"}
    return domestic.Request(**values | more)


HEAD = domestic.Header("BC1-B1", "CN-1", DAY, DAY - 20)


def test_a_pair_of_ones_own():
    made = domestic.write(read_pair(PAIR), HEAD, [request(), request(end_to_end_id="D2", amount=5)])
    assert made.decode() == (
        "BC1-D1    62220001      1234.5620261005\nD2        62220001         0.0520261005\n"
    )
    message, told = domestic.read_results(read_pair(PAIR), b"BC1-D1      1234.5601\n", "answer")
    assert message == ""
    assert [(one.line, one.told, one.amount, one.code) for one in told] == [
        (1, Told.REJECTED, 123_456, "AM04")
    ]


def test_a_long_name_is_cut_at_a_character():
    pair = PAIRS.shipped()["bank-link"]
    made = domestic.write(pair, HEAD, [request(name="王" * 40)])
    line = made.split(b"\r\n")[1]
    assert line[41:101].decode("gb18030") == "王" * 30


@pytest.mark.parametrize(
    ("field", "given"),
    [("bank_account", {"bank_account": "6" * 35}), ("end_to_end_id", {"end_to_end_id": "x" * 21})],
)
def test_what_a_column_cannot_hold_is_refused(field, given):
    with pytest.raises(DebitFieldInvalid) as refused:
        domestic.write(PAIRS.shipped()["bank-link"], HEAD, [request(**given)])
    assert refused.value.fields["field"] == field


def test_shipped_pairs_are_read():
    assert list(PAIRS.shipped()) == ["bank-link"]
    assert set(PAIRS.shipped()["bank-link"].codes.values()) == {
        "collected", "AM04", "AC01", "AC04", "AC06", "MD01", "MS02", "MS03",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("UNKNOWN_KEY", "encoding", "encodings"),
        ("NOT_ALLOWED", "utf-8", "ebcdic"),
        ("NOT_ALLOWED", "is: code", "is: status"),
        ("NOT_ALLOWED", '"01": AM04', '"01": AM99'),
        ("MISSING_COLUMN", "    - {is: code, width: 2}\n", ""),
        ("MISSING_KEY", "is: code, width: 2", "is: code"),
        ("OUT_OF_RANGE", "width: 2}", "width: 0}"),
        ("WIDTH", "is: day, width: 8", "is: day, width: 6"),
        ("PAD", "is: code, width: 2", "is: code, width: 2, pad: zero"),
        ("CONSTANT", "is: code, width: 2", "is: code, width: 2, text: x"),
        ("DUPLICATE_COLUMN", "is: day, width: 8", "is: amount, width: 8"),
        ("CODES", "collected", "AM04"),
        ("MARK", "result:", "  header: [{is: count, width: 4}]\nresult:"),
    ],
)
def test_a_wrong_definition_is_refused_with_its_place(rule, old, new):
    assert old in PAIR
    with pytest.raises(DebitFormatInvalid) as refused:
        read_pair(PAIR.replace(old, new, 1), "own.yaml")
    found = refused.value.findings
    assert rule in [one.rule for one in found]
    assert all(one.line >= 1 and one.file == "own.yaml" for one in found)
