"""Records of devices, forks, the receipts they printed, the cash they handed in."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from billcore.core.store.chosen import chosen
from billcore.core.store.columns import as_list
from billcore.core.store.listed import lists
from billcore.core.store.port import Columns, Kind, Reader, Session

_RECORD = """SELECT seq, kind, line, signature, hash, state, flags, payment_id, surplus, case_no,
received_at, taken_at FROM field_record
WHERE provider_id = :provider_id AND device_no = :device_no"""

OF_SEQS = f"{_RECORD} AND seq :chosen"

BEHIND = f"{_RECORD} AND seq > :after ORDER BY seq LIMIT :most"

WAITING = """SELECT COUNT(*), COALESCE(MIN(seq), 0) FROM field_record
WHERE provider_id = :provider_id AND device_no = :device_no AND seq > :tail"""

TAKE = """UPDATE field_record SET state = 1, flags = :flags, payment_id = :payment_id,
surplus = :surplus, case_no = :case_no, taken_at = :taken_at
WHERE provider_id = :provider_id AND device_no = :device_no AND seq = :seq"""

FORKS = """SELECT seq, hash, line, signature, received_at FROM field_fork
WHERE provider_id = :provider_id AND device_no = :device_no ORDER BY seq, hash LIMIT :most"""

_RECEIPTS = """SELECT number, device_no, seq, start_seq, account_id, assignment_no, tender, amount,
debt, payment_id, surplus, settlement, case_no, void_seq, copies, recorded_at FROM field_receipt
WHERE provider_id = :provider_id"""

OF_NUMBERS = f"{_RECEIPTS} AND number IN (:numbers)"

CONFLICTS = f"""{_RECEIPTS} AND surplus > 0 AND number > :after
AND (:open = 0 OR settlement = 1 AND void_seq = 0) ORDER BY number LIMIT :most"""

HOLD_RECEIPT = """UPDATE field_receipt SET copies = copies
WHERE provider_id = :provider_id AND number = :number"""

CHANGE_RECEIPT = """UPDATE field_receipt SET void_seq = :void_seq, copies = :copies
WHERE provider_id = :provider_id AND number = :number"""

SETTLE = """UPDATE field_receipt SET settlement = :settlement, case_no = :case_no
WHERE provider_id = :provider_id AND number = :number"""

_HAND_IN = """SELECT device_no, seq, channel_no, total, receipts, voids, denominations, declared,
counted, shift_no, confirmed_at, confirmed_by, recorded_at FROM field_hand_in
WHERE provider_id = :provider_id"""

HAND_IN = f"{_HAND_IN} AND device_no = :device_no AND seq = :seq"

HAND_INS = f"""{_HAND_IN} AND (device_no > :device_no OR device_no = :device_no AND seq > :seq)
AND (:open = 0 OR confirmed_at = 0) ORDER BY device_no, seq LIMIT :most"""

OPEN_HAND_INS = f"""{_HAND_IN} AND channel_no = :channel_no AND confirmed_at = 0
ORDER BY recorded_at, device_no, seq"""

ADD_HAND_IN = """INSERT INTO field_hand_in (provider_id, device_no, seq, channel_no, total,
receipts, voids, denominations, declared, counted, shift_no, confirmed_at, confirmed_by,
recorded_at) VALUES (:provider_id, :device_no, :seq, :channel_no, :total, :receipts, :voids,
:denominations, :declared, :counted, :shift_no, :confirmed_at, :confirmed_by, :recorded_at)"""

CONFIRM = """UPDATE field_hand_in SET counted = :counted, shift_no = :shift_no,
confirmed_at = :confirmed_at, confirmed_by = :confirmed_by
WHERE provider_id = :provider_id AND device_no = :device_no AND seq = :seq"""


class RecordRow(NamedTuple):
    """A row of `field_record`, without its device."""

    seq: int
    kind: int
    line: str
    signature: bytes
    hash: bytes
    state: int
    flags: int
    payment_id: int
    surplus: int
    case_no: int
    received_at: int
    taken_at: int


RECORD_KINDS: Mapping[str, Kind] = dict.fromkeys(RecordRow._fields, Kind.INT) | {
    "line": Kind.TEXT,
    "signature": Kind.BYTES,
    "hash": Kind.BYTES,
}


class ForkRow(NamedTuple):
    """A row of `field_fork`, without its device."""

    seq: int
    hash: bytes
    line: str
    signature: bytes
    received_at: int


class ReceiptRow(NamedTuple):
    """A row of `field_receipt`, without its provider."""

    number: int
    device_no: int
    seq: int
    start_seq: int
    account_id: int
    assignment_no: int
    tender: int
    amount: int
    debt: int
    payment_id: int
    surplus: int
    settlement: int
    case_no: int
    void_seq: int
    copies: int
    recorded_at: int


class HandInRow(NamedTuple):
    """A row of `field_hand_in`, without its provider."""

    device_no: int
    seq: int
    channel_no: int
    total: int
    receipts: int
    voids: int
    denominations: str
    declared: int
    counted: int
    shift_no: int
    confirmed_at: int
    confirmed_by: int
    recorded_at: int


def of_seqs(
    reader: Reader, provider_id: int, device_no: int, seqs: Sequence[int]
) -> dict[int, RecordRow]:
    """The records of a device that have one of these numbers, by number."""
    wanted = np.array(seqs, dtype=np.int64)
    key = {"provider_id": provider_id, "device_no": device_no}
    columns = chosen(reader, OF_SEQS, dict(RECORD_KINDS), wanted, **key)
    asked = set(seqs)
    found = (RecordRow(*row) for row in zip(*map(as_list, columns.values()), strict=True))
    return {row.seq: row for row in found if row.seq in asked}


def behind(
    reader: Reader, provider_id: int, device_no: int, after: int, most: int
) -> list[RecordRow]:
    """A device's records behind a number, in order."""
    key = {"provider_id": provider_id, "device_no": device_no}
    found = reader.rows(BEHIND, **key, after=after, most=most)
    return [RecordRow(*row) for row in found]  # type: ignore[arg-type]


