"""What `billcore verify` looks at of field work: records, receipts, cash handed in."""

from collections.abc import Iterator

from billcore.core.store import field_records as records
from billcore.core.store.port import Reader

PAGE = 5_000

UNPAID = """SELECT f.number FROM field_receipt f
JOIN field_device d ON d.provider_id = f.provider_id AND d.device_no = f.device_no
LEFT JOIN payment_order o ON o.provider_id = f.provider_id AND o.channel_no = d.channel_no
AND o.reference = CAST(f.number AS TEXT) AND o.amount = f.amount AND o.payment_id = f.payment_id
WHERE f.provider_id = :provider_id AND f.tender = 1 AND o.payment_id IS NULL
ORDER BY f.number LIMIT :most"""

MISCOUNTED = """SELECT d.device_no FROM field_device d
LEFT JOIN field_receipt f ON f.provider_id = d.provider_id AND f.device_no = d.device_no
WHERE d.provider_id = :provider_id GROUP BY d.device_no, d.used, d.allotted
HAVING COUNT(f.number) <> d.used OR d.used > d.allotted
OR COALESCE(MAX(f.number), d.device_no * CAST(10000000000 AS BIGINT))
    <> d.device_no * CAST(10000000000 AS BIGINT) + d.used
ORDER BY d.device_no LIMIT :most"""

UNVOIDED = """SELECT f.number FROM field_receipt f
JOIN field_device d ON d.provider_id = f.provider_id AND d.device_no = f.device_no
JOIN field_record v ON v.provider_id = f.provider_id AND v.device_no = f.device_no
AND v.seq = f.void_seq
LEFT JOIN payment_reversal r ON r.provider_id = f.provider_id AND r.channel_no = d.channel_no
AND r.payment_reference = CAST(f.number AS TEXT)
WHERE f.provider_id = :provider_id AND f.void_seq > 0 AND f.tender = 1
AND r.reversal_id IS NULL AND (v.flags / :late) % 2 = 0 ORDER BY f.number LIMIT :most"""

TAILS_WRONG = """SELECT d.device_no FROM field_device d
LEFT JOIN field_record r ON r.provider_id = d.provider_id AND r.device_no = d.device_no
AND r.state = 1 WHERE d.provider_id = :provider_id
GROUP BY d.device_no, d.seq HAVING COUNT(r.seq) <> d.seq OR COALESCE(MAX(r.seq), 0) <> d.seq
ORDER BY d.device_no LIMIT :most"""

SHORT_COUNTED = """SELECT h.device_no, h.seq FROM field_hand_in h
LEFT JOIN agent_shift s ON s.provider_id = h.provider_id AND s.channel_no = h.channel_no
AND s.shift_no = h.shift_no
WHERE h.provider_id = :provider_id AND h.confirmed_at <> 0 AND s.shift_no IS NULL
ORDER BY h.device_no, h.seq LIMIT :most"""


def unpaid(reader: Reader, provider_id: int, most: int) -> list[int]:
    """Receipts of cash that no payment has."""
    return _numbers(reader, UNPAID, provider_id, most)


def miscounted(reader: Reader, provider_id: int, most: int) -> list[int]:
    """Devices whose receipts are not 1, 2, … up to the counter that they used."""
    return _numbers(reader, MISCOUNTED, provider_id, most)


def unvoided(reader: Reader, provider_id: int, late: int, most: int) -> list[int]:
    """Void receipts of cash whose payment stands; late: the flag of those left to the office."""
    found = reader.rows(UNVOIDED, provider_id=provider_id, late=late, most=most)
    return [int(number) for (number,) in found]


def tails_wrong(reader: Reader, provider_id: int, most: int) -> list[int]:
    """Devices whose records with effect are not 1, 2, … up to their last."""
    return _numbers(reader, TAILS_WRONG, provider_id, most)


def uncounted(reader: Reader, provider_id: int, most: int) -> list[tuple[int, int]]:
    """(device_no, seq) of confirmed hand-ins that no shift of the agent counted."""
    found = reader.rows(SHORT_COUNTED, provider_id=provider_id, most=most)
    return [(int(device_no), int(seq)) for device_no, seq in found]


def every(reader: Reader, provider_id: int, device_no: int) -> Iterator[records.RecordRow]:
    """All records of a device in order."""
    after = 0
    while page := records.behind(reader, provider_id, device_no, after, PAGE):
        yield from page
        after = page[-1].seq


def _numbers(reader: Reader, sql: str, provider_id: int, most: int) -> list[int]:
    return [int(number) for (number,) in reader.rows(sql, provider_id=provider_id, most=most)]
