"""Direct debit as `billcore verify` looks at it: what does not agree."""

from billcore.core.store.port import Reader, Row

LAST_STEPS = """SELECT d.debit_no, d.state, COALESCE(s.state, 0) FROM debit d
LEFT JOIN debit_step s ON s.provider_id = d.provider_id AND s.debit_no = d.debit_no
    AND s.step_no = d.step_no
WHERE d.provider_id = :provider_id AND (s.state IS NULL OR s.state <> d.state
    OR s.amount <> d.amount OR s.batch_no <> d.batch_no OR s.until_day <> d.until_day
    OR (SELECT COUNT(*) FROM debit_step o WHERE o.provider_id = d.provider_id
        AND o.debit_no = d.debit_no) <> d.step_no)
ORDER BY d.debit_no LIMIT :most"""

MOVES = """SELECT s.was, s.state, MIN(s.debit_no) FROM debit_step s
WHERE s.provider_id = :provider_id GROUP BY s.was, s.state ORDER BY s.was, s.state"""

BROKEN_CHAINS = """SELECT s.debit_no, s.step_no FROM debit_step s
LEFT JOIN debit_step b ON b.provider_id = s.provider_id AND b.debit_no = s.debit_no
    AND b.step_no = s.step_no - 1
WHERE s.provider_id = :provider_id AND COALESCE(b.state, 0) <> s.was
ORDER BY s.debit_no, s.step_no LIMIT :most"""

BATCH_SUMS = """SELECT b.batch_no, b.debits, b.amount, COALESCE(s.debits, 0),
    COALESCE(s.amount, 0)
FROM debit_batch b LEFT JOIN (SELECT batch_no, COUNT(*) AS debits,
    CAST(SUM(amount) AS BIGINT) AS amount FROM debit_step
    WHERE provider_id = :provider_id AND state = 3 GROUP BY batch_no) s ON s.batch_no = b.batch_no
WHERE b.provider_id = :provider_id AND b.sealed_at <> 0
AND (b.debits <> COALESCE(s.debits, 0) OR b.amount <> COALESCE(s.amount, 0))
ORDER BY b.batch_no LIMIT :most"""

LOST_BATCHES = """SELECT d.debit_no, d.batch_no FROM debit d
LEFT JOIN debit_batch b ON b.provider_id = d.provider_id AND b.batch_no = d.batch_no
WHERE d.provider_id = :provider_id AND ((d.state IN (1, 2, 12) AND d.batch_no <> 0)
    OR (d.state NOT IN (1, 2, 12) AND (b.batch_no IS NULL OR b.channel_no <> d.channel_no
        OR b.scheme <> d.scheme OR b.collection_day <> d.collection_day))
    OR (d.state = 3 AND b.state NOT IN (1, 2)) OR (d.state > 3 AND d.state <> 12
        AND b.state IN (1, 2, 8)))
ORDER BY d.debit_no LIMIT :most"""

TWICE = """SELECT debit_no, COUNT(*) FROM debit_step
WHERE provider_id = :provider_id AND state = 3 GROUP BY debit_no HAVING COUNT(*) > 1
ORDER BY debit_no LIMIT :most"""

UNPAID = """SELECT d.debit_no FROM debit d
LEFT JOIN payment_order p ON p.provider_id = d.provider_id AND p.channel_no = d.channel_no
    AND p.reference = d.end_to_end_id
LEFT JOIN payment_reversal r ON r.provider_id = d.provider_id AND r.channel_no = d.channel_no
    AND r.payment_reference = d.end_to_end_id
WHERE d.provider_id = :provider_id AND (
    (d.state IN (7, 11) AND (p.amount IS NULL OR p.amount <> d.amount))
    OR (d.state IN (8, 9, 10) AND (p.amount IS NULL OR r.amount IS NULL))
    OR (d.state NOT IN (7, 8, 9, 10, 11) AND p.amount IS NOT NULL))
ORDER BY d.debit_no LIMIT :most"""

RETRIES = """SELECT d.debit_no FROM debit d
LEFT JOIN debit f ON f.provider_id = d.provider_id AND f.debit_no = d.retry_of
WHERE d.provider_id = :provider_id AND d.retry_of <> 0 AND (f.debit_no IS NULL
    OR f.mandate_no <> d.mandate_no OR f.attempt <> d.attempt - 1
    OR f.collection_day >= d.collection_day OR f.state NOT IN (6, 8, 9, 10))
ORDER BY d.debit_no LIMIT :most"""

MANDATES = """SELECT m.mandate_no FROM mandate m
LEFT JOIN mandate_version v ON v.provider_id = m.provider_id AND v.mandate_no = m.mandate_no
    AND v.version = m.version
LEFT JOIN account a ON a.account_id = m.account_id
WHERE m.provider_id = :provider_id AND (a.account_id IS NULL OR v.version IS NULL
    OR v.state <> m.state OR v.amount_max <> m.amount_max
    OR NOT EXISTS (SELECT 1 FROM mandate_debtor o WHERE o.provider_id = m.provider_id
        AND o.mandate_no = m.mandate_no AND o.debtor_version = v.debtor_version))
ORDER BY m.mandate_no LIMIT :most"""

MANDATE_MOVES = """SELECT MIN(v.mandate_no), COALESCE(b.state, 0), v.state FROM mandate_version v
LEFT JOIN mandate_version b ON b.provider_id = v.provider_id AND b.mandate_no = v.mandate_no
    AND b.version = v.version - 1
WHERE v.provider_id = :provider_id AND COALESCE(b.state, 0) <> v.state
GROUP BY COALESCE(b.state, 0), v.state ORDER BY COALESCE(b.state, 0), v.state"""

FILES = """SELECT batch_no, digest, bytes FROM debit_batch
WHERE provider_id = :provider_id AND bytes <> 0 ORDER BY batch_no"""

RESULTS = """SELECT r.result_no FROM debit_result r
WHERE r.provider_id = :provider_id AND r.unknown < (SELECT COUNT(*) FROM debit_result_unknown u
    WHERE u.provider_id = r.provider_id AND u.result_no = r.result_no)
ORDER BY r.result_no LIMIT :most"""


def found(reader: Reader, sql: str, provider_id: int, most: int) -> list[Row]:
    """What one of these statements tells."""
    return reader.rows(sql, provider_id=provider_id, most=most)


def moves(reader: Reader, provider_id: int) -> list[tuple[int, int, int]]:
    """(state before, state, a debit) of every kind of step that was made."""
    return [tuple(map(int, row)) for row in reader.rows(MOVES, provider_id=provider_id)]  # type: ignore[misc]


def mandate_moves(reader: Reader, provider_id: int) -> list[tuple[int, int, int]]:
    """(a mandate, state before, state) of every kind of change of state."""
    return [tuple(map(int, row)) for row in reader.rows(MANDATE_MOVES, provider_id=provider_id)]  # type: ignore[misc]


def files(reader: Reader, provider_id: int) -> list[tuple[int, bytes, int]]:
    """(batch, digest, bytes) of every file that is kept."""
    return [
        (int(number), bytes(digest), int(size))  # type: ignore[arg-type]
        for number, digest, size in reader.rows(FILES, provider_id=provider_id)
    ]
