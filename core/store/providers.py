"""Providers and what they share with their accounts: drawn ids, numbers, cycles, attributes."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.listed import lists
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Session
from billcore.core.store.statements import KEYS

DRAW = """INSERT INTO drawn (provider_id, kind, last) VALUES (:provider_id, :kind, :count)
ON CONFLICT (provider_id, kind) DO UPDATE SET last = drawn.last + :count
RETURNING last"""

DRAWN = "SELECT last FROM drawn WHERE provider_id = :provider_id AND kind = :kind"

NUMBER = """SELECT id FROM number
WHERE provider_id = :provider_id AND kind = :kind AND number = :number"""

NUMBERS = """SELECT number, id FROM number
WHERE provider_id = :provider_id AND kind = :kind"""

IDS = """SELECT number, id FROM number
WHERE provider_id = :provider_id AND kind = :kind AND number IN (:numbers)"""

NUMBERED = """SELECT id FROM number
WHERE provider_id = :provider_id AND kind = :kind AND id >= :first AND id <= :last"""

PROVIDER = """SELECT provider_id, code, name, time_zone, currency, calendar, language, policies,
    revision, recorded_at
FROM provider WHERE provider_id = :provider_id"""

PROVIDERS = """SELECT provider_id, code, name, time_zone, currency, calendar, language, policies,
    revision, recorded_at
FROM provider WHERE provider_id > :after AND provider_id <= :last
ORDER BY provider_id LIMIT :limit"""

CODE = "SELECT provider_id FROM provider WHERE code = :code"

ADD_PROVIDER = """INSERT INTO provider (provider_id, code, name, time_zone, currency, calendar,
    language, policies, revision, recorded_at)
VALUES (:provider_id, :code, :name, :time_zone, :currency, :calendar,
    :language, :policies, :revision, :recorded_at)
ON CONFLICT DO NOTHING"""

CHANGE_PROVIDER = """UPDATE provider SET name = :name, time_zone = :time_zone,
    language = :language, policies = :policies, revision = revision + 1, recorded_at = :recorded_at
