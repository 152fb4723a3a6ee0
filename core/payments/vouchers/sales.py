"""Vouchers sold: they are activated, and what their buyers paid is owed until it is redeemed.

A sale has the key of a payment, (provider, channel, the channel's reference), and is answered again
like one. The seller's channel owes us the money; none of it is revenue.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from billcore.core.accounts.acting import Write
from billcore.core.events.outbox import record
from billcore.core.ledger import journal
from billcore.core.ledger.kinds import VOUCHERS
from billcore.core.ledger.turns import turn_to_post
from billcore.core.payments.agents import floats
from billcore.core.payments.agents.floats import Cash, Movement
from billcore.core.payments.channels import CASH_KINDS
from billcore.core.payments.intake.form import REFERENCE_MAX
from billcore.core.payments.intake.place import Place
from billcore.core.payments.refusals import PaymentConflict, PaymentInvalid
from billcore.core.payments.vouchers import moves, secret
from billcore.core.payments.vouchers.errors import VoucherExpired
from billcore.core.payments.vouchers.moves import LIABILITY, Range
from billcore.core.payments.vouchers.states import VoucherState
from billcore.core.store import vouchers as rows
from billcore.core.store.vouchers import SaleRow

SOLD = "vouchers.sold"


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale, and whether it was told before."""

    row: SaleRow
    replayed: bool


def sell(write: Write, place: Place, reference: str, range_: Range, today: int) -> Sold:
    """Sells all vouchers of a range, which were shipped.

    Raises PaymentInvalid, PaymentConflict, VoucherUnknown, VoucherStateUnfit, VoucherExpired.
    """
    if not 1 <= len(reference) <= REFERENCE_MAX or not reference.isprintable():
        raise PaymentInvalid("reference", f"it has 1 to {REFERENCE_MAX} printable characters.")
    key = place.provider_id, place.channel.channel_no, reference
    kept = rows.sale(write.session, *key)
    if kept is not None:
        return _told_before(kept, range_)
    amount = moves.worth(write.session, place.provider_id, range_)
    late = rows.first_late(write.session, place.provider_id, *range_, today)
    if late is not None:
        raise VoucherExpired(secret.serial(late[0]), date.fromordinal(late[1]).isoformat())
    source = f"voucher sale/{place.channel.channel_no}/{reference}"
    sale = SaleRow(
        channel_no=place.channel.channel_no,
        reference=reference,
        first_no=range_.first_no,
        last_no=range_.last_no,
        amount=amount,
        day=today,
        entry_id=journal.entry_id(place.provider_id, source),
        client_id=write.caller.client_id,
        recorded_at=write.now,
    )
    if not rows.add_sale(write.session, place.provider_id, sale):
        kept = rows.sale(write.session, *key)  # another transaction added it meanwhile
        assert kept is not None
        return _told_before(kept, range_)
    _take(write, place, sale)
    moves.move(write.session, place.provider_id, range_, VoucherState.SOLD)
    _post(write, place, sale, source)
    told = {"channel": place.channel.channel, "vouchers": range_.vouchers, "amount": amount}
    record(write.session, place.provider_id, SOLD, str(range_), told, write.now)
    return Sold(sale, replayed=False)


def _told_before(kept: SaleRow, range_: Range) -> Sold:
    if range_ != (kept.first_no, kept.last_no):
        was = Range(kept.first_no, kept.last_no)
        raise PaymentConflict(kept.reference, {"vouchers": (str(was), str(range_))})
    return Sold(kept, replayed=True)


def _take(write: Write, place: Place, sale: SaleRow) -> None:
    """Puts the money into the float of the agent that sells, within its limit."""
    channel = place.channel
    if channel.kind not in CASH_KINDS:
        return
    agent = floats.hold(write.session, place.provider_id, channel, write.now)
    why = floats.refusal(agent, channel, agent.held, sale.amount)
    if why is not None:
        raise why
    moved = [Movement(sale.reference, sale.amount, sale.day)]
    at = write.session, place.provider_id, channel, agent
    floats.move(*at, Cash.SALE, moved, sale.client_id, write.now)


def _post(write: Write, place: Place, sale: SaleRow, source: str) -> None:
    nobody = np.zeros(0, dtype=np.int64)
    now = turn_to_post(write.session, place.provider_id, nobody, write.now)
    journal.post(
        write.session,
        journal.Entry(
            provider_id=place.provider_id,
            source=source,
            day=sale.day,
            kind=VOUCHERS,
            amounts={place.channel.ledger: sale.amount, LIABILITY: -sale.amount},
            client_id=sale.client_id,
            recorded_at=now,
        ),
    )
