"""Mandates with their versions and debtors."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from billcore.core.store.port import Columns, Ints, Kind, Reader, Row, Session

_COLUMNS = (
    "mandate_no, creditor_id, umr, account_id, channel_no, scheme, one_off, signed_day, "
    "amount_max, state, version, recorded_at"
)

_MANDATE = f"SELECT {_COLUMNS} FROM mandate WHERE provider_id = :provider_id"  # noqa: S608 - our own words

_OTHERWISE = _MANDATE.replace("provider_id =", "+provider_id =")
"""By their accounts: see `debits`."""

FIND = f"{_MANDATE} AND mandate_no = :mandate_no"
BY_UMR = f"{_MANDATE} AND umr = :umr ORDER BY mandate_no"
TAKEN = f"{_MANDATE} AND creditor_id = :creditor_id AND umr = :umr"
ACTIVE = f"{_OTHERWISE} AND account_id = :account_id AND channel_no = :channel_no AND state = 3"
LISTED = f"""{_MANDATE} AND mandate_no > :after AND (:account_id = 0 OR account_id = :account_id)
AND (:state = 0 OR state = :state) ORDER BY mandate_no LIMIT :most"""
OF_ACCOUNT = f"{_OTHERWISE} AND account_id = :account_id ORDER BY mandate_no"

ADD = f"""INSERT INTO mandate (provider_id, {_COLUMNS}) VALUES (:provider_id, :mandate_no,
:creditor_id, :umr, :account_id, :channel_no, :scheme, :one_off, :signed_day, :amount_max, :state,
:version, :recorded_at)"""  # noqa: S608 - our own words

CHANGE = """UPDATE mandate SET amount_max = :amount_max, state = :state, version = version + 1,
recorded_at = :recorded_at
WHERE provider_id = :provider_id AND mandate_no = :mandate_no AND version = :version"""

ADD_VERSION = """INSERT INTO mandate_version (provider_id, mandate_no, version, state, amount_max,
debtor_version, reason, client_id, recorded_at) VALUES (:provider_id, :mandate_no, :version, :state,
:amount_max, :debtor_version, :reason, :client_id, :recorded_at)"""

VERSIONS = """SELECT version, state, amount_max, debtor_version, reason, client_id, recorded_at
FROM mandate_version WHERE provider_id = :provider_id AND mandate_no = :mandate_no
ORDER BY version"""

ADD_DEBTOR = """INSERT INTO mandate_debtor (provider_id, mandate_no, debtor_version, name, iban,
bic, bank_account, recorded_at) VALUES (:provider_id, :mandate_no, :debtor_version, :name, :iban,
:bic, :bank_account, :recorded_at)"""

DEBTOR = """SELECT name, iban, bic, bank_account, debtor_version FROM mandate_debtor
WHERE provider_id = :provider_id AND mandate_no = :mandate_no
ORDER BY debtor_version DESC LIMIT 1"""

USED = """SELECT COUNT(*) FROM debit WHERE +provider_id = :provider_id
AND mandate_no = :mandate_no AND batch_no <> 0"""

DORMANT = f"""{_MANDATE} AND channel_no = :channel_no AND state IN (3, 4) AND signed_day < :day
AND mandate_no > :after AND NOT EXISTS (SELECT 1 FROM debit d
    WHERE +d.provider_id = mandate.provider_id AND d.mandate_no = mandate.mandate_no
    AND d.batch_no <> 0 AND d.collection_day >= :day)
ORDER BY mandate_no LIMIT :most"""  # noqa: S608 - our own words

PLANNABLE_KINDS: dict[str, Kind] = {
    "account_id": Kind.INT,
    "mandate_no": Kind.INT,
    "scheme": Kind.INT,
    "amount_max": Kind.INT,
    "autopay_max": Kind.INT,
}

PLANNABLE = """SELECT m.account_id, m.mandate_no, m.scheme, m.amount_max,
    a.amount_max AS autopay_max
FROM mandate m JOIN autopay a ON a.account_id = m.account_id AND a.channel_no = m.channel_no
    AND a.enabled = 1
