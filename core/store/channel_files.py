"""Files of channels and banks, their lines, and how they are read: terms and definitions."""

from typing import NamedTuple

from billcore.core.store.port import Column, Columns, Kind, Reader, Session, Value

_FILE = """SELECT provider_id, file_no, kind, channel_no, name, sequence_no, version, digest,
format, definition, day, line_count, amount, loaded, state, client_id, recorded_at
FROM channel_file WHERE provider_id = :provider_id"""

FIND = f"{_FILE} AND file_no = :file_no"

OF_DIGEST = f"""{_FILE} AND channel_no = :channel_no AND name = :name
AND sequence_no = :sequence_no AND digest = :digest"""

NAMED = f"""{_FILE} AND channel_no = :channel_no AND name = :name AND sequence_no = :sequence_no
ORDER BY version DESC LIMIT 1"""

COUNTING = f"""{_FILE} AND channel_no = :channel_no AND name = :name
AND sequence_no = :sequence_no AND version < :version AND state = :state
ORDER BY version DESC LIMIT 1"""

OF_DAYS = f"""{_FILE} AND channel_no = :channel_no AND day BETWEEN :first_day AND :last_day
AND state = :state ORDER BY day, file_no"""

LISTED = f"""{_FILE} AND file_no > :after AND (:every = 1 OR channel_no = :channel_no)
ORDER BY file_no LIMIT :most"""

ADD = """INSERT INTO channel_file (provider_id, file_no, kind, channel_no, name, sequence_no,
version, digest, format, definition, day, line_count, amount, loaded, state, client_id,
recorded_at)
VALUES (:provider_id, :file_no, :kind, :channel_no, :name, :sequence_no,
:version, :digest, :format, :definition, :day, :line_count, :amount, :loaded, :state, :client_id,
:recorded_at)"""

BEGIN_AGAIN = """UPDATE channel_file SET format = :format, definition = :definition, day = :day,
line_count = :line_count, amount = :amount, loaded = 0
WHERE provider_id = :provider_id AND file_no = :file_no"""

ADVANCE = """UPDATE channel_file SET loaded = :until
WHERE provider_id = :provider_id AND file_no = :file_no AND loaded = :loaded AND state = :state"""

CHANGE_STATE = """UPDATE channel_file SET state = :state
WHERE provider_id = :provider_id AND file_no = :file_no AND state = :state_before"""

FORGET = ("report_line", "statement_line", "bank_statement")

SAME_STATEMENT = """SELECT f.file_no FROM bank_statement s JOIN channel_file f
ON f.provider_id = s.provider_id AND f.file_no = s.file_no
WHERE s.provider_id = :provider_id AND s.account = :account AND s.sequence_no = :sequence_no
AND s.statement = :statement AND s.format = :format AND f.state <> :replaced
AND f.file_no <> :file_no
ORDER BY f.file_no LIMIT 1"""

REPORT_LINE: dict[str, Kind] = {
    "file_no": Kind.INT,
    "payment_id": Kind.INT,
    "line": Kind.INT,
    "kind": Kind.INT,
    "reference": Kind.TEXT,
    "target": Kind.TEXT,
    "amount": Kind.INT,
    "fee": Kind.INT,
    "paid_at": Kind.INT,
    "day": Kind.INT,
    "terminal": Kind.TEXT,
    "batch": Kind.TEXT,
}

_REPORT_LINE = f"""SELECT {", ".join(REPORT_LINE)} FROM report_line
WHERE provider_id = :provider_id AND file_no = :file_no"""  # noqa: S608 - our own column names

LINES = f"{_REPORT_LINE} ORDER BY payment_id, line"

LINE_SUMS = """SELECT f.file_no, f.line_count, f.amount, COUNT(l.line),
CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) FROM channel_file f
LEFT JOIN report_line l ON l.provider_id = f.provider_id AND l.file_no = f.file_no
WHERE f.provider_id = :provider_id AND f.kind = :kind AND f.state <> :loading
GROUP BY f.file_no, f.line_count, f.amount ORDER BY f.file_no"""

STATEMENT_SUMS = LINE_SUMS.replace("report_line l ", "statement_line l ")

