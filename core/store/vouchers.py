"""Vouchers: batches, what became of each voucher, and who tried wrong secrets."""

from typing import NamedTuple

from billcore.core.store.port import Columns, Reader, Session

_BATCH = """SELECT batch_no, first_no, vouchers, face_value, valid_until, grace_days, key_id,
client_id, recorded_at FROM voucher_batch WHERE provider_id = :provider_id"""

BATCH = f"{_BATCH} AND batch_no = :batch_no"

BATCHES = f"{_BATCH} AND batch_no > :after ORDER BY batch_no LIMIT :most"

ADD_BATCH = """INSERT INTO voucher_batch (provider_id, batch_no, first_no, vouchers, face_value,
valid_until, grace_days, key_id, client_id, recorded_at)
VALUES (:provider_id, :batch_no, :first_no, :vouchers, :face_value,
:valid_until, :grace_days, :key_id, :client_id, :recorded_at)"""

COUNTS = """SELECT state, was, COUNT(*) FROM voucher
WHERE provider_id = :provider_id AND voucher_no >= :first AND voucher_no <= :last
GROUP BY state, was"""

VOUCHER = """SELECT v.voucher_no, v.batch_no, v.secret_hash, v.state, v.was, b.face_value,
b.valid_until, b.grace_days, b.key_id FROM voucher v
JOIN voucher_batch b ON b.provider_id = v.provider_id AND b.batch_no = v.batch_no
WHERE v.provider_id = :provider_id AND v.voucher_no = :voucher_no"""

MOVE = """UPDATE voucher SET state = :state, was = 0
WHERE provider_id = :provider_id AND voucher_no >= :first AND voucher_no <= :last
AND state = :before"""

END = """UPDATE voucher SET was = state, state = :state
WHERE provider_id = :provider_id AND voucher_no >= :first AND voucher_no <= :last
AND state = :before"""

RESTORE = """UPDATE voucher SET state = was, was = 0
WHERE provider_id = :provider_id AND voucher_no >= :first AND voucher_no <= :last
AND state = :before"""

VALUE = """SELECT COUNT(*), CAST(COALESCE(SUM(b.face_value), 0) AS BIGINT) FROM voucher v
JOIN voucher_batch b ON b.provider_id = v.provider_id AND b.batch_no = v.batch_no
WHERE v.provider_id = :provider_id AND v.voucher_no >= :first AND v.voucher_no <= :last"""

FIRST_LATE = """SELECT v.voucher_no, b.valid_until FROM voucher v
JOIN voucher_batch b ON b.provider_id = v.provider_id AND b.batch_no = v.batch_no
WHERE v.provider_id = :provider_id AND v.voucher_no >= :first AND v.voucher_no <= :last
AND b.valid_until < :day ORDER BY v.voucher_no LIMIT 1"""

FIRST_OTHER = """SELECT voucher_no, state FROM voucher
WHERE provider_id = :provider_id AND voucher_no >= :first AND voucher_no <= :last
AND state <> :one AND state <> :two AND state <> :three ORDER BY voucher_no LIMIT 1"""

DUE = f"""{_BATCH} AND valid_until + grace_days < :day AND valid_until < :open AND EXISTS (
    SELECT 1 FROM voucher v WHERE v.provider_id = voucher_batch.provider_id
    AND v.voucher_no >= voucher_batch.first_no
    AND v.voucher_no < voucher_batch.first_no + voucher_batch.vouchers
    AND v.state <= :last_live)
ORDER BY batch_no"""  # noqa: S608 - our own words


class BatchRow(NamedTuple):
    """A row of `voucher_batch`, without its provider."""

    batch_no: int
    first_no: int
    vouchers: int
    face_value: int
    valid_until: int
    grace_days: int
    key_id: str
    client_id: int
    recorded_at: int

    @property
    def last_no(self) -> int:
        """The number of its last voucher."""
        return self.first_no + self.vouchers - 1


class VoucherRow(NamedTuple):
    """A row of `voucher` with what its batch says."""

    voucher_no: int
    batch_no: int
    secret_hash: bytes
    state: int
    was: int
    face_value: int
    valid_until: int
    grace_days: int
    key_id: str


class Counted(NamedTuple):
    """How many vouchers are in a state, and were in another before; see VoucherState."""

    state: int
    was: int
    vouchers: int


# -- batches


def add_batch(session: Session, provider_id: int, batch: BatchRow) -> None:
    """Inserts a batch."""
    session.run(ADD_BATCH, provider_id=provider_id, **batch._asdict())


