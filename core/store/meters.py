"""Meters, registers and installations."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.store.chosen import chosen, ranged
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Row, Session

ADD = """INSERT INTO meter (meter_id, serial, model, revision, recorded_at)
VALUES (:meter_id, :serial, :model, 1, :recorded_at)"""

TOUCH = """UPDATE meter SET revision = revision + 1, recorded_at = :recorded_at
WHERE meter_id = :meter_id"""

METER = "SELECT serial, model, revision FROM meter WHERE meter_id = :meter_id"

REGISTERS = """SELECT register_no, quantity, unit, digits, decimals FROM register
WHERE meter_id = :meter_id ORDER BY register_no"""

END = """UPDATE installation SET until_day = :day WHERE account_id = :account_id
AND agreement_no = :agreement_no AND meter_id = :meter_id AND register_no = :register_no
AND from_day = :from_day"""

_INSTALLATIONS = """SELECT account_id, agreement_no, meter_id, register_no, from_day, until_day,
quantity, digits, decimals, multiplier, multiplier_decimals, share_before, share, share_of
FROM installation WHERE {} :chosen"""
OF_ACCOUNTS = _INSTALLATIONS.format("account_id")
OF_METERS = _INSTALLATIONS.format("meter_id")

KNOWN_REGISTERS = "SELECT meter_id, register_no FROM register WHERE meter_id :chosen"

PLACES = """SELECT a.agreement_no, p.number, p.address, p.geographic_code FROM agreement a
JOIN service_point p ON p.point_id = a.point_id WHERE a.account_id = :account_id"""

UNITS = """SELECT DISTINCT r.meter_id, r.register_no, r.unit FROM installation i
JOIN register r ON r.meter_id = i.meter_id AND r.register_no = i.register_no
WHERE i.account_id = :account_id"""

KINDS = {
    "account_id": Kind.INT,
    "agreement_no": Kind.INT,
    "meter_id": Kind.INT,
    "register_no": Kind.INT,
    "from_day": Kind.INT,
    "until_day": Kind.INT,
    "quantity": Kind.TEXT,
    "digits": Kind.INT,
    "decimals": Kind.INT,
    "multiplier": Kind.INT,
    "multiplier_decimals": Kind.INT,
    "share_before": Kind.INT,
    "share": Kind.INT,
    "share_of": Kind.INT,
}

REGISTER_KINDS = {"meter_id": Kind.INT, "register_no": Kind.INT}


class Register(NamedTuple):
    """A row of `register`."""

    register_no: int
    quantity: str
    unit: str
    digits: int
    decimals: int


class Meter(NamedTuple):
    """A meter with its registers."""

    meter_id: int
    serial: str
    model: str
    revision: int
    registers: tuple[Register, ...]


def add(session: Session, meter: Meter, now: int) -> None:
    """Writes a meter with its registers."""
    session.run(
        ADD, meter_id=meter.meter_id, serial=meter.serial, model=meter.model, recorded_at=now
    )
    texts = {"quantity", "unit"}
    columns: dict[str, Column] = {"meter_id": np.full(len(meter.registers), meter.meter_id)}
    for place, name in enumerate(Register._fields):
        values = [register[place] for register in meter.registers]
        columns[name] = pa.array(values, pa.string()) if name in texts else np.array(values)
    add_registers(session, columns)


def add_many(session: Session, columns: Columns) -> None:
    """Writes meters without their registers."""
    session.insert("meter", columns)


def add_registers(session: Session, columns: Columns) -> None:
    """Writes registers of meters."""
    session.insert("register", columns)


def find(reader: Reader, meter_id: int) -> Meter | None:
    """A meter, or None."""
    row = reader.row(METER, meter_id=meter_id)
    if row is None:
        return None
    registers = reader.rows(REGISTERS, meter_id=meter_id)
    serial, model, revision = row
    return Meter(meter_id, str(serial), str(model), int(revision), tuple(map(_register, registers)))


def _register(row: Row) -> Register:
    number, quantity, unit, digits, decimals = row
    return Register(int(number), str(quantity), str(unit), int(digits), int(decimals))


def touch(session: Session, meter_id: int, now: int) -> bool:
    """Counts the meter's revision: other transactions that change it wait; is it there?"""
    return session.run(TOUCH, meter_id=meter_id, recorded_at=now) == 1


def install(session: Session, columns: Columns) -> None:
    """Writes installations."""
    session.insert("installation", columns)


def end(session: Session, key: Row, day: int) -> None:
    """Ends the installation (account, agreement, meter, register, first day)."""
    names = ("account_id", "agreement_no", "meter_id", "register_no", "from_day")
    session.run(END, day=day, **dict(zip(names, key, strict=True)))


def of_accounts(reader: Reader, first: int, last: int) -> dict[str, Column]:
    """The installations of accounts first..last."""
    return ranged(reader, OF_ACCOUNTS, KINDS, first, last)


def of_account_list(reader: Reader, account_id: Ints) -> dict[str, Column]:
    """The installations of these accounts (and maybe of some between them)."""
    return chosen(reader, OF_ACCOUNTS, KINDS, account_id)


def of_meters(reader: Reader, meter_id: Ints) -> dict[str, Column]:
    """The installations of these meters."""
    return chosen(reader, OF_METERS, KINDS, meter_id)


def known_registers(reader: Reader, meter_id: Ints) -> dict[str, Column]:
    """The registers of these meters."""
    return chosen(reader, KNOWN_REGISTERS, REGISTER_KINDS, meter_id)


def places(reader: Reader, account_id: int) -> dict[int, tuple[str, str, str]]:
    """By agreement: the number, address and geographic code of its service point."""
    rows = reader.rows(PLACES, account_id=account_id)
    return {int(no): (str(number), str(address), str(code)) for no, number, address, code in rows}


def units(reader: Reader, account_id: int) -> dict[tuple[int, int], str]:
    """By meter and register: the unit of its dial."""
    rows = reader.rows(UNITS, account_id=account_id)
    return {(int(meter), int(register)): str(unit) for meter, register, unit in rows}
