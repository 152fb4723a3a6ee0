"""What a day is matched from: our payments and what was taken back of them, the reports' lines, and
what reports of other days tell. One snapshot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import Bools, Ints, Table, ints, only
from billcore.core.caller import HOUSE
from billcore.core.ordered import places
from billcore.core.payments.channels import first_number
from billcore.core.payments.codes import TargetKind
from billcore.core.payments.intake.place import Place
from billcore.core.payments.intake.post import payment_ids
from billcore.core.payments.intake.resolve import resolve
from billcore.core.payments.orders import Orders
from billcore.core.reconciliation.days import business_days
from billcore.core.reconciliation.files.lines import LineKind
from billcore.core.reconciliation.keeping import FileState
from billcore.core.reconciliation.pairing import NONE, Flows, Lines, Pairs
from billcore.core.reconciliation.terms import Terms
from billcore.core.store import channel_files as file_rows
from billcore.core.store import recon_flows as flow_rows
from billcore.core.store.channel_files import FileRow
from billcore.core.store.columns import stacked
from billcore.core.store.port import Column, Reader


@dataclass(frozen=True, slots=True)
class Day:
    """A business day of a channel at a provider."""

    place: Place
    terms: Terms
    day: int

    @property
    def key(self) -> tuple[int, int]:
        """(provider, channel)."""
        return self.place.provider_id, self.place.channel.channel_no


@dataclass(frozen=True, slots=True)
class Read:
    """flows, lines: see `pairing`; target_kind, reference: of flows; line_reference, line_batch: of
    lines. files: reports of the day that count. before, behind: keys (`keys`) that reports of other
    days tell. reversed_ids: payments that were taken back, of those that may matter."""

    flows: Flows
    target_kind: Ints
    reference: pa.StringArray
    lines: Lines
    line_reference: pa.StringArray
    line_batch: pa.StringArray
    files: tuple[FileRow, ...]
    before: Ints
    behind: Ints
    reversed_ids: Ints


def read_day(reader: Reader, of: Day) -> Read:
    """All that a day is matched from."""
    files = file_rows.of_days(
        reader, *of.key, (of.day - of.terms.reach, of.day + of.terms.reach), FileState.COMPLETE
    )
    own = [one for one in files if one.day == of.day]
    table = _lines(reader, of, own)
    payments, first_day = _payments(reader, of)
    undone = _undone(reader, of, first_day)
    more, more_undone = _others(reader, of, table, payments, undone)
    flow_tables = [payments, more, _of_day(undone, of.day), more_undone]
    flows, table_of_flows, payment_day = _flows(of, flow_tables)
    old = _told_of_old(reader, of, flows.payment_id, payment_day, files)
    near = _told(reader, of, [one for one in files if one.day < of.day])
    before = np.concatenate([near, old])
    behind = _told(reader, of, [one for one in files if one.day > of.day])
    reversal = ints(table["kind"]) == LineKind.REVERSAL
    lines = Lines(
        payment_id=ints(table["payment_id"]),
        reversal=reversal,
        amount=ints(table["amount"]),
        target=_texts(table["target"]),
        file_no=ints(table["file_no"]),
        line=ints(table["line"]),
        day=np.full(len(reversal), of.day),
        told_before=places(np.sort(before), keys(ints(table["payment_id"]), reversal))[1],
    )
    return Read(
        flows=flows,
        target_kind=ints(table_of_flows["target_kind"]),
        reference=_texts(table_of_flows["reference"]),
        lines=lines,
        line_reference=_texts(table["reference"]),
        line_batch=_texts(table["batch"]),
        files=tuple(own),
        before=before,
        behind=behind,
        reversed_ids=np.concatenate([ints(undone["payment_id"]), ints(more_undone["payment_id"])]),
    )


def keys(payment_id: Ints, reversal: Bools) -> Ints:
    """One number for a payment or its reversal: ids have 63 bits."""
    found: Ints = (payment_id << 1) | reversal
    return found


def _texts(column: Column) -> pa.StringArray:
    assert isinstance(column, pa.StringArray), "it is a column of texts"
    return column


# -- reports


def _lines(reader: Reader, of: Day, files: Sequence[FileRow]) -> Table:
    tables = [file_rows.lines(reader, of.place.provider_id, one.file_no) for one in files]
    kinds = file_rows.REPORT_LINE
    return {name: stacked([table[name] for table in tables], kinds[name]) for name in kinds}


def _told(reader: Reader, of: Day, files: Sequence[FileRow]) -> Ints:
    """The keys that these reports tell."""
    found = [np.zeros(0, dtype=np.int64)]
    for one in files:
        table = flow_rows.line_keys(reader, of.place.provider_id, one.file_no)
        found.append(_keys_of(table))
    return np.concatenate(found)


def _keys_of(table: Table) -> Ints:
    return keys(ints(table["payment_id"]), ints(table["kind"]) == LineKind.REVERSAL)


def _told_of_old(
    reader: Reader, of: Day, payment_id: Ints, payment_day: Ints, known: Sequence[FileRow]
) -> Ints:
    """The keys that reports around the days of old payments tell of them."""
    seen = {one.file_no for one in known}
    found = [np.zeros(0, dtype=np.int64)]
    old = payment_day < of.day - of.terms.reach
    for day in np.unique(payment_day[old]).tolist():
        ids = np.unique(payment_id[old & (payment_day == day)]).tolist()
        days = day - of.terms.reach, min(day + of.terms.reach, of.day - 1)
        for one in file_rows.of_days(reader, *of.key, days, FileState.COMPLETE):
            if one.file_no not in seen:
                table = flow_rows.line_keys_of(reader, of.place.provider_id, one.file_no, ids)
                found.append(_keys_of(table))
    return np.concatenate(found)


# -- books


def _payments(reader: Reader, of: Day) -> tuple[Table, int]:
    """Payments that may be of the day, and the first civil day of them."""
    if _plain(of):
        return _paid(reader, of, of.day, of.day), of.day
    zone = ZoneInfo(of.terms.time_zone or of.place.time_zone)
    begin = datetime.fromordinal(of.day) + timedelta(minutes=of.terms.cut_off_minute)
    if of.terms.cut_off_minute:
        begin -= timedelta(days=1)
    own = ZoneInfo(of.place.time_zone)
    first = begin.replace(tzinfo=zone).astimezone(own).toordinal() - 1
    last = (begin + timedelta(days=1)).replace(tzinfo=zone).astimezone(own).toordinal() + 1
    return _paid(reader, of, first, last), first


def _paid(reader: Reader, of: Day, first_day: int, last_day: int) -> Table:
    """Payments of these civil days; parts of acts that pay several providers as one of their sum,
    for the channel tells this provider one line of them."""
    found = flow_rows.payments(reader, of.key, first_day, last_day)
    if not _of_house(of):
        return found
    return _with_parts(of, found, flow_rows.parts(reader, of.key, first_day, last_day))


def payments_of(reader: Reader, of: Day, references: Sequence[str]) -> Table:
    """Payments with these references; see `flow_rows.FLOW`."""
    found = flow_rows.payments_of(reader, of.key, references)
    if not _of_house(of):
        return found
    return _with_parts(of, found, flow_rows.parts_of(reader, of.key, references))


def _undone(reader: Reader, of: Day, first_day: int) -> Table:
    found = flow_rows.reversals(reader, of.key, first_day)
    if not _of_house(of):
        return found
    return _with_parts(of, found, flow_rows.reversed_parts(reader, of.key, first_day))


def _undone_of(reader: Reader, of: Day, references: Sequence[str]) -> Table:
    found = flow_rows.reversals_of(reader, of.key, references)
    if not _of_house(of):
        return found
    return _with_parts(of, found, flow_rows.reversed_parts_of(reader, of.key, references))


def _of_house(of: Day) -> bool:
    """Whether a provider's day is one of a channel of the house, whose acts may pay several."""
    return of.key[1] >= first_number(HOUSE)