WHERE +m.provider_id = :provider_id AND m.channel_no = :channel_no AND m.state = 3
AND m.scheme = :scheme AND m.account_id > :after AND m.account_id <= :last
AND m.signed_day <= :day
AND NOT EXISTS (SELECT 1 FROM debit d WHERE +d.provider_id = m.provider_id
    AND d.mandate_no = m.mandate_no AND d.state <> 12
    AND (d.collection_day = :day OR (m.one_off = 1 AND d.state NOT IN (6, 8, 9, 10))))
ORDER BY m.account_id LIMIT :most"""

LIVE_KINDS: dict[str, Kind] = {
    "mandate_no": Kind.INT,
    "one_off": Kind.INT,
    "amount_max": Kind.INT,
    "autopay_max": Kind.INT,
}

LIVE = """SELECT m.mandate_no, m.one_off, m.amount_max, a.amount_max AS autopay_max
FROM mandate m JOIN autopay a ON a.account_id = m.account_id AND a.channel_no = m.channel_no
    AND a.enabled = 1
WHERE m.provider_id = :provider_id AND m.state = 3 AND m.mandate_no IN (:keys)
ORDER BY m.mandate_no"""

DEBTOR_KINDS: dict[str, Kind] = {
    "mandate_no": Kind.INT,
    "umr": Kind.TEXT,
    "signed_day": Kind.INT,
    "name": Kind.TEXT,
    "iban": Kind.TEXT,
    "bic": Kind.TEXT,
    "bank_account": Kind.TEXT,
}

DEBTORS = """SELECT m.mandate_no, m.umr, m.signed_day, o.name, o.iban, o.bic, o.bank_account
FROM mandate m JOIN mandate_debtor o
    ON o.provider_id = m.provider_id AND o.mandate_no = m.mandate_no
WHERE m.provider_id = :provider_id AND m.mandate_no IN (:keys)
AND o.debtor_version = (SELECT MAX(l.debtor_version) FROM mandate_debtor l
    WHERE l.provider_id = m.provider_id AND l.mandate_no = m.mandate_no)
