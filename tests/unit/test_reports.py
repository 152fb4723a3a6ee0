"""Reports of channels: read whole, or refused whole with the place of the fault."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.reconciliation.files.definition import Definition, read_definition
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.reconciliation.files.lines import LineKind
from billcore.core.reconciliation.files.report import read_report
from billcore.core.reconciliation.report_formats import FORMATS

OSMP = (
    "7001\t2026-03-01\t00:30:00\t4711\t150.00\n"
    "7002\t01.03.2026\t23:59:59\t4712\t0.05\n"
    "Total: 2 150.05\n"
)

BANK = """format: bank
encoding: cp1251
separator: semicolon
quote: double
decimal_mark: comma
thousands_mark: space
time_zone: Europe/Berlin
names: yes
header: ["#BANK {text}", "#FILESUM {sum}"]
trailer: "END {count}"
columns:
  - {is: reference, name: Номер}
  - {is: day, name: Дата, form: DD.MM.YY}
  - {is: target, name: Счет}
  - {is: amount, name: Сумма}
  - {is: kind, name: Вид, values: {П: payment, О: reversal}}
  - {is: fee, name: Комиссия, optional: yes}
"""

LINES = (
    "#BANK Сибирь\n#FILESUM 1 150,50\n"
    '"Дата";"Номер";"Сумма";"Вид";"Прочее";"Счет"\n'
    "31.03.26;a-1;1 250,50;П;;4711\n"
    "31.03.26;a-2;100,00;О;;4711\n"
    "END 2\n"
)


def _read(definition: Definition, text: str | bytes, digits: int = 2) -> dict[str, list[object]]:
    content = text if isinstance(text, bytes) else text.encode(definition.encoding)
    report = read_report(definition, content, "file.csv", digits)
    return {name: column.tolist() for name, column in report.lines.items()}


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_the_report_of_osmp(ends: str) -> None:
    """Tabs, Moscow time, a trailer; every line end that is in use, and none at the end."""
    for text in (OSMP, OSMP.rstrip("\n"), OSMP + "\n\n", "\ufeff" + OSMP):
        read = _read(FORMATS.shipped()["osmp"], text.replace("\n", ends))
        assert read["reference"] == ["7001", "7002"]
        assert read["target"] == ["4711", "4712"]
        assert read["amount"] == [15_000, 5]
        assert read["kind"] == [LineKind.PAYMENT] * 2
        assert read["line"] == [1, 2]
        assert read["day"] == [date(2026, 3, 1).toordinal()] * 2
        first = datetime(2026, 2, 28, 21, 30, tzinfo=UTC)
        assert read["paid_at"][0] == int(first.timestamp()) * 1_000_000


def test_a_report_of_a_bank() -> None:
    """Names in any order, more columns than are read, quotes, decimals with commas, reversals."""
    read = _read(read_definition(BANK), LINES)
    assert read["reference"] == ["a-1", "a-2"]
    assert read["amount"] == [125_050, -10_000]
    assert read["kind"] == [LineKind.PAYMENT, LineKind.REVERSAL]
    assert read["line"] == [4, 5]
    assert read["paid_at"] == [0, 0]
    assert read["day"] == [date(2026, 3, 31).toordinal()] * 2


def test_an_empty_day() -> None:
    """A report may tell that there was nothing."""
    assert _read(FORMATS.shipped()["osmp"], "Total: 0 0.00\n")["reference"] == []


def test_the_clock_is_moved() -> None:
    """Times are those of the zone: an hour that does not exist goes on, one that is twice is the
    first."""
    text = "format: x\ntime_zone: Europe/Berlin\ncolumns: [{is: reference}, {is: target}, "
    text += "{is: amount}, {is: at, form: YYYY-MM-DDThh:mm:ss}]"
    times = ["2026-03-29T01:59:59", "2026-03-29T03:00:00", "2026-10-25T02:30:00"]
    lines = "".join(f"r{at},t,1,{time}\n" for at, time in enumerate(times))
    read = _read(read_definition(text), lines)
    hours = [divmod(int(str(at)) // 10**6 % 86_400, 60) for at in read["paid_at"]]
    assert hours == [(59, 59), (60, 0), (30, 0)]  # minutes and seconds of the day in UTC


def test_minor_units_and_currencies() -> None:
    """A rial has no decimals; a column may tell minor units."""
    text = "format: x\ntime_zone: UTC\ncolumns: [{is: reference}, {is: target}, {is: day, "
    text += "form: YYYYMMDD}, {is: amount}, {is: fee, unit: minor}]"
    made = read_definition(text)
    assert _read(made, "r,t,20260301,12000.00,7\n", digits=0)["amount"] == [12_000]
    read = _read(made, "r,t,20260301,12.5,7\n", digits=2)
    assert (read["amount"], read["fee"]) == ([1_250], [7])


WRONG_OSMP = [
    # was             now                  line  field        told
    ("Total: 2 150.05\n", "", 2, "trailer", "complete"),
    ("Total: 2", "Total: 3", 3, "count", "3 payments"),
    ("150.05\n", "150.06\n", 3, "sum", "15005"),
    ("Total: 2 150.05", "Total: 2", 3, "trailer", "{sum}"),
    ("\t4712", "", 2, "columns", "txn_id, date"),
    ("4712", "", 2, "target", "printable"),
    ("7002\t", "\t", 2, "reference", "printable"),
    ("\t0.05", "\t0.055", 2, "amount", "at most 2 decimals"),
    ("\t0.05", "\t0,05", 2, "amount", "not an amount"),
    ("\t0.05", "\t-0.05", 2, "amount", "payments only"),
    ("\t0.05", "\t1e3", 2, "amount", "not an amount"),
    ("\t0.05", "\t0.00", 2, "amount", "nothing"),
    ("\t0.05", "\t9999999999999999999", 2, "amount", "not an amount"),
    ("01.03.2026", "31.02.2026", 2, "day", "YYYY-MM-DD, DD.MM.YYYY"),
    ("01.03.2026", "3/1/2026", 2, "day", "no such day"),
    ("23:59:59", "24:00:00", 2, "time", "hh:mm:ss"),
    ("4712", "47\x0112", 2, "target", "printable"),
    ("7002", "\n7002", 2, "reference", "printable"),
    ("7002", "what\n7002", 2, "columns", "1 columns"),
]


@pytest.mark.parametrize(("was", "now", "line", "field", "told"), WRONG_OSMP)
def test_a_broken_report_is_refused(was: str, now: str, line: int, field: str, told: str) -> None:
    """Whole, with file, line, field and what is allowed."""
    with pytest.raises(FileBroken) as refused:
        _read(FORMATS.shipped()["osmp"], OSMP.replace(was, now, 1))
    error = refused.value
    assert (error.file, error.line, error.field) == ("file.csv", line, field), error.message
    assert told in error.message


WRONG_BANK = [
    ("#BANK", "#BUNK", 1, "header", "#BANK {text}"),
    ("#FILESUM 1 150,50", "#FILESUM 1 150,51", 2, "sum", "115050"),
    ("Номер", "Номерок", 3, "Номер", "missing"),
    ("Прочее", "Номер", 3, "Номер", "two columns"),
    (";О;", ";Х;", 5, "kind", "П, О"),
    (";П;", ";О;", 2, "sum", "-135050"),
    ("1 250,50", "-1 250,50", 4, "amount", "below 0"),
    ("END 2", "END", 6, "trailer", "END {count}"),
]


@pytest.mark.parametrize(("was", "now", "line", "field", "told"), WRONG_BANK)
def test_a_broken_report_of_a_bank(was: str, now: str, line: int, field: str, told: str) -> None:
    """As above, with names, quotes and a header."""
    with pytest.raises(FileBroken) as refused:
        _read(read_definition(BANK), LINES.replace(was, now, 1))
    error = refused.value
    assert (error.line, error.field) == (line, field), error.message
    assert told in error.message


def test_another_encoding_is_refused() -> None:
    """Not read as something that it is not."""
    wrong = OSMP.replace("4712", "Счёт").encode("cp1251")
    with pytest.raises(FileBroken, match=r"file\.csv:2: encoding: the byte 0xd1") as refused:
        _read(FORMATS.shipped()["osmp"], wrong)
    assert refused.value.field == "encoding"
    with pytest.raises(FileBroken) as refused:
        _read(FORMATS.shipped()["osmp"], OSMP.encode("utf-16"))
    assert refused.value.field == "encoding"
    with pytest.raises(FileBroken, match="empty"):
        _read(FORMATS.shipped()["osmp"], b"")


def test_a_line_end_in_quotes_is_refused() -> None:
    """Or the lines that errors tell would be others."""
    with pytest.raises(FileBroken):
        _read(read_definition(BANK), LINES.replace("a-1", '"a\n1"'))


@given(cut=st.integers(0, len(OSMP) - 2))
def test_a_report_that_is_cut_off_is_refused(cut: int) -> None:
    """Wherever the line broke: a part of a file is never taken for a file."""
    with pytest.raises(FileBroken):
        _read(FORMATS.shipped()["osmp"], OSMP[:cut])


@given(content=st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    """No other error gets out."""
    for definition in (*FORMATS.shipped().values(), read_definition(BANK)):
        with suppress(FileBroken):
            read_report(definition, content, "file.csv", 2)
