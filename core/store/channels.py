"""Channels and their terminals: which there are, and what clients are of."""

from typing import NamedTuple

from billcore.core.store.port import Reader, Session

_CHANNEL = """SELECT provider_id, channel_no, channel, kind, name, enabled, policies, revision,
    recorded_at FROM channel"""

_VISIBLE = "(provider_id = 0 OR provider_id = :provider_id)"

_TERMINAL = """SELECT provider_id, channel_no, terminal_no, terminal, place, enabled, revision,
    recorded_at FROM terminal
WHERE provider_id = :provider_id AND channel_no = :channel_no"""

FIND = f"{_CHANNEL} WHERE {_VISIBLE} AND channel_no = :channel_no"

FIND_CODE = f"""{_CHANNEL} WHERE {_VISIBLE} AND channel = :channel
ORDER BY provider_id DESC LIMIT 1"""

LISTED = f"""{_CHANNEL} WHERE {_VISIBLE} AND channel_no > :after
ORDER BY channel_no LIMIT :most"""

OWNER = """SELECT provider_id FROM channel
WHERE channel = :channel AND (:provider_id = 0 OR provider_id = 0 OR provider_id = :provider_id)
ORDER BY provider_id LIMIT 1"""

ADD = """INSERT INTO channel (provider_id, channel_no, channel, kind, name, enabled, policies,
    revision, recorded_at)
VALUES (:provider_id, :channel_no, :channel, :kind, :name, :enabled, :policies,
    :revision, :recorded_at)"""

CHANGE = """UPDATE channel SET name = :name, enabled = :enabled, policies = :policies,
    revision = revision + 1, recorded_at = :recorded_at
WHERE provider_id = :provider_id AND channel_no = :channel_no AND revision = :revision"""

FIND_TERMINAL = f"{_TERMINAL} AND terminal = :terminal"

TERMINALS = f"{_TERMINAL} AND terminal_no > :after ORDER BY terminal_no LIMIT :most"

ADD_TERMINAL = """INSERT INTO terminal (provider_id, channel_no, terminal_no, terminal, place,
    enabled, revision, recorded_at)
VALUES (:provider_id, :channel_no, :terminal_no, :terminal, :place,
    :enabled, :revision, :recorded_at)"""

CHANGE_TERMINAL = """UPDATE terminal SET place = :place, enabled = :enabled,
    revision = revision + 1, recorded_at = :recorded_at
WHERE provider_id = :provider_id AND channel_no = :channel_no AND terminal_no = :terminal_no
    AND revision = :revision"""

LOST_TERMINALS = """SELECT channel_no, terminal_no FROM terminal t
WHERE provider_id = :provider_id AND NOT EXISTS (
    SELECT 1 FROM channel c
    WHERE c.provider_id = t.provider_id AND c.channel_no = t.channel_no)
ORDER BY channel_no, terminal_no LIMIT :most"""

SHARED_CODES = """SELECT channel_no, channel FROM channel c
WHERE provider_id = :provider_id AND provider_id <> 0 AND EXISTS (
    SELECT 1 FROM channel h WHERE h.provider_id = 0 AND h.channel = c.channel)
ORDER BY channel_no LIMIT :most"""

OWN = f"{_CHANNEL} WHERE provider_id = :provider_id ORDER BY channel_no"

CODES = f"SELECT channel FROM channel WHERE {_VISIBLE}"  # noqa: S608 - our own words

CLIENTS = """SELECT client_id, channel, roles, terminal FROM client
WHERE provider_id = :provider_id AND channel <> '' ORDER BY client_id"""


class Channel(NamedTuple):
    """A row of `channel`. provider_id: 0 is the house's; enabled: 1 or 0; policies: JSON."""

    provider_id: int
    channel_no: int
    channel: str
    kind: str
    name: str
    enabled: int
    policies: str
    revision: int
    recorded_at: int


class Terminal(NamedTuple):
    """A row of `terminal`."""

    provider_id: int
    channel_no: int
    terminal_no: int
    terminal: str
    place: str
    enabled: int
    revision: int
    recorded_at: int


