"""Settlements beside credits, kept and posted: one transaction, the same again changes nothing.

What was paid of a settlement is posted as bank and channel_fees against what the channel has to
clear; what the bank paid too little stays there. Later files may change what is paid: then the
difference is posted, in an entry of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.acting import Write, tell
from billcore.core.ledger import journal
from billcore.core.ledger.kinds import SETTLEMENTS
from billcore.core.ledger.turns import turn_to_post
from billcore.core.payments.channels import get_channel
from billcore.core.payments.intake.place import Place, opened
from billcore.core.payments.reversals import Asked, ReversalKind, reverse
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.keeping import FileState
from billcore.core.reconciliation.settlement.banks import FEES, Payer, account_of, payers
from billcore.core.reconciliation.settlement.collected import (
    collected_units,
    is_collected,
    names,
)
from billcore.core.reconciliation.settlement.credits import Told, told_credits
from billcore.core.reconciliation.settlement.funding import fund
from billcore.core.reconciliation.settlement.units import Unit, units
from billcore.core.store import providers
from billcore.core.store import recon as recon_rows
from billcore.core.store import settlements as rows
from billcore.core.store.port import OPEN_DAY, Reader
from billcore.core.store.settlements import CreditRow, SettlementRow, SuspendedRow

KIND = "settlement"
"""Of the turns that are taken."""

HORIZON_DAYS = 100
"""Settlements and credits of so many days are compared; older ones stay as they were."""

CYCLE_MAX = 31
"""No cycle has more days."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many settlements and credits were compared, and how many entries were posted."""

    settlements: int
    credits: int
    posted: int


@dataclass(frozen=True, slots=True)
class _Sides:
    """What is compared: settlements with their payers by channel, credits, and what was kept.
    named: settlements by the end-to-end ids of what was collected."""

    units: list[Unit]
    named: dict[str, int]
    payers: dict[int, Payer]
    credits: list[Told]
    before: dict[int, SettlementRow]
    credits_before: dict[int, CreditRow]
    suspended: dict[str, SuspendedRow]


def reference_of(credit_id: int, returns: int) -> str:
    """Under which a credit is a payment whose owner is unknown."""
    return f"{credit_id}/{returns}" if returns else str(credit_id)


def settle(write: Write, place: Place, today: int, since: int = 0) -> Settled:
    """Compares a bank account's credits with what its channels should have paid, and posts it.

    place: of the channel that is the account; since: the first day, 0: HORIZON_DAYS before today.
    Raises BankAccountUnset.
    """
    provider_id, bank_no = place.provider_id, place.channel.channel_no
    begin = since or today - HORIZON_DAYS
    providers.lock(write.session, provider_id, KIND)
    sides = _sides(write.session, place, begin)
    paid = _paid(sides)
    credits = _credits(provider_id, bank_no, sides, paid)
    made = _settlements(place, sides, credits, today, write.now)
    _take_back(write, place, sides, credits)
    posted = [_posted(write, place, sides, one) for one in made]
    changed = [one for one in posted if _differs(one, sides.before.get(one.settlement_id))]
    _make_stale(write, place, sides, changed, credits)
    rows.set_settlements(write.session, changed)
    rows.set_credits(write.session, (provider_id, bank_no), begin, credits)
    for one in changed:
        _tell(write, sides, one)
    entries = sum(one.posting_no - _old(sides, one).posting_no for one in changed)
    return Settled(len(made), len(credits), entries)


def _sides(reader: Reader, place: Place, since: int) -> _Sides:
    provider_id, bank = place.provider_id, place.channel
    account = account_of(reader, provider_id, bank.channel_no, bank.channel)
    found = {one.channel.channel_no: one for one in payers(reader, provider_id, account)}
    wanted: list[Unit] = []
    named: dict[str, int] = {}
    for channel_no, payer in found.items():
        key, begin = (provider_id, channel_no), since - CYCLE_MAX
        if is_collected(payer.channel.kind):
            collected = rows.collected(reader, key, begin)
            made = collected_units(*key, payer.terms, collected)
            named |= names(made, payer.terms, collected)
        else:
            made = units(*key, payer.terms, rows.reported_days(reader, key, begin))
        wanted += [one for one in made if one.last_day >= since]
    known = {one.settlement_id for one in wanted}
    days = since, OPEN_DAY
    lines = rows.lines(reader, provider_id, account, days, FileState.COMPLETE)
    suspended = rows.suspended(reader, provider_id, bank.channel_no, days)
    before = rows.of_bank(reader, provider_id, bank.channel_no, since)
    credits_before = rows.credits(reader, provider_id, bank.channel_no, since)
    return _Sides(
        units=wanted,
        named={name: number for name, number in named.items() if number in known},
        payers=found,
        credits=told_credits(provider_id, bank.channel_no, lines, named),
        before={one.settlement_id: one for one in before},
        credits_before={one.credit_id: one for one in credits_before},
        suspended={one.reference: one for one in suspended},
    )


