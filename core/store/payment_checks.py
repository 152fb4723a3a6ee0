"""What `verify` asks of payments: statements over all of a provider's, with what breaks a rule.

A payment is an order, or a part of one (`PAYMENTS`). Every statement is one pass of joins over
keys, so that a million payments are a matter of seconds.
"""

from collections.abc import Sequence

from billcore.core.store.port import Reader, Row

PAYMENTS = """SELECT channel_no, reference, 0 AS part_no, provider_id AS order_provider_id,
    payment_id, state, account_id, amount, day
FROM payment_order WHERE provider_id = :provider_id AND target_kind <> 0
UNION ALL SELECT channel_no, reference, part_no, provider_id,
    payment_id, state, account_id, amount, day
FROM payment_part WHERE part_provider_id = :provider_id"""

UNDOINGS = """SELECT account_id, account_entry_id, reverses, amount, day FROM account_entry
WHERE account_id BETWEEN :lo AND :hi AND reverses <> 0"""

LOST_ENTRIES = f"""SELECT p.channel_no, p.reference, p.part_no, p.account_id, p.payment_id
FROM ({PAYMENTS}) p LEFT JOIN account_entry e
    ON e.account_id = p.account_id AND e.account_entry_id = p.payment_id
WHERE p.account_id <> 0 AND (p.state <> :posted OR e.account_id IS NULL OR e.kind <> :kind
    OR e.amount <> -p.amount OR e.day <> p.day OR e.reverses <> 0)
ORDER BY p.channel_no, p.reference, p.part_no LIMIT :most"""  # noqa: S608 - our own words

STRAY_ENTRIES = f"""SELECT e.account_id, e.account_entry_id FROM account_entry e
WHERE e.account_id BETWEEN :lo AND :hi AND e.kind = :kind AND e.reverses = 0
AND e.entry_id IN (SELECT g.entry_id FROM ledger_account l
    JOIN posting g ON g.provider_id = l.provider_id AND g.ledger_no = l.ledger_no
    WHERE l.provider_id = :provider_id AND (l.code LIKE 'channel_clearing:%'
        OR l.code IN ('suspense', 'suspense_foreign')))
EXCEPT SELECT account_id, payment_id FROM ({PAYMENTS}) p
EXCEPT SELECT account_id, account_entry_id FROM suspense_move WHERE provider_id = :provider_id
ORDER BY account_id, account_entry_id LIMIT :most"""  # noqa: S608 - our own words
"""EXCEPT, since a join of what has no index is slow where PostgreSQL knows no statistics yet."""

WRONG_PARTS = """SELECT o.channel_no, o.reference, o.amount, COALESCE(p.amount, 0)
FROM payment_order o LEFT JOIN (SELECT channel_no, reference, CAST(SUM(amount) AS BIGINT) AS amount,
        COUNT(*) AS parts, MIN(part_no) AS least, MAX(part_no) AS most
    FROM payment_part WHERE provider_id = :provider_id GROUP BY channel_no, reference) p
    ON p.channel_no = o.channel_no AND p.reference = o.reference
WHERE o.provider_id = :provider_id AND (o.target_kind = 0) <> (p.parts IS NOT NULL)
OR o.provider_id = :provider_id AND o.target_kind = 0
    AND (p.amount <> o.amount OR p.least <> 1 OR p.most <> p.parts)
ORDER BY o.channel_no, o.reference LIMIT :most"""

LOST_PARTS = """SELECT p.channel_no, p.reference, p.part_no FROM payment_part p
LEFT JOIN payment_order o ON o.provider_id = p.provider_id AND o.channel_no = p.channel_no
    AND o.reference = p.reference
WHERE p.provider_id = :provider_id AND o.provider_id IS NULL
ORDER BY p.channel_no, p.reference, p.part_no LIMIT :most"""

