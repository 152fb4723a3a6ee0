"""Ledger accounts, entries, postings and account entries."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.chosen import chosen
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Row, Session

ACCOUNTS = "SELECT code, ledger_no FROM ledger_account WHERE provider_id = :provider_id"

ADD_ACCOUNT = """INSERT INTO ledger_account (provider_id, ledger_no, code, kind)
SELECT :provider_id, COALESCE(MAX(ledger_no), 0) + 1, :code, :kind
FROM ledger_account WHERE provider_id = :provider_id
ON CONFLICT DO NOTHING"""

ADD_NEW_ENTRY = """INSERT INTO entry
(provider_id, entry_id, day, kind, source, reverses, client_id, recorded_at)
VALUES (:provider_id, :entry_id, :day, :kind, :source, :reverses, :client_id, :recorded_at)"""

ADD_ENTRY = f"{ADD_NEW_ENTRY} ON CONFLICT DO NOTHING"

ACCOUNT_ENTRIES = """SELECT account_entry_id, kind, day, amount, entry_id, reverses, reference,
recorded_at, direction, strategy FROM account_entry WHERE account_id = :account_id
AND day <= :until_day AND recorded_at <= :known_at"""

ACCOUNT_ENTRY = """SELECT account_entry_id, kind, day, amount, entry_id, reverses, reference,
recorded_at, direction, strategy FROM account_entry
WHERE account_id = :account_id AND account_entry_id = :account_entry_id"""

CODES_OF = """SELECT a.code FROM posting p JOIN ledger_account a
ON a.provider_id = p.provider_id AND a.ledger_no = p.ledger_no
WHERE p.provider_id = :provider_id AND p.entry_id = :entry_id"""

SOURCE_OF = "SELECT source FROM entry WHERE provider_id = :provider_id AND entry_id = :entry_id"

UNDOING = """SELECT account_entry_id FROM account_entry
WHERE account_id = :account_id AND reverses = :account_entry_id"""

JOURNAL = """SELECT entry_id, day, kind, source, reverses, client_id, recorded_at FROM entry
WHERE provider_id = :provider_id AND day <= :until_day
AND (day > :day OR day = :day AND entry_id > :after)
ORDER BY day, entry_id LIMIT :most"""

POSTINGS = f"""SELECT p.entry_id, a.code, p.amount FROM ({JOURNAL}) e
JOIN posting p ON p.provider_id = :provider_id AND p.entry_id = e.entry_id
JOIN ledger_account a ON a.provider_id = :provider_id AND a.ledger_no = p.ledger_no
ORDER BY p.entry_id, a.code"""  # noqa: S608 - our own statement

ENTRY_COLUMNS = """SELECT account_id, account_entry_id, kind, day, amount, entry_id, recorded_at
FROM account_entry WHERE account_id BETWEEN :lo AND :hi ORDER BY account_id, account_entry_id"""

ENTRIES_OF = """SELECT account_id, account_entry_id, kind, day, amount, reverses, recorded_at,
direction, strategy FROM account_entry
WHERE account_id :chosen AND day <= :until_day AND recorded_at <= :known_at"""

AMOUNTS_SINCE = """SELECT account_id, recorded_at, amount FROM account_entry
WHERE account_id :chosen AND recorded_at > :since"""

LAST_RECORDED = """SELECT COALESCE(MAX(recorded_at), 0) FROM entry
WHERE provider_id = :provider_id"""

LAST_ACCOUNT = "SELECT last FROM drawn WHERE provider_id = :provider_id AND kind = 'account'"

UNBALANCED = """SELECT e.entry_id, e.source, CAST(COALESCE(SUM(p.amount), 0) AS BIGINT)
FROM entry e LEFT JOIN posting p ON p.provider_id = e.provider_id AND p.entry_id = e.entry_id
WHERE e.provider_id = :provider_id GROUP BY e.entry_id, e.source
HAVING COALESCE(SUM(p.amount), 0) <> 0 OR COUNT(p.amount) = 0
ORDER BY e.entry_id LIMIT :most"""

ORPHANS = """SELECT p.entry_id, p.ledger_no FROM posting p
LEFT JOIN entry e ON e.provider_id = p.provider_id AND e.entry_id = p.entry_id
LEFT JOIN ledger_account a ON a.provider_id = p.provider_id AND a.ledger_no = p.ledger_no
WHERE p.provider_id = :provider_id AND (e.entry_id IS NULL OR a.ledger_no IS NULL)
ORDER BY p.entry_id LIMIT :most"""

TRIAL_BALANCE = """SELECT a.code, a.kind, CAST(COALESCE(SUM(p.amount), 0) AS BIGINT)
FROM ledger_account a
LEFT JOIN posting p ON p.provider_id = a.provider_id AND p.ledger_no = a.ledger_no
AND p.entry_id IN (SELECT entry_id FROM entry WHERE provider_id = :provider_id
    AND day <= :until_day AND recorded_at <= :known_at)
