"""What `verify` asks of correction cases: statements over all of a provider's."""

from collections.abc import Sequence

from billcore.core.store.port import Reader, Row

WRONG_EVENTS = """SELECT c.case_no, c.state, c.events, COUNT(e.event_no),
    COALESCE(MAX(CASE WHEN e.event_no = c.events THEN e.to_state END), 0)
FROM correction_case c LEFT JOIN case_event e
    ON e.provider_id = c.provider_id AND e.case_no = c.case_no
WHERE c.provider_id = :provider_id GROUP BY c.case_no, c.state, c.events
HAVING COUNT(e.event_no) <> c.events
    OR COALESCE(MAX(CASE WHEN e.event_no = c.events THEN e.to_state END), 0) <> c.state
ORDER BY c.case_no LIMIT :most"""

STEPS = """SELECT DISTINCT from_state, to_state FROM case_event
WHERE provider_id = :provider_id AND event_no > 1"""

CASE_OF_STEP = """SELECT MIN(case_no) FROM case_event WHERE provider_id = :provider_id
AND event_no > 1 AND from_state = :from_state AND to_state = :to_state"""

BROKEN_CHAIN = """SELECT e.case_no, e.event_no FROM case_event e
LEFT JOIN case_event b ON b.provider_id = e.provider_id AND b.case_no = e.case_no
    AND b.event_no = e.event_no - 1
WHERE e.provider_id = :provider_id
AND (e.event_no = 1 AND e.from_state <> 0 OR e.event_no > 1 AND (b.case_no IS NULL
    OR b.to_state <> e.from_state)) ORDER BY e.case_no, e.event_no LIMIT :most"""

LOST_POSTED = """SELECT k.case_no, k.correction_no FROM case_correction k
LEFT JOIN account_entry e
    ON e.account_id = k.account_id AND e.account_entry_id = k.account_entry_id
LEFT JOIN account_entry o
    ON o.account_id = k.other_account_id AND o.account_entry_id = k.other_entry_id
LEFT JOIN correction b ON b.provider_id = k.provider_id AND b.correction_id = k.correction_id
WHERE k.provider_id = :provider_id AND (
    k.account_entry_id = 0 AND k.correction_id = 0
    OR k.account_entry_id <> 0 AND (e.account_id IS NULL OR ABS(e.amount) <> k.amount)
    OR k.other_entry_id <> 0 AND (o.account_id IS NULL OR o.amount <> k.amount
        OR e.amount <> -k.amount)
    OR k.correction_id <> 0 AND b.correction_id IS NULL)
ORDER BY k.case_no, k.correction_no LIMIT :most"""

WRONG_UNDONE = """SELECT k.case_no, k.correction_no FROM case_correction k
LEFT JOIN account_entry u
    ON u.account_id = k.account_id AND u.account_entry_id = k.undone_entry_id
LEFT JOIN correction b
    ON b.provider_id = k.provider_id AND b.correction_id = k.undone_correction_id
WHERE k.provider_id = :provider_id AND k.undone_at <> 0 AND (
    k.undone_entry_id <> 0 AND (u.account_id IS NULL OR u.reverses <> k.account_entry_id)
    OR k.undone_correction_id <> 0 AND b.correction_id IS NULL)
ORDER BY k.case_no, k.correction_no LIMIT :most"""

STANDING = """SELECT c.case_no FROM correction_case c
JOIN late_fee_hold h ON h.account_id = c.account_id
    AND h.source LIKE 'case ' || CAST(c.case_no AS TEXT) || '/%'
WHERE c.provider_id = :provider_id AND h.until_day = :open_day AND (
    c.held_item = 0 OR h.source <> 'case ' || CAST(c.case_no AS TEXT) || '/'
        || CAST(c.round AS TEXT))
AND h.version = (SELECT MAX(o.version) FROM late_fee_hold o
    WHERE o.account_id = h.account_id AND o.source = h.source)
ORDER BY c.case_no LIMIT :most"""

STRAY_CLAIMS = """SELECT k.case_no, k.payer_code, k.payment_code, k.trace FROM case_claim k
LEFT JOIN case_evidence e ON e.provider_id = k.provider_id AND e.case_no = k.case_no
    AND e.payer_code = k.payer_code AND e.payment_code = k.payment_code AND e.trace = k.trace
WHERE k.provider_id = :provider_id AND e.case_no IS NULL
ORDER BY k.case_no LIMIT :most"""

LOST_CLAIMS = """SELECT DISTINCT e.case_no, e.evidence_no FROM case_evidence e
LEFT JOIN case_claim k ON k.provider_id = e.provider_id AND k.case_no = e.case_no
    AND k.payer_code = e.payer_code AND k.payment_code = e.payment_code AND k.trace = e.trace
WHERE e.provider_id = :provider_id AND k.case_no IS NULL
AND (e.payer_code <> 0 OR e.payment_code <> 0 OR e.trace <> '')
ORDER BY e.case_no, e.evidence_no LIMIT :most"""


def wrong_events(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(case, state, events, how many there are, state of the last) of cases that differ."""
    return reader.rows(WRONG_EVENTS, provider_id=provider_id, most=most)


def broken_chains(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(case, event) of events that do not begin where the one before ended."""
    return reader.rows(BROKEN_CHAIN, provider_id=provider_id, most=most)


def steps(reader: Reader, provider_id: int) -> Sequence[tuple[int, int]]:
    """Which states followed which."""
    return [(int(a), int(b)) for a, b in reader.rows(STEPS, provider_id=provider_id)]


def case_of_step(reader: Reader, provider_id: int, step: tuple[int, int]) -> int:
    """A case in which one state followed another."""
    values = {"from_state": step[0], "to_state": step[1]}
    row = reader.row(CASE_OF_STEP, provider_id=provider_id, **values)
    return int(row[0]) if row else 0


def lost_posted(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(case, number) of corrections whose entries or bills are not there, or of other amounts."""
    return reader.rows(LOST_POSTED, provider_id=provider_id, most=most)


def wrong_undone(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(case, number) of corrections that are called undone and are not."""
    return reader.rows(WRONG_UNDONE, provider_id=provider_id, most=most)


def standing_holds(reader: Reader, provider_id: int, open_day: int, most: int) -> Sequence[Row]:
    """(case,) of holds of late fees that stand beyond their case, or round of it."""
    return reader.rows(STANDING, provider_id=provider_id, open_day=open_day, most=most)


def stray_claims(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(case, bill id, payment id, trace) of claims that no evidence of their case makes."""
    return reader.rows(STRAY_CLAIMS, provider_id=provider_id, most=most)


def lost_claims(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(case, evidence) of evidence whose claim is not its case's."""
    return reader.rows(LOST_CLAIMS, provider_id=provider_id, most=most)
