"""`make demo-corrections`: every case of a gas company's customers ends as foreseen."""

import subprocess
import sys

import pytest

from tests.programs import environment

DEMO = (sys.executable, "-m", "billcore.server.demo.corrections")


@pytest.fixture(scope="module")
def said():
    settings = {"BILLCORE_RUN_WORKERS": "0", "COLUMNS": "100"}
    done = subprocess.run(
        DEMO, check=False, capture_output=True, text=True, env=environment() | settings, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("kind", "number", "outcome"),
    [
        ("LATE_PAYMENT",          "1001", "FOUND_LATE"),
        ("DEBITED_NOT_RECEIVED",  "1002", "CHECKING"),
        ("DEBITED_NOT_RECEIVED",  "1003", "SENT_TO_FINANCE"),
        ("WRONG_ID_SUBSCRIBER",   "1004", "FOUND_OTHER_SUBSCRIBER"),
        ("WRONG_ID_ORGANISATION", "1006", "NOT_OURS"),
        ("PAST_BILL_ID",          "1007", "FOUND_PAST_BILL"),
        ("DOUBLE_PAYMENT",        "1008", "FOUND_DOUBLE"),
        ("DOUBLE_PAYMENT",        "1009", "FOUND_DOUBLE"),
        ("LATE_PAYMENT",          "1010", "NOT_FOUND"),
    ],
)  # fmt: skip
def test_where_each_case_ends(said, kind, number, outcome):
    assert f"RegisterCase {kind} of {number}: {outcome}" in said


@pytest.mark.parametrize(
    ("number", "before", "after", "spent"),
    [
        ("1001", "500,000", "500,000", "0"),
        ("1003", "400,000", "0", "0"),
        ("1003", "-400,000", "0", "0"),
        ("1004", "250,000", "0", "0"),
        ("1005", "-100,000", "150,000", "150,000"),
        ("1007", "150,000", "150,000", "0"),
        ("1008", "-220,000", "-220,000", "0"),
        ("1009", "-220,000", "0", "0"),
    ],
)
def test_what_accounts_owe_before_and_after(said, number, before, after, spent):
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in said.splitlines()]
    assert [number, before, after, spent] in rows


@pytest.mark.parametrize(
    "words",
    [
        "It waits, with a date",
        "The bank's report tells it, and it is posted",
        "letter 3/1, trace R-1003",
        "Of it 150,000 was spent: 1005 was told first",
        "Undone; and investigated and corrected once more",
        "foreign Gilan Water",
        "case.notified losing: 1",
        "Both sides were told",
        "cases_agree",
    ],
)
def test_what_else_is_told(said, words):
    assert words in said


def test_nothing_differs(said):
    assert ": no, " not in said
    assert "broken" not in said
    assert said.count("The case is CLOSED") == 8
