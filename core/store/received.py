"""What was received: payments and what was taken back of them, as columns of figures."""

from billcore.core.store.columns import stacked
from billcore.core.store.port import Column, Kind, Reader

RECEIPT = dict.fromkeys(("day", "terminal_no", "account_id", "amount", "fee"), Kind.INT)
"""A payment, or its reversal on that day."""

PAID = """SELECT day, terminal_no, account_id, amount, fee FROM payment_order
WHERE provider_id = :provider_id AND channel_no = :channel_no AND day BETWEEN :first AND :last
AND target_kind <> 0 AND recorded_at <= :known_at"""

TAKEN_BACK = """SELECT r.day, o.terminal_no, o.account_id, o.amount, o.fee
FROM payment_reversal r JOIN payment_order o ON o.provider_id = r.provider_id
    AND o.channel_no = r.channel_no AND o.reference = r.payment_reference
WHERE r.provider_id = :provider_id AND r.channel_no = :channel_no
AND r.day BETWEEN :first AND :last AND o.target_kind <> 0 AND r.recorded_at <= :known_at"""

PAID_PARTS = """SELECT p.day, o.terminal_no, p.account_id, p.amount,
CASE WHEN p.part_no = 1 THEN o.fee ELSE 0 END AS fee
FROM payment_part p JOIN payment_order o ON o.provider_id = p.provider_id
    AND o.channel_no = p.channel_no AND o.reference = p.reference
WHERE p.part_provider_id = :provider_id AND p.channel_no = :channel_no
AND p.day BETWEEN :first AND :last AND o.recorded_at <= :known_at"""

PARTS_TAKEN_BACK = """SELECT r.day, o.terminal_no, p.account_id, p.amount,
CASE WHEN p.part_no = 1 THEN o.fee ELSE 0 END AS fee
FROM payment_reversal r JOIN payment_order o ON o.provider_id = r.provider_id
    AND o.channel_no = r.channel_no AND o.reference = r.payment_reference
JOIN payment_part p ON p.provider_id = o.provider_id AND p.channel_no = o.channel_no
    AND p.reference = o.reference
WHERE p.part_provider_id = :provider_id AND r.channel_no = :channel_no
AND r.day BETWEEN :first AND :last AND r.recorded_at <= :known_at"""

SPLIT_CHANNELS = """SELECT DISTINCT channel_no FROM payment_part
WHERE part_provider_id = :provider_id"""

RETURNED = """SELECT o.account_id FROM payment_reversal r JOIN payment_order o
    ON o.provider_id = r.provider_id AND o.channel_no = r.channel_no
    AND o.reference = r.payment_reference
WHERE r.provider_id = :provider_id AND r.kind <> :mistake AND r.day > :after AND r.day <= :day
AND r.recorded_at <= :known_at AND o.account_id <> 0"""

NAMED = """SELECT account_entry_id, reference FROM account_entry
WHERE account_id BETWEEN :lo AND :hi AND kind = :kind AND reverses = 0"""

FROM_SUSPENSE = """SELECT m.account_entry_id, i.channel_no
FROM suspense_move m JOIN suspense_item i
    ON i.provider_id = m.provider_id AND i.payment_id = m.payment_id
WHERE m.provider_id = :provider_id AND m.amount > 0 AND m.account_id <> 0
AND m.recorded_at <= :known_at"""

MOVED = """SELECT m.to_entry_id AS account_entry_id, COALESCE(s.channel_no, 0) AS channel_no,
    COALESCE(e.reference, '') AS reference
FROM payment_move m LEFT JOIN account_entry e
    ON e.account_id = m.from_account_id AND e.account_entry_id = m.payment_id
LEFT JOIN suspense_item s ON s.provider_id = m.provider_id AND s.payment_id = m.payment_id
WHERE m.provider_id = :provider_id AND m.recorded_at <= :known_at"""

Key = tuple[int, int]
"""(provider, channel)."""


def paid(
    reader: Reader, key: Key, first: int, last: int, known_at: int, *, parts: bool
) -> dict[str, Column]:
    """RECEIPT of what came in through a channel on these days, as known at a time; parts: also
    what acts that pay several accounts paid to those of the provider."""
    return _read(reader, [PAID, PAID_PARTS] if parts else [PAID], key, first, last, known_at)


def taken_back(
    reader: Reader, key: Key, first: int, last: int, known_at: int, *, parts: bool
) -> dict[str, Column]:
    """RECEIPT of what was taken back on these days, as `paid`."""
    every = [TAKEN_BACK, PARTS_TAKEN_BACK] if parts else [TAKEN_BACK]
    return _read(reader, every, key, first, last, known_at)


def _read(
    reader: Reader, every: list[str], key: Key, first: int, last: int, known_at: int
) -> dict[str, Column]:
    values = {"provider_id": key[0], "channel_no": key[1], "first": first, "last": last}
    tables = [reader.fetch(sql, RECEIPT, **values, known_at=known_at) for sql in every]
    return {name: stacked([one[name] for one in tables], kind) for name, kind in RECEIPT.items()}


def split_channels(reader: Reader, provider_id: int) -> set[int]:
    """The channels through which acts were paid that pay several accounts, one of them ours."""
    return {int(number) for (number,) in reader.rows(SPLIT_CHANNELS, provider_id=provider_id)}


def returned(
    reader: Reader, provider_id: int, mistake: int, after: int, day: int, known_at: int
) -> Column:
    """The accounts of payments taken back behind one day up to another, as often as there are;
    not those of the kind `mistake`."""
    values = {"provider_id": provider_id, "mistake": mistake, "after": after, "day": day}
    kinds = {"account_id": Kind.INT}
    return reader.fetch(RETURNED, kinds, **values, known_at=known_at)["account_id"]


def named(reader: Reader, lo: int, hi: int, kind: int) -> dict[str, Column]:
    """account_entry_id and reference of the entries of a kind of accounts lo..hi."""
    kinds = {"account_entry_id": Kind.INT, "reference": Kind.TEXT}
    return reader.fetch(NAMED, kinds, lo=lo, hi=hi, kind=kind)


def from_suspense(reader: Reader, provider_id: int, known_at: int) -> dict[str, Column]:
    """account_entry_id and channel_no of money that was moved out of suspense."""
    kinds = {"account_entry_id": Kind.INT, "channel_no": Kind.INT}
    return reader.fetch(FROM_SUSPENSE, kinds, provider_id=provider_id, known_at=known_at)


def moved(reader: Reader, provider_id: int, known_at: int) -> dict[str, Column]:
    """account_entry_id of credits that are payments moved from another account; channel_no of the
    payment where it was in suspense, else reference: what its entry is called."""
    kinds = {"account_entry_id": Kind.INT, "channel_no": Kind.INT, "reference": Kind.TEXT}
    return reader.fetch(MOVED, kinds, provider_id=provider_id, known_at=known_at)
