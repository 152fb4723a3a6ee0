"""What the books have of a channel's days, and which payments its reports tell."""

from collections.abc import Sequence

from billcore.core.store.columns import stacked
from billcore.core.store.listed import lists
from billcore.core.store.port import Column, Kind, Reader

FLOW: dict[str, Kind] = {
    "payment_id": Kind.INT,
    "reference": Kind.TEXT,
    "target_kind": Kind.INT,
    "target": Kind.TEXT,
    "amount": Kind.INT,
    "account_id": Kind.INT,
    "paid_at": Kind.INT,
    "recorded_at": Kind.INT,
    "paid_day": Kind.INT,
    "day": Kind.INT,
}
"""A payment; of a reversal `day` is its own, the rest its payment's."""

_PAYMENT = """SELECT payment_id, reference, target_kind, target, amount, account_id, paid_at,
recorded_at, day AS paid_day, day FROM payment_order
WHERE provider_id = :provider_id AND channel_no = :channel_no"""

PAYMENTS = f"{_PAYMENT} AND day BETWEEN :first_day AND :last_day"

PAYMENTS_OF = f"{_PAYMENT} AND reference IN (:references)"

_REVERSAL = """SELECT o.payment_id, o.reference, o.target_kind, o.target, o.amount, o.account_id,
o.paid_at, o.recorded_at, o.day AS paid_day, r.day FROM payment_reversal r JOIN payment_order o
ON o.provider_id = r.provider_id AND o.channel_no = r.channel_no
    AND o.reference = r.payment_reference
WHERE r.provider_id = :provider_id AND r.channel_no = :channel_no"""

REVERSALS = f"{_REVERSAL} AND r.day >= :first_day"

REVERSALS_OF = f"{_REVERSAL} AND r.payment_reference IN (:references)"

_PART = """SELECT 0 AS payment_id, p.reference, 0 AS target_kind, '' AS target,
CAST(SUM(p.amount) AS BIGINT) AS amount,
CASE WHEN COUNT(*) = 1 THEN MIN(p.account_id) ELSE 0 END AS account_id, o.paid_at, o.recorded_at,
p.day AS paid_day, :own_day AS day
FROM payment_part p JOIN payment_order o ON o.provider_id = 0 AND o.channel_no = p.channel_no
    AND o.reference = p.reference
WHERE p.provider_id = 0 AND p.part_provider_id = :provider_id AND p.channel_no = :channel_no"""

_PAID_PART = _PART.replace(":own_day", "p.day")

_BY_ACT = "GROUP BY p.reference, o.paid_at, o.recorded_at, p.day"

PARTS = f"{_PAID_PART} AND p.day BETWEEN :first_day AND :last_day {_BY_ACT}"

PARTS_OF = f"{_PAID_PART} AND p.reference IN (:references) {_BY_ACT}"

_REVERSED_PART = _PART.replace(":own_day", "r.day").replace(
    "WHERE",
    """JOIN payment_reversal r ON r.provider_id = 0 AND r.channel_no = p.channel_no
    AND r.payment_reference = p.reference
WHERE""",
)

REVERSED_PARTS = f"{_REVERSED_PART} AND r.day >= :first_day {_BY_ACT}, r.day"

REVERSED_PARTS_OF = f"{_REVERSED_PART} AND p.reference IN (:references) {_BY_ACT}, r.day"

_IN_SPAN = """CASE WHEN o.paid_at <> 0 THEN o.paid_at ELSE o.recorded_at END >= :begin
AND CASE WHEN o.paid_at <> 0 THEN o.paid_at ELSE o.recorded_at END < :until LIMIT 1"""

ANY_PAYMENT = f"""SELECT 1 FROM payment_order o
WHERE o.provider_id = :provider_id AND o.channel_no = :channel_no
AND o.day BETWEEN :first_day AND :last_day AND {_IN_SPAN}"""  # noqa: S608 - our own words

ANY_PART = f"""SELECT 1 FROM payment_part p JOIN payment_order o ON o.provider_id = 0
    AND o.channel_no = p.channel_no AND o.reference = p.reference
WHERE p.provider_id = 0 AND p.part_provider_id = :provider_id AND p.channel_no = :channel_no
AND p.day BETWEEN :first_day AND :last_day AND {_IN_SPAN}"""  # noqa: S608 - our own words

