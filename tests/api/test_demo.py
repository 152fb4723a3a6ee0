"""`make demo`, small: it says what it did, and all of it agrees."""

import os
import subprocess
import sys

import pytest

DEMO = (sys.executable, "-m", "billcore.server.demo")


@pytest.fixture(scope="module")
def said():
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BILLCORE_")}
    environment |= {"BILLCORE_RUN_WORKERS": "0", "COLUMNS": "80"}
    done = subprocess.run(
        [*DEMO, "--accounts", "60", "--rated", "2000"],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
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


def test_nothing_differs(said):
    assert ": no, " not in said
    assert "broken" not in said


@pytest.mark.parametrize("sizes", [("--accounts", "19"), ("--rated", "0")])
def test_a_province_that_is_too_small_is_refused(sizes):
    done = subprocess.run([*DEMO, *sizes], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "at least" in done.stderr
