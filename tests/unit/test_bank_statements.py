"""Bank statements in camt and MT940: what is read, what is refused, and bombs."""

from contextlib import suppress
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.reconciliation.files.amounts import AmountForm
from billcore.core.reconciliation.files.camt import read_camt
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.reconciliation.files.lines import LineKind, Statement
from billcore.core.reconciliation.files.statements import read_statements
from tests.bank_files import ENTRIES, MT940, camt053, camt054


def _lines(statement: Statement) -> list[dict[str, object]]:
    columns = {name: column.tolist() for name, column in statement.lines.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(2, 14)])
def test_camt_053(version: str) -> None:
    """Every version: a line for each transaction, for a batch that is not told apart one line."""
    (made,) = read_statements(camt053(version=version).encode(), "s.xml")
    assert (made.format, made.account) == ("camt.053", "DE02120300000000202051")
    assert (made.currency, made.statement, made.sequence_no) == ("EUR", "S-61", 61)
    assert (made.opening, made.closing, made.pending) == (10_000, 63_850, 1)
    assert made.from_day == made.until_day == date(2026, 3, 2).toordinal()
    first, second, returned, batch = _lines(made)
    assert (first["amount"], second["amount"]) == (6_000, 4_000)
    assert (first["fee"], second["fee"]) == (150, 0)
    assert (first["end_to_end"], second["end_to_end"]) == ("E2E-1", "")
    assert (first["mandate"], first["payer"], first["text"]) == ("M-1", "Ada Payer", "Water March")
    assert (first["batch"], first["reference"]) == ("BATCH-7", "BANK-1")
    assert first["value_day"] == date(2026, 3, 3).toordinal()
    assert returned["kind"] == LineKind.CREDIT_REVERSED
    assert (returned["amount"], returned["return_code"]) == (-6_000, "AC04")
    assert returned["end_to_end"] == "E2E-1"
    assert (batch["amount"], batch["count"], batch["batch"]) == (50_000, 31, "KIOSK 0228")
    assert first["line"] < second["line"] < returned["line"] < batch["line"]  # type: ignore[operator]


@pytest.mark.parametrize("version", ["02", "08", "13"])
def test_camt_054(version: str) -> None:
    """A notification has no balances; its currency is that of its entries."""
    (made,) = read_statements(camt054(version=version).encode(), "n.xml")
    assert (made.format, made.account, made.currency) == ("camt.054", "202051", "EUR")
    assert (made.opening, made.closing, len(made)) == (None, None, 4)


def test_two_statements_of_a_file() -> None:
    """Each is one of its own."""
    text = camt054()
    one = text[text.index("<Ntfctn>") : text.index("</Ntfctn>") + 9]
    both = text.replace("</Ntfctn>", f"</Ntfctn>{one.replace('N-1', 'N-2')}", 1)
    made = read_camt(both.encode(), "n.xml")
    assert [one.statement for one in made] == ["N-1", "N-2"]
    assert [len(one) for one in made] == [4, 4]


def test_other_encodings_and_namespaces() -> None:
    """What XML says of itself; parts of another namespace are left out."""
    text = camt053().replace("UTF-8", "ISO-8859-1").replace("Ada", "Ädä")
    (made,) = read_statements(text.encode("latin-1"), "s.xml")
    assert _lines(made)[0]["payer"] == "Ädä Payer"
    (made,) = read_statements(camt053().replace("UTF-8", "UTF-16").encode("utf-16"), "s.xml")
    assert len(made) == 4
    text = camt053().replace(
        "<AcctSvcrRef>", '<x:Ntry xmlns:x="urn:x"><x:Amt/></x:Ntry><AcctSvcrRef>'
    )
    (made,) = read_statements(text.encode(), "s.xml")
    assert len(made) == 4


WRONG = [
    # was                       now                          field          told
    ("638.50", "638.51", "Bal", "63850"),
    ("<NbOfNtries>4", "<NbOfNtries>5", "NbOfNtries", "there are 4"),
    ("<Sum>665.50", "<Sum>665.51", "Sum", "66550"),
    ("<Sum>605.50", "<Sum>605.51", "Sum", "60550"),
    ("<NbOfTxs>2", "<NbOfTxs>3", "NtryDtls", "tells 3 transactions"),
    ('"EUR">40.00', '"EUR">41.00', "NtryDtls", "come to 10100"),
    ('"EUR">98.50', '"EUR">98.505', "Amt", "at most 2 decimals"),
    ('"EUR">98.50', '"EUR">-98.50', "Amt", "not an amount"),
    ('"EUR">98.50', '"USD">98.50', "Amt", "in USD"),
    ("<Ccy>EUR", "<Ccy>EUX", "Ccy", "not an active currency"),
    (">CRDT<", ">CREDIT<", "CdtDbtInd", "CRDT, DBIT"),
    ("<ElctrncSeqNb>61", "<ElctrncSeqNb>6x", "ElctrncSeqNb", "whole number"),
    ("<Dt>2026-03-03", "<Dt>2026-02-30", "Dt", "no day"),
    ("<Cd>CLBD", "<Cd>CLAV", "Stmt", "CLBD"),
    ("<Id>S-61</Id>", "", "Stmt", "Id is missing"),
    ("</Document>", "", "XML", "broken"),
    ("053.001", "052.001", "Document", "not read here"),
    ("053.001.08", "053.001.14", "Document", "not read here"),
    ("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn", "Ntfctn", "there is none"),
    ("UTF-8", "KLINGON-1", "XML", "KLINGON-1"),
]


