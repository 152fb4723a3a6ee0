"""What records of devices do in the books: payments, voids, visits, disputes, cash handed in.

Receipts of cash are posted together by the intake, as money that was taken: under the number of the
receipt as the reference, at the collector's channel. What is remarkable becomes a flag of the
record, never an error: the device has printed it already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write
from billcore.core.accounts.checks import Ints, ints
from billcore.core.accounts.numbers import resolved
from billcore.core.collections.field.contents import (
    HandIn,
    Notice,
    Receipt,
    Reprint,
    Start,
    Tender,
    Visit,
    Void,
)
from billcore.core.collections.field.moving import Visits
from billcore.core.collections.field.records import Record, pieces
from billcore.core.collections.field.shift import Flag, believed
from billcore.core.collections.field.taken import Taken
from billcore.core.durations import DAY, SECOND, civil_day
from billcore.core.events.outbox import record
from billcore.core.ledger.balances import NOW
from billcore.core.payments import reversals
from billcore.core.payments.agents import shifts
from billcore.core.payments.channels import by_code
from billcore.core.payments.codes import Code, State, TargetKind
from billcore.core.payments.errors import ChannelUnknown
from billcore.core.payments.intake.form import check_form
from billcore.core.payments.intake.place import OpenChannel, Place
from billcore.core.payments.intake.post import Intake, post
from billcore.core.payments.orders import Told, orders
from billcore.core.payments.refusals import PaymentConflict
from billcore.core.payments.reversals import Asked, PaymentReversed, ReversalKind, ReversalLate
from billcore.core.payments.status import status
from billcore.core.store import bills as bill_rows
from billcore.core.store import field_records as rows
from billcore.core.store import ledger as ledger_rows
from billcore.core.store import payments as payment_rows
from billcore.core.store.errors import StoreBusy
from billcore.core.store.field_devices import DeviceRow
from billcore.core.store.field_records import HandInRow
from billcore.core.store.port import OPEN_DAY, Column, Reader

PAID_ELSEWHERE = "field.paid_elsewhere"

USED = (Code.OK_REPLAYED, Code.CONFLICT)
"""What becomes of a payment whose number another one has."""

C = TypeVar("C")


class Disputes(Protocol):
    """Who opens correction cases; cases stand above field work."""

    def check(self, told: Visit, place: str) -> None:
        """Raises DeviceRecordInvalid where a disputed visit names no kind of case."""

    def open(self, write: Write, account_id: int, kind: str, note: str) -> int:
        """The number of the case that was opened."""


@dataclass(slots=True)
class Effects:
    """Posts what records of one device did, in one transaction."""

    write: Write
    place: Place
    device: DeviceRow
    disputes: Disputes

    def post(self, taken: Sequence[Taken]) -> None:
        """Posts records in the order of their chain. OUT: what came of each."""
        self._starts(taken)
        self._find_accounts(taken)
        self._pay(taken)
        voided = self._void(taken)
        self._look_for_surplus(taken, voided)
        self._keep_receipts(taken, voided)
        self._visit(taken)
        self._hand_in(taken)

    # -- money

    def refused(self, records: Sequence[Record]) -> dict[int, str]:
        """The receipts of cash that no payment is ever posted of, by seq, and why."""
        cash = [
            (one, told)
            for one in records
            if isinstance(told := one.content, Receipt) and told.tender is Tender.CASH
        ]
        if not cash:
            return {}
        given = orders([self._told(*one) for one in cash])
        refusals = check_form(given, self._channels(), self.write.now)
        bad = np.flatnonzero(~refusals.good).tolist()
        return {cash[row][0].seq: refusals.error(row).message for row in bad}

    def _channels(self) -> dict[int, OpenChannel]:
        return {self.place.channel.channel_no: self.place.channel}

    def _pay(self, taken: Sequence[Taken]) -> None:
        cash = [(one, told) for one, told in _of(taken, Receipt) if told.tender is Tender.CASH]
        if cash:
            place = self.place
            channels = self._channels()
            intake = Intake(
                place.provider_id, self.write.now, place.time_zone, place.policies, channels
            )
            given = orders([self._told(one.record, told) for one, told in cash])
            posted = post(self.write.session, intake, given)
            for row in np.flatnonzero(posted.code != Code.OK).tolist():
                if posted.code[row] in USED:  # another call used the number meanwhile
                    raise StoreBusy("a payment of the same number was posted at the same time.")
                raise posted.error(row)
            for (one, _), order in zip(cash, posted.all(), strict=True):
                one.payment_id = order.payment_id
                one.account_id = order.account_id
                if order.state == State.SUSPENDED:
                    one.flags |= Flag.SUSPENDED
        for one, told in _of(taken, Receipt):
            if told.tender is Tender.TRANSFER and not self._stands(one, told):
                one.flags |= Flag.TRANSFER_UNKNOWN

    def _told(self, of: Record, told: Receipt) -> Told:
        return Told(
            channel_no=self.place.channel.channel_no,
            reference=str(told.number),
            target_kind=TargetKind.ACCOUNT,
            target=told.account,
            amount=told.amount,
            taken=True,
            client_id=self.write.caller.client_id,
            direction=f"bill:{told.bill_id}" if told.bill_id else "",
            paid_at=self._paid_at(of),
        )

    def _paid_at(self, of: Record) -> int:
        """When money was taken, by the clocks that nobody sets, as far back as the channel takes
        payments: microseconds since 1970 in UTC."""
        first = self.write.now - self.place.channel.policies.late_days * DAY
        return max(min(believed(of) * SECOND, self.write.now), first, 1)

    def _stands(self, one: Taken, told: Receipt) -> bool:
        """Whether the payment of a transfer was posted to the receipt's account with this amount,
        and stands."""
        code, _, reference = told.transfer.partition(" ")
        try:
            channel = by_code(self.write.session, self.place.provider_id, code)
        except ChannelUnknown:
            return False
        key = self.place.provider_id, channel.channel_no, reference
        found = status(self.write.session, *key, self.write.now)
        if found.state is not State.POSTED or found.order is None:
            return False
        posted = found.order.account_id, found.order.amount
        return one.account_id != 0 and posted == (one.account_id, told.amount)

    def _void(self, taken: Sequence[Taken]) -> dict[int, int]:
        """Takes payments of void receipts back; the seqs of their voids by number."""
        found: dict[int, int] = {}
        numbers = [told.number for _, told in _of(taken, Void)]
        kept = rows.receipts(self.write.session, self.place.provider_id, numbers)
        cash = {told.number for _, told in _of(taken, Receipt) if told.tender is Tender.CASH}
        cash |= {number for number, row in kept.items() if row.tender == Tender.CASH}
        for one, told in _of(taken, Void):
            found[told.number] = one.record.seq
            if told.number in cash:
                one.flags |= self._reverse(told)
        return found

    def _reverse(self, told: Void) -> Flag:
        named = str(told.number)
        asked = Asked(f"{named}-void", named, ReversalKind.CANCELLED, told.why)
        try:
            reversals.reverse(self.write, self.place, asked, self._today())
        except PaymentReversed:  # all are raised before anything is written
            return Flag.UNDONE_BEFORE
        except PaymentConflict:  # the office gave this name to a reversal of its own
            key = self.place.provider_id, self.place.channel.channel_no
            done = payment_rows.reversal_of(self.write.session, *key, named)
            return Flag.UNDONE_BEFORE if done else Flag.VOID_LATE
        except ReversalLate:
            return Flag.VOID_LATE
        return Flag(0)

    def _look_for_surplus(self, taken: Sequence[Taken], voided: Mapping[int, int]) -> None:
        """Finds receipts of debts that were paid otherwise since the device was told of them."""
        stand = [
            (one, told)
            for one, told in _of(taken, Receipt)
            if one.payment_id and one.account_id and told.number not in voided
        ]
        if not stand:
            return
        account_id = np.array([one.account_id for one, _ in stand], dtype=np.int64)
        credit = credits_of(self.write.session, self.place.provider_id, account_id)
        for one, told in reversed(stand):
            part = min(told.amount, credit[one.account_id])
            credit[one.account_id] -= part
            one.surplus = max(0, part - max(0, told.amount - told.debt))
            if one.surplus:
                one.flags |= Flag.PAID_ELSEWHERE
                self._tell_surplus(one, told)

    def _tell_surplus(self, one: Taken, told: Receipt) -> None:
        detail = {
            "account_id": one.account_id, "number": told.number, "amount": told.amount,
            "surplus": one.surplus, "payment_id": one.payment_id,
        }  # fmt: skip
        subject = f"account {one.account_id}"
        provider_id, now = self.place.provider_id, self.write.now
        record(self.write.session, provider_id, PAID_ELSEWHERE, subject, detail, now)

    def _keep_receipts(self, taken: Sequence[Taken], voided: Mapping[int, int]) -> None:
        new = list(_of(taken, Receipt))
        copies: dict[int, int] = {}
        for _, told in _of(taken, Reprint):
            copies[told.number] = told.copy_no
        if new:
            self._add_receipts(new, voided, copies)
        own = {told.number for _, told in new}
        named = sorted((voided.keys() | copies.keys()) - own)
        kept = rows.receipts(self.write.session, self.place.provider_id, named)
        changed = {
            number: (voided.get(number, row.void_seq), copies.get(number, row.copies))
            for number, row in kept.items()
        }
        rows.change_receipts(self.write.session, self.place.provider_id, changed)

    def _add_receipts(
        self,
        new: Sequence[tuple[Taken, Receipt]],
        voided: Mapping[int, int],
        copies: Mapping[int, int],
    ) -> None:
        table = {
            "number": [told.number for _, told in new],
            "seq": [one.record.seq for one, _ in new],
            "start_seq": [one.start_seq for one, _ in new],
            "account_id": [one.account_id for one, _ in new],
            "assignment_no": [told.assignment_no for _, told in new],
            "tender": [int(told.tender) for _, told in new],
            "amount": [told.amount for _, told in new],
            "debt": [told.debt for _, told in new],
            "payment_id": [one.payment_id for one, _ in new],
            "surplus": [one.surplus for one, _ in new],
            "settlement": [int(bool(one.surplus)) for one, _ in new],
            "void_seq": [voided.get(told.number, 0) for _, told in new],
            "copies": [copies.get(told.number, 0) for _, told in new],
        }
        columns: dict[str, Column] = {
            name: np.array(values, dtype=np.int64) for name, values in table.items()
        }
        same = {
            "provider_id": self.place.provider_id, "device_no": self.device.device_no,
            "case_no": 0, "recorded_at": self.write.now,
        }  # fmt: skip
        columns |= {name: np.full(len(new), value) for name, value in same.items()}
        rows.add_receipts(self.write.session, columns)

    # -- visits, disputes

    def _find_accounts(self, taken: Sequence[Taken]) -> None:
        named = [
            (one, told.account)
            for one in taken
            if isinstance(told := one.record.content, Notice | Receipt | Visit)
        ]
        if named:
            numbers = pa.array([number for _, number in named], pa.string())
            found = resolved(self.write.session, self.place.provider_id, "account", numbers)
            for (one, _), account_id in zip(named, found.tolist(), strict=True):
                one.account_id = account_id

    def _visit(self, taken: Sequence[Taken]) -> None:
        visits = Visits.of(self.write, self.place, self.device.device_no, taken)
        for one in taken:
            one.flags |= visits.take(one)
            told = one.record.content
            if isinstance(told, Visit) and told.dispute and one.account_id:
                given = one.account_id, told.dispute, told.note
                one.case_no = self.disputes.open(self.write, *given)
                visits.disputed(one)
        visits.keep()

    # -- shifts

    def _starts(self, taken: Sequence[Taken]) -> None:
        """Opens the agent's shift where the device began one, and the agent has none open."""
        provider_id, channel = self.place.provider_id, self.place.channel
        unconfirmed = bool(rows.open_hand_ins(self.write.session, provider_id, channel.channel_no))
        for one in taken:
            match one.record.content:
                case HandIn():
                    unconfirmed = True
                case Start():
                    one.flags |= Flag.HAND_IN_OPEN if unconfirmed else Flag(0)
                    shifts.see_open(self.write, channel.channel)

    def _hand_in(self, taken: Sequence[Taken]) -> None:
        for one, told in _of(taken, HandIn):
            declared = pieces(told.denominations) or 0
            row = HandInRow(
                self.device.device_no, one.record.seq, self.place.channel.channel_no, told.total,
                told.receipts, told.voids, told.denominations, declared, 0, 0, 0, 0,
                self.write.now,
            )  # fmt: skip
            rows.add_hand_in(self.write.session, self.place.provider_id, row)

    def _today(self) -> int:
        return civil_day(self.write.now, self.place.time_zone)


def credits_of(reader: Reader, provider_id: int, account_id: Ints) -> dict[int, int]:
    """What accounts have in credit (0: they owe, or are even), in minor units."""
    issued = bill_rows.amounts_of(reader, provider_id, account_id, OPEN_DAY, NOW)
    posted = ledger_rows.amounts_since(reader, account_id, -1)
    owed = dict.fromkeys(account_id.tolist(), 0)
    for owner, amount in (
        *zip(ints(issued["account_id"]).tolist(), ints(issued["total"]).tolist(), strict=True),
        *zip(ints(posted["account_id"]).tolist(), ints(posted["amount"]).tolist(), strict=True),
    ):
        if owner in owed:
            owed[owner] += amount
    return {owner: max(0, -balance) for owner, balance in owed.items()}


def _of(taken: Iterable[Taken], kind: type[C]) -> list[tuple[Taken, C]]:
    return [(one, told) for one in taken if isinstance(told := one.record.content, kind)]