UNBALANCED = """SELECT s.file_no, s.statement_no, s.closing - s.opening,
CAST(COALESCE(SUM(l.amount - l.fee), 0) AS BIGINT) FROM bank_statement s
JOIN channel_file f ON f.provider_id = s.provider_id AND f.file_no = s.file_no
LEFT JOIN statement_line l ON l.provider_id = s.provider_id AND l.file_no = s.file_no
    AND l.statement_no = s.statement_no
WHERE s.provider_id = :provider_id AND s.balanced = 1 AND f.state <> :loading
GROUP BY s.file_no, s.statement_no, s.closing, s.opening
HAVING s.closing - s.opening <> COALESCE(SUM(l.amount - l.fee), 0)
ORDER BY s.file_no, s.statement_no LIMIT :most"""

TELLING = """SELECT f.file_no, f.day, l.line, l.kind, l.batch FROM channel_file f
JOIN report_line l ON l.provider_id = f.provider_id AND l.file_no = f.file_no
WHERE f.provider_id = :provider_id AND f.channel_no = :channel_no AND f.state = :state
AND f.day BETWEEN :first_day AND :last_day AND l.payment_id = :payment_id
ORDER BY f.day, f.file_no, l.line"""


class FileRow(NamedTuple):
    """A row of `channel_file`."""

    provider_id: int
    file_no: int
    kind: int
    channel_no: int
    name: str
    sequence_no: int
    version: int
    digest: bytes
    format: str
    definition: bytes
    day: int
    line_count: int
    amount: int
    loaded: int
    state: int
    client_id: int
    recorded_at: int


class Identity(NamedTuple):
    """What a file is known by: its content beside its sender, name and number. Two empty days have
    the same content. channel_no: 0 of banks."""

    provider_id: int
    channel_no: int
    name: str
    sequence_no: int
    digest: bytes


class Telling(NamedTuple):
    """A line of a report that tells a payment. day: the report's."""

    file_no: int
    day: int
    line: int
    kind: int
    batch: str


class Sums(NamedTuple):
    """What a file says of its lines, and what they are."""

    file_no: int
    line_count: int
    amount: int
    lines: int
    total: int


# -- files


def _file(row: tuple[Value, ...] | None) -> FileRow | None:
    if row is None:
        return None
    made = FileRow(*row)  # type: ignore[arg-type]
    return made._replace(digest=bytes(made.digest), definition=bytes(made.definition))


def find(reader: Reader, provider_id: int, file_no: int) -> FileRow | None:
    """A file of a number."""
    return _file(reader.row(FIND, provider_id=provider_id, file_no=file_no))


def of_digest(reader: Reader, wanted: Identity) -> FileRow | None:
    """The file that is the same."""
    return _file(reader.row(OF_DIGEST, **wanted._asdict()))


def named(
    reader: Reader, provider_id: int, channel_no: int, name: str, sequence_no: int
) -> FileRow | None:
    """The last version of what has a name and number."""
    values: dict[str, Value] = {"provider_id": provider_id, "channel_no": channel_no, "name": name}
    return _file(reader.row(NAMED, **values, sequence_no=sequence_no))


def counting(
    reader: Reader,
    provider_id: int,
    channel_no: int,
    name: str,
    sequence_no: int,
    version: int,
    state: int,
) -> FileRow | None:
    """The last version in a state before another one of a name and number."""
    values: dict[str, Value] = {"provider_id": provider_id, "channel_no": channel_no, "name": name}
    values |= {"sequence_no": sequence_no, "version": version, "state": state}
    return _file(reader.row(COUNTING, **values))


def of_days(
    reader: Reader, provider_id: int, channel_no: int, days: tuple[int, int], state: int
) -> list[FileRow]:
    """A channel's reports of days from the first to the last, in their order."""
    first_day, last_day = days
    values = {"provider_id": provider_id, "channel_no": channel_no, "state": state}
    found = reader.rows(OF_DAYS, **values, first_day=first_day, last_day=last_day)
    return [one for row in found if (one := _file(row))]


