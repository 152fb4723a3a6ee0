"""Meters and where they hang: create, install, remove, exchange, change of the multiplier.

Each is one transaction with the readings that it needs, so that no day is without a dial. A shared
meter is installed once for each account that shares it; what happens to the meter happens to all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from billcore.core.caller import Caller
from billcore.core.errors import RequestInvalid
from billcore.core.events import outbox
from billcore.core.events.audit import audit
from billcore.core.ids import owned_id, provider_of
from billcore.core.metering.decide import settle
from billcore.core.metering.errors import (
    InstallationAgreementUnknown,
    InstallationInvalid,
    MeterExists,
    MeterUnknown,
    RegisterUnknown,
)
from billcore.core.metering.exact import Bools
from billcore.core.metering.findings import Source, Status
from billcore.core.metering.provider import MeteringProvider
from billcore.core.metering.readings import month_of, readings_of, timeline
from billcore.core.metering.record import NewReadings
from billcore.core.metering.registers import (
    COLUMNS,
    REGISTER_MAX,
    Installations,
    installations_of,
)
from billcore.core.store import agreements as agreement_rows
from billcore.core.store import meters as rows
from billcore.core.store import providers as provider_rows
from billcore.core.store import readings as reading_rows
from billcore.core.store.meters import Meter, Register
from billcore.core.store.port import OPEN_DAY, Column, Reader, Session

DIGITS_MAX = 12
MULTIPLIER_DECIMALS_MAX = 9
PRODUCT_DIGITS_MAX = 18
"""Digits of a dial and of its multiplier together: usage always fits 64 bits."""

SHARE_MAX = 1_000_000_000
TEXT_MAX = 100

Dials = Mapping[int, tuple[int, int]]
"""By register: (value, decimals), the value in 10^-decimals of the unit."""


@dataclass(frozen=True, slots=True)
class Multiplier:
    """value x 10^-decimals turns what the dial counts into usage: 1 is Multiplier(1, 0)."""

    value: int = 1
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """The parts before+1 .. before+share of `of` equal ones: of a meter of one's own 1 of 1."""

    before: int = 0
    share: int = 1
    of: int = 1


@dataclass(frozen=True, slots=True)
class Placing:
    """A meter at an agreement since the day of the readings of all its registers."""

    account_id: int
    agreement_no: int
    meter_id: int
    day: int
    multiplier: Multiplier = Multiplier()
    share: Share = Share()


@dataclass(frozen=True, slots=True)
class Desk:
    """Who acts, for which provider, in which transaction and when (microseconds since 1970).

    accept_reason: why doubtful readings are accepted all the same; "": they are refused.
    """

    session: Session
    caller: Caller
    provider: MeteringProvider
    now: int
    accept_reason: str = ""


def create(desk: Desk, serial: str, model: str, registers: Sequence[Register]) -> Meter:
    """A new meter that hangs nowhere. Raises RequestInvalid and MeterExists."""
    _check_meter(serial, model, registers)
    provider_id = desk.provider.provider_id
    provider_rows.lock(desk.session, provider_id, "meter")
    other = provider_rows.number_id(desk.session, provider_id, "meter", serial)
    if other:
        raise MeterExists(serial, other)
    count = provider_rows.draw(desk.session, provider_id, "meter", 1)
    meter = Meter(owned_id(provider_id, count), serial, model, 1, tuple(registers))
    number = {
        "provider_id": np.array([provider_id]),
        "kind": pa.array(["meter"]),
        "number": pa.array([serial]),
        "id": np.array([meter.meter_id]),
    }
    provider_rows.take_numbers(desk.session, number)
    rows.add(desk.session, meter, desk.now)
    _tell(desk, "meter.created", meter.meter_id, {"serial": serial})
    return meter


