"""Collectors and their devices."""

from typing import NamedTuple

from billcore.core.store.port import Reader, Session

_COLLECTOR = """SELECT channel_no, phone, warn_percent, cash_max, offline_minutes_max,
snapshot_minutes_max, grace_minutes, revision, recorded_at FROM collector
WHERE provider_id = :provider_id"""

COLLECTOR = f"{_COLLECTOR} AND channel_no = :channel_no"

COLLECTORS = f"{_COLLECTOR} AND channel_no > :after ORDER BY channel_no LIMIT :most"

ADD_COLLECTOR = """INSERT INTO collector (provider_id, channel_no, phone, warn_percent, cash_max,
offline_minutes_max, snapshot_minutes_max, grace_minutes, revision, recorded_at)
VALUES (:provider_id, :channel_no, :phone, :warn_percent, :cash_max, :offline_minutes_max,
:snapshot_minutes_max, :grace_minutes, 1, :recorded_at) ON CONFLICT DO NOTHING"""

CHANGE_COLLECTOR = """UPDATE collector SET phone = :phone, warn_percent = :warn_percent,
cash_max = :cash_max, offline_minutes_max = :offline_minutes_max,
snapshot_minutes_max = :snapshot_minutes_max, grace_minutes = :grace_minutes,
revision = revision + 1, recorded_at = :recorded_at
WHERE provider_id = :provider_id AND channel_no = :channel_no AND revision = :revision"""

_COLUMNS = """device_no, channel_no, name, public_key, state, why, seq, hash, allotted, phase,
start_seq, started_at, snapshot_at, last_at, used, total, receipts, voids, registered_at,
changed_at"""

_DEVICE = f"SELECT {_COLUMNS} FROM field_device WHERE provider_id = :provider_id"  # noqa: S608 - our own words

DEVICE = f"{_DEVICE} AND device_no = :device_no"

DEVICES = f"""{_DEVICE} AND device_no > :after AND (:channel_no = 0 OR channel_no = :channel_no)
ORDER BY device_no LIMIT :most"""

HOLD = """UPDATE field_device SET state = state WHERE provider_id = :provider_id
AND device_no = :device_no"""

ADD = f"""INSERT INTO field_device (provider_id, {_COLUMNS})
VALUES (:provider_id, :device_no, :channel_no, :name, :public_key, :state, :why, :seq, :hash,
:allotted, :phase, :start_seq, :started_at, :snapshot_at, :last_at, :used, :total, :receipts,
:voids, :registered_at, :changed_at)"""  # noqa: S608 - our own words

CHANGE = """UPDATE field_device SET state = :state, why = :why, seq = :seq, hash = :hash,
allotted = :allotted, phase = :phase, start_seq = :start_seq, started_at = :started_at,
snapshot_at = :snapshot_at, last_at = :last_at, used = :used, total = :total,
receipts = :receipts, voids = :voids, changed_at = :changed_at
WHERE provider_id = :provider_id AND device_no = :device_no"""


class CollectorRow(NamedTuple):
    """A row of `collector`, without its provider."""

    channel_no: int
    phone: str
    warn_percent: int
    cash_max: int
    offline_minutes_max: int
    snapshot_minutes_max: int
    grace_minutes: int
    revision: int
    recorded_at: int


class DeviceRow(NamedTuple):
    """A row of `field_device`, without its provider."""

    device_no: int
    channel_no: int
    name: str
    public_key: bytes
    state: int
    why: str
    seq: int
    hash: bytes
    allotted: int
    phase: int
    start_seq: int
    started_at: int
    snapshot_at: int
    last_at: int
    used: int
    total: int
    receipts: int
    voids: int
    registered_at: int
    changed_at: int


def collector(reader: Reader, provider_id: int, channel_no: int) -> CollectorRow | None:
    """What goes for a channel's collector, or None."""
    row = reader.row(COLLECTOR, provider_id=provider_id, channel_no=channel_no)
    return CollectorRow(*row) if row else None  # type: ignore[arg-type]


def collectors(reader: Reader, provider_id: int, after: int, most: int) -> list[CollectorRow]:
    """The collectors behind a number of a channel, in order."""
    found = reader.rows(COLLECTORS, provider_id=provider_id, after=after, most=most)
    return [CollectorRow(*row) for row in found]  # type: ignore[arg-type]


def put_collector(session: Session, provider_id: int, row: CollectorRow) -> bool:
    """Whether the collector had this revision (0: none was there) and has these terms now."""
    values = row._asdict()
    if row.revision:
        return session.run(CHANGE_COLLECTOR, provider_id=provider_id, **values) == 1
    del values["revision"]
    return session.run(ADD_COLLECTOR, provider_id=provider_id, **values) == 1


def device(reader: Reader, provider_id: int, device_no: int) -> DeviceRow | None:
    """A device, or None."""
    row = reader.row(DEVICE, provider_id=provider_id, device_no=device_no)
    return DeviceRow(*row) if row else None  # type: ignore[arg-type]


def held_device(session: Session, provider_id: int, device_no: int) -> DeviceRow | None:
    """As `device`; nobody else changes it until this transaction has ended."""
    session.run(HOLD, provider_id=provider_id, device_no=device_no)
    return device(session, provider_id, device_no)


def devices(
    reader: Reader, provider_id: int, channel_no: int, after: int, most: int
) -> list[DeviceRow]:
    """The devices of a channel (0: of every one) behind a number, in order."""
    values = {"channel_no": channel_no, "after": after, "most": most}
    found = reader.rows(DEVICES, provider_id=provider_id, **values)
    return [DeviceRow(*row) for row in found]  # type: ignore[arg-type]


def add(session: Session, provider_id: int, row: DeviceRow) -> None:
    """Inserts a device."""
    session.run(ADD, provider_id=provider_id, **row._asdict())


def change(session: Session, provider_id: int, row: DeviceRow) -> None:
    """Writes what may change of a held device."""
    values = row._asdict()
    for fixed in ("channel_no", "name", "public_key", "registered_at"):
        del values[fixed]
    session.run(CHANGE, provider_id=provider_id, **values)
