"""`kill -9` of a process amid an assessment of late fees: each chunk is done once or not at all."""

import subprocess
import sys
import time

import pytest

from billcore.core.collections.late_fees import assessments
from billcore.core.store.open import open_store
from tests import late_fees_world
from tests.faults.assessor import CALLER
from tests.faults.conftest import ROOT
from tests.stores import migrated

ACCOUNTS = 8
"""For each kill."""

UNTIL = "2026-03-21"


@pytest.fixture
def kills(full):
    return 20 if full else 3


def settle(url, accounts):
    """A store with a late debt at each account; the number of an assessment of single accounts."""
    store = migrated(url)
    desk = late_fees_world.found(store, accounts)
    for count in range(1, accounts + 1):
        desk.post(10_000 * count, "2026-03-01", count=count)
    number = desk.begin(UNTIL, chunk_accounts=1).assessment_id
    store.close()
    return number


def started(url, number):
    command = [sys.executable, "-m", "tests.faults.assessor", url, str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def done(url, number):
    """The chunks that are done; the books verify."""
    store = open_store(url)
    desk = late_fees_world.Desk(late_fees_world.World(store))
    assert desk.world.broken() == []
    with store.read() as reader:
        found = assessments.progress(reader, CALLER.provider_id, number)
    store.close()
    return found.chunks


def test_a_killed_assessment_goes_on(url, kills, chance):
    """After each kill the chunks are whole; at the end every account is charged once."""
    accounts = ACCOUNTS * kills
    number, before = settle(url, accounts), 0
    for kill in range(kills):
        process = started(url, number)
        assert process.stdout is not None
        wanted = before + 1 + kill % 2
        while int(process.stdout.readline()) < wanted:
            pass
        time.sleep(chance.uniform(0, 0.02))
        process.kill()
        process.wait()
        process.stdout.close()
        chunks = done(url, number)
        assert wanted <= len(chunks) < accounts
        before = len(chunks)
    process = started(url, number)
    assert process.communicate()[0].split()[-1] == str(accounts)
    chunks = done(url, number)
    assert [chunk.charged for chunk in chunks] == [200 * n for n in range(1, accounts + 1)]
