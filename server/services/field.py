"""FieldService: collectors, routes, devices. Each handler: convert, call, convert, return."""

from collections import Counter
from functools import partial

import grpc

from billcore.core.accounts.acting import Write as Acting
from billcore.core.accounts.acting import provider_acting
from billcore.core.collections.field import (
    collectors,
    conflicts,
    devices,
    hand_ins,
    keeping,
    routes,
    sync,
)
from billcore.core.collections.field.chain import Signed
from billcore.core.collections.field.devices import DeviceState
from billcore.core.collections.field.errors import ConflictUnknown
from billcore.core.collections.field.sync import Synced, missing_of
from billcore.core.enquiries import route_snapshot
from billcore.core.payments.agents import agents
from billcore.core.payments.channels import check_channel, get_channel
from billcore.core.payments.intake.place import Place, asked_place
from billcore.core.store import accounts as account_rows
from billcore.core.store import field_devices as device_rows
from billcore.core.store import field_records as rows
from billcore.core.store import field_routes as route_rows
from billcore.core.store.again import again
from billcore.core.store.field_devices import CollectorRow, DeviceRow
from billcore.core.store.field_records import ReceiptRow
from billcore.core.store.port import Reader, Session
from billcore.server import asked, disputes, pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as fields
from billcore.server.messages import field as messages
from billcore.server.telemetry import Metrics
from billcore.v1 import field_service_pb2 as pb
from billcore.v1.field_service_pb2_grpc import FieldServiceServicer

Context = grpc.ServicerContext

FORKS_MAX = 1_000

DISPUTES = disputes.FieldDisputes()


