"""Receipts: issued for payments that stand, printed again as copies, proved by their codes.

What a receipt says is computed from what was known when its payment was recorded, so that a copy
says the same as the original, whatever came later; that the payment was undone is marked on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.items import AccountItems, account_items
from billcore.core.caller import Caller
from billcore.core.documents import verification
from billcore.core.documents.facts import Bill, Paid, Receipt
from billcore.core.documents.verification import Key, ReceiptKeys, Record
from billcore.core.enquiries.documents import bills, guard, parties
from billcore.core.enquiries.documents.errors import (
    ReceiptKeyMissing,
    ReceiptUnfit,
    ReceiptUnknown,
)
from billcore.core.findings import MOST, Broken, broken
from billcore.core.ids import DEVICE_RECEIPTS
from billcore.core.ledger.balances import DocumentKind
from billcore.core.ledger.kinds import BillKind, EntryKind
from billcore.core.payments.channels import by_code, check_channel, get_channel
from billcore.core.payments.codes import State
from billcore.core.payments.intake.place import asked_place, check_terminal
from billcore.core.payments.refusals import PaymentUnknown
from billcore.core.payments.status import Status, status
from billcore.core.store import field_records
from billcore.core.store import payments as payment_rows
from billcore.core.store import providers as provider_rows
from billcore.core.store import receipts as rows
from billcore.core.store.field_records import ReceiptRow as PrintedRow
from billcore.core.store.port import Reader, Session
from billcore.core.store.providers import Provider
from billcore.core.store.receipts import ReceiptRow

NUMBER_DIGITS = 18
"""A number of a receipt has at most so many digits."""

NUMBERS = "receipt"
"""What numbers of receipts are drawn as."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A payment whose receipt is wanted. part_no: of an order of several payments, from 1; 0: of
    an order of one. recipient: to whom it goes, as was said."""

    channel: str
    reference: str
    part_no: int = 0
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A print of a receipt. copy_no 0: the original."""

    row: ReceiptRow
    copy_no: int


@dataclass(frozen=True, slots=True)
class _Payment:
    """What a receipt is of."""

    account_id: int
    payment_id: int
    amount: int
    fee: int
    paid_at: int
    recorded_at: int


def issue(write: Write, provider: Provider, keys: ReceiptKeys, wanted: Wanted) -> Issued:
    """The receipt of a payment: issued if it is not, a copy if it is; each print is recorded.

    What a field device printed has its number, and is a copy from the first call on.

    Raises ChannelUnknown, ChannelForbidden, PaymentUnknown, TerminalForbidden, ReceiptUnfit,
    ReceiptKeyMissing.
    """
    check_channel(write.caller, wanted.channel)
    session, provider_id = write.session, provider_acting(write.caller)
    channel = by_code(session, provider_id, wanted.channel)
    found = status(session, provider_id, channel.channel_no, wanted.reference, write.now)
    payment = _payment(found, wanted, provider_id)
    _check_terminal(session, write.caller, found, wanted.channel)
    provider_rows.lock(session, provider_id, NUMBERS)  # one at a time: numbers have no gaps
    row = rows.of_payment(session, provider_id, payment.payment_id)
    if row is None:
        row = _new(write, provider, keys, wanted, channel.channel_no, found, payment)
        _tell_prints(write, row)
    copy_no = rows.copies(session, provider_id, row.number)
    client_id = write.caller.client_id
    rows.add_copy(session, provider_id, row.number, copy_no, wanted.recipient, client_id, write.now)
    told = {"number": row.number, "copy_no": copy_no, "payment_id": row.payment_id}
    kind = "receipt.copied" if copy_no else "receipt.issued"
    tell(write, provider_id, kind, f"receipt {row.number}", told)
    return Issued(row, copy_no)


def _check_terminal(reader: Reader, caller: Caller, found: Status, channel: str) -> None:
    """Raises TerminalForbidden where the caller is of a terminal and the payment of another."""
    if caller.terminal and found.order is not None:
        check_terminal(caller, asked_place(reader, caller, channel), found.order.terminal_no)


def _payment(found: Status, wanted: Wanted, provider_id: int) -> _Payment:
    """The payment that is wanted. Raises PaymentUnknown, ReceiptUnfit."""
    order = found.order
    if order is None:
        raise PaymentUnknown(wanted.reference)
    paid_at = order.paid_at or order.recorded_at
    if not found.parts:
        if wanted.part_no:
            raise ReceiptUnfit(wanted.reference, "it has no parts.")
        _check_posted(wanted, order.state)
        return _Payment(
            order.account_id, order.payment_id, order.amount, order.fee, paid_at, order.recorded_at
        )
    for part in found.parts:
        if part.part_no == wanted.part_no and part.part_provider_id == provider_id:
            _check_posted(wanted, part.state)
            return _Payment(
                part.account_id, part.payment_id, part.amount, 0, paid_at, order.recorded_at
            )
    raise ReceiptUnfit(wanted.reference, "say which of its parts that are the provider's.")


