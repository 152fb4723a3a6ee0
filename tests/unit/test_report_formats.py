"""Definitions of reports: what they may say, and where a wrong one is wrong."""

import pytest

from billcore.core.reconciliation.files.definition import read_definition
from billcore.core.reconciliation.files.errors import ReportFormatInvalid
from billcore.core.reconciliation.report_formats import FORMATS

GOOD = """format: bank
time_zone: Asia/Novosibirsk
columns:
  - {is: reference}
  - {is: at, form: DD.MM.YYYY hh:mm}
  - {is: target}
  - {is: amount}
"""


def test_the_shipped_definitions_are_read() -> None:
    """Each is found by its name, and has a title and a time zone."""
    assert set(FORMATS.shipped()) == {"osmp", "csv"}
    assert all(one.title and one.time_zone for one in FORMATS.shipped().values())


def test_what_is_left_out_has_a_default() -> None:
    """UTF-8, commas, a point before decimals, no quotes, no lines before or behind."""
    made = read_definition(GOOD)
    assert (made.encoding, made.separator, made.quote) == ("utf-8", ",", "")
    assert (made.decimal_mark, made.thousands_mark) == (".", "")
    assert (made.header, made.trailer, made.names) == ((), (), False)


WRONG = [
    # what is written instead of what        line  rule               in the message
    ("time_zone: Asia/Novosibirsk", "time_zone: Mars/Base", 2, "TIME_ZONE", "Europe/Moscow"),
    ("time_zone: Asia/Novosibirsk\n", "", 1, "MISSING_KEY", "time_zone"),
    ("columns:", "encoding: utf-9\ncolumns:", 3, "NOT_ALLOWED", "utf-8"),
    ("columns:", "separator: xx\ncolumns:", 3, "NOT_ALLOWED", "semicolon"),
    ("columns:", "colour: red\ncolumns:", 3, "UNKNOWN_KEY", "colour"),
    ("columns:", "decimal_mark: comma\nthousands_mark: comma\ncolumns:", 4, "MARK", "same mark"),
    ("columns:", "trailer: 'Total {sun}'\ncolumns:", 3, "FORM", "{sum}"),
    ("columns:", "names: yes\ncolumns:", 5, "MISSING_KEY", "name"),
    ("{is: target}", "{is: aim}", 6, "NOT_ALLOWED", "target"),
    ("{is: target}", "{is: amount}", 4, "DUPLICATE_COLUMN", "two columns"),
    ("{is: target}", "{is: text}", 4, "MISSING_COLUMN", "target"),
    ("{is: target}", "{is: target, form: DD}", 6, "UNKNOWN_KEY", "form"),
    ("DD.MM.YYYY hh:mm", "DD.MM.YYYY", 5, "FORM", "does not tell"),
    ("DD.MM.YYYY hh:mm", "DD.QQ", 5, "FORM", "YYYY"),
    ("DD.MM.YYYY hh:mm", "DD.MM hh:mm", 5, "FORM", "as YYYY-MM-DD"),
    ("form: DD.MM.YYYY hh:mm", "form: [DD.MM.YYYY hh:mm, MM.DD.YYYY hh:mm]", 5, "FORM", "same"),
    ("  - {is: at, form: DD.MM.YYYY hh:mm}\n", "", 4, "MISSING_COLUMN", "when"),
    ("{is: amount}", "{is: amount, unit: cents}", 7, "NOT_ALLOWED", "minor"),
    ("{is: amount}", "{is: amount, optional: yes}", 7, "NOT_ALLOWED", "optional"),
]


@pytest.mark.parametrize(("was", "now", "line", "rule", "told"), WRONG)
def test_a_wrong_definition_is_refused(was: str, now: str, line: int, rule: str, told: str) -> None:
    """With the line, the rule and what is allowed."""
    with pytest.raises(ReportFormatInvalid) as refused:
        read_definition(GOOD.replace(was, now, 1), "bank.yaml")
    found = refused.value.findings[0]
    assert (found.file, found.line, found.rule) == ("bank.yaml", line, rule), str(found)
    assert told in str(found)


def test_every_finding_is_told_at_once() -> None:
    """Not the first alone."""
    text = GOOD.replace("Asia/Novosibirsk", "Mars").replace("target", "aim")
    with pytest.raises(ReportFormatInvalid) as refused:
        read_definition(text)
    assert len(refused.value.findings) == 3  # the zone, the word, the column that lacks now


@pytest.mark.parametrize("text", ["", "[]", "format: [", "a: &b c", "- x"])
def test_what_is_no_document_is_refused(text: str) -> None:
    """As a tariff is."""
    with pytest.raises(ReportFormatInvalid):
        read_definition(text)