REVERSED = f"""SELECT p.channel_no, p.reference, p.part_no, p.payment_id
FROM ({PAYMENTS}) p
LEFT JOIN payment_reversal r ON r.provider_id = p.order_provider_id
    AND r.channel_no = p.channel_no AND r.payment_reference = p.reference
LEFT JOIN ({UNDOINGS}) u ON u.account_id = p.account_id AND u.reverses = p.payment_id
WHERE p.account_id <> 0
AND ((r.provider_id IS NULL) <> (u.account_id IS NULL) OR u.day <> r.day OR u.amount <> p.amount)
ORDER BY p.channel_no, p.reference, p.part_no LIMIT :most"""  # noqa: S608 - our own words

LOST_REVERSALS = """SELECT r.channel_no, r.reference, r.payment_reference FROM payment_reversal r
LEFT JOIN payment_order o ON o.provider_id = r.provider_id AND o.channel_no = r.channel_no
    AND o.reference = r.payment_reference
WHERE r.provider_id = :provider_id AND (o.provider_id IS NULL OR o.amount <> r.amount)
ORDER BY r.channel_no, r.reference LIMIT :most"""

LOST_ITEMS = f"""SELECT p.channel_no, p.reference, p.part_no, p.payment_id
FROM ({PAYMENTS}) p LEFT JOIN suspense_item i
    ON i.provider_id = :provider_id AND i.payment_id = p.payment_id
WHERE (p.account_id = 0) <> (i.payment_id IS NOT NULL)
OR p.account_id = 0 AND (p.state <> :suspended OR i.amount <> p.amount OR i.day <> p.day
    OR i.order_provider_id <> p.order_provider_id OR i.channel_no <> p.channel_no
    OR i.reference <> p.reference OR i.part_no <> p.part_no)
ORDER BY p.channel_no, p.reference, p.part_no LIMIT :most"""  # noqa: S608 - our own words

STRAY_ITEMS = f"""SELECT payment_id, reference FROM suspense_item
WHERE provider_id = :provider_id
EXCEPT SELECT payment_id, reference FROM ({PAYMENTS}) p
ORDER BY payment_id LIMIT :most"""  # noqa: S608 - our own words

WRONG_SUMS = """SELECT i.payment_id, i.amount, COALESCE(m.amount, 0) FROM suspense_item i
LEFT JOIN (SELECT payment_id, CAST(SUM(amount) AS BIGINT) AS amount FROM suspense_move
    WHERE provider_id = :provider_id GROUP BY payment_id) m ON m.payment_id = i.payment_id
LEFT JOIN payment_reversal r ON r.provider_id = i.order_provider_id
    AND r.channel_no = i.channel_no AND r.payment_reference = i.reference
WHERE i.provider_id = :provider_id AND (COALESCE(m.amount, 0) > i.amount
    OR r.provider_id IS NOT NULL AND COALESCE(m.amount, 0) <> i.amount)
ORDER BY i.payment_id LIMIT :most"""

WRONG_MOVES = f"""SELECT m.payment_id, m.move_no, m.account_id FROM suspense_move m
LEFT JOIN suspense_item i ON i.provider_id = m.provider_id AND i.payment_id = m.payment_id
LEFT JOIN payment_reversal r ON r.provider_id = i.order_provider_id
    AND r.channel_no = i.channel_no AND r.payment_reference = i.reference
LEFT JOIN account_entry e
    ON e.account_id = m.account_id AND e.account_entry_id = m.account_entry_id
LEFT JOIN ({UNDOINGS}) u ON u.account_id = m.account_id AND u.reverses = m.account_entry_id
LEFT JOIN suspense_move b ON b.provider_id = m.provider_id AND b.payment_id = m.payment_id
    AND b.account_id = u.account_id AND b.account_entry_id = u.account_entry_id
    AND b.amount = -m.amount
LEFT JOIN suspense_move o ON o.provider_id = m.provider_id AND o.payment_id = m.payment_id
    AND o.account_id = e.account_id AND o.account_entry_id = e.reverses AND o.amount = -m.amount
WHERE m.provider_id = :provider_id AND (i.payment_id IS NULL OR m.amount = 0
    OR m.account_id = 0 AND (m.amount < 0 OR r.provider_id IS NULL)
    OR m.account_id <> 0 AND (e.account_id IS NULL OR e.kind <> :kind OR e.amount <> -m.amount
        OR e.day <> m.day OR e.entry_id <> m.entry_id)
    OR m.account_id <> 0 AND m.amount < 0 AND o.payment_id IS NULL
    OR m.account_id <> 0 AND m.amount > 0 AND (e.reverses <> 0
        OR b.payment_id IS NULL AND ((r.provider_id IS NULL) <> (u.account_id IS NULL)
            OR u.day <> r.day)))
ORDER BY m.payment_id, m.move_no LIMIT :most"""  # noqa: S608 - our own words
"""A move below 0 puts back another one: its entry undoes that one's."""