@pytest.mark.parametrize(("was", "now", "field", "told"), WRONG)
def test_a_broken_statement_is_refused(was: str, now: str, field: str, told: str) -> None:
    """Whole, with the line of the element and what is wrong."""
    times = -1 if was == "BkToCstmrStmt" else 1
    with pytest.raises(FileBroken) as refused:
        read_camt(camt053().replace(was, now, times).encode(), "s.xml")
    error = refused.value
    assert error.field == field, error.message
    assert error.line >= 1
    assert told in error.message


BOMBS = [
    '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd">',
    '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/evil.dtd"> %p;]>',
    "<!DOCTYPE a [" + '<!ATTLIST a b CDATA "x">' * 1_000 + "]>",
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_document_type_is_refused(bomb: str) -> None:
    """Before an entity of it is looked at."""
    begin, rest = camt053().split("\n", 1)
    with pytest.raises(FileBroken, match="document type") as refused:
        read_camt(f"{begin}\n{bomb}\n{rest}".encode(), "s.xml")
    assert refused.value.field == "DOCTYPE"


def test_an_entity_that_is_not_declared_is_refused() -> None:
    """Without a document type there is none."""
    with pytest.raises(FileBroken, match="undefined entity"):
        read_camt(camt053().replace("Ada", "&ada;").encode(), "s.xml")


def test_depth_and_length_are_limited() -> None:
    """A tower of elements, a text without end, attributes without number."""
    for wrong in (
        "<a>" * 50_000,
        f"<a>{'x' * 1_000_000}</a>",
        f"<a {' '.join(f'b{at}=' + chr(34) * 2 for at in range(1_000))}/>",
    ):
        with pytest.raises(FileBroken):
            read_camt(camt053(ENTRIES + wrong).encode(), "s.xml")


def test_mt940() -> None:
    """Both statements; reasons and references of the structured :86:."""
    first, second = read_statements(MT940.encode(), "s.sta")
    assert (first.format, first.account, first.currency) == ("mt940", "DE12345/0001", "EUR")
    assert (first.sequence_no, second.sequence_no) == (7, 8)
    assert (first.opening, first.closing, second.closing) == (10_000, 34_740, 35_240)
    credit, returned = _lines(first)
    assert (credit["kind"], credit["amount"]) == (LineKind.CREDIT, 25_050)
    assert (credit["reference"], credit["target"]) == ("BANK-001", "1421")
    assert (credit["line"], credit["text"]) == (5, "Water, March")
    assert credit["day"] == date(2026, 3, 2).toordinal()
    assert (returned["kind"], returned["amount"]) == (LineKind.CREDIT_REVERSED, -310)
    assert (returned["end_to_end"], returned["mandate"]) == ("E2E-77", "M-9")
    assert (returned["return_code"], returned["payer"]) == ("AC04", "Max Muster")
    (told,) = _lines(second)
    assert (told["end_to_end"], told["line"]) == ("ABC-1", 15)


WRONG_MT940 = [
    ("347,40\n-", "347,41\n-", ":62F:", "34740"),
    (":62F:C260302EUR347,40\n", "", ":62F:", "lacks"),
    (":25:DE12345/0001\n", "", ":25:", "lacks"),
    ("EUR347,40\n-", "USD347,40\n-", ":62F:", "not in EUR"),
    ("C260301EUR", "C260301EUX", ":62F:", "EUX"),
    (":61:2603020302C250,50", ":61:garbage", "MT940", "cannot be read"),
    (":61:2603020302C250,50", ":61:2613020302C250,50", "MT940", "month"),
    (":20:EX-1", ":20 EX-1", ":61:", "could be read"),
    (":60F:C260301EUR100,00", ":60F:C260301EUR100,005", ":60F:", "at most 2 decimals"),
]


@pytest.mark.parametrize(("was", "now", "field", "told"), WRONG_MT940)
def test_a_broken_mt940_is_refused(was: str, now: str, field: str, told: str) -> None:
    """Whole, also what the package lets pass."""
    with pytest.raises(FileBroken) as refused:
        read_statements(MT940.replace(was, now, 1).encode(), "s.sta")
    assert refused.value.field == field, refused.value.message
    assert told in refused.value.message


def test_a_name_of_a_file_is_not_opened() -> None:
    """Content is content, also where it is the name of a file that is there."""
    with pytest.raises(FileBroken):
        read_statements(b"/etc/hosts", "s.sta")


def test_an_unknown_format_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(FileBroken, match="camt, mt940"):
        read_statements(b"x", "s", "ofx")


@given(cut=st.integers(0, len(camt053()) - 2))
def test_a_statement_that_is_cut_off_is_refused(cut: int) -> None:
    """Wherever the line broke."""
    with pytest.raises(FileBroken):
        read_statements(camt053()[:cut].encode(), "s.xml")


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    """No other error gets out."""
    for format_name in ("camt", "mt940"):
        with suppress(FileBroken):
            read_statements(content, "file", format_name)


@given(at=st.integers(0, len(MT940) - 1), sign=st.characters(codec="utf-8"))
def test_a_sign_of_mt940_is_altered(at: int, sign: str) -> None:
    """It is read or refused; read, its balances still agree."""
    with suppress(FileBroken):
        for one in read_statements((MT940[:at] + sign + MT940[at + 1 :]).encode(), "file", "mt940"):
            amounts = one.lines["amount"].tolist()
            assert one.opening is not None
            assert one.opening + sum(amounts) == one.closing


@pytest.mark.parametrize(
    "text",
    "0 7 007 1.5 1.50 1.500 1.505 12. .5 -3 +3 1,5 1e3 ٣ 100000000000000 1000000000000.0 x".split(),
)
@pytest.mark.parametrize("decimals", [0, 2, 3])
def test_one_amount_is_read_as_many_are(text, decimals):
    form = AmountForm(".", "", decimals)
    values, bad = form.read(pa.array([text], pa.string()))
    assert form.one(text) == (None if bad[0] else int(values[0]))