class FieldService(FieldServiceServicer):
    """The field work of the caller's provider over gRPC."""

    def __init__(self, backend: Backend, metrics: Metrics) -> None:
        self._backend = backend
        self._metrics = metrics

    # -- collectors

    def SetCollector(self, request: pb.SetCollectorRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SetCollectorResponse:
            given, why = request.collector, fields.reason(request)
            limits = messages.limits(given)
            made = collectors.set_collector(write, given.channel, limits, given.revision, why)
            return pb.SetCollectorResponse(collector=_collector(write.session, made))

        return self._backend.once(request, context, act)

    def GetCollector(
        self, request: pb.GetCollectorRequest, context: Context
    ) -> pb.GetCollectorResponse:
        check_channel(CALLER.get(), request.channel)
        with self._backend.store.read() as reader:
            channel = collectors.channel_of(reader, _provider(), request.channel)
            found = collectors.collector_of(reader, _provider(), channel)
            money = asked.currency(asked.provider(reader))
            return pb.GetCollectorResponse(collector=_collector(reader, found), **money)

    def ListCollectors(
        self, request: pb.ListCollectorsRequest, context: Context
    ) -> pb.ListCollectorsResponse:
        after, size = pages.after_number(request, "collector"), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = device_rows.collectors(reader, _provider(), after, size + 1)
            page, token = fields.cut(found, size, "collector", "channel_no")
            told = [_collector(reader, one) for one in page]
        return pb.ListCollectorsResponse(collectors=told, next_page_token=token)

    # -- routes and visits

    def SetRoute(self, request: pb.SetRouteRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SetRouteResponse:
            given = messages.route_given(request.route)
            made = routes.set_route(write, given, fields.reason(request))
            return pb.SetRouteResponse(route=messages.route(made))

        return self._backend.once(request, context, act)

    def GetRoute(self, request: pb.GetRouteRequest, context: Context) -> pb.GetRouteResponse:
        with self._backend.store.read() as reader:
            found = routes.route_of(reader, _provider(), request.route)
            stops = route_rows.stops(reader, _provider(), request.route)
            accounts = [account_rows.account(reader, account_id) for account_id, _ in stops]
        numbers = [one.number for one in accounts if one is not None]
        return pb.GetRouteResponse(route=messages.route(found, numbers))

    def ListRoutes(self, request: pb.ListRoutesRequest, context: Context) -> pb.ListRoutesResponse:
        after, size = pages.after(request, "route"), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = route_rows.routes(reader, _provider(), after, size + 1)
        page, token = fields.cut(found, size, "route", "route")
        told = [messages.route(one) for one in page]
        return pb.ListRoutesResponse(routes=told, next_page_token=token)

    def AssignRoute(self, request: pb.AssignRouteRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.AssignRouteResponse:
            first = asked.moment(write.session, write.now).day(request.first_day, "first_day")
            last = fields.day(request.last_day, "last_day") if request.last_day else first
            made = routes.assign(write, request.route, request.channel, first, last)
            told = messages.assignment(made, request.channel)
            return pb.AssignRouteResponse(assignment=told)

        return self._backend.once(request, context, act)

    def EndAssignment(self, request: pb.EndAssignmentRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.EndAssignmentResponse:
            ended = routes.end_assignment(write, request.assignment_no, asked.reason(request))
            code = get_channel(write.session, _provider(), ended.channel_no).channel
            return pb.EndAssignmentResponse(assignment=messages.assignment(ended, code))

        return self._backend.once(request, context, act)

    def ListAssignments(
        self, request: pb.ListAssignmentsRequest, context: Context
    ) -> pb.ListAssignmentsResponse:
        after, size = pages.after_number(request, "assignment"), pages.page_size(request)
        with self._backend.store.read() as reader:
            channel_no = _channel_no(reader, request.channel)
            key = _provider(), channel_no, after, size + 1
            found = route_rows.assignments(reader, *key)
            codes = asked.channel_codes(reader)
        page, token = fields.cut(found, size, "assignment", "assignment_no")
        told = [messages.assignment(one, codes[one.channel_no]) for one in page]
        return pb.ListAssignmentsResponse(assignments=told, next_page_token=token)

    def ListVisits(self, request: pb.ListVisitsRequest, context: Context) -> pb.ListVisitsResponse:
        of = f"visit/{request.assignment_no}"
        after, size = pages.after_number(request, of), pages.page_size(request)
        with self._backend.store.read() as reader:
            routes.assignment_of(reader, _provider(), request.assignment_no)
            key = _provider(), request.assignment_no, after, size + 1
            found = route_rows.visits(reader, *key)
        page, token = fields.cut(found, size, of, "place")
        return pb.ListVisitsResponse(visits=map(messages.visit, page), next_page_token=token)

    # -- devices

    def RegisterDevice(self, request: pb.RegisterDeviceRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.RegisterDeviceResponse:
            given = request.channel, request.name, request.public_key
            made = devices.register(write, *given)
            return pb.RegisterDeviceResponse(device=messages.device(made, request.channel, 0))

        return self._backend.once(request, context, act)

    def LockDevice(self, request: pb.LockDeviceRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.LockDeviceResponse:
            given = request.channel, request.device_no, asked.reason(request)
            ended = devices.lock_by_hand(write, *given)
            return pb.LockDeviceResponse(device=_device(write.session, ended, request.channel))

        return self._backend.once(request, context, act)

    def RetireDevice(self, request: pb.RetireDeviceRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.RetireDeviceResponse:
            given = request.channel, request.device_no, asked.reason(request)
            ended = devices.retire(write, *given)
            return pb.RetireDeviceResponse(device=_device(write.session, ended, request.channel))

        return self._backend.once(request, context, act)

    def GetDevice(self, request: pb.GetDeviceRequest, context: Context) -> pb.GetDeviceResponse:
        check_channel(CALLER.get(), request.channel)
        with self._backend.store.read() as reader:
            found = devices.device_of(reader, _provider(), request.channel, request.device_no)
            money = asked.currency(asked.provider(reader))
            told = _device(reader, found, request.channel)
        return pb.GetDeviceResponse(device=told, **money)

    def ListDevices(
        self, request: pb.ListDevicesRequest, context: Context
    ) -> pb.ListDevicesResponse:
        after, size = pages.after_number(request, "device"), pages.page_size(request)
        with self._backend.store.read() as reader:
            channel_no = _channel_no(reader, request.channel)
            found = device_rows.devices(reader, _provider(), channel_no, after, size + 1)
            page, token = fields.cut(found, size, "device", "device_no")
            codes = asked.channel_codes(reader)
            told = [_device(reader, one, codes[one.channel_no]) for one in page]
        return pb.ListDevicesResponse(devices=told, next_page_token=token)

    def AllotReceipts(self, request: pb.AllotReceiptsRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.AllotReceiptsResponse:
            given = request.channel, request.device_no, request.ahead
            _, first, last = devices.allot(write, *given)
            return pb.AllotReceiptsResponse(first_number=first, last_number=last)

        return self._backend.once(request, context, act)

    def GetRouteSnapshot(
        self, request: pb.GetRouteSnapshotRequest, context: Context
    ) -> pb.GetRouteSnapshotResponse:
        now = self._backend.now()
        size = min(pages.page_size(request), route_snapshot.STOPS_MAX)
        with self._backend.store.read() as reader:
            where = asked_place(reader, CALLER.get(), request.channel)
            of = f"snapshot/{request.device_no}"
            seen_at, *after = _numbers(pages.after(request, of), 3) or (now, 0, 0)
            provider = asked.provider(reader)
            wanted = route_snapshot.Asked(
                place=where,
                provider=provider,
                caller=CALLER.get(),
                device_no=request.device_no,
                today=asked.moment(reader, now).today,
                seen_at=seen_at,
                after=(after[0], after[1]),
                most=size,
                form=messages.notice_form(request),
            )
            found = route_snapshot.snapshot(reader, wanted)
            token = ""
            if found.behind:
                token = pages.token(of, "-".join(map(str, (seen_at, *found.behind))))
            return pb.GetRouteSnapshotResponse(
                stops=map(messages.stop, found.stops),
                seen_at=seen_at,
                server_time=now,
                device=_device(reader, found.device, request.channel),
                collector=messages.collector(found.collector, found.agent, request.channel),
                provider_id=provider.provider_id,
                provider=provider.name,
                next_page_token=token,
                **asked.currency(provider),
            )

    # -- records

    def SyncRecords(self, request: pb.SyncRecordsRequest, context: Context) -> bytes:
        caller, now = CALLER.get(), self._backend.now()
        with self._backend.store.read() as reader:
            where = asked_place(reader, caller, request.channel)
            device = devices.device_of(reader, _provider(), request.channel, request.device_no)
        given = messages.records(request)
        signed = sync.signed(device, where.provider_id, given, DISPUTES)
        done = again(self._backend.store, partial(self._synced, where, request.device_no, signed))
        states = Counter(keeping.STATES[one.state] for one in done.answers)
        self._metrics.records_answered(states, done.device.state == DeviceState.LOCKED)
        told = messages.device(done.device, request.channel, done.missing)
        answers = map(messages.answer, done.answers)
        answer = pb.SyncRecordsResponse(answers=answers, device=told, server_time=now)
        return answer.SerializeToString(deterministic=True)

    def _synced(
        self, where: Place, device_no: int, signed: list[Signed], session: Session
    ) -> Synced:
        write = Write(session, CALLER.get(), self._backend.now())
        return sync.sync(write, where, device_no, signed, DISPUTES)

    def ListRecords(
        self, request: pb.ListRecordsRequest, context: Context
    ) -> pb.ListRecordsResponse:
        of = f"record/{request.device_no}"
        after, size = pages.after_number(request, of), pages.page_size(request)
        with self._backend.store.read() as reader:
            key = _provider(), request.channel, request.device_no
            devices.device_of(reader, *key)
            found = rows.behind(reader, _provider(), request.device_no, after, size + 1)
        page, token = fields.cut(found, size, of, "seq")
        return pb.ListRecordsResponse(records=map(messages.kept, page), next_page_token=token)

    def ListForks(self, request: pb.ListForksRequest, context: Context) -> pb.ListForksResponse:
        with self._backend.store.read() as reader:
            devices.device_of(reader, _provider(), request.channel, request.device_no)
            found = rows.forks(reader, _provider(), request.device_no, FORKS_MAX)
        return pb.ListForksResponse(forks=map(messages.fork, found))

    # -- cash and conflicts

    def ListHandIns(
        self, request: pb.ListHandInsRequest, context: Context
    ) -> pb.ListHandInsResponse:
        size = pages.page_size(request)
        after = _numbers(pages.after(request, "hand-in"), 2) or (0, 0)
        with self._backend.store.read() as reader:
            key = _provider(), (after[0], after[1]), request.open, size + 1
            found = rows.hand_ins(reader, *key)
            codes = asked.channel_codes(reader)
            money = asked.currency(asked.provider(reader))
        page = found[:size]
        token = ""
        if len(found) > size:
            token = pages.token("hand-in", f"{page[-1].device_no}-{page[-1].seq}")
        told = [messages.hand_in(one, codes[one.channel_no]) for one in page]
        return pb.ListHandInsResponse(hand_ins=told, next_page_token=token, **money)

    def ConfirmHandIn(self, request: pb.ConfirmHandInRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ConfirmHandInResponse:
            today = asked.moment(write.session, write.now).today
            given = request.channel, request.device_no, request.seq, request.counted
            done = hand_ins.confirm(write, *given, today, asked.source(write, request))
            money = asked.currency(asked.provider(write.session))
            told = messages.hand_in(done, request.channel)
            return pb.ConfirmHandInResponse(hand_in=told, **money)

        return self._backend.once(request, context, act)

    def ListConflicts(
        self, request: pb.ListConflictsRequest, context: Context
    ) -> pb.ListConflictsResponse:
        after, size = pages.after_number(request, "conflict"), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = rows.conflicts(reader, _provider(), request.open, after, size + 1)
            money = asked.currency(asked.provider(reader))
        page, token = fields.cut(found, size, "conflict", "number")
        told = map(messages.conflict, page)
        return pb.ListConflictsResponse(conflicts=told, next_page_token=token, **money)

    def SettleConflict(self, request: pb.SettleConflictRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SettleConflictResponse:
            how, why = messages.settlement(request.how), asked.reason(request)
            done = conflicts.settle(write, request.number, how, why, _opened)
            money = asked.currency(asked.provider(write.session))
            return pb.SettleConflictResponse(conflict=messages.conflict(done), **money)

        return self._backend.once(request, context, act)


def _opened(write: Acting, row: ReceiptRow) -> int:
    """The case of a conflict."""
    device = device_rows.device(write.session, _provider(), row.device_no)
    if device is None:
        raise ConflictUnknown(row.number)
    code = get_channel(write.session, _provider(), device.channel_no).channel
    return disputes.paid_twice(write, row, code)


def _provider() -> int:
    return provider_acting(CALLER.get())


def _collector(reader: Reader, found: CollectorRow) -> pb.Collector:
    code = get_channel(reader, _provider(), found.channel_no).channel
    channel = collectors.channel_of(reader, _provider(), code)
    return messages.collector(found, agents.agent_of(reader, _provider(), channel), code)


def _device(reader: Reader, found: DeviceRow, code: str) -> pb.Device:
    return messages.device(found, code, missing_of(reader, _provider(), found))


def _channel_no(reader: Reader, code: str) -> int:
    """The number of a collector's channel; 0: of every one."""
    return collectors.channel_of(reader, _provider(), code).channel_no if code else 0


def _numbers(said: str, count: int) -> tuple[int, ...]:
    """The numbers that a token names; none at the beginning. Raises RequestInvalid."""
    if not said:
        return ()
    parts = said.split("-")
    if len(parts) != count or not all(one.isascii() and one.isdigit() for one in parts):
        raise pages.bad_token()
    return tuple(map(int, parts))