def _paid(sides: _Sides) -> dict[int, int]:
    """The settlement of each credit; none of one whose owner was found since."""
    free = []
    for told in sides.credits:
        held = _suspended(sides, told.credit.credit_id)
        if held is None or held.open == held.amount:
            free.append(told.credit)
    return fund(sides.units, free, sides.named)


def _suspended(sides: _Sides, credit_id: int) -> SuspendedRow | None:
    kept = sides.credits_before.get(credit_id)
    return sides.suspended.get(reference_of(credit_id, kept.returns if kept else 0))


def _credits(
    provider_id: int, bank_no: int, sides: _Sides, paid: Mapping[int, int]
) -> list[CreditRow]:
    made = []
    for told in sides.credits:
        credit = told.credit
        kept = sides.credits_before.get(credit.credit_id)
        returns = kept.returns if kept else 0
        settlement_id = paid.get(credit.credit_id, 0)
        leaves = settlement_id and _suspended(sides, credit.credit_id) is not None
        made.append(
            CreditRow(
                provider_id, bank_no, credit.credit_id, credit.day, told.line.file_no,
                told.line.line_no, credit.amount, credit.charged, settlement_id,
                returns + bool(leaves),
            )
        )  # fmt: skip
    return made


def _settlements(
    place: Place, sides: _Sides, credits: Iterable[CreditRow], today: int, now: int
) -> list[SettlementRow]:
    """Every settlement as it is now, those that no report tells any more included."""
    of_unit: dict[int, list[CreditRow]] = defaultdict(list)
    for credit in credits:
        of_unit[credit.settlement_id].append(credit)
    made = []
    for unit in sides.units:
        own = of_unit.get(unit.settlement_id, [])
        kept = sides.before.get(unit.settlement_id)
        made.append(_row(place, unit, own, kept, today, now))
    known = {one.settlement_id for one in sides.units}
    gone = [one for one in sides.before.values() if one.settlement_id not in known]
    return made + [_emptied(one, now) for one in gone]


def _emptied(row: SettlementRow, now: int) -> SettlementRow:
    """A settlement that no report tells any more."""
    return row._replace(
        line_count=0, gross=0, fee=0, paid=0, charged=0, credit_day=0,
        kind=BreakKind.MATCHED.value, changed_at=now,
    )  # fmt: skip


def _row(
    place: Place,
    unit: Unit,
    credits: Sequence[CreditRow],
    kept: SettlementRow | None,
    today: int,
    now: int,
) -> SettlementRow:
    paid = sum(one.amount for one in credits)
    charged = sum(one.charged for one in credits)
    row = SettlementRow(
        provider_id=place.provider_id,
        settlement_id=unit.settlement_id,
        channel_no=unit.channel_no,
        bank_no=place.channel.channel_no,
        batch=unit.batch,
        first_day=unit.first_day,
        last_day=unit.last_day,
        due_day=unit.due_day,
        line_count=unit.line_count,
        gross=unit.gross,
        fee=unit.fee,
        paid=paid,
        # What the bank kept explains what is missing, all of it or nothing.
        charged=charged if paid + charged == unit.net else 0,
        credit_day=max((one.day for one in credits), default=0),
        kind=0,
        posted_bank=kept.posted_bank if kept else 0,
        posted_fee=kept.posted_fee if kept else 0,
        posting_no=kept.posting_no if kept else 0,
        changed_at=now,
    )
    return row._replace(kind=_kind(row, unit, today))


