"""PostgreSQL's errors in the store's words."""

import re
from collections.abc import Callable

import psycopg

from billcore.core.errors import BillcoreError
from billcore.core.store.errors import (
    StoreBusy,
    StoreConflict,
    StoreCorrupt,
    StoreFull,
    StoreUnavailable,
    StoreUrlInvalid,
    StoreValueInvalid,
)

PARTITION = re.compile(r"_m\d+$")
"""How the name of a month's partition ends."""

STAGE = "billcore_stage_"
"""How the name of a temporary table begins that rows go through."""

UNKNOWN_OUTCOME = (
    "the connection was cut while the transaction was committed, so its outcome is unknown; the "
    "same request may be sent again."
)

_URL_FAULTS = (
    ("password authentication failed", "the password or the user is wrong"),
    ("no password supplied", "it asks for a password: give it in the URL, PGPASSWORD or ~/.pgpass"),
    ("authentication failed", "the server does not accept this user from here"),
    ("no pg_hba.conf entry", "the server does not accept this user from here"),
    ("could not translate host name", "the host's name is not known"),
)
_EXTENDING = frozenset({"mdextend", "mdzeroextend"})
"""Where the server lets a file grow: it has no SQLSTATE of its own for a limit of file sizes."""

_UNKNOWN = re.compile(r'(database|role) "[^"]*" does not exist')


def _what(error: psycopg.Error) -> str:
    """The server's first words, without its severity."""
    said = error.diag.message_primary or str(error).strip().partition("\n")[0]
    return f"{said.rstrip('.')}."


def _table(error: psycopg.Error, table: str) -> str:
    name = error.diag.table_name or table
    return PARTITION.sub("", name.removeprefix(STAGE))


def _conflict(error: psycopg.Error, table: str) -> BillcoreError:
    key = re.match(r"Key (\(.*?\))=(\(.*\))", error.diag.message_detail or "", re.DOTALL)
    row = f"a row with {key[1]} = {key[2]}" if key else "a row with this key"
    return StoreConflict(_table(error, table), f"{row} is there already.")


def _value(error: psycopg.Error, table: str) -> BillcoreError:
    found = re.search(r"line (\d+)(?:, column (\w+))?", error.diag.context or "")
    column = error.diag.column_name or (found and found[2]) or "?"
    row = int(found[1]) - 1 if found else None
    return StoreValueInvalid(_table(error, table), column, _what(error), row)


def _no_room(error: psycopg.Error, table: str) -> BillcoreError:
    if error.diag.constraint_name:
        return _value(error, table)
    return StoreValueInvalid(_table(error, table), "month", "no room was made for this month.")


def _read_only(said: str) -> BillcoreError:
    return StoreUnavailable(f"{said} Is it a standby server?")


_OF_TABLES: dict[str, Callable[[psycopg.Error, str], BillcoreError]] = {
    "22": _value,
    "23": _value,
    "23505": _conflict,
    "23514": _no_room,
    "54": _value,
}
_OF_SERVERS: dict[str, Callable[[str], BillcoreError]] = {
    "08": StoreUnavailable,
    "25006": _read_only,
    "40": StoreBusy,
    "53": StoreUnavailable,
    "53100": StoreFull,
    "53300": StoreBusy,
    "53400": StoreFull,
    "55": StoreBusy,
    "57": StoreUnavailable,
    "57014": StoreBusy,
    "58": StoreUnavailable,
    "XX001": StoreCorrupt,
    "XX002": StoreCorrupt,
}
"""Both by SQLSTATE, else by its class, which is its first two characters."""


def store_error(error: psycopg.Error, table: str = "") -> BillcoreError | None:
    """The store's error for one of PostgreSQL's; None for a mistake in a statement.

    table: the one that was written, if one was.
    """
    if not error.sqlstate:
        cut = isinstance(error, psycopg.OperationalError)
        return StoreUnavailable(_what(error)) if cut else None
    if error.sqlstate == "XX000" and error.diag.source_function in _EXTENDING:
        return StoreFull(_what(error))
    for state in (error.sqlstate, error.sqlstate[:2]):
        if state in _OF_TABLES:
            return _OF_TABLES[state](error, table)
        if state in _OF_SERVERS:
            return _OF_SERVERS[state](_what(error))
    return None


def not_connected(error: psycopg.Error, url: str) -> BillcoreError:
    """Why no connection could be made. The server's words, which never hold the password."""
    said = str(error)
    unknown = _UNKNOWN.search(said)
    if unknown is not None:
        return StoreUrlInvalid(url, f"the {unknown[0]}: create it, or name another.")
    for words, meaning in _URL_FAULTS:
        if words in said:
            return StoreUrlInvalid(url, f"{meaning}.")
    first = said.strip().partition("\n")[0].rstrip(".")
    return StoreUnavailable(f"{first}. Is the server of {url} running?")