WHERE provider_id = :provider_id AND revision = :revision"""

CYCLES = """SELECT cycle_no, cycle, months FROM cycle
WHERE provider_id = :provider_id ORDER BY cycle_no"""

ADD_CYCLE = """INSERT INTO cycle (provider_id, cycle_no, cycle, months)
VALUES (:provider_id, :cycle_no, :cycle, :months)
ON CONFLICT DO NOTHING"""

ATTRIBUTES = """SELECT attribute_no, name, kind, unit, decimals FROM attribute
WHERE provider_id = :provider_id ORDER BY attribute_no"""

WORDS = """SELECT attribute_no, word FROM attribute_word
WHERE provider_id = :provider_id ORDER BY attribute_no, word_no"""

ADD_ATTRIBUTE = """INSERT INTO attribute (provider_id, attribute_no, name, kind, unit, decimals)
VALUES (:provider_id, :attribute_no, :name, :kind, :unit, :decimals)
ON CONFLICT DO NOTHING"""

TARIFFS = """SELECT provider_id, tariff_no, tariff FROM tariff
WHERE provider_id = 0 OR provider_id = :provider_id"""


class Provider(NamedTuple):
    """A company that bills. policies: canonical JSON."""

    provider_id: int
    code: str
    name: str
    time_zone: str
    currency: str
    calendar: str
    language: str
    policies: str
    revision: int
    recorded_at: int


class Cycle(NamedTuple):
    """Accounts that are read and billed together, every so many months."""

    cycle_no: int
    cycle: str
    months: int


class AttributeRow(NamedTuple):
    """An attribute without its words."""

    attribute_no: int
    name: str
    kind: str
    unit: str
    decimals: int


# -- ids and numbers


def draw(session: Session, provider_id: int, kind: str, count: int) -> int:
    """The last of `count` new numbers of a kind; other writers of the kind wait for this one."""
    row = session.rows(DRAW, provider_id=provider_id, kind=kind, count=count)[0]
    return int(row[0])


def drawn(reader: Reader, provider_id: int, kind: str) -> int:
    """The last number of a kind that was drawn; 0: none was."""
    row = reader.row(DRAWN, provider_id=provider_id, kind=kind)
    return int(row[0]) if row else 0


def lock(session: Session, provider_id: int, kind: str) -> None:
    """Lets one transaction at a time write a kind of thing at a provider."""
    draw(session, provider_id, kind, 0)


def number_id(reader: Reader, provider_id: int, kind: str, number: str) -> int:
    """What a number stands for; 0: nothing."""
    row = reader.row(NUMBER, provider_id=provider_id, kind=kind, number=number)
    return int(row[0]) if row else 0


def ids(reader: Reader, provider_id: int, kind: str, wanted: Sequence[str]) -> dict[str, int]:
    """What those of these numbers stand for that stand for something."""
    return {
        str(number): int(found)
        for sql, listed in lists(IDS, ":numbers", wanted)
        for number, found in reader.rows(sql, provider_id=provider_id, kind=kind, **listed)
    }


def ids_among(reader: Reader, provider_id: int, kind: str, wanted: Column) -> Columns:
    """`number` and `id` of those of thousands of numbers that stand for something."""
    kinds = {"number": Kind.TEXT, "id": Kind.INT}
    sql = IDS.replace(":numbers", KEYS)
    return reader.among(sql, kinds, wanted, provider_id=provider_id, kind=kind)


def numbers(reader: Reader, provider_id: int, kind: str) -> Columns:
    """Every `number` of a kind with its `id`."""
    kinds = {"number": Kind.TEXT, "id": Kind.INT}
    return reader.fetch(NUMBERS, kinds, provider_id=provider_id, kind=kind)


def take_numbers(session: Session, columns: Columns) -> int:
    """Registers numbers that are free; how many were."""
    return session.insert("number", columns, existing="skip")


def numbered(reader: Reader, provider_id: int, kind: str, first: int, last: int) -> Ints:
    """Which ids of a range have a number."""
    found = reader.fetch(
        NUMBERED, {"id": Kind.INT}, provider_id=provider_id, kind=kind, first=first, last=last
    )
    ids: Ints = found["id"]
    return ids


# -- providers


def provider(reader: Reader, provider_id: int) -> Provider | None:
    """A provider by its number."""
    row = reader.row(PROVIDER, provider_id=provider_id)
    return Provider._make(row) if row else None


def providers(reader: Reader, after: int, last: int, limit: int) -> list[Provider]:
    """The providers behind `after` up to `last`, in order."""
    rows = reader.rows(PROVIDERS, after=after, last=last, limit=limit)
    return [Provider._make(row) for row in rows]


def provider_of_code(reader: Reader, code: str) -> int:
    """Which provider has a code; 0: none."""
    row = reader.row(CODE, code=code)
    return int(row[0]) if row else 0


def add_provider(session: Session, provider: Provider) -> bool:
    """Whether the provider is new: its code was free."""
    return session.run(ADD_PROVIDER, **provider._asdict()) == 1


def change_provider(session: Session, provider: Provider) -> bool:
    """Writes what may change, if the provider still has this revision."""
    values = provider._asdict()
    for fixed in ("code", "currency", "calendar"):
        del values[fixed]
    return session.run(CHANGE_PROVIDER, **values) == 1


# -- cycles and attributes


def cycles(reader: Reader, provider_id: int) -> list[Cycle]:
    """Every cycle in order of its number."""
    return [Cycle._make(row) for row in reader.rows(CYCLES, provider_id=provider_id)]


def add_cycle(session: Session, provider_id: int, cycle: Cycle) -> bool:
    """Whether the cycle is new: its name was free."""
    return session.run(ADD_CYCLE, provider_id=provider_id, **cycle._asdict()) == 1


def attributes(reader: Reader, provider_id: int) -> list[AttributeRow]:
    """Every attribute in order of its number."""
    return [AttributeRow._make(row) for row in reader.rows(ATTRIBUTES, provider_id=provider_id)]


def words(reader: Reader, provider_id: int) -> list[tuple[int, str]]:
    """(attribute_no, word) of every choice, in order."""
    rows = reader.rows(WORDS, provider_id=provider_id)
    return [(int(number), str(word)) for number, word in rows]


def add_attribute(session: Session, provider_id: int, attribute: AttributeRow) -> bool:
    """Whether the attribute is new: its name was free."""
    return session.run(ADD_ATTRIBUTE, provider_id=provider_id, **attribute._asdict()) == 1


def add_words(session: Session, columns: Columns) -> int:
    """Adds words to attributes; how many were new."""
    return session.insert("attribute_word", columns, existing="skip")


def tariffs(reader: Reader, provider_id: int) -> list[tuple[int, int, str]]:
    """(provider_id, tariff_no, tariff) of the provider's tariffs and the house's."""
    rows = reader.rows(TARIFFS, provider_id=provider_id)
    return [(int(owner), int(number), str(name)) for owner, number, name in rows]