def add_vouchers(session: Session, columns: Columns) -> None:
    """Rows of `voucher`."""
    session.insert("voucher", columns)


def batch(reader: Reader, provider_id: int, batch_no: int) -> BatchRow | None:
    """A batch, or None."""
    row = reader.row(BATCH, provider_id=provider_id, batch_no=batch_no)
    return BatchRow(*row) if row else None  # type: ignore[arg-type]


def batches(reader: Reader, provider_id: int, after: int, most: int) -> list[BatchRow]:
    """Batches behind a number, in order."""
    found = reader.rows(BATCHES, provider_id=provider_id, after=after, most=most)
    return [BatchRow(*row) for row in found]  # type: ignore[arg-type]


def due(
    reader: Reader, provider_id: int, day: int, open_day: int, last_live: int
) -> list[BatchRow]:
    """Batches whose grace ended before a day and that have vouchers up to a state."""
    values = {"day": day, "open": open_day, "last_live": last_live}
    found = reader.rows(DUE, provider_id=provider_id, **values)
    return [BatchRow(*row) for row in found]  # type: ignore[arg-type]


def counts(reader: Reader, provider_id: int, first: int, last: int) -> list[Counted]:
    """The vouchers of a range by their states."""
    found = reader.rows(COUNTS, provider_id=provider_id, first=first, last=last)
    return [Counted(*row) for row in found]  # type: ignore[arg-type]


# -- vouchers


def voucher(reader: Reader, provider_id: int, voucher_no: int) -> VoucherRow | None:
    """A voucher, or None."""
    row = reader.row(VOUCHER, provider_id=provider_id, voucher_no=voucher_no)
    return VoucherRow(*row) if row else None  # type: ignore[arg-type]


def move(session: Session, provider_id: int, first: int, last: int, before: int, state: int) -> int:
    """Takes the vouchers of a range that are in one state to another; how many."""
    values = {"first": first, "last": last, "before": before, "state": state}
    return session.run(MOVE, provider_id=provider_id, **values)


def end(session: Session, provider_id: int, first: int, last: int, before: int, state: int) -> int:
    """As `move`, and remembers where they were."""
    values = {"first": first, "last": last, "before": before, "state": state}
    return session.run(END, provider_id=provider_id, **values)


def restore(session: Session, provider_id: int, first: int, last: int, before: int) -> int:
    """Takes the vouchers of a range that are in a state back to where they were; how many."""
    values = {"first": first, "last": last, "before": before}
    return session.run(RESTORE, provider_id=provider_id, **values)


def value(reader: Reader, provider_id: int, first: int, last: int) -> tuple[int, int]:
    """How many vouchers a range has, and what they are worth together."""
    row = reader.row(VALUE, provider_id=provider_id, first=first, last=last)
    assert row is not None  # an aggregate has a row
    return int(row[0]), int(row[1])


def first_late(
    reader: Reader, provider_id: int, first: int, last: int, day: int
) -> tuple[int, int] | None:
    """(voucher_no, valid_until) of the first of a range that was good until before a day."""
    row = reader.row(FIRST_LATE, provider_id=provider_id, first=first, last=last, day=day)
    return (int(row[0]), int(row[1])) if row else None


def first_other(
    reader: Reader, provider_id: int, first: int, last: int, states: tuple[int, ...]
) -> tuple[int, int] | None:
    """(voucher_no, state) of the first of a range that is in none of up to three states."""
    one, two, three = (*states, states[0], states[0])[:3]
    values = {"first": first, "last": last, "one": one, "two": two, "three": three}
    row = reader.row(FIRST_OTHER, provider_id=provider_id, **values)
    return (int(row[0]), int(row[1])) if row else None


# -- sales and redemptions

_SALE = """SELECT channel_no, reference, first_no, last_no, amount, day, entry_id, client_id,
recorded_at FROM voucher_sale WHERE provider_id = :provider_id"""

SALE = f"{_SALE} AND channel_no = :channel_no AND reference = :reference"

SALE_OF = f"""{_SALE} AND first_no <= :voucher_no AND last_no >= :voucher_no
ORDER BY first_no DESC LIMIT 1"""

ADD_SALE = """INSERT INTO voucher_sale (provider_id, channel_no, reference, first_no, last_no,
amount, day, entry_id, client_id, recorded_at)
VALUES (:provider_id, :channel_no, :reference, :first_no, :last_no,
:amount, :day, :entry_id, :client_id, :recorded_at)
ON CONFLICT DO NOTHING"""