WHERE a.provider_id = :provider_id GROUP BY a.code, a.kind ORDER BY a.code"""

UNDONE_WRONG = """SELECT r.account_id, r.reverses, COUNT(*), MIN(r.amount + COALESCE(o.amount, 0)),
    MAX(r.amount + COALESCE(o.amount, 0))
FROM account_entry r LEFT JOIN account_entry o
    ON o.account_id = r.account_id AND o.account_entry_id = r.reverses
WHERE r.account_id BETWEEN :lo AND :hi AND r.reverses <> 0
GROUP BY r.account_id, r.reverses
HAVING COUNT(*) > 1 OR MIN(r.amount + COALESCE(o.amount, 0)) <> 0
ORDER BY r.account_id, r.reverses LIMIT :most"""

GENERAL_DAYS = """SELECT e.day, CAST(SUM(p.amount) AS BIGINT) FROM posting p
JOIN entry e ON e.provider_id = p.provider_id AND e.entry_id = p.entry_id
JOIN ledger_account a ON a.provider_id = p.provider_id AND a.ledger_no = p.ledger_no
WHERE p.provider_id = :provider_id AND a.code = :code GROUP BY e.day"""

SUB_DAYS = """SELECT day, CAST(SUM(amount) AS BIGINT) FROM (
    SELECT day, amount FROM account_entry WHERE account_id BETWEEN :lo AND :hi
    UNION ALL
    SELECT b.issued_day, b.total FROM bill_month m
    JOIN bill b ON b.month = m.month AND b.account_id BETWEEN :lo AND :hi
    WHERE m.provider_id = :provider_id
) AS documents GROUP BY day"""


POSTED_SINCE = """SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN kind = :kind THEN 1 ELSE 0 END), 0)
AS BIGINT) FROM entry WHERE provider_id = :provider_id AND recorded_at > :since
AND SUBSTR(source, 1, CAST(:length AS INTEGER)) <> :own"""


class NewEntry(NamedTuple):
    """A row of the general ledger."""

    provider_id: int
    entry_id: int
    day: int
    kind: int
    source: str
    reverses: int
    client_id: int
    recorded_at: int


class JournalEntry(NamedTuple):
    """An entry of the general ledger with its postings: (code, amount), amounts sum to 0."""

    entry_id: int
    day: int
    kind: int
    source: str
    reverses: int
    client_id: int
    recorded_at: int
    postings: tuple[tuple[str, int], ...] = ()


class AccountEntryRow(NamedTuple):
    """A row of the sub-ledger; amount in minor units, debit positive."""

    account_entry_id: int
    kind: int
    day: int
    amount: int
    entry_id: int
    reverses: int
    reference: str
    recorded_at: int
    direction: str
    strategy: int


def ledger_numbers(reader: Reader, provider_id: int) -> dict[str, int]:
    """The number of each ledger account of a provider by its code."""
    return {str(code): int(no) for code, no in reader.rows(ACCOUNTS, provider_id=provider_id)}


def add_ledger_account(session: Session, provider_id: int, code: str, kind: str) -> None:
    """Adds a ledger account; one that is there already stays."""
    session.run(ADD_ACCOUNT, provider_id=provider_id, code=code, kind=kind)


def add_entry(session: Session, entry: NewEntry) -> bool:
    """Whether the entry is new."""
    return session.run(ADD_ENTRY, **entry._asdict()) == 1


def add_entries(session: Session, entries: Sequence[NewEntry]) -> None:
    """Adds entries; StoreConflict where one is there."""
    for entry in entries:
        session.run(ADD_NEW_ENTRY, **entry._asdict())


def add_postings(session: Session, columns: Columns) -> None:
    """Rows of `posting`."""
    session.insert("posting", columns)


def add_account_entries(session: Session, columns: Columns) -> None:
    """Rows of `account_entry`; StoreConflict when one is there."""
    session.insert("account_entry", columns)


def account_entries(
    reader: Reader, account_id: int, until_day: int, known_at: int
) -> list[AccountEntryRow]:
    """The entries of an account up to a day, as known at a time."""
    rows = reader.rows(
        ACCOUNT_ENTRIES, account_id=account_id, until_day=until_day, known_at=known_at
    )
    return [AccountEntryRow(*row) for row in rows]  # type: ignore[arg-type]


def account_entry(reader: Reader, account_id: int, account_entry_id: int) -> AccountEntryRow | None:
    """An entry of an account, or None."""
    row = reader.row(ACCOUNT_ENTRY, account_id=account_id, account_entry_id=account_entry_id)
    return None if row is None else AccountEntryRow(*row)  # type: ignore[arg-type]


def codes_of(reader: Reader, provider_id: int, entry_id: int) -> list[str]:
    """The ledger accounts that an entry of the general ledger posts to."""
    found = reader.rows(CODES_OF, provider_id=provider_id, entry_id=entry_id)
    return [str(code) for (code,) in found]


def source_of(reader: Reader, provider_id: int, entry_id: int) -> str:
    """What posted an entry of the general ledger; '': there is none."""
    row = reader.row(SOURCE_OF, provider_id=provider_id, entry_id=entry_id)
    return str(row[0]) if row else ""


def journal(
    reader: Reader, provider_id: int, day: int, after: int, until_day: int, most: int
) -> list[JournalEntry]:
    """The entries behind an entry of a day, up to until_day, by day and id."""
    page = {
        "provider_id": provider_id,
        "day": day,
        "after": after,
        "until_day": until_day,
        "most": most,
    }
    postings: dict[int, list[tuple[str, int]]] = {}
    for entry_id, code, amount in reader.rows(POSTINGS, **page):
        postings.setdefault(int(entry_id), []).append((str(code), int(amount)))
    found = [JournalEntry(*row) for row in reader.rows(JOURNAL, **page)]  # type: ignore[arg-type]
    return [one._replace(postings=tuple(postings.get(one.entry_id, ()))) for one in found]


def is_undone(reader: Reader, account_id: int, account_entry_id: int) -> bool:
    """Whether another entry reverses this one."""
    found = reader.row(UNDOING, account_id=account_id, account_entry_id=account_entry_id)
    return found is not None


def entry_columns(reader: Reader, lo: int, hi: int) -> dict[str, Column]:
    """The account entries of a range of accounts, in the order of accounts; all int64."""
    names = ("account_id", "account_entry_id", "kind", "day", "amount", "entry_id", "recorded_at")
    return reader.fetch(ENTRY_COLUMNS, dict.fromkeys(names, Kind.INT), lo=lo, hi=hi)


def amounts_since(reader: Reader, account_id: Ints, since: int) -> dict[str, Column]:
    """account_id, recorded_at and amount of the entries of these accounts (and maybe of some
    between them) that were recorded after a time; all int64."""
    kinds = dict.fromkeys(("account_id", "recorded_at", "amount"), Kind.INT)
    return chosen(reader, AMOUNTS_SINCE, kinds, account_id, since=since)


def entries_of(
    reader: Reader, account_id: Ints, until_day: int, known_at: int
) -> dict[str, Column]:
    """The entries of these accounts (and maybe of some between them) up to a day, as known at a
    time: direction is text, all else int64."""
    names = ("account_id", "account_entry_id", "kind", "day", "amount", "reverses", "recorded_at")
    kinds = dict.fromkeys(names, Kind.INT) | {"direction": Kind.TEXT, "strategy": Kind.INT}
    values = {"until_day": until_day, "known_at": known_at}
    return chosen(reader, ENTRIES_OF, kinds, account_id, **values)


def last_recorded(reader: Reader, provider_id: int) -> int:
    """The latest time at which anything of the provider was posted; 0: nothing was."""
    row = reader.row(LAST_RECORDED, provider_id=provider_id)
    return int(row[0]) if row else 0


def posted_since(
    reader: Reader, provider_id: int, since: int, own: str, kind: int
) -> tuple[int, int]:
    """How many entries were recorded after a time, and how many of them are of a kind.

    own: entries whose sources begin with it do not count.
    """
    values = {"provider_id": provider_id, "since": since, "length": len(own), "kind": kind}
    row = reader.row(POSTED_SINCE, **values, own=own)
    assert row is not None  # an aggregate has a row
    return int(row[0]), int(row[1])


def accounts_drawn(reader: Reader, provider_id: int) -> int:
    """How many account ids the provider has drawn."""
    row = reader.row(LAST_ACCOUNT, provider_id=provider_id)
    return 0 if row is None else int(row[0])


def unbalanced(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(entry id, source, sum) of entries that do not sum to zero or have no posting."""
    return reader.rows(UNBALANCED, provider_id=provider_id, most=most)


