"""Payments posted: the one set-based way in, for a single payment and for a file.

What is refused writes nothing. What is new is written whole: order, account entry or suspense item,
general ledger, event. What was told before has its first answer, whatever has changed since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import Bools, Ints, ints
from billcore.core.accounts.policies import Policies
from billcore.core.durations import SECOND, civil_day
from billcore.core.errors import BillcoreError, quoted
from billcore.core.ids_kernel import hashed_ids
from billcore.core.ledger.folding import DOCUMENT
from billcore.core.ledger.turns import turn_to_post
from billcore.core.ordered import distinct, one_of
from billcore.core.payments import refusals as errors
from billcore.core.payments.codes import Code
from billcore.core.payments.intake import books, cash
from billcore.core.payments.intake.directions import check_directions
from billcore.core.payments.intake.form import (
    REFERENCE_MAX,
    Message,
    Refusals,
    check_form,
    formed,
)
from billcore.core.payments.intake.place import OpenChannel
from billcore.core.payments.intake.resolve import Found, resolve
from billcore.core.payments.orders import RESERVED, TOLD, Orders
from billcore.core.payments.refusals import PaymentConflict
from billcore.core.store import payments as rows
from billcore.core.store.columns import FEW, picked, taken, text_parts
from billcore.core.store.payments import OrderRow, ReservationRow
from billcore.core.store.port import Column, Reader, Session

ROWS_MAX = 50_000
"""Payments posted in one call."""

BLOCK = 900 * SECOND
"""In every time zone a day begins at a multiple of a quarter of an hour in UTC."""

KEPT = (
    "payment_id",
    "state",
    "code",
    "account_id",
    "bill_id",
    "day",
    "client_id",
    "recorded_at",
)
"""What an answer has beside what was told."""

SUSPENDING = (
    Code.ACCOUNT_FORMAT,
    Code.ACCOUNT_NOT_FOUND,
    Code.ACCOUNT_INACTIVE,
    Code.ACCOUNT_CLOSED,
    Code.FOREIGN,
)
"""Where money that was taken goes to suspense; for other codes it goes to the account."""


@dataclass(frozen=True, slots=True)
class Intake:
    """For whom and when payments are posted.

    now: microseconds since 1970 in UTC; channels: by number, all that the payments name.
    """

    provider_id: int
    now: int
    time_zone: str
    policies: Policies
    channels: Mapping[int, OpenChannel]


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of payments, by row. code: OK, OK_REPLAYED, else it was refused.

    orders: the columns of their orders; of a refused row without meaning.
    """

    code: Ints
    orders: dict[str, Column]
    refusals: Refusals

    def all(self) -> list[OrderRow]:
        """The orders of all rows."""
        return order_rows(self.orders)

    def error(self, row: int) -> BillcoreError:
        """Why a row was refused."""
        return self.refusals.error(row)


def post(session: Session, intake: Intake, orders: Orders) -> Posted:
    """Posts payments of one provider, each once, with their first answers for those told before.

    Rows of one key in one call count as told one after the other.
    """
    found, refusals = look(session, intake, orders)
    _check_reserved(session, intake, orders, refusals)
    held = np.where(one_of(found.code, SUSPENDING), 0, found.account_id)
    payment_id = payment_ids(intake.provider_id, orders.channel_no, orders.reference)
    first = _first_told(orders, payment_id, refusals.good)
    whose = intake.provider_id, intake.channels
    agents = cash.admit(session, *whose, orders, first, refusals, intake.now)
    first &= refusals.good
    now = turn_to_post(session, intake.provider_id, held[first & (held != 0)], intake.now)
    columns = _columns(intake, orders, found, payment_id, held, now)
    new = _added(session, columns, np.flatnonzero(first))
    if new.size:
        _book(session, intake, columns, new, now)
        cash.took(session, *whose, agents, columns, new, now)
    code = np.where(refusals.good, Code.OK_REPLAYED.value, refusals.code)
    code[new] = Code.OK
    posted = Posted(code, columns, refusals)
    _replay(session, orders, posted, new)
    return posted