def _check_meter(serial: str, model: str, registers: Sequence[Register]) -> None:
    if not 1 <= len(serial) <= TEXT_MAX:
        raise RequestInvalid("serial", f"a meter has one of 1 to {TEXT_MAX} characters.")
    if len(model) > TEXT_MAX:
        raise RequestInvalid("model", f"it has at most {TEXT_MAX} characters.")
    numbers = [register.register_no for register in registers]
    if not numbers or len(set(numbers)) != len(numbers):
        raise RequestInvalid("registers", "a meter has one or more, each with its own number.")
    for place, register in enumerate(registers):
        _check_register(f"registers[{place}]", register)


def _check_register(field: str, register: Register) -> None:
    for name, value, least, most in (
        ("register_no", register.register_no, 1, REGISTER_MAX),
        ("digits", register.digits, 1, DIGITS_MAX),
        ("decimals", register.decimals, 0, register.digits),
        ("quantity", len(register.quantity), 1, TEXT_MAX),
        ("unit", len(register.unit), 1, TEXT_MAX),
    ):
        if not least <= value <= most:
            raise RequestInvalid(f"{field}.{name}", f"it has to be {least} to {most}, not {value}.")


def get(reader: Reader, caller: Caller, meter_id: int) -> Meter:
    """A meter. Raises MeterUnknown, of another provider's meter as of none."""
    meter = rows.find(reader, meter_id) if provider_of(meter_id) == caller.provider_id else None
    if meter is None:
        raise MeterUnknown(meter_id)
    return meter


def installed(reader: Reader, meter_id: int) -> Installations:
    """Where a meter hangs and hung."""
    return installations_of(rows.of_meters(reader, np.array([meter_id])))


# -- what happens to meters


def install(desk: Desk, placing: Placing, opening: Dials) -> None:
    """Hangs a meter at an agreement, with the opening readings of all its registers.

    Raises MeterUnknown, InstallationAgreementUnknown, InstallationInvalid, RegisterUnknown,
    ReadingRefused.
    """
    meter = _locked(desk, placing.meter_id)
    _check_agreement(desk, placing)
    _check_free(installed(desk.session, meter.meter_id), placing)
    _place(desk, meter, [placing])
    _read(desk, meter, placing.day, opening, placing.account_id)
    detail = {"account_id": placing.account_id, "day": _iso(placing.day)}
    _tell(desk, "meter.installed", meter.meter_id, detail)


def remove(desk: Desk, meter_id: int, day: int, closing: Dials, account_id: int = 0) -> None:
    """Takes a meter down on a day with its closing readings; account_id: only from this account.

    Raises MeterUnknown, InstallationInvalid, RegisterUnknown, ReadingRefused.
    """
    meter = _locked(desk, meter_id)
    _take_down(desk, meter, day, closing, account_id)
    _tell(desk, "meter.removed", meter_id, {"day": _iso(day), "account_id": account_id})


def exchange(
    desk: Desk,
    old_id: int,
    new_id: int,
    day: int,
    closing: Dials,
    opening: Dials,
    multiplier: Multiplier,
) -> None:
    """Replaces a meter by another on one day, at every account and with the shares that it had.

    Raises as `install` and `remove`; nothing is changed then.
    """
    first, second = (_locked(desk, meter_id) for meter_id in sorted((old_id, new_id)))
    old, new = (first, second) if old_id == first.meter_id else (second, first)
    ended = _take_down(desk, old, day, closing, 0)
    places = {
        (int(ended.account_id[n]), int(ended.agreement_no[n])): Share(
            int(ended.share_before[n]), int(ended.share[n]), int(ended.share_of[n])
        )
        for n in range(len(ended))
    }
    placings = [Placing(*key, new_id, day, multiplier, share) for key, share in places.items()]
    elsewhere = installed(desk.session, new_id)
    for placing in placings:
        _check_free(elsewhere, placing)
    _place(desk, new, placings)
    _read(desk, new, day, opening, 0)
    _tell(desk, "meter.exchanged", old_id, {"new_meter_id": new_id, "day": _iso(day)})


