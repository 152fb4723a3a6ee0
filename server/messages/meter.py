"""Meters, readings and usage as messages, and back.

Goals: a dial, multiplier or day that its field cannot hold is refused with the field's path.
Non-goals: rules of meters and readings, which core has.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from billcore.core.calendar import Calendar
from billcore.core.errors import BatchTooLarge, RequestInvalid, TextInvalid
from billcore.core.metering.decide import ReadingKey
from billcore.core.metering.determinants import Determinants
from billcore.core.metering.estimate import Estimated, Norms, Targets, norm_of_one
from billcore.core.metering.findings import Finding, Source, Status, describe
from billcore.core.metering.listing import Entry, Position, Wanted
from billcore.core.metering.meters import Multiplier, Placing, Share
from billcore.core.metering.policy import Method
from billcore.core.metering.readings import Readings
from billcore.core.metering.record import NewReadings, Results
from billcore.core.metering.registers import Installations
from billcore.core.metering.usage import MISSING, UsageFlag
from billcore.core.money import decimals_of, exact_text, parse_decimal, scaled_text
from billcore.core.store.meters import Meter, Register
from billcore.server import pages
from billcore.server.messages.account import iso
from billcore.v1 import meter_service_pb2 as pb

READINGS_MAX = 1_000
"""A message has at most this many readings; more come as a bulk load."""

VALUE_MAX = 10**18
DECIMALS_MAX = 18

YEAR_DAYS = 365

METHODS = {
    pb.ESTIMATION_METHOD_RECENT: Method.RECENT,
    pb.ESTIMATION_METHOD_LAST_YEAR: Method.LAST_YEAR,
    pb.ESTIMATION_METHOD_NORM: Method.NORM,
    pb.ESTIMATION_METHOD_ZERO: Method.ZERO,
}


# -- single values


def day(text: str, field: str) -> int:
    """The ordinal of an ISO day."""
    if not text:
        raise RequestInvalid(field, "give a day, as 2024-02-29.")
    try:
        return Calendar.GREGORIAN.parse(text)
    except TextInvalid as error:
        raise RequestInvalid(field, error.message) from None


def number(text: str, field: str) -> tuple[int, int]:
    """(value, decimals) of an exact decimal text that is not negative."""
    try:
        exact = parse_decimal(text)
    except TextInvalid as error:
        raise RequestInvalid(field, error.message) from None
    decimals = decimals_of(exact.denominator) or 0
    value = exact * 10**decimals
    if exact < 0 or decimals > DECIMALS_MAX or value >= VALUE_MAX:
        raise RequestInvalid(field, f"{text} is negative, or has more than 18 digits.")
    return int(value), decimals


def multiplier(text: str, field: str = "multiplier") -> Multiplier:
    """What turns a dial into usage; 1 where nothing is said."""
    return Multiplier(*number(text, field)) if text else Multiplier()


def dials(given: Sequence[pb.Dial], field: str) -> dict[int, tuple[int, int]]:
    """(value, decimals) by register."""
    found = {d.register_no: number(d.value, f"{field}[{n}].value") for n, d in enumerate(given)}
    if len(found) != len(given):
        raise RequestInvalid(field, "a register stands in it twice.")
    return found


def decimal(value: int, decimals: int) -> str:
    """An exact decimal text of a scaled integer."""
    return scaled_text(value, decimals)


# -- meters


def registers(given: Sequence[pb.Register]) -> list[Register]:
    return [Register(r.register_no, r.quantity, r.unit, r.digits, r.decimals) for r in given]


def placing(request: pb.InstallMeterRequest) -> Placing:
    alone = not (request.share or request.share_of or request.share_before)
    share = Share() if alone else Share(request.share_before, request.share, request.share_of)
    return Placing(
        request.account_id,
        request.agreement_no,
        request.meter_id,
        day(request.day, "day"),
        multiplier(request.multiplier),
        share,
    )


def meter(found: Meter, places: Installations) -> pb.GetMeterResponse:
    return pb.GetMeterResponse(
        meter_id=found.meter_id,
        serial=found.serial,
        model=found.model,
        revision=found.revision,
        registers=[pb.Register(**register._asdict()) for register in found.registers],
        installations=[_installation(places, row) for row in range(len(places))],
    )


def _installation(places: Installations, row: int) -> pb.Installation:
    scale = 10 ** int(places.multiplier_decimals[row])
    return pb.Installation(
        account_id=int(places.account_id[row]),
        agreement_no=int(places.agreement_no[row]),
        register_no=int(places.register_no[row]),
        from_day=iso(int(places.from_day[row])),
        until_day=iso(int(places.until_day[row])),
        multiplier=exact_text(Fraction(int(places.multiplier[row]), scale)),
        share_before=int(places.share_before[row]),
        share=int(places.share[row]),
        share_of=int(places.share_of[row]),
    )


# -- readings


def new_readings(given: Sequence[pb.NewReading], field: str) -> NewReadings:
    """The columns of readings; their fields are named below `field`."""
    if not given:
        raise RequestInvalid(field, "give at least one reading.")
    if len(given) > READINGS_MAX:
        raise BatchTooLarge(field, READINGS_MAX, len(given))
    rows = [_row(reading, f"{field}[{n}]") for n, reading in enumerate(given)]
    return NewReadings(*np.array(rows, dtype=np.int64).T)


def new_reading(given: pb.NewReading, field: str) -> NewReadings:
    """The columns of one reading of a named account."""
    if not given.account_id:
        raise RequestInvalid(f"{field}.account_id", "name the account.")
    return NewReadings(*np.array([_row(given, field)], dtype=np.int64).T)


def _row(given: pb.NewReading, field: str) -> tuple[int, ...]:
    value, decimals = number(given.value, f"{field}.value")
    if int(given.source) not in tuple(map(int, Source)):
        allowed = [source.name for source in Source]
        raise RequestInvalid(f"{field}.source", "say who read the dial.", allowed)
    on = day(given.day, f"{field}.day")
    key = given.account_id, given.meter_id, given.register_no, on
    return (*key, value, decimals, given.source)


def results(found: Results) -> list[pb.ReadingResult]:
    return [result(found, row) for row in range(len(found.status))]


def result(found: Results, row: int = 0) -> pb.ReadingResult:
    bits = int(found.findings[row])
    return pb.ReadingResult(
        status=status(int(found.status[row])),
        findings=findings(bits),
        version=int(found.version[row]),
        message=describe(bits),
    )


def status(number: int) -> str:
    return f"READING_STATUS_{Status(number).name}"


def findings(bits: int) -> list[str]:
    """The findings of bits, as the contract names them."""
    return [f"READING_FINDING_{finding.name}" for finding in Finding if bits & finding]


def key(request: pb.DecideReadingRequest) -> ReadingKey:
    on = day(request.day, "day")
    return ReadingKey(
        request.account_id, request.meter_id, request.register_no, on, request.version
    )


def decision(request: pb.DecideReadingRequest) -> Status:
    return Status.ACCEPTED if request.accept else Status.REJECTED


def decided(found: Readings) -> pb.DecideReadingResponse:
    return pb.DecideReadingResponse(
        status=status(int(found.status[0])), version=int(found.version[0])
    )


# -- estimates


def target(request: pb.EstimateReadingRequest) -> Targets:
    row = request.account_id, request.meter_id, request.register_no, day(request.day, "day")
    return Targets(*(np.array([value], dtype=np.int64) for value in row))


def methods(request: pb.EstimateReadingRequest) -> tuple[Method, ...]:
    return (METHODS[request.method],) if request.method in METHODS else ()


def norms(request: pb.EstimateReadingRequest, calendar: Calendar) -> Norms | None:
    if not request.norm:
        return None
    value, decimals = number(request.norm, "norm")
    return norm_of_one(value, decimals, request.persons, request.norm_daily, calendar)


def estimated(found: Estimated, decimals: int) -> pb.EstimateReadingResponse:
    method = found.methods[int(found.estimates.method[0])]
    return pb.EstimateReadingResponse(
        result=result(found.results),
        value=decimal(int(found.estimates.value[0]), decimals),
        method=next(wire for wire, name in METHODS.items() if name is method),
        chain=int(found.chain[0]),
    )


# -- lists and usage


def wanted(request: pb.ListReadingsRequest, today: int) -> Wanted:
    last = day(request.last_day, "last_day") if request.last_day else today
    first = day(request.first_day, "first_day") if request.first_day else last - YEAR_DAYS
    return Wanted(request.account_id, request.meter_id, request.register_no, first, last)


def after(request: pb.ListReadingsRequest) -> Position | None:
    """The entry behind which the page starts."""
    said = pages.after(request, "readings")
    if not said:
        return None
    parts = said.split(".")
    if len(parts) != len(Position._fields) or not all(part.isdecimal() for part in parts):
        raise pages.bad_token()
    return Position(*map(int, parts))


def readings(entries: Sequence[Entry], more: bool) -> pb.ListReadingsResponse:
    token = pages.token("readings", ".".join(map(str, entries[-1].position))) if more else ""
    return pb.ListReadingsResponse(
        readings=[_reading(entry) for entry in entries], next_page_token=token
    )


def _reading(entry: Entry) -> pb.Reading:
    return pb.Reading(
        account_id=entry.account_id,
        agreement_no=entry.agreement_no,
        meter_id=entry.meter_id,
        register_no=entry.register_no,
        place=entry.place,
        address=entry.address,
        day=iso(entry.day),
        version=entry.version,
        value=decimal(entry.value, entry.decimals),
        unit=entry.unit,
        quantity=entry.quantity,
        source=f"READING_SOURCE_{entry.source.name}",
        status=status(entry.status),
        findings=findings(entry.findings),
        counts=entry.counts,
        usage=decimal(entry.usage, entry.usage_decimals) if entry.days else "",
        days=entry.days,
    )


def usages(found: Determinants) -> pb.GetUsageResponse:
    return pb.GetUsageResponse(usages=[_usage(found, row) for row in range(len(found.usage.usage))])


def _usage(found: Determinants, row: int) -> pb.Usage:
    flags = int(found.usage.flags[row])
    known = not flags & (MISSING | UsageFlag.OVERFLOW)
    value = decimal(int(found.usage.usage[row]), int(found.usage.decimals[row]))
    return pb.Usage(
        quantity=found.installations.quantities[int(found.usage.quantity_no[row])],
        usage=value if known else "",
        flags=[f"USAGE_FLAG_{flag.name}" for flag in UsageFlag if flags & flag],
    )
