"""Payments in bulk: files of channels, posted by the same intake as a single payment.

A row is posted once, whatever file it stands in: one that was posted before is accepted and
changes nothing, one that says something else under its reference is refused. The money of a file
was taken, unless a row says otherwise, so that what cannot be told whose it is goes to suspense.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import (
    Checks,
    Day,
    Ints,
    Loaded,
    Refusal,
    Rule,
    Table,
    Text,
    constant,
    ints,
    read,
)
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.policies import parse_policies
from billcore.core.accounts.providers import get_provider
from billcore.core.errors import BillcoreError, TextInvalid, quoted
from billcore.core.loading.amounts import amounts
from billcore.core.loading.values import mapped
from billcore.core.loading.work import Work
from billcore.core.payments.codes import Code, TargetKind
from billcore.core.payments.intake.form import REFERENCE_MAX, TARGET_MAX
from billcore.core.payments.intake.place import Place, place
from billcore.core.payments.intake.post import Intake, Posted, post
from billcore.core.payments.orders import Orders
from billcore.core.store.columns import taken
from billcore.core.store.port import OPEN_DAY, Columns
from billcore.core.store.providers import Provider

KINDS = {kind.name.lower(): kind for kind in (TargetKind.ACCOUNT, TargetKind.BILL)} | {
    "document": TargetKind.DOCUMENT,
    "": TargetKind.ACCOUNT,
}

TAKEN = {"true": 1, "false": 0, "": 1}

RULES: tuple[Rule, ...] = (
    Text("channel", least=1, most=40),
    Text("reference", least=1, most=REFERENCE_MAX),
    Text("target", least=1, most=TARGET_MAX),
    Text("amount", least=1, most=40),
    Text("target_kind", most=40),
    Text("paid_at", most=40),
    Day("value_day", OPEN_DAY),
    Text("terminal", most=40),
    Text("fee", most=40),
    Text("money_taken", most=40),
    Text("direction", most=100),
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_TIME = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6}(000)?)?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)

FIELDS = {
    Code.AMOUNT_LOW: "amount",
    Code.AMOUNT_HIGH: "amount",
    Code.AMOUNT_NOT_EXACT: "amount",
    Code.CONFLICT: "reference",
}
"""The columns of refusals that are not of the target, and name none."""


def load_payments(work: Work, columns: Columns) -> Loaded:
    """Posts payments: columns of RULES. amount, fee: decimal units of the provider's currency.

    paid_at: ISO 8601, in the provider's time zone where it tells no offset; empty: now. A payment
    that was posted before is accepted; refused are those that the intake refuses.
    """
    table, checks = read("payments", RULES, columns)
    provider = get_provider(work.session, work.caller, work.provider_id)
    orders, places = _orders(work, provider, table, checks)
    good = np.flatnonzero(checks.good)
    found, refusals = np.zeros(len(checks.good), dtype=np.int64), list(checks.refusals)
    if good.size:
        channels = {one.channel.channel_no: one.channel for one in places}
        policies = parse_policies(provider.policies)
        intake = Intake(work.provider_id, work.now, provider.time_zone, policies, channels)
        posted = post(work.session, intake, _chosen(orders, good))
        done = np.isin(posted.code, (Code.OK, Code.OK_REPLAYED))
        found[good[done]] = ints(posted.orders["payment_id"])[done]
        refusals += [
            _refusal(posted, row, int(good[row])) for row in np.flatnonzero(~done).tolist()
        ]
    return work.tell("payments", Loaded(found, tuple(sorted(refusals))))


def _orders(
    work: Work, provider: Provider, table: Table, checks: Checks
) -> tuple[Table, Sequence[Place]]:
    """The columns of Orders, and where they were paid. OUT: checks."""
    zone = ZoneInfo(provider.time_zone)
    money = partial(amounts, provider.currency)
    fee = pc.replace_substring_regex(table["fee"], r"^\s*$", "0")
    value_day = ints(table["value_day"])
    columns: Table = {
        "reference": table["reference"],
        "target_kind": mapped("target_kind", table["target_kind"], partial(_word, KINDS), checks),
        "target": table["target"],
        "amount": money("amount", table["amount"], lambda v: v <= 0, "above 0", checks),
        "taken": mapped("money_taken", table["money_taken"], partial(_word, TAKEN), checks) != 0,
        "client_id": constant(work.caller.client_id, len(value_day)),
        "fee": money("fee", fee, lambda v: v < 0, "at least 0", checks),
        "direction": table["direction"],
        "paid_at": mapped("paid_at", table["paid_at"], partial(_time, zone), checks),
        "value_day": np.where(value_day == OPEN_DAY, 0, value_day),
    }
    channel_no, terminal_no, places = _places(work, table, checks)
    return columns | {"channel_no": channel_no, "terminal_no": terminal_no}, places


def _word(words: Mapping[str, int], text: str) -> int:
    if text not in words:
        allowed = ", ".join(word for word in words if word)
        raise TextInvalid(f"{quoted(text)}: one of {allowed}.", text=text, rule="word")
    return words[text]


def _time(zone: ZoneInfo, text: str) -> int:
    """Microseconds since 1970 in UTC; 0: not told."""
    if not text:
        return 0
    try:
        if not _TIME.fullmatch(text):
            raise ValueError
        told = datetime.fromisoformat(text)
    except ValueError:
        raise TextInvalid(
            f"{quoted(text)} is no time as 2024-03-01T12:30:05+03:30; without an offset it is the "
            "provider's.",
            text=text,
            rule="time",
        ) from None
    return ((told if told.tzinfo else told.replace(tzinfo=zone)) - EPOCH) // MICROSECOND


def _places(work: Work, table: Table, checks: Checks) -> tuple[Ints, Ints, Sequence[Place]]:
    """Channel and terminal numbers by row, and all places. OUT: checks refuse what is no place."""
    channel = pa.array(table["channel"]).to_pylist()
    terminal = pa.array(table["terminal"]).to_pylist()
    found: dict[tuple[str, str], Place | FieldRefused] = {}
    channel_no = np.zeros(len(channel), dtype=np.int64)
    terminal_no = np.zeros(len(channel), dtype=np.int64)
    for row in np.flatnonzero(checks.good).tolist():
        key = channel[row], terminal[row]
        if key not in found:
            found[key] = _place(work, *key)
        at = found[key]
        if isinstance(at, FieldRefused):
            checks.refuse_row(row, type(at), at.fields["field"], at.detail)
        else:
            channel_no[row], terminal_no[row] = at.channel.channel_no, at.terminal_no
    return channel_no, terminal_no, [at for at in found.values() if isinstance(at, Place)]


def _place(work: Work, channel: str, terminal: str) -> Place | FieldRefused:
    try:
        return place(work.session, work.caller, channel, terminal)
    except FieldRefused as error:
        return error


def _chosen(columns: Table, rows: Ints) -> Orders:
    return Orders(**taken(columns, rows))  # type: ignore[arg-type]


def _refusal(posted: Posted, row: int, place: int) -> Refusal:
    """Why a payment was refused; place: its row in the chunk."""
    error: BillcoreError = posted.error(row)
    said = error.fields.get("field", FIELDS.get(Code(posted.code[row]), "target"))
    column = {"target.text": "target", "target.kind": "target_kind"}.get(said, said)
    message = error.message.removeprefix(f"Field {said!r}: ")
    return Refusal(place, column, error.reason, message)
