"""One act of a payer that pays several accounts: all of its payments are posted, or none.

The order has one key; each part is a payment of its own at its provider, with its own effect on the
books. A client of a provider pays that provider's accounts; a client of the house, anybody's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write
from billcore.core.accounts.checks import Ints, constant
from billcore.core.errors import BillcoreError, RequestInvalid
from billcore.core.ids_kernel import hashed_ids
from billcore.core.ledger.turns import turn_to_post
from billcore.core.payments.codes import Code, State, TargetKind
from billcore.core.payments.intake import books
from billcore.core.payments.intake.place import Place
from billcore.core.payments.intake.post import SUSPENDING, Intake, days, look
from billcore.core.payments.orders import Orders, Told, orders
from billcore.core.payments.refusals import PaymentConflict, PaymentInvalid
from billcore.core.store import payments as rows
from billcore.core.store.columns import text_parts
from billcore.core.store.payments import OrderRow, PartRow
from billcore.core.store.port import Column

PARTS_MAX = 100


class Part(NamedTuple):
    """A payment of an act: at which provider, through the act's channel as that one knows it."""

    place: Place
    target_kind: TargetKind
    target: str
    amount: int


@dataclass(frozen=True, slots=True)
class Act:
    """What a payer did, as the channel tells it; paid_at: see Told."""

    reference: str
    parts: tuple[Part, ...]
    taken: bool
    paid_at: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """The order of an act with its payments, and whether it was told before."""

    order: OrderRow
    parts: tuple[PartRow, ...]
    replayed: bool


def split(write: Write, place: Place, act: Act) -> Split:
    """Posts an act. place: whose order it is (provider 0: the house's).

    Raises PaymentInvalid, PaymentConflict, and what refuses a part, with its place in the act.
    """
    if not 1 <= len(act.parts) <= PARTS_MAX:
        raise PaymentInvalid("parts", f"an act has 1 to {PARTS_MAX} payments.")
    _check_currencies(act.parts)
    key = place.provider_id, place.channel.channel_no, act.reference
    kept = rows.one(write.session, *key)
    if kept is not None:
        return _told_before(write, act, kept)
    if rows.reservation(write.session, *key) is not None:
        differs: dict[str, tuple[object, object]] = {"target_kind": ("reserved", "several")}
        raise PaymentConflict(act.reference, differs)
    made = _judged(write, place, act)
    now = _turns(write, made)
    made = [
        part._replace(day=_day(write, act, one)) for part, one in zip(made, act.parts, strict=True)
    ]
    order = _order(write, place, act, made, now)
    if not rows.add(write.session, _one(order)):
        kept = rows.one(write.session, *key)  # another transaction added it meanwhile
        assert kept is not None
        return _told_before(write, act, kept)
    _add_parts(write, order, made)
    _book(write, order, act, made, now)
    return Split(order, tuple(made), replayed=False)


def _check_currencies(parts: Sequence[Part]) -> None:
    first = parts[0].place.currency
    for number, part in enumerate(parts):
        if part.place.currency != first:
            raise PaymentInvalid(
                f"parts[{number}].provider",
                f"it is paid in {part.place.currency}, the first part in {first}: an act has one "
                "currency.",
            )


def _judged(write: Write, place: Place, act: Act) -> list[PartRow]:
    """The parts as they will be kept; raises what refuses the first that is refused."""
    made: list[PartRow] = []
    ids = _part_ids(place, act)
    for number, (part, payment_id) in enumerate(zip(act.parts, ids.tolist(), strict=True), start=1):
        told = _told(write, act, part)
        intake = _intake(write, part.place)
        found, refusals = look(write.session, intake, told)
        if not refusals.good[0]:
            raise _placed(refusals.error(0), f"parts[{number - 1}]")
        code = int(found.code[0])
        held = code in SUSPENDING
        account_id = 0 if held else int(found.account_id[0])
        made.append(
            PartRow(
                part_no=number,
                part_provider_id=part.place.provider_id,
                target_kind=part.target_kind,
                target=part.target,
                amount=part.amount,
                payment_id=payment_id,
                state=int(books.states(np.array([account_id]))[0]),
                code=code if held else Code.OK,
                account_id=account_id,
                bill_id=0 if held else int(found.bill_id[0]),
                day=0,
            )
        )
    return made


def _told(write: Write, act: Act, part: Part) -> Orders:
    return orders(
        [
            Told(
                channel_no=part.place.channel.channel_no,
                reference=act.reference,
                target_kind=part.target_kind,
                target=part.target,
                amount=part.amount,
                taken=act.taken,
                client_id=write.caller.client_id,
                paid_at=act.paid_at,
            )
        ]
    )


_OF_ACT = ("reference", "paid_at")
"""Fields that an act has, not each of its parts."""