def _check_posted(wanted: Wanted, state: int) -> None:
    if state != State.POSTED:
        raise ReceiptUnfit(wanted.reference, "its money stands on no account.")


def _new(
    write: Write, provider: Provider, keys: ReceiptKeys, wanted: Wanted, channel_no: int,
    found: Status, payment: _Payment,
) -> ReceiptRow:  # fmt: skip
    if found.reversal is not None:
        raise ReceiptUnfit(wanted.reference, "it was reversed.")
    if not keys.current:
        raise ReceiptKeyMissing
    session, provider_id = write.session, provider.provider_id
    made = ReceiptRow(
        number=_number(session, provider_id, wanted, payment),
        channel_no=channel_no,
        reference=wanted.reference,
        part_no=wanted.part_no,
        account_id=payment.account_id,
        payment_id=payment.payment_id,
        amount=payment.amount,
        paid_at=payment.paid_at,
        content=_content(session, wanted, payment),
        key_id=keys.current,
        client_id=write.caller.client_id,
        recorded_at=write.now,
    )
    rows.add(session, provider_id, made)
    return made


def _number(session: Session, provider_id: int, wanted: Wanted, payment: _Payment) -> int:
    """The number of a new receipt: the one that a field device printed, else the next."""
    printed = _printed(session, provider_id, wanted.reference, payment.payment_id)
    return printed.number if printed else provider_rows.draw(session, provider_id, NUMBERS, 1)


def _printed(
    reader: Reader, provider_id: int, reference: str, payment_id: int
) -> PrintedRow | None:
    """What a field device printed for a payment, under its reference as the number."""
    if not (reference.isascii() and reference.isdigit() and len(reference) <= NUMBER_DIGITS):
        return None
    found = field_records.receipts(reader, provider_id, [int(reference)]).get(int(reference))
    return found if found is not None and found.payment_id == payment_id else None


def _tell_prints(write: Write, row: ReceiptRow) -> None:
    """Records the prints that a field device made: the original and its copies."""
    provider_id, client_id = provider_acting(write.caller), write.caller.client_id
    printed = _printed(write.session, provider_id, row.reference, row.payment_id)
    if printed is None:
        return
    for copy_no in range(printed.copies + 1):
        told = provider_id, row.number, copy_no, f"field device {printed.device_no}"
        rows.add_copy(write.session, *told, client_id, printed.recorded_at)


def _content(reader: Reader, wanted: Wanted, payment: _Payment) -> str:
    """The digest of what a receipt says beside its record."""
    number = parties.payer(reader, payment.account_id).number
    balance = _items(reader, payment).balance
    return verification.content(number, wanted.channel, wanted.reference, payment.fee, balance)


def _items(reader: Reader, payment: _Payment) -> AccountItems:
    """What was known of the account when the payment was recorded."""
    return account_items(reader, payment.account_id, known_at=payment.recorded_at)


# -- as facts


def receipt(
    reader: Reader,
    caller: Caller,
    provider: Provider,
    keys: ReceiptKeys,
    number: int,
    copy_no: int,
    now: int,
) -> Receipt:
    """A print of a receipt that was recorded.

    Raises ReceiptUnknown, ChannelForbidden, TerminalForbidden, ReceiptKeyMissing.
    """
    provider_id = provider.provider_id
    row = _known(reader, provider_id, number)
    if not 0 <= copy_no < rows.copies(reader, provider_id, number):
        raise ReceiptUnknown(number, copy_no)
    key, record = _key(keys, row.key_id), _record(provider, row)
    channel = get_channel(reader, provider_id, row.channel_no)
    check_channel(caller, channel.channel)
    found = status(reader, provider_id, row.channel_no, row.reference, now)
    _check_terminal(reader, caller, found, channel.channel)
    wanted = Wanted(channel.channel, row.reference, row.part_no)
    payment = _payment(found, wanted, provider_id)
    items = _items(reader, payment)
    pays = tuple(_pays(items, row.payment_id))
    return Receipt(
        seller=parties.seller(provider),
        payer=parties.payer(reader, row.account_id),
        money=parties.money(provider),
        number=number,
        copy_no=copy_no,
        channel=channel.name,
        reference=row.reference,
        amount=row.amount,
        fee=payment.fee,
        paid_at=row.paid_at,
        day=items.applied(row.payment_id).entry.day,
        balance=items.balance,
        pays=pays,
        code=verification.code(key, record),
        signed=verification.signed(key, record),
        reversed=found.reversal is not None,
        bills=tuple(_bills(reader, caller, provider, pays)),
    )


