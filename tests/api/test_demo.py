"""`make demo`, small: it says what it did, and all of it agrees."""

import re
import subprocess
import sys

import pytest

from billcore.server.demo.province import Province
from tests.programs import environment

ACCOUNTS = 60

DEMO = (sys.executable, "-m", "billcore.server.demo")


@pytest.fixture(scope="module")
def said():
    settings = {"BILLCORE_RUN_WORKERS": "0", "COLUMNS": "80"}
    done = subprocess.run(
        [*DEMO, "--accounts", str(ACCOUNTS), "--rated", "2000"],
        check=False,
        capture_output=True,
        text=True,
        env=environment() | settings,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_printed_bills_and_the_debt(said):
    for total in ("729,792", "390,220", "925,331", "495,585", "362,327"):
        assert total in said
    assert "All agree to the rial." in said
    assert "Previous debt 17 + this bill 362,327 = 362,344" in said
    assert "2,000 accounts in" in said


@pytest.mark.parametrize(
    "words",
    [
        "What was tried is what was issued (digest",
        "What was tried is what was rated (digest",
        "2 bills are held, 4 accounts cannot be billed yet:",
        "1 of the held bills are released",
        "Rated and released is what was frozen",
        "planned → rated → outsorted → approved → frozen → published",
        "The late readings are billed",
        "The file's total is the run's",
        "Statement of A0000007, USD",
        "events_rebuild_balances",
    ],
)
def test_the_month_of_the_province(said, words):
    assert words in said


@pytest.mark.parametrize(
    ("step", "amounts"),
    [
        # what                         paid       owed before  owed after
        ("the bill, by its payment id", ("362,000", "362,344", "344")),
        ("the same again", ("362,000", "344", "344")),
        ("a part", ("300", "344", "44")),
        ("too much: an advance", ("500,044", "44", "-500,000")),
        ("to 1412, which there is not", ("150,000", "-500,000", "-500,000")),
        ("moved to 1421", ("150,000", "-500,000", "-650,000")),
    ],
)
def test_what_the_account_owes_before_and_after_each_payment(said, step, amounts):
    (line,) = (line for line in said.splitlines() if f"│ {step} " in line)
    assert tuple(cell.strip() for cell in line.strip("│").split("│"))[1:] == amounts


def test_the_bill_was_issued_with_ids_of_its_own(said):
    """The first subscriber's water: file 1, company 118, service 1; 362 thousands."""
    told = " ".join(said.split())
    assert "The bill has the bill id 111813 and the payment id 36270711" in told
    assert "of 362,344 owed it asks for 362,000, the kiosk for 2,000 more" in told


@pytest.mark.parametrize(
    "words",
    [
        "Sent again, the answer is the same byte for byte",
        "and marked as a replay",
        "Another amount under its reference is refused",
        "Nobody knows the account: it waits in suspense",
        "audited: Mina, suspense.transferred",
        "The advance paid the rest of the bill, and is credit",
        "What is left is a credit of 650,000",
        "60 payments posted in",
        "Sent again, nothing is posted",
    ],
)
def test_the_payments(said, words):
    assert words in said


def test_the_statement_ends_with_the_payments(said):
    rows = re.findall(r"│ 20..-..-.. │ payment +│ +(-[0-9,]+) │ +(-?[0-9,]+) │", said)
    assert rows[-4:] == [
        ("-362,000", "344"),
        ("-300", "44"),
        ("-500,044", "-500,000"),
        ("-150,000", "-650,000"),
    ]


def test_the_books_after_the_banks_file(said):
    """To the cent, as added up from the payments themselves, whose numbers tell who is known."""
    columns = Province(ACCOUNTS).payments().columns
    cents = [int(text.as_py().replace(".", "")) for text in columns["amount"]]
    known = [text.as_py().startswith("A") for text in columns["target"]]
    theirs = sum(paid for paid, there in zip(cents, known, strict=True) if there)
    assert known.count(False) == 1
    amount = r" +(-?[\d,.]+)"
    held = {
        name: [int(text.replace(",", "").replace(".", "")) for text in amounts]
        for name, *amounts in re.findall(rf"^ (\S+){3 * amount} $", said, re.MULTILINE)
    }
    for name, moved in (
        ("receivable", -theirs),
        ("channel_clearing:bank", sum(cents)),
        ("suspense", theirs - sum(cents)),
    ):
        before, after, again = held[name]
        assert (after - before, again) == (moved, after), name


def test_nothing_differs(said):
    assert ": no, " not in said
    assert "broken" not in said


@pytest.mark.parametrize("sizes", [("--accounts", "19"), ("--rated", "0")])
def test_a_province_that_is_too_small_is_refused(sizes):
    done = subprocess.run([*DEMO, *sizes], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "at least" in done.stderr
