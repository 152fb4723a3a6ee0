"""What a store refuses or cannot do; the engines' own errors never leave the room."""

from collections.abc import Sequence

from billcore.core.errors import BillcoreError


class StoreUrlInvalid(BillcoreError):
    """A store's URL is not one that billcore can open."""

    reason = "STORE_URL_INVALID"

    def __init__(self, url: str, message: str) -> None:
        super().__init__(
            f"Store {url!r}: {message} Allowed: sqlite:///path, postgresql://user@host/database.",
            url=url,
        )


class StoreUnavailable(BillcoreError):
    """The database cannot be reached, or the connection was cut; nothing of the write is kept.

    Unless it was cut amid COMMIT: then the message says that the outcome is unknown.
    """

    reason = "STORE_UNAVAILABLE"
    retryable = True

    def __init__(self, message: str) -> None:
        super().__init__(f"The store is not available: {message}")


class StoreBusy(BillcoreError):
    """Another process owns the file, or another transaction was in the way: try again."""

    reason = "STORE_BUSY"
    retryable = True

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(f"The store is busy: {message}", **fields)


class StoreFull(BillcoreError):
    """The disk or the file's limit is reached; nothing of the write is kept."""

    reason = "STORE_FULL"
    retryable = True

    def __init__(self, message: str) -> None:
        super().__init__(f"The store is full: {message}")


class StoreConflict(BillcoreError):
    """A row with this key is there already."""

    reason = "STORE_CONFLICT"

    def __init__(self, table: str, message: str) -> None:
        super().__init__(f"Table {table!r}: {message}", table=table)
        self.table = table


class StoreValueInvalid(BillcoreError):
    """A column does not fit its table: unknown, missing, another length, kind or range."""

    reason = "STORE_VALUE_INVALID"

    def __init__(self, table: str, column: str, message: str, row: int | None = None) -> None:
        where = f"{table}.{column}" if row is None else f"{table}.{column}, row {row}"
        super().__init__(f"{where}: {message}", table=table, column=column, row=row)


class StoreCorrupt(BillcoreError):
    """The database's own structure is damaged: restore a backup."""

    reason = "STORE_CORRUPT"

    def __init__(self, message: str) -> None:
        super().__init__(f"The store is damaged: {message}")


class SchemaMissing(BillcoreError):
    """The database has no billcore schema yet, or an older one."""

    reason = "SCHEMA_MISSING"

    def __init__(self, url: str, have: int, need: int) -> None:
        what = "has no schema" if not have else f"has the schema {have}, this billcore needs {need}"
        command = "init" if not have else "migrate"
        super().__init__(
            f"The store {what}: run `billcore {command} --store {url}`.", have=have, need=need
        )


class SchemaUnknown(BillcoreError):
    """The database's schema is newer than this billcore, or not one that it made."""

    reason = "SCHEMA_UNKNOWN"

    def __init__(self, message: str, known: Sequence[int] = ()) -> None:
        last = f" This billcore knows the migrations up to {known[-1]}." if known else ""
        super().__init__(f"The store's schema is not known: {message}{last}")