def _with_parts(of: Day, payments: Table, parts: Table) -> Table:
    """Both, parts under the ids that their references have at this provider."""
    reference = _texts(parts["reference"])
    channel_no = np.full(len(reference), of.key[1])
    own: Table = parts | {"payment_id": payment_ids(of.key[0], channel_no, reference)}
    return {
        name: stacked([payments[name], own[name]], kind) for name, kind in flow_rows.FLOW.items()
    }


def _plain(of: Day) -> bool:
    """Whether business days are the civil days of the provider."""
    return not of.terms.cut_off_minute and of.terms.time_zone in ("", of.place.time_zone)


def _days(of: Day, table: Table) -> Ints:
    """The business days of payments; of one that did not say when, by its recording."""
    if _plain(of):
        return ints(table["paid_day"])
    told = ints(table["paid_at"])
    times = np.where(told != 0, told, ints(table["recorded_at"]))
    return business_days(of.terms, of.place.time_zone, times)


def _of_day(undone: Table, day: int) -> Table:
    return only(undone, ints(undone["day"]) == day)


def _others(
    reader: Reader, of: Day, lines: Table, payments: Table, undone: Table
) -> tuple[Table, Table]:
    """Payments and reversals of any other day that the lines tell."""
    payment_id = ints(lines["payment_id"])
    reversal = ints(lines["kind"]) == LineKind.REVERSAL
    _, known = places(np.sort(ints(payments["payment_id"])), payment_id)
    unknown = ~known & ~reversal
    found = payments_of(reader, of, _references(lines, unknown))
    today = ints(undone["payment_id"])[ints(undone["day"]) == of.day]
    other = reversal & ~places(np.sort(today), payment_id)[1]
    return found, _undone_of(reader, of, _references(lines, other))


