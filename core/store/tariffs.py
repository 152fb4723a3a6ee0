"""Published tariffs: a number for each, its versions, which never change."""

from typing import NamedTuple

from billcore.core.caller import HOUSE
from billcore.core.store import providers
from billcore.core.store.port import Reader, Session

KIND = "tariff"
"""The numbers of tariffs are drawn from one count for all providers: a tariff_no names a tariff."""

FIND = """SELECT tariff_no FROM tariff WHERE provider_id = :provider_id AND tariff = :tariff"""

ADD = """INSERT INTO tariff (provider_id, tariff_no, tariff)
VALUES (:provider_id, :tariff_no, :tariff)"""

COUNT_TARIFFS = "SELECT COUNT(*) FROM tariff"

CONTENT = """SELECT version FROM tariff_version
WHERE provider_id = :provider_id AND tariff_no = :tariff_no AND content = :content"""

LAST_VERSION = """SELECT COALESCE(MAX(version), 0) FROM tariff_version
WHERE provider_id = :provider_id AND tariff_no = :tariff_no"""

ADD_VERSION = """INSERT INTO tariff_version (provider_id, tariff_no, version, hash, content,
    from_day, until_day, document, client_id, recorded_at)
VALUES (:provider_id, :tariff_no, :version, :hash, :content,
    :from_day, :until_day, :document, :client_id, :recorded_at)"""

COUNT_VERSIONS = "SELECT COUNT(*) FROM tariff_version"

VERSIONS = """SELECT provider_id, tariff_no, version FROM tariff_version
ORDER BY provider_id, tariff_no, version"""

DOCUMENT = """SELECT t.tariff, v.hash, v.content, v.document FROM tariff_version v
JOIN tariff t ON t.provider_id = v.provider_id AND t.tariff_no = v.tariff_no
WHERE v.provider_id = :provider_id AND v.tariff_no = :tariff_no AND v.version = :version"""

NEWEST = """SELECT provider_id, tariff_no, version FROM tariff_version
WHERE tariff_no = :tariff_no ORDER BY version DESC LIMIT 1"""


class Version(NamedTuple):
    """What names a published version; provider_id: HOUSE is for all."""

    provider_id: int
    tariff_no: int
    version: int


class VersionRow(NamedTuple):
    """A published document. content: digest of all it says; from_day, until_day: it bills these."""

    hash: str
    content: str
    from_day: int
    until_day: int
    document: str
    client_id: int
    recorded_at: int


class Document(NamedTuple):
    """A published document as it is read back."""

    tariff: str
    hash: str
    content: str
    text: str


def lock(session: Session) -> None:
    """Lets one transaction at a time publish."""
    providers.lock(session, HOUSE, KIND)


def number(session: Session, provider_id: int, tariff: str) -> int:
    """The number of a provider's tariff; 0: there is none yet."""
    return _first(session, FIND, provider_id=provider_id, tariff=tariff)


def add(session: Session, provider_id: int, tariff: str) -> int:
    """The number of a new tariff."""
    tariff_no = providers.draw(session, HOUSE, KIND, 1)
    session.run(ADD, provider_id=provider_id, tariff_no=tariff_no, tariff=tariff)
    return tariff_no


def version_of(session: Session, provider_id: int, tariff_no: int, content: str) -> int:
    """The version that says the same; 0: none does."""
    return _first(session, CONTENT, provider_id=provider_id, tariff_no=tariff_no, content=content)


def last_version(session: Session, provider_id: int, tariff_no: int) -> int:
    """The number of the newest version; 0: there is none."""
    return _first(session, LAST_VERSION, provider_id=provider_id, tariff_no=tariff_no)


def add_version(session: Session, version: Version, row: VersionRow) -> None:
    """Inserts a version."""
    session.run(ADD_VERSION, **version._asdict(), **row._asdict())


def count_tariffs(reader: Reader) -> int:
    """How many tariffs all providers have."""
    return _first(reader, COUNT_TARIFFS)


def count_versions(reader: Reader) -> int:
    """How many versions are published; none ever goes."""
    return _first(reader, COUNT_VERSIONS)


def versions(reader: Reader) -> list[Version]:
    """What names every published version, oldest version first."""
    return [Version._make(row) for row in reader.rows(VERSIONS)]


def document(reader: Reader, version: Version) -> Document:
    """A published document."""
    row = reader.row(DOCUMENT, **version._asdict())
    if row is None:
        raise LookupError(version)
    return Document._make(row)


def newest(reader: Reader, tariff_no: int) -> Version | None:
    """The newest version of a tariff, whosever it is."""
    row = reader.row(NEWEST, tariff_no=tariff_no)
    return None if row is None else Version(*map(int, row))


def _first(reader: Reader, sql: str, **values: int | str) -> int:
    row = reader.row(sql, **values)
    return int(row[0]) if row else 0