def change_multiplier(
    desk: Desk,
    meter_id: int,
    register_no: int,
    day: int,
    multiplier: Multiplier,
    dial: tuple[int, int] | None,
) -> None:
    """Gives a register another multiplier after a day, on which it has a reading or gets `dial`.

    Raises MeterUnknown, InstallationInvalid, RegisterUnknown, ReadingRefused.
    """
    meter = _locked(desk, meter_id)
    every = installed(desk.session, meter_id)
    at_work = every.take(_at_work(every, day, 0) & (every.register_no == register_no))
    if not len(at_work):
        raise _invalid(meter_id, day, "not_installed")
    if dial is not None:
        _read(desk, meter, day, {register_no: dial}, 0, whole=False)
    elif not _has_readings(desk, at_work, day):
        raise _invalid(meter_id, day, "reading_missing")
    _check_product(meter_id, int(at_work.digits.max()), multiplier)
    _end(desk, at_work, day)
    columns = _columns(at_work)
    columns["from_day"] = np.full(len(at_work), day)
    columns["multiplier"] = np.full(len(at_work), multiplier.value)
    columns["multiplier_decimals"] = np.full(len(at_work), multiplier.decimals)
    rows.install(desk.session, columns)
    _tell(desk, "meter.multiplier_changed", meter_id, {"day": _iso(day)})


# -- rules


INVALID = {
    "not_installed": "it is not at work on {day}, or since that day only.",
    "in_use": "it is at work on {day} or later elsewhere, or these parts of it are.",
    "reading_missing": "it has no reading on {day} that counts: give one.",
    "later_readings": "it has readings after {day}, with which it cannot end then: reject them.",
    "share": "a share is 1 or more parts of at most 1,000,000,000 on {day}.",
    "multiplier": "a multiplier is positive, has at most 9 decimals, and with the dial 18 digits.",
}


def _invalid(meter_id: int, day: int, rule: str) -> InstallationInvalid:
    return InstallationInvalid(meter_id, INVALID[rule].format(day=_iso(day)), rule=rule)


def _locked(desk: Desk, meter_id: int) -> Meter:
    """A meter that no other transaction changes meanwhile."""
    if provider_of(meter_id) == desk.provider.provider_id:
        rows.touch(desk.session, meter_id, desk.now)
    return get(desk.session, desk.caller, meter_id)


def _check_agreement(desk: Desk, placing: Placing) -> None:
    """The agreement is there; its first reading may be taken on the day before its first day."""
    account_id, number = placing.account_id, placing.agreement_no
    own = provider_of(account_id) == desk.provider.provider_id
    row = agreement_rows.agreement(desk.session, account_id, number) if own else None
    if row is None or not row.from_day - 1 <= placing.day <= row.until_day:
        raise InstallationAgreementUnknown(account_id, number)


def _check_free(every: Installations, placing: Placing) -> None:
    """No part of the meter is at work elsewhere after the day, nor begins twice there."""
    share, day = placing.share, placing.day
    if not (0 <= share.before < share.before + share.share <= share.of <= SHARE_MAX):
        raise _invalid(placing.meter_id, day, "share")
    later = every.until_day > day
    others = (every.share_of != share.of) | (
        (every.share_before < share.before + share.share)
        & (share.before < every.share_before + every.share)
    )
    same_start = (every.account_id == placing.account_id) & (every.from_day == day)
    if (later & others).any() or same_start.any():
        raise _invalid(placing.meter_id, day, "in_use")


def _check_product(meter_id: int, digits: int, multiplier: Multiplier) -> None:
    good = multiplier.value > 0 and 0 <= multiplier.decimals <= MULTIPLIER_DECIMALS_MAX
    if not good or digits + len(str(multiplier.value)) > PRODUCT_DIGITS_MAX:
        raise _invalid(meter_id, 1, "multiplier")


def _place(desk: Desk, meter: Meter, placings: Sequence[Placing]) -> None:
    """Writes installations of every register."""
    for register in meter.registers:
        _check_product(meter.meter_id, register.digits, placings[0].multiplier)
    cells = [
        (
            placing.account_id,
            placing.agreement_no,
            meter.meter_id,
            register.register_no,
            placing.day,
            OPEN_DAY,
            register.digits,
            register.decimals,
            placing.multiplier.value,
            placing.multiplier.decimals,
            placing.share.before,
            placing.share.share,
            placing.share.of,
        )
        for placing in placings
        for register in meter.registers
    ]
    values = np.array(cells, dtype=np.int64)
    columns: dict[str, Column] = {name: values[:, n] for n, name in enumerate(COLUMNS)}
    words = [register.quantity for register in meter.registers] * len(placings)
    rows.install(desk.session, {**columns, "quantity": pa.array(words, pa.string())})