def _placed(error: BillcoreError, place: str) -> BillcoreError:
    """The error of a part, with the part's place in the act."""
    field = error.fields.get("field", "target")
    if field in _OF_ACT:
        return error
    if isinstance(error, RequestInvalid):
        return PaymentInvalid(f"{place}.{field}", error.message)
    error.fields["field"] = f"{place}.{field}"
    return error


def _intake(write: Write, place: Place) -> Intake:
    channel = place.channel
    known = {channel.channel_no: channel}
    return Intake(place.provider_id, write.now, place.time_zone, place.policies, known)


def _part_ids(place: Place, act: Act) -> Ints:
    count = len(act.parts)
    numbers = np.stack(
        [
            np.full(count, place.provider_id),
            np.full(count, place.channel.channel_no),
            np.arange(1, count + 1),
        ]
    )
    return hashed_ids("payment part", numbers, *text_parts(pa.array([act.reference] * count)))


def _turns(write: Write, made: Sequence[PartRow]) -> int:
    """Waits for all accounts, in their order; the time to record at."""
    now = write.now
    for provider_id in sorted({part.part_provider_id for part in made}):
        own = [
            part.account_id
            for part in made
            if part.part_provider_id == provider_id and part.account_id
        ]
        now = max(now, turn_to_post(write.session, provider_id, np.array(own, np.int64), now))
    return now


def _day(write: Write, act: Act, part: Part) -> int:
    paid_at = np.array([act.paid_at or write.now])
    return int(days(paid_at, part.place.time_zone)[0])


def _order(write: Write, place: Place, act: Act, made: Sequence[PartRow], now: int) -> OrderRow:
    first = made[0]
    suspended = all(part.state == State.SUSPENDED for part in made)
    return OrderRow(
        provider_id=place.provider_id,
        channel_no=place.channel.channel_no,
        reference=act.reference,
        target_kind=TargetKind.PARTS,
        target="",
        amount=sum(part.amount for part in made),
        fee=0,
        terminal_no=place.terminal_no,
        direction="",
        paid_at=act.paid_at,
        value_day=0,
        payment_id=first.payment_id,
        state=State.SUSPENDED if suspended else State.POSTED,
        code=Code.OK,
        account_id=0,
        bill_id=0,
        day=first.day,
        client_id=write.caller.client_id,
        recorded_at=now,
    )


def _one(order: OrderRow) -> dict[str, Column]:
    return {
        name: pa.array([value], pa.string()) if isinstance(value, str) else np.array([value])
        for name, value in order._asdict().items()
    }


def _add_parts(write: Write, order: OrderRow, made: Sequence[PartRow]) -> None:
    count = len(made)
    columns: dict[str, Column] = {
        "provider_id": constant(order.provider_id, count),
        "channel_no": constant(order.channel_no, count),
        "reference": constant(order.reference, count),
    }
    for name, values in zip(PartRow._fields, zip(*made, strict=True), strict=True):
        text = name == "target"
        columns[name] = pa.array(values, pa.string()) if text else np.array(values, np.int64)
    rows.add_parts(write.session, columns)


def _book(write: Write, order: OrderRow, act: Act, made: Sequence[PartRow], now: int) -> None:
    for provider_id in sorted({part.part_provider_id for part in made}):
        own = [part for part in made if part.part_provider_id == provider_id]
        place = next(p.place for p in act.parts if p.place.provider_id == provider_id)
        channel = place.channel
        booking = books.Booking(
            provider_id=provider_id,
            recorded_at=now,
            channels={channel.channel_no: channel},
            payment_id=_ints(own, "payment_id"),
            account_id=_ints(own, "account_id"),
            amount=_ints(own, "amount"),
            day=_ints(own, "day"),
            channel_no=np.full(len(own), channel.channel_no),
            client_id=np.full(len(own), order.client_id),
            code=_ints(own, "code"),
            reference=pa.array([order.reference] * len(own)),
            direction=pa.array([""] * len(own)),
            strategy=place.policies.allocation.default_number,
        )
        books.book(write.session, booking, order.provider_id, _ints(own, "part_no"))


def _ints(parts: Sequence[PartRow], name: str) -> Ints:
    return np.array([getattr(part, name) for part in parts], dtype=np.int64)


def _told_before(write: Write, act: Act, kept: OrderRow) -> Split:
    parts = rows.parts(write.session, kept.provider_id, kept.channel_no, kept.reference)
    was = [(p.part_provider_id, p.target_kind, p.target, p.amount) for p in parts]
    told = [(p.place.provider_id, int(p.target_kind), p.target, p.amount) for p in act.parts]
    pairs: Mapping[str, tuple[object, object]] = {
        "parts": (was, told),
        "paid_at": (kept.paid_at, act.paid_at),
    }
    differs = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if differs:
        raise PaymentConflict(act.reference, differs)
    return Split(kept, tuple(parts), replayed=True)
