#!/usr/bin/env python
"""Tells customers by SMS or e-mail what happened to their accounts, as they want to be told.

An account's notification preferences say by which way, in which language and of what; --default
says what becomes of accounts that never said anything.

At least once: a message is sent, then noted in the consumer's own file (--place) by event and its
number in it; the place moves when all messages of a batch are sent. After a crash everything that
was noted is passed over; a message whose note was lost is sent again under the same id.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import feed
import senders
from place import Place

from billcore.v1 import (
    account_service_pb2,
    enquiry_service_pb2,
    ledger_service_pb2,
    notifications_pb2,
)
from billcore.v1 import event_service_pb2 as pb
from billcore.v1.account_service_pb2_grpc import AccountServiceStub
from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceStub

TEXTS = json.loads((Path(__file__).parent / "texts.json").read_text("utf-8"))
"""Titles and texts, by language, by what happened."""

KINDS = ("bills.issued", "account_entries.posted", "autopay_reminder", "case.notified")

PAYMENT = ledger_service_pb2.ENTRY_KIND_PAYMENT
LATE_FEE = ledger_service_pb2.ENTRY_KIND_LATE_FEE

SMS = notifications_pb2.NOTIFICATION_CHANNEL_SMS
EMAIL = notifications_pb2.NOTIFICATION_CHANNEL_EMAIL

WANTED = {
    "bill": notifications_pb2.NOTIFICATION_EVENT_BILL_ISSUED,
    "credit": notifications_pb2.NOTIFICATION_EVENT_BILL_ISSUED,
    "reminder": notifications_pb2.NOTIFICATION_EVENT_BILL_DUE,
    "paid": notifications_pb2.NOTIFICATION_EVENT_PAYMENT_RECEIVED,
    "returned": notifications_pb2.NOTIFICATION_EVENT_PAYMENT_REVERSED,
    "late_fee": notifications_pb2.NOTIFICATION_EVENT_LATE_FEE_CHARGED,
    "case": notifications_pb2.NOTIFICATION_EVENT_CASE_CHANGED,
}
"""What of an account's preferences lets a message go."""


@dataclass(frozen=True)
class Happened:
    """What an account is told. amount: minor units, as the customer sees it; day: ISO or ''."""

    account_id: int
    what: str
    amount: int
    day: str = ""


def happened(event: pb.Event) -> Iterator[Happened]:
    """What an event has to say to customers: nothing, or something to each of some accounts."""
    told = json.loads(event.payload)
    match event.kind:
        case "bills.issued":
            day = date.fromordinal(told["due_day"]).isoformat()
            for account_id, amount in zip(told["account_ids"], told["amounts"], strict=True):
                yield Happened(account_id, "bill" if amount >= 0 else "credit", abs(amount), day)
        case "account_entries.posted":
            columns = ("account_ids", "amounts", "kinds", "reverses")
            rows = zip(*(told[name] for name in columns), strict=True)
            for account_id, amount, kind, reverses in rows:
                if kind == PAYMENT:
                    yield Happened(account_id, "returned" if reverses else "paid", abs(amount))
                if kind == LATE_FEE and not reverses:
                    yield Happened(account_id, "late_fee", amount)
        case "autopay_reminder":
            day = date.fromordinal(told["due_day"]).isoformat()
            yield Happened(told["account_id"], "reminder", told["amount"], day)
        case "case.notified":
            yield Happened(told["account_id"], "case", abs(told["amount"]))