def waiting(reader: Reader, provider_id: int, device_no: int, tail: int) -> tuple[int, int]:
    """How many records wait behind the last one that has effect, and the first of them (0)."""
    row = reader.row(WAITING, provider_id=provider_id, device_no=device_no, tail=tail)
    assert row is not None  # an aggregate has a row
    return int(row[0]), int(row[1])


def add(session: Session, columns: Columns) -> None:
    """Rows of `field_record`; StoreConflict when one is there."""
    session.insert("field_record", columns)


def take(session: Session, provider_id: int, device_no: int, rows: Sequence[RecordRow]) -> None:
    """Writes what came of records that waited."""
    key = {"provider_id": provider_id, "device_no": device_no}
    with session.together(len(rows)):
        for row in rows:
            session.run(
                TAKE, **key, seq=row.seq, flags=row.flags, payment_id=row.payment_id,
                surplus=row.surplus, case_no=row.case_no, taken_at=row.taken_at,
            )  # fmt: skip


def add_forks(session: Session, columns: Columns) -> None:
    """Rows of `field_fork` that are not there yet."""
    session.insert("field_fork", columns, existing="skip")


def forks(reader: Reader, provider_id: int, device_no: int, most: int) -> list[ForkRow]:
    """What else was signed for numbers of a device."""
    found = reader.rows(FORKS, provider_id=provider_id, device_no=device_no, most=most)
    return [ForkRow(*row) for row in found]  # type: ignore[arg-type]


# -- receipts


def receipts(reader: Reader, provider_id: int, numbers: Sequence[int]) -> dict[int, ReceiptRow]:
    """The receipts of these numbers, by number."""
    found = [row for sql, values in lists(OF_NUMBERS, ":numbers", numbers)
             for row in reader.rows(sql, provider_id=provider_id, **values)]  # fmt: skip
    return {int(row[0]): ReceiptRow(*row) for row in found}  # type: ignore[arg-type]


def held_receipt(session: Session, provider_id: int, number: int) -> ReceiptRow | None:
    """A receipt, or None; nobody else changes it until this transaction has ended."""
    session.run(HOLD_RECEIPT, provider_id=provider_id, number=number)
    return receipts(session, provider_id, [number]).get(number)


def add_receipts(session: Session, columns: Columns) -> None:
    """Rows of `field_receipt`; StoreConflict when one is there."""
    session.insert("field_receipt", columns)


def change_receipts(
    session: Session, provider_id: int, changed: Mapping[int, tuple[int, int]]
) -> None:
    """Writes (void_seq, copies) of receipts, by number."""
    with session.together(len(changed)):
        for number, (void_seq, copies) in changed.items():
            values = {"number": number, "void_seq": void_seq, "copies": copies}
            session.run(CHANGE_RECEIPT, provider_id=provider_id, **values)


def conflicts(
    reader: Reader, provider_id: int, is_open: bool, after: int, most: int
) -> list[ReceiptRow]:
    """Receipts with a surplus behind a number, in order; is_open: those that are not settled."""
    values = {"open": int(is_open), "after": after, "most": most}
    found = reader.rows(CONFLICTS, provider_id=provider_id, **values)
    return [ReceiptRow(*row) for row in found]  # type: ignore[arg-type]


def settle(session: Session, provider_id: int, number: int, settlement: int, case_no: int) -> None:
    """Writes how a conflict was settled."""
    values = {"number": number, "settlement": settlement, "case_no": case_no}
    session.run(SETTLE, provider_id=provider_id, **values)


# -- cash handed in


def hand_in(reader: Reader, provider_id: int, device_no: int, seq: int) -> HandInRow | None:
    """A hand-in, or None."""
    row = reader.row(HAND_IN, provider_id=provider_id, device_no=device_no, seq=seq)
    return HandInRow(*row) if row else None  # type: ignore[arg-type]


def hand_ins(
    reader: Reader, provider_id: int, after: tuple[int, int], is_open: bool, most: int
) -> list[HandInRow]:
    """Hand-ins behind (device_no, seq), in order; is_open: those that are not confirmed."""
    values = {"device_no": after[0], "seq": after[1], "open": int(is_open), "most": most}
    found = reader.rows(HAND_INS, provider_id=provider_id, **values)
    return [HandInRow(*row) for row in found]  # type: ignore[arg-type]


def open_hand_ins(reader: Reader, provider_id: int, channel_no: int) -> list[HandInRow]:
    """A collector's hand-ins that are not confirmed, the oldest first."""
    found = reader.rows(OPEN_HAND_INS, provider_id=provider_id, channel_no=channel_no)
    return [HandInRow(*row) for row in found]  # type: ignore[arg-type]


def add_hand_in(session: Session, provider_id: int, row: HandInRow) -> None:
    """Inserts a hand-in."""
    session.run(ADD_HAND_IN, provider_id=provider_id, **row._asdict())


def confirm(session: Session, provider_id: int, row: HandInRow) -> None:
    """Writes how a hand-in was confirmed."""
    values = row._asdict()
    names = ("device_no", "seq", "counted", "shift_no", "confirmed_at", "confirmed_by")
    session.run(CONFIRM, provider_id=provider_id, **{name: values[name] for name in names})
