"""A collector's day on the reference device: on-line, off-line, crashed, replayed.

    python simulator.py key --seed 1                       # the public key, to be registered
    python simulator.py day --seed 1 --collector tuan --device 1 --journal tuan.journal

The server's address and the key of a client of the collector's channel are read from
BILLCORE_ADDRESS and BILLCORE_KEY. The device loads its route, goes off-line and visits every stop;
its process crashes now and then, and what is left is the journal. Then it is on-line again, and the
network loses answers, repeats calls and mixes their order. At the end the server must have every
record once, and say of each what it said the first time.
"""

import argparse
import hashlib
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from billcore.v1 import field_service_pb2 as pb
from billcore.v1.field_service_pb2_grpc import FieldServiceStub

sys.path.insert(0, str(Path(__file__).parent))

from device import Clock, Device, Limits

SECOND = 1_000_000
CHUNK = 40


class Crashed(Exception):
    """The process of the device was cut off."""


@dataclass
class Line:
    """A server, as a collector's device calls it. `taken`: what each record was answered."""

    stub: FieldServiceStub
    collector: str
    device_no: int
    metadata: Sequence[tuple[str, str]]
    taken: dict[int, bytes] = field(default_factory=dict)

    def allot(self, ahead: int) -> int:
        """Gets numbers of receipts; the last one."""
        name = f"device-{self.device_no}-{time.time_ns()}"
        request = pb.AllotReceiptsRequest(
            request_id=name, channel=self.collector, device_no=self.device_no, ahead=ahead
        )
        return int(self.stub.AllotReceipts(request, metadata=self.metadata).last_number)

    def route(self) -> tuple[pb.GetRouteSnapshotResponse, list[pb.Stop]]:
        """Loads the route: the last page, and the stops of all."""
        request = pb.GetRouteSnapshotRequest(
            channel=self.collector, device_no=self.device_no, page_size=100
        )
        stops: list[pb.Stop] = []
        while True:
            page = self.stub.GetRouteSnapshot(request, metadata=self.metadata)
            stops += page.stops
            if not page.next_page_token:
                return page, stops
            request.page_token = page.next_page_token

    def send(self, records: Sequence[tuple[str, bytes]]) -> pb.SyncRecordsResponse:
        """Sends records; an answer that differs from the one before is an error."""
        sent = [pb.DeviceRecord(line=line, signature=signature) for line, signature in records]
        request = pb.SyncRecordsRequest(
            channel=self.collector, device_no=self.device_no, records=sent
        )
        told = self.stub.SyncRecords(request, metadata=self.metadata)
        for answer in told.answers:
            if answer.state == pb.RECORD_STATE_TAKEN:
                raw = answer.SerializeToString(deterministic=True)
                if self.taken.setdefault(answer.seq, raw) != raw:
                    raise AssertionError(f"record {answer.seq} was answered otherwise before")
        return told


def made(
    line: Line, key: Ed25519PrivateKey, journal: Path, crash: Callable[[str], None]
) -> tuple[Device, list[pb.Stop]]:
    """A device that has loaded its route."""
    last = line.allot(500)
    page, stops = line.route()
    clock = Clock(lambda: int(time.time()), lambda: int(time.monotonic()))
    device = Device(page.provider_id, line.device_no, key, journal, clock, crash)
    terms = page.collector
    shift = page.device.total if page.device.phase == pb.SHIFT_PHASE_OPEN else 0
    limits = Limits(
        terms.float_limit - (terms.held - shift),  # what is not of this shift, it holds already
        terms.warn_percent,
        terms.cash_max,
        terms.offline_minutes_max * 60,
        terms.snapshot_minutes_max * 60,
    )
    device.told(page.server_time // SECOND, last, limits, page.seen_at // SECOND)
    return device, stops


def walk(device: Device, stops: Sequence[pb.Stop], dice: random.Random) -> None:
    """Visits the stops that the journal does not have yet."""
    if device.phase == "none":
        device.start()
    for stop in stops:
        if stop.number in device.noticed:
            continue  # done before the crash
        number, assignment, owed = stop.number, stop.visit.assignment_no, stop.payable
        if dice.random() < 0.2:
            device.notice(number, assignment, owed)
            device.visit(number, assignment, "ABSENT", note="notice left at the door")
            continue
        device.visit(number, assignment, "CONTACTED")
        device.visit(number, assignment, "DATA_CONFIRMED")
        device.notice(number, assignment, owed)
        bill = next((one.document_id for one in stop.documents if one.is_bill), 0)
        if owed and dice.random() < 0.8:
            receipt = device.receipt(number, assignment, owed, owed, bill)
            if dice.random() < 0.1:
                device.void(receipt, "the customer changed his mind")
            elif dice.random() < 0.1:
                device.reprint(receipt)
        else:
            later = device.clock.now() + 86_400
            device.visit(number, assignment, "DEFERRED", appointment_at=later, note="tomorrow")


def replay(line: Line, device: Device, dice: random.Random) -> pb.SyncRecordsResponse:
    """Sends the journal as bad networks do, until the server has all of it."""
    every = list(device.lines())
    pieces = [every[at : at + CHUNK] for at in range(0, len(every), CHUNK)]
    dice.shuffle(pieces)
    for piece in pieces:
        line.send(piece)
        if dice.random() < 0.5:  # the answer was lost
            line.send(random.Random(dice.random()).sample(piece, len(piece)))
    return line.send(every[-1:])


def day(
    line: Line, key: Ed25519PrivateKey, journal: Path, seed: int, crashes: float = 0.02
) -> tuple[Device, pb.SyncRecordsResponse]:
    """A whole day. The device as it is at the end, and the server's last answer."""
    dice = random.Random(seed)

    def crash(place: str) -> None:
        if dice.random() < crashes:
            raise Crashed(place)

    while True:
        device, stops = made(line, key, journal, crash)
        try:
            if device.phase != "counted":
                walk(device, stops, dice)
                device.hand_in(f"1x{device.total}" if 0 < device.total < 10**6 else "")
            device.close()
            break
        except Crashed:
            continue
    return device, replay(line, device, dice)


def key_of(seed: str) -> Ed25519PrivateKey:
    """The key of a simulated device; a real one draws its own and never shows it."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("key", "day"))
    parser.add_argument("--seed", default="1")
    parser.add_argument("--collector", default="")
    parser.add_argument("--device", type=int, default=1)
    parser.add_argument("--journal", type=Path, default=Path("field.journal"))
    given: Any = parser.parse_args()
    key = key_of(given.seed)
    if given.what == "key":
        print(key.public_key().public_bytes_raw().hex())
        return
    metadata = [("authorization", f"Bearer {os.environ['BILLCORE_KEY']}")]
    address = os.environ.get("BILLCORE_ADDRESS", "127.0.0.1:50051")
    with grpc.insecure_channel(address) as channel:
        line = Line(FieldServiceStub(channel), given.collector, given.device, metadata)
        device, told = day(line, key, given.journal, int(given.seed))
    has, records = told.device.seq, device.seq
    print(f"{records} records, {device.receipts} receipts, {device.voids} voids")
    print(f"{device.total} minor units of cash to hand in")
    print("the server has all of them" if has == records else f"the server has {has}")


if __name__ == "__main__":
    main()