_REDEMPTION = """SELECT channel_no, reference, voucher_no, account_id, payment_id, recorded_at
FROM voucher_redemption WHERE provider_id = :provider_id"""

REDEMPTION = f"{_REDEMPTION} AND channel_no = :channel_no AND reference = :reference"

REDEMPTION_OF = f"{_REDEMPTION} AND voucher_no = :voucher_no"

ADD_REDEMPTION = """INSERT INTO voucher_redemption (provider_id, channel_no, reference, voucher_no,
account_id, payment_id, recorded_at)
VALUES (:provider_id, :channel_no, :reference, :voucher_no,
:account_id, :payment_id, :recorded_at)"""


class SaleRow(NamedTuple):
    """A row of `voucher_sale`, without its provider."""

    channel_no: int
    reference: str
    first_no: int
    last_no: int
    amount: int
    day: int
    entry_id: int
    client_id: int
    recorded_at: int


class RedemptionRow(NamedTuple):
    """A row of `voucher_redemption`, without its provider."""

    channel_no: int
    reference: str
    voucher_no: int
    account_id: int
    payment_id: int
    recorded_at: int


def sale(reader: Reader, provider_id: int, channel_no: int, reference: str) -> SaleRow | None:
    """The sale of a channel's reference, or None."""
    row = reader.row(SALE, provider_id=provider_id, channel_no=channel_no, reference=reference)
    return SaleRow(*row) if row else None  # type: ignore[arg-type]


def sale_of(reader: Reader, provider_id: int, voucher_no: int) -> SaleRow | None:
    """The sale of a voucher, or None."""
    row = reader.row(SALE_OF, provider_id=provider_id, voucher_no=voucher_no)
    return SaleRow(*row) if row else None  # type: ignore[arg-type]


def add_sale(session: Session, provider_id: int, row: SaleRow) -> bool:
    """Whether the sale is new; waits for a transaction that has it."""
    return session.run(ADD_SALE, provider_id=provider_id, **row._asdict()) == 1


def redemption(
    reader: Reader, provider_id: int, channel_no: int, reference: str
) -> RedemptionRow | None:
    """The redemption of a channel's reference, or None."""
    row = reader.row(
        REDEMPTION, provider_id=provider_id, channel_no=channel_no, reference=reference
    )
    return RedemptionRow(*row) if row else None  # type: ignore[arg-type]


def redemption_of(reader: Reader, provider_id: int, voucher_no: int) -> RedemptionRow | None:
    """What redeemed a voucher, or None."""
    row = reader.row(REDEMPTION_OF, provider_id=provider_id, voucher_no=voucher_no)
    return RedemptionRow(*row) if row else None  # type: ignore[arg-type]


def add_redemption(session: Session, provider_id: int, row: RedemptionRow) -> None:
    """Inserts a redemption; StoreConflict when its reference or voucher has one."""
    session.run(ADD_REDEMPTION, provider_id=provider_id, **row._asdict())


# -- wrong secrets

LOCKED = """SELECT locked_until FROM voucher_guard
WHERE provider_id = :provider_id AND kind = :kind AND subject = :subject"""

HOLD_GUARD = """INSERT INTO voucher_guard (provider_id, kind, subject, failures, since,
locked_until) VALUES (:provider_id, :kind, :subject, 0, 0, 0)
ON CONFLICT (provider_id, kind, subject) DO UPDATE SET failures = voucher_guard.failures
RETURNING locked_until"""

COUNT_WRONG = """INSERT INTO voucher_guard (provider_id, kind, subject, failures, since,
locked_until) VALUES (:provider_id, :kind, :subject, 1, :now, 0)
ON CONFLICT (provider_id, kind, subject) DO UPDATE SET
failures = CASE WHEN voucher_guard.since < :begin THEN 1 ELSE voucher_guard.failures + 1 END,
since = CASE WHEN voucher_guard.since < :begin THEN :now ELSE voucher_guard.since END
RETURNING failures"""

LOCK = """UPDATE voucher_guard SET failures = 0, since = :now, locked_until = :locked_until
WHERE provider_id = :provider_id AND kind = :kind AND subject = :subject"""


def locked_until(reader: Reader, provider_id: int, kind: int, subject: int) -> int:
    """Until when somebody is locked; 0: never was."""
    row = reader.row(LOCKED, provider_id=provider_id, kind=kind, subject=subject)
    return int(row[0]) if row else 0


