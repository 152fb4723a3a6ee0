"""MeterService: meters, readings, usage. Each handler: convert, call, convert, return."""

from collections.abc import Mapping

import grpc

from billcore.core.billing.charges.billed import are_billed
from billcore.core.events.audit import audit
from billcore.core.metering import decide, determinants, estimate, listing, meters, record
from billcore.core.metering.provider import metering_provider
from billcore.server import pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import meter as messages
from billcore.v1 import meter_service_pb2 as pb
from billcore.v1.meter_service_pb2_grpc import MeterServiceServicer

Context = grpc.ServicerContext


class MeterService(MeterServiceServicer):
    """The meters of the caller's provider over gRPC."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    # -- meters

    def CreateMeter(self, request: pb.CreateMeterRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateMeterResponse:
            registers = messages.registers(request.registers)
            made = meters.create(_desk(write), request.serial, request.model, registers)
            return pb.CreateMeterResponse(meter_id=made.meter_id)

        return self._backend.once(request, context, act)

    def GetMeter(self, request: pb.GetMeterRequest, context: Context) -> pb.GetMeterResponse:
        with self._backend.store.read() as reader:
            found = meters.get(reader, CALLER.get(), request.meter_id)
            places = meters.installed(reader, request.meter_id)
        return messages.meter(found, places)

    def InstallMeter(self, request: pb.InstallMeterRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.InstallMeterResponse:
            opening = messages.dials(request.opening, "opening")
            placing = messages.placing(request)
            meters.install(_desk(write, request.accept_reason), placing, opening)
            return pb.InstallMeterResponse()

        return self._backend.once(request, context, act)

    def RemoveMeter(self, request: pb.RemoveMeterRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.RemoveMeterResponse:
            desk, day = _desk(write, request.accept_reason), messages.day(request.day, "day")
            closing = messages.dials(request.closing, "closing")
            meters.remove(desk, request.meter_id, day, closing, request.account_id)
            return pb.RemoveMeterResponse()

        return self._backend.once(request, context, act)

    def ExchangeMeter(self, request: pb.ExchangeMeterRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ExchangeMeterResponse:
            meters.exchange(
                _desk(write, request.accept_reason),
                request.old_meter_id,
                request.new_meter_id,
                messages.day(request.day, "day"),
                messages.dials(request.closing, "closing"),
                messages.dials(request.opening, "opening"),
                messages.multiplier(request.multiplier),
            )
            return pb.ExchangeMeterResponse()

        return self._backend.once(request, context, act)

    def ChangeMultiplier(self, request: pb.ChangeMultiplierRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ChangeMultiplierResponse:
            meters.change_multiplier(
                _desk(write, request.accept_reason),
                request.meter_id,
                request.register_no,
                messages.day(request.day, "day"),
                messages.multiplier(request.multiplier),
                messages.number(request.value, "value") if request.value else None,
            )
            return pb.ChangeMultiplierResponse()

        return self._backend.once(request, context, act)

    # -- readings

    def SubmitReadings(self, request: pb.SubmitReadingsRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SubmitReadingsResponse:
            desk = _desk(write)
            given = messages.new_readings(request.readings, "readings")
            at = desk.session, desk.caller, desk.provider
            found = record.record(*at, given, desk.now, are_billed)
            _audited(write, "readings.submit", {"readings": len(request.readings)})
            return pb.SubmitReadingsResponse(results=messages.results(found))

        return self._backend.once(request, context, act)

    def DecideReading(self, request: pb.DecideReadingRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.DecideReadingResponse:
            key, status = messages.key(request), messages.decision(request)
            found = decide.decide(
                write.session, write.caller, key, status, request.reason, write.now
            )
            return messages.decided(found)

        return self._backend.once(request, context, act)

    def CorrectReading(self, request: pb.CorrectReadingRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CorrectReadingResponse:
            desk = _desk(write)
            given = messages.new_reading(request.reading, "reading")
            found = decide.correct(
                desk.session, desk.caller, desk.provider, given, request.reason, desk.now
            )
            return pb.CorrectReadingResponse(result=messages.result(found))

        return self._backend.once(request, context, act)

    def EstimateReading(self, request: pb.EstimateReadingRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.EstimateReadingResponse:
            desk, target = _desk(write), messages.target(request)
            norms = messages.norms(request, desk.provider.calendar)
            tried = messages.methods(request)
            found, decimals = estimate.estimate_one(
                desk.session, desk.caller, desk.provider, target, desk.now, tried, norms
            )
            detail = {name: getattr(request, name) for name in ("meter_id", "register_no", "day")}
            _audited(write, "reading.estimate", detail)
            return messages.estimated(found, decimals)

        return self._backend.once(request, context, act)

    def ListReadings(
        self, request: pb.ListReadingsRequest, context: Context
    ) -> pb.ListReadingsResponse:
        after, size, caller = messages.after(request), pages.page_size(request), CALLER.get()
        with self._backend.store.read() as reader:
            provider = metering_provider(reader, caller.provider_id)
            wanted = messages.wanted(request, provider.today(self._backend.now()))
            entries, more = listing.listing(reader, caller, wanted, after, size)
        return messages.readings(entries, more)

    def GetUsage(self, request: pb.GetUsageRequest, context: Context) -> pb.GetUsageResponse:
        days = [
            messages.day(request.previous_day, "previous_day"),
            messages.day(request.this_day, "this_day"),
        ]
        agreement = request.account_id, request.agreement_no
        with self._backend.store.read() as reader:
            found = determinants.usage_of(reader, CALLER.get().provider_id, *agreement, *days)
        return messages.usages(found)


def _audited(write: Write, action: str, detail: Mapping[str, object]) -> None:
    """Who did it; which readings came of it, their events and rows tell. (Loads and runs, which
    record readings too, are audited as such.)"""
    audit(write.session, write.caller, action, "readings", "", detail, write.now)


def _desk(write: Write, accept_reason: str = "") -> meters.Desk:
    """Who acts for which provider."""
    provider = metering_provider(write.session, write.caller.provider_id)
    return meters.Desk(write.session, write.caller, provider, write.now, accept_reason)
