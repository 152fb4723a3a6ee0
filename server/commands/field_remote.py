"""The field work of a running server as `billcore field` calls it."""

from functools import partial
from pathlib import Path

from rich.table import Table

from billcore.core.accounts.errors import FieldRefused
from billcore.core.errors import quoted
from billcore.server.commands.amounts import shown
from billcore.server.commands.console import out, say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.v1 import field_service_pb2 as pb
from billcore.v1.field_service_pb2_grpc import FieldServiceStub

Limits = tuple[str, int, int, int, int, int]
"""Phone, warn percent, cash, minutes off-line, of the snapshot, of grace."""

WAYS = {"keep": pb.CONFLICT_STATE_KEPT, "refund": pb.CONFLICT_STATE_REFUND}


class FieldWork:
    """FieldService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, FieldServiceStub)

    # -- collectors and routes

    def set_collector(
        self, code: str, limits: Limits, revision: int, reason: str, given_id: str
    ) -> None:
        """Sets a collector and tells it."""
        phone, warn, cash, offline, snapshot, grace = limits
        collector = pb.Collector(
            channel=code,
            phone=phone,
            warn_percent=warn,
            cash_max=cash,
            offline_minutes_max=offline,
            snapshot_minutes_max=snapshot,
            grace_minutes=grace,
            revision=revision,
        )
        name = request_named(given_id)
        request = pb.SetCollectorRequest(request_id=name, collector=collector, reason=reason)
        with self._stub() as stub:
            told = stub.SetCollector(request, **self._remote.call).collector
        say(f"Collector {told.channel}: {told.name}, {told.phone}, revision {told.revision}")

    def collectors(self) -> None:
        """Tells every collector."""
        table = Table("collector", "name", "phone", "holds", "limit", "revision", box=None)
        request = pb.ListCollectorsRequest(page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListCollectors, request, self._remote.call):
                for one in page.collectors:
                    money = str(one.held), str(one.float_limit)
                    table.add_row(one.channel, one.name, one.phone, *money, str(one.revision))
        out.print(table)

    def set_route(
        self, given: tuple[str, str, str, int], file: Path, reason: str, given_id: str
    ) -> None:
        """Sets a route of the accounts of a file and tells it. Raises FieldRefused."""
        code, name, area, revision = given
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise FieldRefused("accounts", f"{file} cannot be read: {error}.") from None
        accounts = [line.strip() for line in lines if line.strip()]
        route = pb.Route(route=code, name=name, area=area, accounts=accounts, revision=revision)
        request_id = request_named(given_id)
        request = pb.SetRouteRequest(request_id=request_id, route=route, reason=reason)
        with self._stub() as stub:
            told = stub.SetRoute(request, **self._remote.call).route
        say(f"Route {told.route}: {told.stops} stops, revision {told.revision}")

    def routes(self) -> None:
        """Tells every route."""
        table = Table("route", "name", "area", "stops", "revision", box=None)
        request = pb.ListRoutesRequest(page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListRoutes, request, self._remote.call):
                for one in page.routes:
                    counts = str(one.stops), str(one.revision)
                    table.add_row(one.route, one.name, one.area, *counts)
        out.print(table)

    def assign(self, route: str, code: str, days: tuple[str, str], given_id: str) -> None:
        """Assigns a route and tells it."""
        request = pb.AssignRouteRequest(
            request_id=request_named(given_id),
            route=route,
            channel=code,
            first_day=days[0],
            last_day=days[1],
        )
        with self._stub() as stub:
            _tell_assignment(stub.AssignRoute(request, **self._remote.call).assignment)

    def end(self, assignment_no: int, reason: str, given_id: str) -> None:
        """Ends an assignment and tells it."""
        name = request_named(given_id)
        request = pb.EndAssignmentRequest(
            request_id=name, assignment_no=assignment_no, reason=reason
        )
        with self._stub() as stub:
            _tell_assignment(stub.EndAssignment(request, **self._remote.call).assignment)

    def assignments(self, code: str) -> None:
        """Tells the assignments of a collector ('': of all)."""
        request = pb.ListAssignmentsRequest(channel=code, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListAssignments, request, self._remote.call):
                for one in page.assignments:
                    _tell_assignment(one)

    def visits(self, assignment_no: int) -> None:
        """Tells the visits of an assignment."""
        table = Table("place", "account", "state", "visits", "case", "note", box=None)
        request = pb.ListVisitsRequest(assignment_no=assignment_no, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListVisits, request, self._remote.call):
                for one in page.visits:
                    state = _word(pb.VisitState.Name(one.state), "VISIT_STATE_")
                    case = str(one.case_no or "")
                    counts = state, str(one.visits), case
                    table.add_row(str(one.place), str(one.account_id), *counts, one.note)
        out.print(table)

    # -- devices

    def register(self, code: str, name: str, public_key: str, given_id: str) -> None:
        """Registers a device and tells it. Raises FieldRefused."""
        try:
            key = bytes.fromhex(public_key)
        except ValueError:
            raise FieldRefused("public_key", "it is 64 hexadecimal digits.") from None
        request = pb.RegisterDeviceRequest(
            request_id=request_named(given_id), channel=code, name=name, public_key=key
        )
        with self._stub() as stub:
            _tell_device(stub.RegisterDevice(request, **self._remote.call).device)

    def devices(self, code: str) -> None:
        """Tells the devices of a collector ('': of all)."""
        request = pb.ListDevicesRequest(channel=code, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListDevices, request, self._remote.call):
                for one in page.devices:
                    _tell_device(one)

    def lock(self, code: str, device_no: int, reason: str, given_id: str) -> None:
        """Locks a device and tells it."""
        request = pb.LockDeviceRequest(
            request_id=request_named(given_id), channel=code, device_no=device_no, reason=reason
        )
        with self._stub() as stub:
            _tell_device(stub.LockDevice(request, **self._remote.call).device)

    def retire(self, code: str, device_no: int, reason: str, given_id: str) -> None:
        """Retires a device and tells it."""
        request = pb.RetireDeviceRequest(
            request_id=request_named(given_id), channel=code, device_no=device_no, reason=reason
        )
        with self._stub() as stub:
            _tell_device(stub.RetireDevice(request, **self._remote.call).device)

    def allot(self, code: str, device_no: int, ahead: int, given_id: str) -> None:
        """Allots numbers and tells them."""
        request = pb.AllotReceiptsRequest(
            request_id=request_named(given_id), channel=code, device_no=device_no, ahead=ahead
        )
        with self._stub() as stub:
            told = stub.AllotReceipts(request, **self._remote.call)
        say(f"Device {device_no} may use receipts {told.first_number} to {told.last_number}")

    def snapshot(self, code: str, device_no: int) -> None:
        """Tells what a device gets."""
        table = Table("place", "account", "name", "address", "owes", "visit", box=None)
        request = pb.GetRouteSnapshotRequest(channel=code, device_no=device_no)
        with self._stub() as stub:
            for page in pages(stub.GetRouteSnapshot, request, self._remote.call):
                for one in page.stops:
                    state = _word(pb.VisitState.Name(one.visit.state), "VISIT_STATE_")
                    owes = shown(one.payable, page.digits)
                    who = one.number, one.name, one.address
                    table.add_row(str(one.visit.place), *who, owes, state)
        out.print(table)

    def records(self, code: str, device_no: int) -> None:
        """Tells the records of a device, and its forks."""
        table = Table("record", "kind", "state", "flags", "line", box=None)
        request = pb.ListRecordsRequest(channel=code, device_no=device_no, page_size=PAGE_SIZE)
        forks = pb.ListForksRequest(channel=code, device_no=device_no)
        with self._stub() as stub:
            for page in pages(stub.ListRecords, request, self._remote.call):
                for one in page.records:
                    flags = [pb.RecordFlag.Name(flag) for flag in one.answer.flags]
                    words = ", ".join(_word(flag, "RECORD_FLAG_") for flag in flags)
                    state = _word(pb.RecordState.Name(one.answer.state), "RECORD_STATE_")
                    kind = _word(pb.RecordKind.Name(one.kind), "RECORD_KIND_")
                    table.add_row(str(one.answer.seq), kind, state, words, one.record.line)
            for fork in stub.ListForks(forks, **self._remote.call).forks:
                table.add_row(str(fork.seq), "", "forked", "", fork.record.line)
        out.print(table)

    # -- cash and conflicts

    def hand_ins(self, is_open: bool) -> None:
        """Tells what devices handed in."""
        table = Table("collector", "device", "record", "device has", "collector has",
                      "counted", "confirmed", box=None)  # fmt: skip
        request = pb.ListHandInsRequest(open=is_open, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListHandIns, request, self._remote.call):
                for one in page.hand_ins:
                    money = [shown(amount, page.digits) for amount in (one.total, one.declared)]
                    done = bool(one.confirmed_at)
                    counted = shown(one.counted, page.digits) if done else ""
                    what = one.channel, str(one.device_no), str(one.seq)
                    table.add_row(*what, *money, counted, "yes" if done else "no")
        out.print(table)

    def confirm(self, code: str, device_no: int, seq: int, counted: int, given_id: str) -> None:
        """Confirms a hand-in and tells it."""
        request = pb.ConfirmHandInRequest(
            request_id=request_named(given_id),
            channel=code,
            device_no=device_no,
            seq=seq,
            counted=counted,
        )
        with self._stub() as stub:
            told = stub.ConfirmHandIn(request, **self._remote.call)
        one, digits = told.hand_in, told.digits
        over = one.counted - one.total
        rest = f"{shown(abs(over), digits)} {'over' if over > 0 else 'short'}" if over else "right"
        counted_text, total = shown(one.counted, digits), shown(one.total, digits)
        say(f"Hand-in {seq} of device {device_no}: {counted_text} counted of {total}, {rest}")

    def conflicts(self, is_open: bool) -> None:
        """Tells receipts of debts that were paid elsewhere."""
        table = Table("receipt", "account", "taken", "surplus", "state", "case", box=None)
        request = pb.ListConflictsRequest(open=is_open, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListConflicts, request, self._remote.call):
                for one in page.conflicts:
                    money = [shown(amount, page.digits) for amount in (one.amount, one.surplus)]
                    state = _word(pb.ConflictState.Name(one.state), "CONFLICT_STATE_")
                    rest = state, str(one.case_no or "")
                    table.add_row(str(one.number), str(one.account_id), *money, *rest)
        out.print(table)

    def settle(self, number: int, how: str, reason: str, given_id: str) -> None:
        """Settles a conflict and tells it. Raises FieldRefused."""
        if how not in WAYS:
            raise FieldRefused("how", f"{quoted(how)} is none of them.", list(WAYS))
        name = request_named(given_id)
        request = pb.SettleConflictRequest(
            request_id=name, number=number, how=WAYS[how], reason=reason
        )
        with self._stub() as stub:
            told = stub.SettleConflict(request, **self._remote.call).conflict
        case = f", case {told.case_no}" if told.case_no else ""
        say(
            f"Receipt {number}: {_word(pb.ConflictState.Name(told.state), 'CONFLICT_STATE_')}{case}"
        )


def _word(name: str, stem: str) -> str:
    return name.removeprefix(stem).lower().replace("_", " ")


def _tell_assignment(told: pb.Assignment) -> None:
    state = "ended" if told.ended_at else "stands"
    say(
        f"Assignment {told.assignment_no}: route {told.route}, collector {told.channel}, "
        f"{told.first_day} to {told.last_day}, {state}"
    )


def _tell_device(told: pb.Device) -> None:
    state = _word(pb.DeviceState.Name(told.state), "DEVICE_STATE_")
    why = f" ({told.why})" if told.why else ""
    missing = f", record {told.missing} is missing" if told.missing else ""
    phase = _word(pb.ShiftPhase.Name(told.phase), "SHIFT_PHASE_")
    say(
        f"Device {told.device_no} of {told.channel}: {told.name}, {state}{why}, record {told.seq}"
        f"{missing}, shift {phase}, receipts up to {told.last_number}"
    )