def hold_guard(session: Session, provider_id: int, kind: int, subject: int) -> int:
    """As `locked_until`; whoever asks so for the same waits until this transaction has ended."""
    (row,) = session.rows(HOLD_GUARD, provider_id=provider_id, kind=kind, subject=subject)
    return int(row[0])


def count_wrong(
    session: Session, provider_id: int, kind: int, subject: int, now: int, begin: int
) -> int:
    """Counts a wrong secret; how many there were since one that is not before `begin`."""
    values = {"kind": kind, "subject": subject, "now": now, "begin": begin}
    (row,) = session.rows(COUNT_WRONG, provider_id=provider_id, **values)
    return int(row[0])


def lock(session: Session, provider_id: int, kind: int, subject: int, now: int, until: int) -> None:
    """Locks somebody, and counts anew."""
    values = {"kind": kind, "subject": subject, "now": now, "locked_until": until}
    session.run(LOCK, provider_id=provider_id, **values)


# -- what verify looks at

LIABLE = """SELECT CAST(COALESCE(SUM(b.face_value), 0) AS BIGINT) FROM voucher v
JOIN voucher_batch b ON b.provider_id = v.provider_id AND b.batch_no = v.batch_no
WHERE v.provider_id = :provider_id AND (v.state = :sold OR v.state = :blocked AND v.was = :sold)"""

LOST_BATCHES = """SELECT b.batch_no, b.vouchers, COUNT(v.voucher_no) FROM voucher_batch b
LEFT JOIN voucher v ON v.provider_id = b.provider_id AND v.batch_no = b.batch_no
AND v.voucher_no >= b.first_no AND v.voucher_no < b.first_no + b.vouchers
WHERE b.provider_id = :provider_id
GROUP BY b.batch_no, b.vouchers HAVING COUNT(v.voucher_no) <> b.vouchers
ORDER BY b.batch_no LIMIT :most"""

REDEEMED_WRONG = """SELECT v.voucher_no FROM voucher v
JOIN voucher_batch b ON b.provider_id = v.provider_id AND b.batch_no = v.batch_no
LEFT JOIN voucher_redemption r ON r.provider_id = v.provider_id AND r.voucher_no = v.voucher_no
LEFT JOIN payment_order o ON o.provider_id = r.provider_id AND o.channel_no = r.channel_no
AND o.reference = r.reference AND o.payment_id = r.payment_id AND o.account_id = r.account_id
AND o.amount = b.face_value
WHERE v.provider_id = :provider_id
AND (v.state = :redeemed AND o.payment_id IS NULL
    OR v.state <> :redeemed AND r.payment_id IS NOT NULL)
ORDER BY v.voucher_no LIMIT :most"""

UNSOLD = """SELECT v.voucher_no FROM voucher v
WHERE v.provider_id = :provider_id AND (v.state = :sold OR v.state = :redeemed OR v.was = :sold)
AND NOT EXISTS (SELECT 1 FROM voucher_sale s WHERE s.provider_id = v.provider_id
    AND s.first_no <= v.voucher_no AND s.last_no >= v.voucher_no)
ORDER BY v.voucher_no LIMIT :most"""


def liable(reader: Reader, provider_id: int, sold: int, blocked: int) -> int:
    """What vouchers are worth that were sold and not redeemed, in minor units."""
    row = reader.row(LIABLE, provider_id=provider_id, sold=sold, blocked=blocked)
    assert row is not None  # an aggregate has a row
    return int(row[0])


def lost_vouchers(reader: Reader, provider_id: int, most: int) -> list[tuple[int, int, int]]:
    """(batch_no, vouchers, how many there are) of batches that lack some."""
    rows = reader.rows(LOST_BATCHES, provider_id=provider_id, most=most)
    return [(int(batch_no), int(wanted), int(there)) for batch_no, wanted, there in rows]


def redeemed_wrong(reader: Reader, provider_id: int, redeemed: int, most: int) -> list[int]:
    """Vouchers that are redeemed without their payment, or paid and not redeemed."""
    rows = reader.rows(REDEEMED_WRONG, provider_id=provider_id, redeemed=redeemed, most=most)
    return [int(row[0]) for row in rows]


def unsold(reader: Reader, provider_id: int, sold: int, redeemed: int, most: int) -> list[int]:
    """Vouchers that are sold without a sale."""
    values = {"sold": sold, "redeemed": redeemed, "most": most}
    return [int(row[0]) for row in reader.rows(UNSOLD, provider_id=provider_id, **values)]