def judge(session: Session, intake: Intake, orders: Orders) -> Found:
    """What payments name, posting none. Raises what refuses the first that would be refused."""
    found, refusals = look(session, intake, orders)
    refused = np.flatnonzero(~refusals.good)
    if refused.size:
        raise refusals.error(int(refused[0]))
    return found


def look(reader: Reader, intake: Intake, orders: Orders) -> tuple[Found, Refusals]:
    """What payments name, and which of them would be refused, and why."""
    refusals = check_form(orders, intake.channels, intake.now)
    today = civil_day(intake.now, intake.time_zone)
    own = intake.policies.payment_ids
    found = resolve(reader, intake.provider_id, own, orders, refusals.good, today)
    _judge(orders, intake.channels, found, refusals)
    check_directions(reader, intake.provider_id, orders, found, refusals)
    return found, refusals


def order_rows(columns: Mapping[str, Column]) -> list[OrderRow]:
    """Columns of orders as rows."""
    lists = [c.tolist() if isinstance(c, np.ndarray) else c.to_pylist() for c in columns.values()]
    return [OrderRow._make(values) for values in zip(*lists, strict=True)]


def days(times: Ints, time_zone: str) -> Ints:
    """The civil days (ordinals) of times, microseconds since 1970 in UTC."""
    blocks, which = np.unique(times // BLOCK, return_inverse=True)
    found = [civil_day(block * BLOCK, time_zone) for block in blocks.tolist()]
    return np.array(found, dtype=np.int64)[which]


def _first_told(orders: Orders, payment_id: Ints, good: Bools) -> Bools:
    """The good rows whose key no earlier good row has."""
    first = good.copy()
    if distinct(payment_id).size == len(orders):
        return first
    keys = list(zip(orders.channel_no.tolist(), orders.reference.to_pylist(), strict=True))
    seen: set[tuple[int, str]] = set()
    for row in np.flatnonzero(good).tolist():
        first[row] = keys[row] not in seen
        seen.add(keys[row])
    return first


def _judge(
    orders: Orders, channels: Mapping[int, OpenChannel], found: Found, refusals: Refusals
) -> None:
    """Refuses what cannot be paid, of those whose money was not taken."""
    open_to = ~orders.taken
    _judge_targets(orders, found, refusals)
    for channel_no, channel in channels.items():
        of_channel = open_to & (orders.channel_no == channel_no)
        _judge_amounts(orders, channel, of_channel, refusals)
    fixed = (found.fixed != 0) & (orders.amount != found.fixed)
    refusals.refuse(
        open_to & fixed,
        Code.AMOUNT_NOT_EXACT,
        lambda row: errors.AmountNotExact(
            f"the document takes {int(found.fixed[row])}, not {int(orders.amount[row])}.",
            amount=int(orders.amount[row]),
            exact=int(found.fixed[row]),
        ),
    )


def _judge_targets(orders: Orders, found: Found, refusals: Refusals) -> None:
    bad = ~orders.taken & (found.code != Code.OK)
    if not bad.any():
        return
    for code, kind, words in (
        (Code.ACCOUNT_FORMAT, errors.TargetInvalid, ""),
        (Code.ACCOUNT_NOT_FOUND, errors.TargetUnknown, "nothing here is known as {}."),
        (Code.FOREIGN, errors.TargetForeign, "{} is another organisation's."),
        (Code.ACCOUNT_INACTIVE, errors.AccountInactive, "the account of {} is not open yet."),
        (Code.ACCOUNT_CLOSED, errors.AccountClosed, "the account of {} is closed, owing nothing."),
        (Code.BILL_NOT_PAYABLE, errors.BillNotPayable, "the bill {} is cancelled or replaced."),
    ):
        refusals.refuse(bad & (found.code == code), code, _about(orders, kind, words))


def _judge_amounts(orders: Orders, channel: OpenChannel, rows: Bools, refusals: Refusals) -> None:
    least, most = channel.policies.amount_min, channel.policies.amount_max
    amount = orders.amount
    refusals.refuse(
        rows & (amount < least),
        Code.AMOUNT_LOW,
        lambda row: errors.AmountLow(
            f"{int(amount[row])} is less than {least}, the least that {channel.channel} takes.",
            amount=int(amount[row]),
            least=least,
        ),
    )
    refusals.refuse(
        rows & (amount > most) if most else np.zeros(len(orders), dtype=np.bool_),
        Code.AMOUNT_HIGH,
        lambda row: errors.AmountHigh(
            f"{int(amount[row])} is more than {most}, the most that {channel.channel} takes.",
            amount=int(amount[row]),
            most=most,
        ),
    )


def _about(orders: Orders, kind: type[BillcoreError], words: str) -> Message:
    def error(row: int) -> BillcoreError:
        target = orders.target[row].as_py()
        if kind is errors.TargetInvalid:
            return errors.TargetInvalid(
                "target.text", f"{quoted(target)} is not written as its kind is."
            )
        return kind(words.format(quoted(target)), target=target)

    return error


def _columns(
    intake: Intake, orders: Orders, found: Found, payment_id: Ints, account_id: Ints, now: int
) -> dict[str, Column]:
    """The orders as they are kept, of every row."""
    count = len(orders)
    paid_at = np.where(orders.paid_at != 0, orders.paid_at, intake.now)
    return {
        "provider_id": np.full(count, intake.provider_id),
        "channel_no": orders.channel_no,
        "reference": orders.reference,
        "target_kind": orders.target_kind,
        "target": orders.target,
        "amount": orders.amount,
        "fee": orders.fee,
        "terminal_no": orders.terminal_no,
        "direction": orders.direction,
        "paid_at": orders.paid_at,
        "value_day": orders.value_day,
        "payment_id": payment_id,
        "state": books.states(account_id),
        "code": np.where(account_id != 0, Code.OK.value, found.code),
        "account_id": account_id,
        "bill_id": np.where(account_id != 0, found.bill_id, 0),
        "day": days(paid_at, intake.time_zone),
        "client_id": orders.client_id.copy(),  # a replay has its own
        "recorded_at": np.full(count, now),
    }


def payment_ids(provider_id: int, channel_no: Ints, reference: pa.StringArray) -> Ints:
    """The ids of payments: the same key has the same id."""
    numbers = np.stack([np.full(len(channel_no), provider_id), channel_no]).astype(np.int64)
    return hashed_ids("payment", numbers, *text_parts(reference))


def _check_reserved(session: Session, intake: Intake, orders: Orders, refusals: Refusals) -> None:
    """Refuses what stands under a reference that another payment was reserved under."""
    for channel_no in np.unique(orders.channel_no).tolist():
        if not rows.has_reservations(session, intake.provider_id, channel_no):
            continue
        chosen = np.flatnonzero(refusals.good & (orders.channel_no == channel_no))
        references = orders.reference.take(pa.array(chosen)).to_pylist()
        reserved = rows.reservations(session, intake.provider_id, channel_no, references)
        for row, reference in zip(chosen.tolist(), references, strict=True):
            kept = reserved.get(reference)
            differs = {} if kept is None else _differences(orders, row, kept, RESERVED)
            if differs:
                refusals.overrule(row, Code.CONFLICT, PaymentConflict(reference, differs))


def _added(session: Session, columns: Mapping[str, Column], wanted: Ints) -> Ints:
    """Adds the orders of these rows; which of them are new. In the order of keys, so that two
    transactions do not wait for each other in a circle."""
    if not wanted.size:
        return wanted
    ordered = _by_key(columns, wanted)
    if rows.add(session, taken(columns, ordered)) == wanted.size:
        return wanted
    kept = _kept(session, columns, wanted)
    # A row that is ours in every column, the time of recording included, is ours: were it another
    # process's, its account entry or suspense item would have our id, and this transaction would
    # end with a conflict and be done again.
    ours = order_rows(taken(columns, wanted))
    return np.array(
        [
            row
            for row, order in zip(wanted.tolist(), ours, strict=True)
            if kept[_key(columns, row)] == order
        ],
        dtype=np.int64,
    )


def _by_key(columns: Mapping[str, Column], wanted: Ints) -> Ints:
    if wanted.size == 1:
        return wanted
    channel_no = columns["channel_no"][wanted]
    reference: pa.StringArray = picked(columns["reference"], wanted)
    if wanted.size <= FEW:
        keys = list(zip(channel_no.tolist(), reference.to_pylist(), strict=True))
        return wanted[sorted(range(len(keys)), key=keys.__getitem__)]
    table = pa.table({"c": channel_no, "r": reference})
    ordered: Ints = pc.sort_indices(table, [("c", "ascending"), ("r", "ascending")]).to_numpy()
    return wanted[ordered]


def _key(columns: Mapping[str, Column], row: int) -> tuple[int, str]:
    return int(columns["channel_no"][row]), columns["reference"][row].as_py()


def _kept(
    session: Session, columns: Mapping[str, Column], wanted: Ints
) -> dict[tuple[int, str], OrderRow]:
    """The orders that have the keys of these rows, by key."""
    found: dict[tuple[int, str], OrderRow] = {}
    channel_no = ints(columns["channel_no"])[wanted]
    provider_id = int(ints(columns["provider_id"])[0]) if len(columns["provider_id"]) else 0
    for one in np.unique(channel_no).tolist():
        references = columns["reference"].take(pa.array(wanted[channel_no == one])).to_pylist()
        table = rows.of_references(session, provider_id, one, references)
        found |= {(one, order.reference): order for order in order_rows(table)}
    return found


def _book(
    session: Session, intake: Intake, columns: Mapping[str, Column], new: Ints, now: int
) -> None:
    added = taken(columns, new)
    booking = books.Booking(
        provider_id=intake.provider_id,
        client_id=ints(added["client_id"]),
        recorded_at=now,
        channels=intake.channels,
        payment_id=ints(added["payment_id"]),
        account_id=ints(added["account_id"]),
        amount=ints(added["amount"]),
        day=ints(added["day"]),
        channel_no=ints(added["channel_no"]),
        code=ints(added["code"]),
        reference=added["reference"],
        direction=_directions(added["direction"], ints(added["bill_id"])),
        strategy=intake.policies.allocation.default_number,
    )
    books.book(session, booking, intake.provider_id, np.zeros(new.size, dtype=np.int64))


def _directions(told: pa.StringArray, bill_id: Ints) -> pa.StringArray:
    """What payers want paid; where they do not say, the document by which the money came."""
    if not bill_id.any():
        return told
    named = zip(told.to_pylist(), bill_id.tolist(), strict=True)
    said = [f"{DOCUMENT}{bill}" if bill and not text else text for text, bill in named]
    return pa.array(said, pa.string())


def _replay(session: Session, orders: Orders, posted: Posted, new: Ints) -> None:
    """Answers what was told before with its first answer, or refuses it as another payment.

    A payment that would be refused now may have been posted before, too.
    """
    if new.size == len(orders):
        return
    told_before = formed(orders.reference, REFERENCE_MAX)
    told_before[new] = False
    others = np.flatnonzero(told_before)
    if not others.size:
        return
    kept = _kept(session, posted.orders, others)
    for row in others.tolist():
        order = kept.get(_key(posted.orders, row))
        if order is None:
            continue
        differs = _differences(orders, row, order, TOLD)
        if differs:
            posted.refusals.overrule(row, Code.CONFLICT, PaymentConflict(order.reference, differs))
            posted.code[row] = Code.CONFLICT
        else:
            posted.code[row] = Code.OK_REPLAYED
            _copy(posted.orders, row, order)


def _differences(
    orders: Orders, row: int, kept: OrderRow | ReservationRow, names: Sequence[str]
) -> dict[str, tuple[object, object]]:
    """In what a payment differs from the row that has its key: (kept, told)."""
    found = {}
    for name in names:
        column = getattr(orders, name)
        told = int(column[row]) if isinstance(column, np.ndarray) else column[row].as_py()
        if told != getattr(kept, name):
            found[name] = (getattr(kept, name), told)
    return found


def _copy(columns: dict[str, Column], row: int, order: OrderRow) -> None:
    """OUT: what is kept of an order stands in a row; what was told is the same already."""
    for name in KEPT:
        columns[name][row] = getattr(order, name)
