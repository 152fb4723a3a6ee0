"""`kill -9` of the server between the records of a device, and amid them: each counts once."""

import contextlib
import random
import threading
import time

import grpc
import pytest

from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.clients import Scope, create
from billcore.core.store.open import open_store
from billcore.server.clock import now
from billcore.v1 import field_service_pb2 as pb
from tests import field_world
from tests.api.client import Client
from tests.api.conftest import Served
from tests.field_world import CHANNEL
from tests.payments_world import World
from tests.stores import migrated

ACCOUNTS = 40
CHUNK = 7
SECOND = 1_000_000


@pytest.fixture
def kills(full):
    return 30 if full else 1


@pytest.fixture
def served():
    """Starts servers; at the end they are ended."""
    running: list[Served] = []

    def start(url: str) -> Served:
        running.append(Served(f"--store={url}"))
        return running[-1]

    yield start
    for one in running:
        one.process.kill()
        one.end()


def founded(url):
    """A collector, and the key of the client of its device."""
    store = migrated(url)
    field_world.found(store, numbers=1_000, accounts=ACCOUNTS)
    with store.write() as session:
        nobody = Caller(0, HOUSE, frozenset())
        key = create(session, nobody, "phone", 1, (Role.CASHIER,), 0, Scope(CHANNEL)).key
    store.close()
    return key


def sent(client, chunk):
    records = [pb.DeviceRecord(line=line, signature=signature) for line, signature in chunk]
    request = pb.SyncRecordsRequest(channel=CHANNEL, device_no=1, records=records)
    return client.field.SyncRecords(request, timeout=20)


def test_records_are_taken_once_whenever_the_server_is_killed(url, served, kills, chance, tmp_path):
    key = founded(url)
    work = field_world.Field(World(None), field_world.Cases())
    device = work.device(tmp_path, at=now() // SECOND, numbers=1_000)
    device.start()
    for number in range(1, ACCOUNTS):
        device.notice(f"N{number}", 1, 100)
        device.receipt(f"N{number}", 1, 100, 100)
    device.hand_in("100x39")
    device.close()
    lines = list(device.lines())
    chunks = [lines[at : at + CHUNK] for at in range(0, len(lines), CHUNK)]
    chance.shuffle(chunks)
    answers: dict[int, bytes] = {}
    port = threading.Event()
    at = [0]
    done = threading.Event()

    def deliver() -> None:
        """Sends every piece twice, until each was answered."""
        for chunk in [*chunks, *random.Random(1).sample(chunks, len(chunks))]:
            while True:
                port.wait()
                client = Client(at[0], key)
                with contextlib.suppress(grpc.RpcError):
                    told = sent(client, chunk)
                    break
                time.sleep(0.02)
            client.channel.close()
            for one in told.answers:
                raw = one.SerializeToString(deterministic=True)
                if one.state == pb.RECORD_STATE_TAKEN:
                    assert answers.setdefault(one.seq, raw) == raw
        done.set()

    server = served(url)
    at[0] = server.port
    port.set()
    sender = threading.Thread(target=deliver)
    sender.start()
    for _ in range(kills):
        time.sleep(chance.uniform(0.02, 0.12))
        port.clear()
        server.process.kill()
        server.process.wait()
        server = served(url)
        at[0] = server.port
        port.set()
    sender.join(120)
    assert done.is_set()
    server.process.kill()
    server.process.wait()
    store = open_store(url)
    world = World(store)
    assert len(answers) == len(lines)
    with store.read() as reader:
        states = reader.rows("SELECT state, COUNT(*) FROM field_record GROUP BY state")
    assert states == [(1, len(lines))]
    assert world.count("payment_order") == ACCOUNTS - 1
    assert field_world.Field(world, field_world.Cases()).held() == 100 * (ACCOUNTS - 1)
    assert world.broken() == []
    store.close()