LINE_KEYS = """SELECT payment_id, kind FROM report_line
WHERE provider_id = :provider_id AND file_no = :file_no"""

LINE_KEYS_OF = f"{LINE_KEYS} AND payment_id IN (:ids)"

LINE_KEY = {"payment_id": Kind.INT, "kind": Kind.INT}


Key = tuple[int, int]
"""(provider, channel)."""


def _key(key: Key) -> dict[str, int]:
    return {"provider_id": key[0], "channel_no": key[1]}


def payments(reader: Reader, key: Key, first_day: int, last_day: int) -> dict[str, Column]:
    """FLOW of a channel's payments of these civil days, in any order."""
    return reader.fetch(PAYMENTS, FLOW, **_key(key), first_day=first_day, last_day=last_day)


def payments_of(reader: Reader, key: Key, references: Sequence[str]) -> dict[str, Column]:
    """FLOW of a channel's payments with these references, in any order."""
    return _of(reader, PAYMENTS_OF, key, references)


def reversals(reader: Reader, key: Key, first_day: int) -> dict[str, Column]:
    """FLOW of what was taken back from a day on, in any order."""
    return reader.fetch(REVERSALS, FLOW, **_key(key), first_day=first_day)


def reversals_of(reader: Reader, key: Key, references: Sequence[str]) -> dict[str, Column]:
    """FLOW of what was taken back of payments with these references, in any order."""
    return _of(reader, REVERSALS_OF, key, references)


def parts(reader: Reader, key: Key, first_day: int, last_day: int) -> dict[str, Column]:
    """FLOW of what acts of the house's channel paid the provider in these civil days, an act each;
    payment_id is 0."""
    return reader.fetch(PARTS, FLOW, **_key(key), first_day=first_day, last_day=last_day)


def parts_of(reader: Reader, key: Key, references: Sequence[str]) -> dict[str, Column]:
    """As `parts`, of acts with these references."""
    return _of(reader, PARTS_OF, key, references)


def reversed_parts(reader: Reader, key: Key, first_day: int) -> dict[str, Column]:
    """As `parts`, of what was taken back from a day on."""
    return reader.fetch(REVERSED_PARTS, FLOW, **_key(key), first_day=first_day)


def reversed_parts_of(reader: Reader, key: Key, references: Sequence[str]) -> dict[str, Column]:
    """As `parts`, of what was taken back of acts with these references."""
    return _of(reader, REVERSED_PARTS_OF, key, references)


def _of(reader: Reader, sql: str, key: Key, references: Sequence[str]) -> dict[str, Column]:
    tables = [
        reader.fetch(part, FLOW, **_key(key), **values)
        for part, values in lists(sql, ":references", references)
    ]
    return {name: stacked([table[name] for table in tables], FLOW[name]) for name in FLOW}


def line_keys(reader: Reader, provider_id: int, file_no: int) -> dict[str, Column]:
    """Which payments a report tells: payment_id, kind."""
    return reader.fetch(LINE_KEYS, LINE_KEY, provider_id=provider_id, file_no=file_no)


def line_keys_of(
    reader: Reader, provider_id: int, file_no: int, payment_ids: Sequence[int]
) -> dict[str, Column]:
    """Which of these payments a report tells: payment_id, kind."""
    tables = [
        reader.fetch(part, LINE_KEY, provider_id=provider_id, file_no=file_no, **values)
        for part, values in lists(LINE_KEYS_OF, ":ids", payment_ids)
    ]
    return {name: stacked([table[name] for table in tables], LINE_KEY[name]) for name in LINE_KEY}


def has_payments(reader: Reader, key: Key, span: tuple[int, int], day: int, *, house: bool) -> bool:
    """Whether a channel has payments of a span of time, around a civil day; house: acts of the
    house's channel count that paid the provider, too."""
    values = _key(key) | {"begin": span[0], "until": span[1]}
    values |= {"first_day": day - 2, "last_day": day + 2}
    found = reader.row(ANY_PAYMENT, **values)
    if found is None and house:
        found = reader.row(ANY_PART, **values)
    return found is not None
