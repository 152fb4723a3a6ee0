"""Payments that fit what evidence says.

By the trace (the channel's reference), by the pair of ids that they came with, or, at the
customer's own account, by amount and day alone. Orders of the house that pay several providers are
not looked at.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from billcore.core.billing.fates import Fates
from billcore.core.billing.items import AccountItems, account_items
from billcore.core.cases.facts import Ids, Paid
from billcore.core.cases.sources import Said, Sources
from billcore.core.identifiers import bulk
from billcore.core.identifiers.digits import latin_digits
from billcore.core.ids import account_of_bill
from billcore.core.ledger.balances import NOW, DocumentKind
from billcore.core.ledger.kinds import EntryKind
from billcore.core.payments.codes import TargetKind
from billcore.core.payments.moving import moves_standing
from billcore.core.store import corrections, payment_moves
from billcore.core.store import ledger as ledger_rows
from billcore.core.store import payments as payment_rows
from billcore.core.store.channels import Channel
from billcore.core.store.ledger import AccountEntryRow
from billcore.core.store.payments import OrderRow, SuspenseRow
from billcore.core.store.port import OPEN_DAY

SUSPENDED_PAGE = 10_000
"""So many open items of suspense are looked at together."""

MATCHED = ("trace", "ids", "amount")
"""By what a payment was found, the surest first."""


class Payments:
    """Looks for the payments of one case."""

    def __init__(self, of: Sources) -> None:
        self._of = of
        self._items: dict[int, AccountItems] = {}
        self._fates: dict[int, Fates] = {}

    def found(self, said: Sequence[Said], every: Sequence[Ids]) -> tuple[Paid, ...]:
        """Every payment that fits, each once, as it fits best."""
        found: dict[int, Paid] = {}
        for one in self._candidates(said, every):
            before = found.get(one.payment_id)
            if before is None or MATCHED.index(one.matched) < MATCHED.index(before.matched):
                found[one.payment_id] = one
        return tuple(sorted(found.values(), key=lambda one: (one.recorded_at, one.payment_id)))

    def _candidates(self, said: Sequence[Said], every: Sequence[Ids]) -> Iterator[Paid]:
        for one in said:
            for channel in self._of.asked(one) if one.trace else ():
                order = self._of.order(channel, one.trace)
                if order is not None:
                    yield from self._paid(order, "trace")
        wanted = {(one.payer_code, one.payment_code) for one in every}
        if wanted:
            owners = dict.fromkeys([*(one.account_id for one in every), self._of.account_id])
            yield from self._by_ids([one for one in owners if one], wanted)
            yield from self._suspended_by_ids(wanted, {one.amount for one in said})
        for one in said:
            if one.amount and one.paid_day:
                yield from self._by_amount(one)

    def _by_ids(self, accounts: Sequence[int], wanted: set[tuple[int, int]]) -> Iterator[Paid]:
        """Payments of accounts that came with one of the pairs."""
        for account_id in accounts:
            for entry in self._entries(account_id):
                order = self._order_of(entry)
                if order is not None and _pair(order) in wanted:
                    yield from self._paid(order, "ids")

    def _suspended_by_ids(self, wanted: set[tuple[int, int]], told: set[int]) -> Iterator[Paid]:
        """Payments in suspense that came with one of the pairs; told: amounts of the evidence."""
        codes = np.array([payment for _, payment in wanted], dtype=np.int64)
        amounts = told | set(bulk.amounts(codes).tolist())
        for item in self._suspended():
            if item.amount not in amounts or item.part_no:
                continue
            order = payment_rows.one(
                self._of.reader, self._of.provider_id, item.channel_no, item.reference
            )
            if order is not None and _pair(order) in wanted:
                yield from self._paid(order, "ids")

    def _suspended(self) -> Iterator[SuspenseRow]:
        """The provider's open items of suspense, page by page."""
        after = 0, 0
        while True:
            page = payment_rows.suspended(
                self._of.reader, self._of.provider_id, False, after, SUSPENDED_PAGE
            )
            yield from page
            if len(page) < SUSPENDED_PAGE:
                return
            after = page[-1].recorded_at, page[-1].payment_id

    def _by_amount(self, said: Said) -> Iterator[Paid]:
        """Payments of the own account of the amount, of the day or one beside it."""
        for entry in self._entries(self._of.account_id):
            if -entry.amount != said.amount or abs(entry.day - said.paid_day) > 1:
                continue
            order = self._order_of(entry)
            if order is not None:
                yield from self._paid(order, "amount")
            elif not self._channel_of(entry):
                yield self._by_hand(entry)

    def _entries(self, account_id: int) -> list[AccountEntryRow]:
        """The payments of an account, without what takes some back."""
        entries = ledger_rows.account_entries(self._of.reader, account_id, OPEN_DAY, NOW)
        return [one for one in entries if one.kind == EntryKind.PAYMENT and not one.reverses]

    def _channel_of(self, entry: AccountEntryRow) -> Channel | None:
        return self._of.channels.get(entry.reference.partition(" ")[0])

    def _order_of(self, entry: AccountEntryRow) -> OrderRow | None:
        """The order of an account entry, which is named after its channel and reference."""
        channel = self._channel_of(entry)
        if channel is None:
            return None
        order = self._of.order(channel, entry.reference.partition(" ")[2])
        return order if order is not None and order.payment_id == entry.account_entry_id else None

    def _paid(self, order: OrderRow, matched: str) -> Iterator[Paid]:
        if order.target_kind == TargetKind.PARTS:
            return
        key = order.provider_id, order.channel_no, order.reference
        reverse = payment_rows.reversal_of(self._of.reader, *key) is not None
        account_id, left, past = order.account_id, 0, False
        if account_id:
            left = 0 if reverse else self._left(order)
            past = not reverse and self._past(order)
        else:
            item = payment_rows.suspense_item(
                self._of.reader, self._of.provider_id, order.payment_id
            )
            left = item.open if item is not None else 0
        yield Paid(
            channel=self._of.codes.get(order.channel_no, ""),
            reference=order.reference,
            payment_id=order.payment_id,
            account_id=account_id,
            number=self._of.number(account_id) if account_id else "",
            amount=order.amount,
            left=left,
            day=order.day,
            paid_at=order.paid_at or order.recorded_at,
            bill_id=order.bill_id,
            past=past,
            recorded_at=order.recorded_at,
            reversed=reverse,
            matched=matched,
        )

    def _by_hand(self, entry: AccountEntryRow) -> Paid:
        undone = ledger_rows.is_undone(self._of.reader, self._of.account_id, entry.account_entry_id)
        return Paid(
            channel="",
            reference=entry.reference,
            payment_id=entry.account_entry_id,
            account_id=self._of.account_id,
            number=self._of.number(self._of.account_id),
            amount=-entry.amount,
            left=0 if undone else -entry.amount,
            day=entry.day,
            paid_at=entry.recorded_at,
            bill_id=0,
            past=False,
            recorded_at=entry.recorded_at,
            reversed=undone,
            matched="amount",
        )

    def _left(self, order: OrderRow) -> int:
        moved = payment_moves.moves(self._of.reader, self._of.provider_id, order.payment_id)
        return order.amount - sum(move.amount for move in moves_standing(moved))

    def _past(self, order: OrderRow) -> bool:
        """Whether a payment came by the ids of a bill that others had followed, and paid those."""
        bill = order.bill_id
        if not bill or account_of_bill(bill) != order.account_id:
            return False
        items = self._of_account(order.account_id)
        applied = items.applied(order.payment_id)
        every = applied.documents
        family = self._fates[order.account_id].family(bill)
        until = max((one.recorded_at for one in every if one.id == bill), default=0)
        followed = any(
            one.kind is DocumentKind.BILL
            and one.amount > 0
            and one.id not in family
            and until < one.recorded_at < order.recorded_at
            for one in every
        )
        steps = [one for one in applied.explained.steps if one.undone_at is None]
        later = any(every[one.item].id not in family for one in steps
                    if every[one.item].recorded_at > until)  # fmt: skip
        return followed and (later or applied.explained.free > 0)

    def _of_account(self, account_id: int) -> AccountItems:
        """The items of an account, read once."""
        if account_id not in self._items:
            self._items[account_id] = account_items(self._of.reader, account_id)
            self._fates[account_id] = Fates(corrections.of_account(self._of.reader, account_id))
        return self._items[account_id]


def _pair(order: OrderRow) -> tuple[int, int]:
    """The ids that an order came with, (0, 0): none."""
    text = latin_digits(order.target).replace(" ", "").replace("-", "")
    payer, _, payment = text.partition("/")
    if len(text) == 2 * 13 and not payment:
        payer, payment = text[:13], text[13:]
    if not (payer.isascii() and payer.isdigit() and payment.isascii() and payment.isdigit()):
        return 0, 0
    return int(payer), int(payment)
