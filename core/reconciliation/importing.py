"""Reports of channels and statements of banks, taken in: read by their formats, checked against
what is known of their senders, and kept (`keeping`).
"""

import hashlib
from datetime import date

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import provider_acting
from billcore.core.accounts.checks import Ints, Table, ints
from billcore.core.accounts.providers import get_provider
from billcore.core.caller import Caller
from billcore.core.errors import quoted
from billcore.core.events.audit import audit
from billcore.core.events.outbox import record
from billcore.core.money import minor_digits
from billcore.core.payments.channels import by_code, check_channel
from billcore.core.payments.intake.post import payment_ids
from billcore.core.reconciliation.days import days_of_lines
from billcore.core.reconciliation.errors import FileConflict, ReconciliationFieldInvalid
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.reconciliation.files.lines import Statement, exact_sum
from billcore.core.reconciliation.files.report import read_report
from billcore.core.reconciliation.files.statements import read_statements
from billcore.core.reconciliation.keeping import (
    Asked,
    Clock,
    FileKind,
    FileState,
    Imported,
    Parts,
    keep,
)
from billcore.core.reconciliation.report_formats import FORMATS
from billcore.core.reconciliation.settlement.banks import is_bank_account
from billcore.core.reconciliation.terms import terms_of
from billcore.core.store import channel_files as rows
from billcore.core.store.channel_files import FileRow
from billcore.core.store.channels import Channel
from billcore.core.store.columns import stacked, taken
from billcore.core.store.port import Column, Columns, Kind, Reader, Session, Store, Value

NAME_MAX = 200
SEQUENCE_MAX = 2**31 - 1

REPORT_COLUMNS = tuple(name for name in rows.REPORT_LINE if name not in ("file_no", "payment_id"))

STATEMENT_COLUMNS = (
    "line kind reference target amount fee day value_day batch count end_to_end mandate "
    "return_code payer text"
).split()


def import_report(
    store: Store,
    caller: Caller,
    now: Clock,
    channel_code: str,
    asked: Asked,
    content: bytes,
    format_name: str = "",
    day: int = 0,
) -> Imported:
    """Takes in a channel's report.

    format_name: '' is that of the terms; day: the business day that it is of (an ordinal), 0: that
    of its lines.

    Raises FileBroken, FileConflict, ReconciliationFieldInvalid, ChannelUnknown, ChannelForbidden,
    ReportFormatUnknown.
    """
    provider_id = provider_acting(caller)
    _check(asked)
    check_channel(caller, channel_code)
    digest = hashlib.sha256(content).digest()
    with store.read() as reader:
        channel = by_code(reader, provider_id, channel_code)
        _check_reports(channel)
        there = _there(reader, provider_id, channel.channel_no, asked, digest)
        if there is not None:
            _check_day(there, day)
            return Imported(there, repeated=True)
        provider = get_provider(reader, caller, provider_id)
        terms, _ = terms_of(reader, provider_id, channel)
        definition = FORMATS.find(reader, provider_id, format_name or terms.report_format)
    with _telling(store, caller, now, asked, channel_code):
        report = read_report(definition, content, asked.name, minor_digits(provider.currency))
    table = report.lines
    found = days_of_lines(terms, provider.time_zone, ints(table["paid_at"]), ints(table["day"]))
    row = FileRow(
        provider_id=provider_id,
        file_no=0,
        kind=FileKind.REPORT,
        channel_no=channel.channel_no,
        name=asked.name,
        sequence_no=asked.sequence_no,
        version=0,
        digest=digest,
        format=definition.format,
        definition=hashlib.sha256(definition.text.encode()).digest(),
        day=day or _only_day(found),
        line_count=len(report),
        amount=report.total,
        loaded=0,
        state=FileState.LOADING,
        client_id=caller.client_id,
        recorded_at=now(),
    )
    lines = _report_lines(provider_id, channel.channel_no, table)
    parts = Parts(row, "report_line", lines, {}, terms.reach)
    return keep(store, caller, now, asked, parts)


def import_statement(
    store: Store, caller: Caller, now: Clock, asked: Asked, content: bytes, format_name: str = ""
) -> Imported:
    """Takes in a bank's file of statements. format_name: '' is told by its content.

    Raises FileBroken, FileConflict, ReconciliationFieldInvalid.
    """
    provider_id = provider_acting(caller)
    _check(asked)
    digest = hashlib.sha256(content).digest()
    with store.read() as reader:
        there = _there(reader, provider_id, 0, asked, digest)
        if there is not None:
            return Imported(there, repeated=True)
        currency = get_provider(reader, caller, provider_id).currency
    with _telling(store, caller, now, asked, ""):
        statements = read_statements(content, asked.name, format_name)
        _check_currency(asked.name, statements, currency)
    lines = _statement_lines(statements)
    row = FileRow(
        provider_id=provider_id,
        file_no=0,
        kind=FileKind.STATEMENT,
        channel_no=0,
        name=asked.name,
        sequence_no=asked.sequence_no,
        version=0,
        digest=digest,
        format=statements[0].format,
        definition=b"",
        day=max(one.until_day for one in statements),
        line_count=len(lines["line"]),
        amount=exact_sum(ints(lines["amount"])),
        loaded=0,
        state=FileState.LOADING,
        client_id=caller.client_id,
        recorded_at=now(),
    )

    def check(session: Session, kept: FileRow) -> None:
        _check_statements(session, kept, statements)

    beside = {"bank_statement": _statement_rows(statements)}
    return keep(store, caller, now, asked, Parts(row, "statement_line", lines, beside, 0, check))