def _take_down(
    desk: Desk, meter: Meter, day: int, closing: Dials, account_id: int
) -> Installations:
    """Ends a meter's installations on a day; what they were."""
    every = installed(desk.session, meter.meter_id)
    at_work = every.take(_at_work(every, day, account_id))
    if not len(at_work):
        raise _invalid(meter.meter_id, day, "not_installed")
    _read(desk, meter, day, closing, account_id)
    _check_last(desk, at_work, day)
    _end(desk, at_work, day)
    return at_work


def _at_work(every: Installations, day: int, account_id: int) -> Bools:
    """Installations that go on over a day, at an account or (0) at any."""
    goes_on = (every.from_day < day) & (day < every.until_day)
    found: Bools = goes_on & ((every.account_id == account_id) | (account_id == 0))
    return found


def _end(desk: Desk, installations: Installations, day: int) -> None:
    names = ("account_id", "agreement_no", "meter_id", "register_no", "from_day")
    for key in zip(*(getattr(installations, name).tolist() for name in names), strict=True):
        rows.end(desk.session, key, day)


def _columns(installations: Installations) -> dict[str, Column]:
    words = [installations.quantities[n] for n in installations.quantity_no.tolist()]
    columns: dict[str, Column] = {name: getattr(installations, name) for name in COLUMNS}
    return {**columns, "quantity": pa.array(words, pa.string())}


# -- readings of the day


def _read(
    desk: Desk, meter: Meter, day: int, dials: Dials, account_id: int, whole: bool = True
) -> None:
    """Records the readings of a day, of all registers where `whole`."""
    known = {register.register_no for register in meter.registers}
    wrong = (set(dials) ^ known) if whole else (set(dials) - known)
    if wrong:
        raise RegisterUnknown(meter.meter_id, min(wrong))
    count = len(dials)
    given = NewReadings(
        np.full(count, account_id),
        np.full(count, meter.meter_id),
        np.array(list(dials), dtype=np.int64),
        np.full(count, day),
        np.array([value for value, _ in dials.values()], dtype=np.int64),
        np.array([decimals for _, decimals in dials.values()], dtype=np.int64),
        np.full(count, int(Source.OFFICER)),
    )
    settle(desk.session, desk.caller, desk.provider, given, desk.accept_reason, desk.now)


def _has_readings(desk: Desk, installations: Installations, day: int) -> bool:
    """Whether every register has a reading of the day that counts."""
    month = int(month_of(np.array([day]))[0])
    table = readings_of(reading_rows.of_month(desk.session, month, installations.account_id))
    there = timeline(table, installations).on(installations.rank, np.full(len(installations), day))
    return bool((there >= 0).all())


def _check_last(desk: Desk, installations: Installations, day: int) -> None:
    """No register has a reading after the day on which it ends."""
    months = month_of(np.array([day, desk.provider.today(desk.now)])).tolist()
    for month in range(months[0], months[1] + 1):
        table = readings_of(reading_rows.of_month(desk.session, month, installations.account_id))
        rank = installations.ranks(table.account_id, table.meter_id, table.register_no)
        late = (rank >= 0) & (table.day > day) & (table.status != Status.REJECTED)
        if late.any():
            raise _invalid(int(installations.meter_id[0]), day, "later_readings")


def _tell(desk: Desk, kind: str, meter_id: int, detail: Mapping[str, object]) -> None:
    subject = f"meter {meter_id}"
    provider_id = desk.provider.provider_id
    outbox.record(desk.session, provider_id, kind, subject, detail, desk.now)
    audit(desk.session, desk.caller, kind, subject, desk.accept_reason, detail, desk.now)


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