@dataclass
class Notifier:
    """Sends what events have to say. tell_all: also to those who never said how they are told."""

    caller: feed.Caller
    sender: senders.Sender
    place: Place
    tell_all: bool = False
    sent: int = field(default=0)

    def __post_init__(self) -> None:
        self._accounts = AccountServiceStub(self.caller.channel)
        self._enquiries = EnquiryServiceStub(self.caller.channel)
        request = account_service_pb2.GetProviderRequest()
        provider = self._accounts.GetProvider(request, metadata=self.caller.metadata).provider
        self._language: str = provider.language

    def handle(self, batch: feed.Batch) -> None:
        for event in batch.events:
            for number, one in enumerate(happened(event)):
                if not self.place.is_handled(event.event_id, number):
                    self._send(f"{event.event_id}/{number}", one)
                    self.place.handled(event.event_id, number)
        self.place.move(batch.through)

    def _send(self, name: str, one: Happened) -> None:
        message = self._message(name, one)
        if message is not None:
            _until_accepted(self.sender, message)
            self.sent += 1

    def _message(self, name: str, one: Happened) -> senders.Message | None:
        """None: nobody wants it, or nobody knows how to reach the customer."""
        wanted = self._preferences(one.account_id)
        if not self._lets_go(wanted, one.what):
            return None
        account = self._account(one.account_id)
        owner = self._customer(account.customer_id)
        phone, email = account.phone or owner.phone, account.email or owner.email
        by_sms = wanted.channel == SMS if wanted.version else bool(phone)
        to = phone if by_sms else email
        if not to:
            return None
        language = wanted.language or account.language or owner.language or self._language
        title, text = _texts(language)[one.what]
        summary = self._summary(one.account_id)
        facts = {
            "account": summary.number,
            "amount": f"{money(one.amount, summary.digits)} {summary.currency}",
            "day": one.day,
        }
        return senders.Message(
            id=name,
            way="sms" if by_sms else "email",
            to=to,
            language=language,
            title=title,
            text=text.format(**facts),
        )

    def _lets_go(self, wanted: notifications_pb2.NotificationPreferences, what: str) -> bool:
        if not wanted.version:
            return self.tell_all
        return wanted.channel in (SMS, EMAIL) and WANTED[what] in wanted.events

    def _preferences(self, account_id: int) -> notifications_pb2.NotificationPreferences:
        request = notifications_pb2.GetNotificationPreferencesRequest(account_id=account_id)
        answer = self._accounts.GetNotificationPreferences(request, metadata=self.caller.metadata)
        return answer.preferences

    def _account(self, account_id: int) -> account_service_pb2.Account:
        request = account_service_pb2.GetAccountRequest(account_id=account_id)
        return self._accounts.GetAccount(request, metadata=self.caller.metadata).account

    def _customer(self, customer_id: int) -> account_service_pb2.Customer:
        request = account_service_pb2.GetCustomerRequest(customer_id=customer_id)
        return self._accounts.GetCustomer(request, metadata=self.caller.metadata).customer

    def _summary(self, account_id: int) -> enquiry_service_pb2.GetAccountSummaryResponse:
        request = enquiry_service_pb2.GetAccountSummaryRequest(account_id=account_id)
        return self._enquiries.GetAccountSummary(request, metadata=self.caller.metadata)


def _texts(language: str) -> Any:
    """The texts of a language: a tag's own, or of its first part ("zh-Hans"); else English."""
    return TEXTS.get(language) or TEXTS.get(language.partition("-")[0]) or TEXTS["en"]


def money(amount: int, digits: int) -> str:
    """Minor units for people: 1234567 with two digits is 12,345.67."""
    whole, rest = divmod(amount, 10**digits)
    return f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")


def _until_accepted(sender: senders.Sender, message: senders.Message) -> None:
    wait = 1.0
    while True:
        try:
            return sender.send(message)
        except Exception as error:
            print(f"{message.id}: {error}; again in {wait:.0f} s", file=sys.stderr)
            time.sleep(wait)
            wait = min(2 * wait, feed.WAIT_SECONDS_MAX)


def main() -> int:
    parser = feed.arguments(__doc__)
    parser.add_argument("--sender", default="console", help="'console' or 'module:Class'")
    parser.add_argument(
        "--begin",
        choices=("now", "first"),
        default="now",
        help="where a new --place begins: what is already there is not told again",
    )
    parser.add_argument(
        "--default",
        choices=("none", "all"),
        default="none",
        help="accounts that never said how they want to be told: tell them nothing, or all, by SMS "
        "where there is a phone number, else by e-mail",
    )
    options = parser.parse_args()
    caller = feed.connected(options)
    place = Place(options.place)
    if place.through() is None:
        place.move(0 if options.begin == "first" else feed.last_sequence(caller))
    notifier = Notifier(caller, senders.named(options.sender), place, options.default == "all")
    keys = feed.Keys(caller, options.public_keys)
    for batch in feed.follow(caller, keys, place.through() or 0, KINDS, options.once):
        notifier.handle(batch)
    print(f"{notifier.sent} messages", file=sys.stderr)
    place.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
