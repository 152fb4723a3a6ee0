"""SQLite's errors as the store's: what broke, where, and whether a later try can succeed."""

import errno
import re

import apsw

from billcore.core.errors import BillcoreError
from billcore.core.store.errors import (
    StoreBusy,
    StoreConflict,
    StoreCorrupt,
    StoreFull,
    StoreUnavailable,
    StoreValueInvalid,
)

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when a file cannot grow."""

KEY_CODES = (apsw.SQLITE_CONSTRAINT_PRIMARYKEY, apsw.SQLITE_CONSTRAINT_UNIQUE)


def store_error(error: apsw.Error, system_errno: int = 0) -> BillcoreError | None:
    """The store's error for one of SQLite's; None for a mistake in a statement.

    system_errno: what the system said of the connection's last failed call.
    """
    message = f"{error}."
    if isinstance(error, apsw.ConstraintError):
        return _constraint_error(error)
    if isinstance(error, apsw.FullError) or (
        isinstance(error, apsw.IOError) and system_errno in NO_ROOM
    ):
        return StoreFull(message)
    if isinstance(error, apsw.BusyError | apsw.LockedError):
        return StoreBusy(message)
    if isinstance(error, apsw.CorruptError | apsw.NotADBError):
        return StoreCorrupt(message)
    if isinstance(error, apsw.IOError | apsw.CantOpenError | apsw.PermissionsError):
        return StoreUnavailable(message)
    return None


class StoreErrors:
    """Raises the store's errors for those of SQLite in its blocks; others stay as they are.

    A context manager that costs a tenth of a generator's: every statement has one.
    """

    __slots__ = ("connection",)

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection = connection

    def __enter__(self) -> apsw.Connection:
        return self.connection

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, apsw.Error):
            known = store_error(error, self.connection.system_errno)
            if known is not None:
                raise known from error


def key_columns(error: apsw.Error) -> tuple[str, tuple[str, ...]] | None:
    """The table and the columns of the key that a row broke; None for another error."""
    if getattr(error, "extendedresult", 0) not in KEY_CODES:
        return None
    places = re.findall(r"(\w+)\.(\w+)", str(error))
    return places[0][0], tuple(column for _, column in places)


def _constraint_error(error: apsw.ConstraintError) -> BillcoreError:
    key = key_columns(error)
    if key is not None:
        table, columns = key
        return StoreConflict(table, f"a row with this {', '.join(columns)} is there already.")
    place = re.search(r"(\w+)\.(\w+)", str(error))
    table, column = place.groups() if place else ("", "")
    return StoreValueInvalid(table, column, f"{error}.")