# -- what is asked


def _check(asked: Asked) -> None:
    if not 1 <= len(asked.name) <= NAME_MAX or not asked.name.isprintable():
        raise ReconciliationFieldInvalid(
            "name", f"a file has a name of 1 to {NAME_MAX} printable characters."
        )
    if not 0 <= asked.sequence_no <= SEQUENCE_MAX:
        raise ReconciliationFieldInvalid(
            "sequence_no", f"{asked.sequence_no} is not from 0 to {SEQUENCE_MAX}; 0 is none."
        )


def _check_reports(channel: Channel) -> None:
    if is_bank_account(channel.kind):
        raise ReconciliationFieldInvalid(
            "channel", f"{channel.channel} is a bank account: import its statements."
        )


def _there(
    reader: Reader, provider_id: int, channel_no: int, asked: Asked, digest: bytes
) -> FileRow | None:
    """The same file, if it counts."""
    wanted = rows.Identity(provider_id, channel_no, asked.name, asked.sequence_no, digest)
    found = rows.of_digest(reader, wanted)
    return found if found is not None and found.state == FileState.COMPLETE else None


def _check_day(there: FileRow, day: int) -> None:
    if day and day != there.day:
        was = date.fromordinal(there.day).isoformat()
        message = f"it was imported as file {there.file_no}, of {was}: give it another name."
        raise FileConflict(there.name, there.file_no, message)


def _only_day(found: Ints) -> int:
    """The one business day of all lines."""
    days = np.unique(found)
    if days.size == 1:
        return int(days[0])
    said = "has no lines" if not days.size else f"has lines of {days.size} business days"
    raise ReconciliationFieldInvalid("day", f"the report {said}: say which day it is of.")


def _check_currency(name: str, statements: list[Statement], currency: str) -> None:
    for one in statements:
        if one.currency != currency:
            message = f"the account {quoted(one.account)} is in {one.currency}."
            raise FileBroken(name, 0, "currency", message, [currency])


class _telling:  # noqa: N801 - it reads as a statement
    """Tells of a file that is refused, so that somebody looks for another one in time."""

    def __init__(
        self, store: Store, caller: Caller, now: Clock, asked: Asked, channel: str
    ) -> None:
        self.store, self.caller, self.now, self.asked = store, caller, now, asked
        self.channel = channel

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, _: object) -> None:
        if not isinstance(error, FileBroken):
            return
        told = {
            "name": self.asked.name,
            "channel": self.channel,
            "line": error.line,
            "field": error.field,
        }
        subject = f"file {self.asked.name}"
        at = self.now()
        with self.store.write() as session:
            provider_id = self.caller.provider_id
            record(session, provider_id, "channel_file.refused", subject, told, at)
            audit(session, self.caller, "channel_file.refused", subject, "", told, at)


# -- lines


def _report_lines(provider_id: int, channel_no: int, table: Table) -> Columns:
    """Rows of `report_line` without their file, in the order of its key."""
    count = len(table["line"])
    reference = table["reference"]
    assert isinstance(reference, pa.StringArray), "references are texts"
    payment_id = payment_ids(provider_id, np.full(count, channel_no), reference)
    order = np.lexsort([ints(table["line"]), payment_id])
    kept: Table = {name: table[name] for name in REPORT_COLUMNS} | {"payment_id": payment_id}
    return taken(kept, order)


def _statement_lines(statements: list[Statement]) -> Columns:
    """Rows of `statement_line` without their file, in its order."""
    made: dict[str, Column] = {}
    for name in STATEMENT_COLUMNS:
        columns = [one.lines[name] for one in statements]
        kind = Kind.INT if isinstance(columns[0], np.ndarray) else Kind.TEXT
        made[name] = stacked(columns, kind)
    lengths = [len(one) for one in statements]
    made["statement_no"] = np.repeat(np.arange(1, len(statements) + 1), lengths)
    made["line_no"] = np.arange(1, sum(lengths) + 1)
    return made


def _statement_rows(statements: list[Statement]) -> Columns:
    """Rows of `bank_statement` without their file."""
    texts = {
        name: pa.array([getattr(one, name) for one in statements], pa.string())
        for name in ("account", "currency", "statement", "format")
    }
    numbers = {
        name: np.array([getattr(one, name) or 0 for one in statements], dtype=np.int64)
        for name in ("sequence_no", "from_day", "until_day", "opening", "closing", "pending")
    }
    balanced = [one.opening is not None and one.closing is not None for one in statements]
    return {
        "statement_no": np.arange(1, len(statements) + 1),
        "balanced": np.array(balanced, dtype=np.int64),
        **texts,
        **numbers,
    }


def _check_statements(session: Session, kept: FileRow, statements: list[Statement]) -> None:
    """Raises FileConflict for a statement that another file told already."""
    for one in statements:
        told: dict[str, Value] = {
            name: getattr(one, name) for name in ("account", "sequence_no", "statement", "format")
        }
        there = rows.same_statement(session, kept, told, FileState.REPLACED)
        if not there:
            continue
        other = rows.find(session, kept.provider_id, there)
        same = other and (other.name, other.sequence_no) == (kept.name, kept.sequence_no)
        if not same:
            raise FileConflict(
                kept.name,
                there,
                f"the statement {quoted(one.statement)} of {quoted(one.account)} came with file "
                f"{there} already.",
            )
