"""The invariant of payments: orders, their effects on the books, and what undid them agree."""

from collections.abc import Iterator

from billcore.core.findings import MOST, Broken, broken
from billcore.core.ids import id_range
from billcore.core.ledger.kinds import EntryKind
from billcore.core.payments.codes import State
from billcore.core.store import payment_checks as rows
from billcore.core.store import payment_moves as move_rows
from billcore.core.store.port import Reader


def payments_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Every payment has its one effect, and whatever a channel posted is a payment's: an account
    entry or an item in suspense. Parts sum to their order; what is reversed is undone once, from
    the reversal's day on, and nothing else is; no more leaves suspense than came, and no more of a
    payment is moved to other accounts than it had; what was confirmed is posted as it was
    reserved."""
    yield from _effects(reader, provider_id)
    yield from _parts(reader, provider_id)
    yield from _reversals(reader, provider_id)
    yield from _suspense(reader, provider_id)
    yield from _moved(reader, provider_id)
    for channel, reference in rows.wrong_reservations(reader, provider_id, State.POSTED, MOST):
        yield broken(
            "A reservation is confirmed and not posted as it was reserved.",
            channel_no=channel,
            reference=reference,
        )


def _effects(reader: Reader, provider_id: int) -> Iterator[Broken]:
    kind = EntryKind.PAYMENT
    for found in rows.lost_entries(reader, provider_id, State.POSTED, kind, MOST):
        channel, reference, part, account, payment = found
        yield broken(
            "The payment has not its account entry.",
            channel_no=channel,
            reference=reference,
            part_no=part,
            account_id=account,
            payment_id=payment,
        )
    for account, entry in rows.stray_entries(
        reader, provider_id, id_range(provider_id), kind, MOST
    ):
        yield broken(
            "The account entry came from a channel or from suspense and is no payment's.",
            account_id=account,
            account_entry_id=entry,
        )


def _parts(reader: Reader, provider_id: int) -> Iterator[Broken]:
    for channel, reference, amount, parts in rows.wrong_parts(reader, provider_id, MOST):
        yield broken(
            f"The order has {amount!s}, its parts, which must be numbered from 1, {parts!s}.",
            channel_no=channel,
            reference=reference,
        )
    for channel, reference, part in rows.lost_parts(reader, provider_id, MOST):
        yield broken(
            "The part has no order.", channel_no=channel, reference=reference, part_no=part
        )


def _reversals(reader: Reader, provider_id: int) -> Iterator[Broken]:
    for channel, reference, payment in rows.lost_reversals(reader, provider_id, MOST):
        yield broken(
            f"The reversal is not that of an order {payment!r} of its amount.",
            channel_no=channel,
            reference=reference,
        )
    for channel, reference, part, payment in rows.wrongly_reversed(
        reader, provider_id, id_range(provider_id), MOST
    ):
        yield broken(
            "The payment is undone without a reversal, or reversed and not undone on its day.",
            channel_no=channel,
            reference=reference,
            part_no=part,
            payment_id=payment,
        )


def _suspense(reader: Reader, provider_id: int) -> Iterator[Broken]:
    for found in rows.lost_items(reader, provider_id, State.SUSPENDED, MOST):
        channel, reference, part, payment = found
        yield broken(
            "The payment is no account's and has not its item in suspense, or has one as well.",
            channel_no=channel,
            reference=reference,
            part_no=part,
            payment_id=payment,
        )
    for payment, reference in rows.stray_items(reader, provider_id, MOST):
        yield broken("The item has no payment.", payment_id=payment, reference=reference)
    for payment, amount, moved in rows.wrong_sums(reader, provider_id, MOST):
        yield broken(
            f"Of the item's {amount!s} {moved!s} left; all leaves when it is reversed.",
            payment_id=payment,
        )
    for payment, number, account in rows.wrong_moves(
        reader, provider_id, id_range(provider_id), EntryKind.PAYMENT, MOST
    ):
        yield broken(
            "The move has not its item and account entry, or is undone but by a reversal.",
            payment_id=payment,
            move_no=number,
            account_id=account,
        )


def _moved(reader: Reader, provider_id: int) -> Iterator[Broken]:
    for payment, number in move_rows.wrong_legs(reader, provider_id, EntryKind.TRANSFER, MOST):
        yield broken(
            "The move has not its two transfers, or one of them is undone alone.",
            payment_id=payment,
            move_no=number,
        )
    for payment, moved, amount in move_rows.wrong_sums(reader, provider_id, MOST):
        yield broken(
            f"{moved!s} of the payment's {amount!s} is moved; nothing is when it is reversed.",
            payment_id=payment,
        )
