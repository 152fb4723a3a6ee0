"""A client is killed at random moments and sends all its requests again: each is done once."""

import hashlib
import random
import signal
import time

import pytest

from billcore.core.store.open import open_store
from tests.faults import company

PAUSE_S_MAX = 0.02
"""Between what the client said last and its death: several transactions."""


@pytest.fixture
def kills(full):
    return 60 if full else 3


@pytest.fixture
def months(full):
    return 24 if full else 5


def test_a_killed_client_does_each_request_once(settled, start, chance, answers_of, kills, months):
    """kill -9 while it posts, reads, bills and numbers; at the end nothing lacks or is twice."""
    requests = company.whole_plan(5, months)
    answers = answers_of(requests)
    digests = {n: hashlib.sha256(answer).hexdigest() for n, answer in answers.items()}
    acknowledged: set[int] = set()
    killed_amid = 0
    for _ in range(kills):
        child = start("-m", "tests.faults.client", settled, "5", str(months))
        lines = lives_for_a_while(child, chance, len(requests) // kills)
        assert child.returncode == -signal.SIGKILL
        hear(lines, acknowledged, digests)
        killed_amid += len(acknowledged) < len(requests)
        store = open_store(settled)
        assert company.broken(store) == {}
        store.close()
    assert killed_amid == kills
    child = start("-m", "tests.faults.client", settled, "5", str(months))
    lines = child.communicate()[0].splitlines()
    assert child.returncode == 0
    hear(lines, acknowledged, digests)
    assert acknowledged == digests.keys()
    store = open_store(settled)
    company.check(store, requests, answers)
    store.close()


def lives_for_a_while(child, chance: random.Random, most: int) -> list[str]:
    """Kills a client after some new requests; all that it said."""
    lines = []
    fresh = chance.randint(0, most)
    while True:
        lines.append(child.stdout.readline())
        assert lines[-1], "the client ended by itself"
        fresh -= " new " in lines[-1]
        if fresh <= 0:
            break
    time.sleep(chance.uniform(0, PAUSE_S_MAX))
    child.kill()
    return "".join([*lines, child.communicate()[0]]).splitlines()


def hear(lines: list[str], acknowledged: set[int], digests: dict[int, str]) -> None:
    """What is acknowledged stays, and is answered the same again."""
    for line in lines:
        if line.count(" ") < 2 or len(line.split()[2]) < 64:  # "open", or a line cut by the kill
            continue
        number, told, digest = line.split()
        assert digests[int(number)] == digest
        assert told == "again" or int(number) not in acknowledged
        acknowledged.add(int(number))