ORDER BY m.mandate_no"""

ACCOUNT_NUMBERS = """SELECT account_id, number, closed_day FROM account
WHERE account_id IN (:keys) ORDER BY account_id"""

NUMBER_KINDS: dict[str, Kind] = {
    "account_id": Kind.INT,
    "number": Kind.TEXT,
    "closed_day": Kind.INT,
}


class MandateRow(NamedTuple):
    """A row of `mandate` without its provider. one_off: 1 or 0."""

    mandate_no: int
    creditor_id: str
    umr: str
    account_id: int
    channel_no: int
    scheme: int
    one_off: int
    signed_day: int
    amount_max: int
    state: int
    version: int
    recorded_at: int


class VersionRow(NamedTuple):
    """A row of `mandate_version` without its mandate."""

    version: int
    state: int
    amount_max: int
    debtor_version: int
    reason: str
    client_id: int
    recorded_at: int


class DebtorRow(NamedTuple):
    """The last row of `mandate_debtor` of a mandate."""

    name: str
    iban: str
    bic: str
    bank_account: str
    debtor_version: int

    def __repr__(self) -> str:  # a traceback or a log shows no account
        return f"DebtorRow(version {self.debtor_version})"


def _made(row: Row | None) -> MandateRow | None:
    return MandateRow(*row) if row else None  # type: ignore[arg-type]


def _all(found: Sequence[Row]) -> list[MandateRow]:
    return [MandateRow(*row) for row in found]  # type: ignore[arg-type]


# -- mandates


def find(reader: Reader, provider_id: int, mandate_no: int) -> MandateRow | None:
    """A mandate of a number."""
    return _made(reader.row(FIND, provider_id=provider_id, mandate_no=mandate_no))


def by_umr(reader: Reader, provider_id: int, umr: str) -> list[MandateRow]:
    """The mandates of a reference: one a creditor."""
    return _all(reader.rows(BY_UMR, provider_id=provider_id, umr=umr))


def taken(reader: Reader, provider_id: int, creditor_id: str, umr: str) -> MandateRow | None:
    """The mandate that has a reference at a creditor."""
    return _made(reader.row(TAKEN, provider_id=provider_id, creditor_id=creditor_id, umr=umr))


def active(reader: Reader, provider_id: int, account_id: int, channel_no: int) -> MandateRow | None:
    """The active mandate of an account at a channel."""
    key = {"provider_id": provider_id, "account_id": account_id, "channel_no": channel_no}
    return _made(reader.row(ACTIVE, **key))


def listed(
    reader: Reader, provider_id: int, after: int, most: int, account_id: int, state: int
) -> list[MandateRow]:
    """Mandates behind a number, in order; of an account and in a state, 0: any."""
    values = {"provider_id": provider_id, "after": after, "most": most}
    return _all(reader.rows(LISTED, **values, account_id=account_id, state=state))


def of_account(reader: Reader, provider_id: int, account_id: int) -> list[MandateRow]:
    """Every mandate of an account."""
    return _all(reader.rows(OF_ACCOUNT, provider_id=provider_id, account_id=account_id))


def add(session: Session, provider_id: int, row: MandateRow) -> None:
    """Adds a mandate."""
    session.run(ADD, provider_id=provider_id, **row._asdict())


def change(session: Session, provider_id: int, row: MandateRow) -> bool:
    """Whether the mandate had the version of `row`; its cap and state are those of it now."""
    names = ("mandate_no", "amount_max", "state", "version", "recorded_at")
    values = {name: getattr(row, name) for name in names}
    return session.run(CHANGE, provider_id=provider_id, **values) == 1


def add_version(session: Session, provider_id: int, mandate_no: int, row: VersionRow) -> None:
    """Adds what a mandate is from now on."""
    session.run(ADD_VERSION, provider_id=provider_id, mandate_no=mandate_no, **row._asdict())


def versions(reader: Reader, provider_id: int, mandate_no: int) -> list[VersionRow]:
    """What a mandate was."""
    found = reader.rows(VERSIONS, provider_id=provider_id, mandate_no=mandate_no)
    return [VersionRow(*row) for row in found]  # type: ignore[arg-type]


def add_debtor(
    session: Session, provider_id: int, mandate_no: int, row: DebtorRow, now: int
) -> None:
    """Adds who is debited from now on."""
    key = {"provider_id": provider_id, "mandate_no": mandate_no, "recorded_at": now}
    session.run(ADD_DEBTOR, **key, **row._asdict())


def debtor(reader: Reader, provider_id: int, mandate_no: int) -> DebtorRow:
    """Who is debited."""
    row = reader.row(DEBTOR, provider_id=provider_id, mandate_no=mandate_no)
    assert row is not None, "every mandate has a debtor"
    return DebtorRow(*row)  # type: ignore[arg-type]


def is_used(reader: Reader, provider_id: int, mandate_no: int) -> bool:
    """Whether a debit of the mandate was ever in a batch."""
    row = reader.row(USED, provider_id=provider_id, mandate_no=mandate_no)
    return bool(row and row[0])


def dormant(
    reader: Reader, provider_id: int, channel_no: int, day: int, after: int, most: int
) -> list[MandateRow]:
    """Mandates behind a number that were signed before a day and not used since."""
    values = {"provider_id": provider_id, "channel_no": channel_no, "day": day, "after": after}
    return _all(reader.rows(DORMANT, **values, most=most))


# -- many at once


def plannable(
    reader: Reader,
    provider_id: int,
    channel_no: int,
    scheme: int,
    day: int,
    accounts: tuple[int, int],
    most: int,
) -> Columns:
    """Active mandates of accounts behind the first and up to the last that are paid automatically
    through the channel and have no debit of that day: PLANNABLE_KINDS."""
    values = {"provider_id": provider_id, "channel_no": channel_no, "scheme": scheme}
    after, last = accounts
    values |= {"day": day, "after": after, "last": last, "most": most}
    return reader.fetch(PLANNABLE, PLANNABLE_KINDS, **values)


def live(reader: Reader, provider_id: int, mandate_no: Ints) -> Columns:
    """Which of these mandates are active, of accounts that are paid automatically: LIVE_KINDS."""
    return reader.among(LIVE, LIVE_KINDS, np.unique(mandate_no), provider_id=provider_id)


def debtors(reader: Reader, provider_id: int, mandate_no: Ints) -> Columns:
    """Who is debited by these mandates: DEBTOR_KINDS."""
    return reader.among(DEBTORS, DEBTOR_KINDS, np.unique(mandate_no), provider_id=provider_id)


def account_numbers(reader: Reader, account_id: Ints) -> Columns:
    """Numbers and last days of accounts: NUMBER_KINDS."""
    return reader.among(ACCOUNT_NUMBERS, NUMBER_KINDS, np.unique(account_id))