def undone_wrong(reader: Reader, lo: int, hi: int, most: int) -> Sequence[Row]:
    """(account, entry, how often, least and greatest rest) of reversals that do not just undo."""
    return reader.rows(UNDONE_WRONG, lo=lo, hi=hi, most=most)


def orphans(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(entry id, ledger number) of postings without entry or ledger account."""
    return reader.rows(ORPHANS, provider_id=provider_id, most=most)


def trial_balance(reader: Reader, provider_id: int, until_day: int, known_at: int) -> Sequence[Row]:
    """(code, kind, balance) of every ledger account at a day, as known at a time."""
    return reader.rows(
        TRIAL_BALANCE, provider_id=provider_id, until_day=until_day, known_at=known_at
    )


def general_days(reader: Reader, provider_id: int, code: str) -> dict[int, int]:
    """What was posted to a ledger account, by day."""
    rows = reader.rows(GENERAL_DAYS, provider_id=provider_id, code=code)
    return {int(day): int(amount) for day, amount in rows}


def sub_days(reader: Reader, provider_id: int, lo: int, hi: int) -> dict[int, int]:
    """What the documents of a range of accounts sum to, by effective day."""
    rows = reader.rows(SUB_DAYS, provider_id=provider_id, lo=lo, hi=hi)
    return {int(day): int(amount) for day, amount in rows}