def _kind(row: SettlementRow, unit: Unit, today: int) -> int:
    if row.credit_day or not row.net:
        return BreakKind.FEE_DIFF if row.missing else BreakKind.MATCHED
    return BreakKind.IN_TRANSIT if today <= unit.until_day else BreakKind.REPORTED_UNFUNDED


def _differs(row: SettlementRow, kept: SettlementRow | None) -> bool:
    return kept is None or row._replace(changed_at=kept.changed_at) != kept


def _old(sides: _Sides, row: SettlementRow) -> SettlementRow:
    unposted = row._replace(posted_bank=0, posted_fee=0, posting_no=0)
    return sides.before.get(row.settlement_id, unposted)


# -- books


def _take_back(write: Write, place: Place, sides: _Sides, credits: Iterable[CreditRow]) -> None:
    """Takes out of suspense what pays a settlement after all."""
    for credit in credits:
        held = _suspended(sides, credit.credit_id)
        if not credit.settlement_id or held is None:
            continue
        asked = Asked(
            reference=f"settled {held.reference}",
            payment_reference=held.reference,
            kind=ReversalKind.RETURNED,
            reason=f"it pays the settlement {credit.settlement_id}",
            day=held.day,
        )
        reverse(write, place, asked, held.day)


def _posted(write: Write, place: Place, sides: _Sides, row: SettlementRow) -> SettlementRow:
    """The settlement with entries that come to what was paid of it and its fees."""
    settled = bool(row.credit_day) or not row.net
    bank = row.paid - row.posted_bank
    fee = (row.fee + row.charged if settled else 0) - row.posted_fee
    if not bank and not fee:
        return row
    channel = _channel(sides, write.session, place, row)
    code = place.channel.ledger
    amounts = {code: bank, f"{FEES}:{channel[0]}": fee, channel[1]: -bank - fee}
    nobody = np.zeros(0, dtype=np.int64)
    entry = journal.Entry(
        provider_id=row.provider_id,
        source=f"settlement/{row.settlement_id}/{row.posting_no + 1}",
        day=row.credit_day or _old(sides, row).credit_day or row.due_day,
        kind=SETTLEMENTS,
        amounts={name: amount for name, amount in amounts.items() if amount},
        client_id=write.caller.client_id,
        recorded_at=turn_to_post(write.session, row.provider_id, nobody, write.now),
    )
    journal.post(write.session, entry)
    return row._replace(
        posted_bank=row.posted_bank + bank,
        posted_fee=row.posted_fee + fee,
        posting_no=row.posting_no + 1,
    )


def _channel(sides: _Sides, reader: Reader, place: Place, row: SettlementRow) -> tuple[str, str]:
    """The code of a settlement's channel, and the ledger account that it clears."""
    payer = sides.payers.get(row.channel_no)
    if payer is not None:
        return payer.channel.channel, payer.channel.ledger
    found = opened(get_channel(reader, place.provider_id, row.channel_no))
    return found.channel, found.ledger


# -- who is told


def _make_stale(
    write: Write,
    place: Place,
    sides: _Sides,
    changed: Iterable[SettlementRow],
    credits: Iterable[CreditRow],
) -> None:
    """The days of the account that match otherwise now."""
    days: set[int] = set()
    for one in changed:
        kept = sides.before.get(one.settlement_id)
        for row in (one, kept) if kept else (one,):
            days.add(row.credit_day or row.due_day)
    fresh = {one.credit_id: one for one in credits}
    for credit_id in fresh.keys() | sides.credits_before.keys():
        now, was = fresh.get(credit_id), sides.credits_before.get(credit_id)
        if now != was:
            days |= {one.day for one in (now, was) if one is not None}
    key = place.provider_id, place.channel.channel_no
    for day in sorted(days):
        recon_rows.make_stale(write.session, key, day, day)


def _tell(write: Write, sides: _Sides, row: SettlementRow) -> None:
    kept = sides.before.get(row.settlement_id)
    if kept is not None and (kept.kind, kept.paid) == (row.kind, row.paid):
        return
    detail = {
        "channel_no": row.channel_no,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "kind": BreakKind(row.kind).name,
        "net": row.net,
        "paid": row.paid,
    }
    subject = f"settlement {row.settlement_id}"
    tell(write, row.provider_id, "settlement.changed", subject, detail)