def _bills(
    reader: Reader, caller: Caller, provider: Provider, pays: Sequence[Paid]
) -> Iterator[Bill]:
    """What the bills charged that are paid, where the provider's receipts say it: nothing of it
    changes afterwards, so dials are left out, which corrections may move."""
    if not parse_policies(provider.policies).documents.receipt_charges:
        return
    kinds = {kind.name.lower() for kind in BillKind}
    for paid in pays:
        if paid.kind in kinds:
            found = bills.bill(reader, caller, provider, paid.document_id)
            supplies = tuple(replace(one, dials=()) for one in found.supplies)
            yield replace(found, supplies=supplies)


def _pays(items: AccountItems, payment_id: int) -> Iterator[Paid]:
    """The documents that a payment paid when it was recorded, in order."""
    found = items.applied(payment_id)
    sums: dict[int, int] = {}
    for step in found.explained.steps:
        if step.undone_at is None:
            sums[step.item] = sums.get(step.item, 0) + step.amount
    for item, amount in sums.items():
        document = found.documents[item]
        is_entry = document.kind is DocumentKind.ENTRY
        kind = EntryKind(document.kind_no).name.lower() if is_entry else document.what
        yield Paid(kind, document.id, document.day, amount)


def _known(reader: Reader, provider_id: int, number: int) -> ReceiptRow:
    row = rows.of_number(reader, provider_id, number)
    if row is None:
        raise ReceiptUnknown(number)
    return row


def _key(keys: ReceiptKeys, key_id: str) -> Key:
    if key_id not in keys.keys:
        raise ReceiptKeyMissing(key_id)
    return keys.keys[key_id]


def _record(provider: Provider, row: ReceiptRow) -> Record:
    return Record(
        row.key_id,
        provider.provider_id,
        row.number,
        row.paid_at // 1_000_000,
        row.account_id,
        row.amount,
        provider.currency,
        row.content,
    )


# -- proved


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a code or signature is that of a receipt; row: the receipt, if it is. reversed: the
    payment was taken back since; copies: how often it was printed again."""

    row: ReceiptRow | None
    reversed: bool = False
    copies: int = 0

    @property
    def genuine(self) -> bool:
        """Whether the provider issued it, as it is."""
        return self.row is not None


def verify_code(
    write: Write, provider: Provider, keys: ReceiptKeys, number: int, code: str
) -> Verdict:
    """Whether a short code is that of the receipt of a number; a wrong one is counted, and one of
    a number that there is not is as wrong. Raises ReceiptLocked, ReceiptKeyMissing."""
    session, provider_id = write.session, provider.provider_id
    client_id = write.caller.client_id
    guard.check(session, provider_id, number, client_id, write.now)
    row = rows.of_number(session, provider_id, number)
    record = None if row is None else _record(provider, row)
    if (
        row is None
        or record is None
        or not verification.is_code(_key(keys, row.key_id), record, code)
    ):
        guard.count(session, provider_id, number, client_id, write.now)
        return Verdict(None)
    return _verdict(session, provider_id, row)


def verify_signed(reader: Reader, provider: Provider, keys: ReceiptKeys, text: str) -> Verdict:
    """Whether a signed text is that of a receipt of the provider. Raises ReceiptKeyMissing."""
    read = verification.read_signed(text)
    if read is None:
        return Verdict(None)
    record, signature = read
    row = rows.of_number(reader, provider.provider_id, record.number)
    if row is None or record != _record(provider, row):
        return Verdict(None)
    if not verification.is_signed(_key(keys, row.key_id).public, record, signature):
        return Verdict(None)
    return _verdict(reader, provider.provider_id, row)


def _verdict(reader: Reader, provider_id: int, row: ReceiptRow) -> Verdict:
    undone = payment_rows.reversal_of(reader, provider_id, row.channel_no, row.reference)
    copies = rows.copies(reader, provider_id, row.number) - 1
    return Verdict(row, undone is not None, copies)


# -- verify


def receipts_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Numbers are as many as were drawn, without gaps, but for devices' own; each receipt is of an
    entry of its account that credits its amount, its prints are 0, 1, 2, …; none is without it."""
    count, last = rows.counted(reader, provider_id, DEVICE_RECEIPTS)
    drawn = provider_rows.drawn(reader, provider_id, NUMBERS)
    if not count == last == drawn:
        yield broken(f"{count} receipts, the last {last}, of {drawn} drawn numbers.")
    for number in rows.misfit(reader, provider_id, MOST):
        yield broken("The receipt lacks its payment, or prints.", number=number)
    for number in rows.copied_alone(reader, provider_id, MOST):
        yield broken("It was printed, and was not issued.", number=number)