WRONG_RESERVATIONS = """SELECT r.channel_no, r.reference FROM reservation r
LEFT JOIN payment_order o ON o.provider_id = r.provider_id AND o.channel_no = r.channel_no
    AND o.reference = r.reference
WHERE r.provider_id = :provider_id AND r.state = :posted AND (o.provider_id IS NULL
    OR o.target_kind <> r.target_kind OR o.target <> r.target OR o.amount <> r.amount
    OR o.fee <> r.fee OR o.terminal_no <> r.terminal_no)
ORDER BY r.channel_no, r.reference LIMIT :most"""


def lost_entries(
    reader: Reader, provider_id: int, posted: int, kind: int, most: int
) -> Sequence[Row]:
    """(channel, reference, part, account, payment) of payments to accounts without their entry."""
    values = {"provider_id": provider_id, "posted": posted, "kind": kind}
    return reader.rows(LOST_ENTRIES, **values, most=most)


def stray_entries(
    reader: Reader, provider_id: int, accounts: tuple[int, int], kind: int, most: int
) -> Sequence[Row]:
    """(account, entry) of entries that came from a channel or suspense and are no payment's."""
    values = {"provider_id": provider_id, "lo": accounts[0], "hi": accounts[1], "kind": kind}
    return reader.rows(STRAY_ENTRIES, **values, most=most)


def wrong_parts(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(channel, reference, amount, sum of parts) of orders that are not their parts, 1 to n."""
    return reader.rows(WRONG_PARTS, provider_id=provider_id, most=most)


def lost_parts(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(channel, reference, part) of parts without an order."""
    return reader.rows(LOST_PARTS, provider_id=provider_id, most=most)


def wrongly_reversed(
    reader: Reader, provider_id: int, accounts: tuple[int, int], most: int
) -> Sequence[Row]:
    """(channel, reference, part, payment) of payments undone without a reversal, or reversed and
    not undone from its day on."""
    values = {"provider_id": provider_id, "lo": accounts[0], "hi": accounts[1]}
    return reader.rows(REVERSED, **values, most=most)


def lost_reversals(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(channel, reference, payment's reference) of reversals that are not those of an order."""
    return reader.rows(LOST_REVERSALS, provider_id=provider_id, most=most)


def lost_items(reader: Reader, provider_id: int, suspended: int, most: int) -> Sequence[Row]:
    """(channel, reference, part, payment) of payments whose suspense item is not theirs."""
    return reader.rows(LOST_ITEMS, provider_id=provider_id, suspended=suspended, most=most)


def stray_items(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(payment, reference) of suspense items without a payment."""
    return reader.rows(STRAY_ITEMS, provider_id=provider_id, most=most)


def wrong_sums(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(payment, amount, moved) of items of which more was moved than they had, or, when the
    payment is reversed, less."""
    return reader.rows(WRONG_SUMS, provider_id=provider_id, most=most)


def wrong_moves(
    reader: Reader, provider_id: int, accounts: tuple[int, int], kind: int, most: int
) -> Sequence[Row]:
    """(payment, number, account) of moves without an item, their entry, or their reversal."""
    values = {"provider_id": provider_id, "lo": accounts[0], "hi": accounts[1], "kind": kind}
    return reader.rows(WRONG_MOVES, **values, most=most)


def wrong_reservations(reader: Reader, provider_id: int, posted: int, most: int) -> Sequence[Row]:
    """(channel, reference) of reservations that were confirmed and have not their order."""
    return reader.rows(WRONG_RESERVATIONS, provider_id=provider_id, posted=posted, most=most)