def listed(
    reader: Reader, provider_id: int, after: int, most: int, channel_no: int | None = None
) -> list[FileRow]:
    """Files behind a number, in order; of a channel (0: of banks), None: all."""
    wanted = {"every": int(channel_no is None), "channel_no": channel_no or 0}
    found = reader.rows(LISTED, provider_id=provider_id, after=after, most=most, **wanted)
    return [one for row in found if (one := _file(row))]


def add(session: Session, row: FileRow) -> None:
    """Adds a file."""
    session.run(ADD, **row._asdict())


def begin_again(session: Session, row: FileRow) -> None:
    """Forgets the lines of a file that is loading, and what was said of them."""
    key = {"provider_id": row.provider_id, "file_no": row.file_no}
    for table in FORGET:
        session.run(
            f"DELETE FROM {table} WHERE provider_id = :provider_id AND file_no = :file_no",  # noqa: S608 - our own words
            **key,
        )
    told = ("format", "definition", "day", "line_count", "amount")
    session.run(BEGIN_AGAIN, **key, **{name: getattr(row, name) for name in told})


def advance(session: Session, row: FileRow, until: int) -> bool:
    """Whether the lines from `row.loaded` on are this transaction's to keep."""
    key = {"provider_id": row.provider_id, "file_no": row.file_no}
    return session.run(ADVANCE, **key, loaded=row.loaded, until=until, state=row.state) == 1


def change_state(session: Session, row: FileRow, state: int) -> bool:
    """Whether the file was in the state of `row`, and is in this one now."""
    key = {"provider_id": row.provider_id, "file_no": row.file_no}
    return session.run(CHANGE_STATE, **key, state=state, state_before=row.state) == 1


def add_lines(session: Session, table: str, columns: Columns) -> None:
    """Adds rows of `report_line`, `statement_line` or `bank_statement`."""
    session.insert(table, columns)


def lines(reader: Reader, provider_id: int, file_no: int) -> dict[str, Column]:
    """The lines of a report, in the order of payments."""
    return reader.fetch(LINES, REPORT_LINE, provider_id=provider_id, file_no=file_no)


def telling(
    reader: Reader, key: tuple[int, int], payment_id: int, days: tuple[int, int], state: int
) -> list[Telling]:
    """The lines of a channel's reports of these days that tell a payment, in order."""
    values = {"provider_id": key[0], "channel_no": key[1], "payment_id": payment_id}
    values |= {"first_day": days[0], "last_day": days[1], "state": state}
    return [Telling(*row) for row in reader.rows(TELLING, **values)]  # type: ignore[arg-type]


def same_statement(reader: Reader, row: FileRow, told: dict[str, Value], replaced: int) -> int:
    """The other file with a statement of this account, sequence_no, statement and format; 0: none.

    replaced: the state of files that do not count any more.
    """
    key = {"provider_id": row.provider_id, "file_no": row.file_no, "replaced": replaced}
    found = reader.row(SAME_STATEMENT, **key, **told)
    return int(found[0]) if found else 0


def line_sums(reader: Reader, provider_id: int, kind: int, loading: int, sql: str) -> list[Sums]:
    """Of every file that counts, or counted: LINE_SUMS or STATEMENT_SUMS."""
    rows = reader.rows(sql, provider_id=provider_id, kind=kind, loading=loading)
    return [Sums(*map(int, row)) for row in rows]


def unbalanced(
    reader: Reader, provider_id: int, loading: int, most: int
) -> list[tuple[int, int, int, int]]:
    """(file, statement, by what the balances differ, what the lines come to) where they differ."""
    rows = reader.rows(UNBALANCED, provider_id=provider_id, loading=loading, most=most)
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in rows]


TOLD = """SELECT reference, amount, day FROM report_line
WHERE provider_id = :provider_id AND file_no = :file_no AND payment_id = :payment_id
AND kind = :kind ORDER BY line LIMIT 1"""


def told_line(
    reader: Reader, provider_id: int, file_no: int, payment_id: int, kind: int
) -> tuple[str, int, int] | None:
    """(reference, amount, day) of the first line of a report that tells a payment, or None."""
    values = {"provider_id": provider_id, "file_no": file_no, "payment_id": payment_id}
    row = reader.row(TOLD, **values, kind=kind)
    return None if row is None else (str(row[0]), int(row[1]), int(row[2]))