def _references(lines: Table, wanted: Bools) -> list[str]:
    texts = _texts(lines["reference"]).filter(pa.array(wanted))
    found: list[str] = texts.unique().to_pylist()
    return found


def _flows(of: Day, tables: Sequence[Table]) -> tuple[Flows, Table, Ints]:
    """Payments (the first two tables) and reversals (the others) as flows; their columns; the
    business days of the payments."""
    table: Table = {
        name: stacked([one[name] for one in tables], kind) for name, kind in flow_rows.FLOW.items()
    }
    counts = [len(one["day"]) for one in tables]
    reversal = np.repeat([False, False, True, True], counts)
    payment_day = _days(of, table)
    days = np.where(reversal, ints(table["day"]), payment_day)
    amount = ints(table["amount"])
    flows = Flows(
        payment_id=ints(table["payment_id"]),
        reversal=reversal,
        amount=np.where(reversal, -amount, amount),
        account_id=ints(table["account_id"]),
        target=_texts(table["target"]),
        day=days,
    )
    return flows, table, payment_day


# -- whose a line says that it is


def other_accounts(reader: Reader, of: Day, read: Read, pairs: Pairs) -> Bools:
    """Of each flow: whether its line names another account than the one that was credited."""
    found = np.zeros(len(read.flows), dtype=np.bool_)
    paired = np.flatnonzero((pairs.flow != NONE) & ~read.lines.reversal)
    flow = pairs.flow[paired]
    told = read.lines.target.take(pa.array(paired))
    ours = read.flows.target.take(pa.array(flow))
    differs = np.asarray(pc.not_equal(told, ours))
    differs = differs & (read.target_kind[flow] != TargetKind.PARTS)
    if not differs.any():
        return found
    flow, told = flow[differs], told.filter(pa.array(differs))
    account_id = _resolved(reader, of, told, read.target_kind[flow])
    found[flow] = account_id != read.flows.account_id[flow]
    return found


def _resolved(reader: Reader, of: Day, target: pa.StringArray, target_kind: Ints) -> Ints:
    """The accounts that these targets name, 0: none."""
    nothing = np.zeros(len(target), dtype=np.int64)
    blank = pa.repeat(pa.scalar("", pa.string()), len(target))
    asked = Orders(
        channel_no=nothing, reference=blank, target_kind=target_kind, target=target,
        amount=nothing, taken=np.ones(len(target), dtype=np.bool_), client_id=nothing,
        fee=nothing, terminal_no=nothing, direction=blank, paid_at=nothing, value_day=nothing,
    )  # fmt: skip
    good = np.ones(len(target), dtype=np.bool_)
    own = of.place.policies.payment_ids
    return resolve(reader, of.place.provider_id, own, asked, good, of.day).account_id