class ChannelClient(NamedTuple):
    """A client of one channel; roles: words in order; terminal: the one of it, or ''."""

    client_id: int
    channel: str
    roles: str
    terminal: str


# -- channels


def find(reader: Reader, provider_id: int, channel_no: int) -> Channel | None:
    """The provider's own channel, or the house's, of a number."""
    row = reader.row(FIND, provider_id=provider_id, channel_no=channel_no)
    return Channel._make(row) if row else None


def find_code(reader: Reader, provider_id: int, channel: str) -> Channel | None:
    """The provider's own channel of a code, else the house's."""
    row = reader.row(FIND_CODE, provider_id=provider_id, channel=channel)
    return Channel._make(row) if row else None


def listed(reader: Reader, provider_id: int, after: int, most: int) -> list[Channel]:
    """The provider's channels, then the house's, behind a number, in order."""
    found = reader.rows(LISTED, provider_id=provider_id, after=after, most=most)
    return [Channel._make(row) for row in found]


def owner_of(reader: Reader, provider_id: int, channel: str) -> int | None:
    """Who has a code already: the provider or the house; for the house, anybody. None: nobody."""
    row = reader.row(OWNER, provider_id=provider_id, channel=channel)
    return int(row[0]) if row else None


def add(session: Session, channel: Channel) -> None:
    """Inserts a channel."""
    session.run(ADD, **channel._asdict())


def change(session: Session, channel: Channel) -> bool:
    """Writes what may change, if the channel still has this revision."""
    values = channel._asdict()
    for fixed in ("channel", "kind"):
        del values[fixed]
    return session.run(CHANGE, **values) == 1


# -- terminals


def find_terminal(reader: Reader, channel: Channel, terminal: str) -> Terminal | None:
    """A channel's terminal of a code."""
    row = reader.row(FIND_TERMINAL, **_key(channel), terminal=terminal)
    return Terminal._make(row) if row else None


def terminals(reader: Reader, channel: Channel, after: int, most: int) -> list[Terminal]:
    """A channel's terminals behind a number, in order."""
    found = reader.rows(TERMINALS, **_key(channel), after=after, most=most)
    return [Terminal._make(row) for row in found]


def add_terminal(session: Session, terminal: Terminal) -> None:
    """Inserts a terminal."""
    session.run(ADD_TERMINAL, **terminal._asdict())


def change_terminal(session: Session, terminal: Terminal) -> bool:
    """Writes what may change, if the terminal still has this revision."""
    values = terminal._asdict()
    del values["terminal"]
    return session.run(CHANGE_TERMINAL, **values) == 1


def _key(channel: Channel) -> dict[str, int]:
    return {"provider_id": channel.provider_id, "channel_no": channel.channel_no}


# -- what verify looks at


def own(reader: Reader, provider_id: int) -> list[Channel]:
    """A provider's own channels, or the house's, by number."""
    return [Channel._make(row) for row in reader.rows(OWN, provider_id=provider_id)]


def codes(reader: Reader, provider_id: int) -> set[str]:
    """The codes of the provider's channels and the house's."""
    return {str(code) for (code,) in reader.rows(CODES, provider_id=provider_id)}


def clients(reader: Reader, provider_id: int) -> list[ChannelClient]:
    """The provider's clients that are of one channel, by number."""
    rows = reader.rows(CLIENTS, provider_id=provider_id)
    return [ChannelClient._make(row) for row in rows]


def lost_terminals(reader: Reader, provider_id: int, most: int) -> list[tuple[int, int]]:
    """(channel_no, terminal_no) of terminals without their channel."""
    rows = reader.rows(LOST_TERMINALS, provider_id=provider_id, most=most)
    return [(int(channel), int(terminal)) for channel, terminal in rows]


def shared_codes(reader: Reader, provider_id: int, most: int) -> list[tuple[int, str]]:
    """(channel_no, channel) of a provider's channels whose code the house has too."""
    rows = reader.rows(SHARED_CODES, provider_id=provider_id, most=most)
    return [(int(number), str(code)) for number, code in rows]
