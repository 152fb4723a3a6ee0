#!/usr/bin/env python
"""Rebuilds what every account owes from events alone, and compares it with the ledger.

Events of bills and account entries tell amounts by account (docs/api.md, EventService); they are
added in the transaction that moves the consumer's place, so that each counts exactly once, however
often it is told and whenever the consumer is killed. Ends with 0 if every balance agrees, else 1.
"""

import json
import sys
import time
from collections.abc import Iterator

import feed
from place import Place

from billcore.v1 import account_service_pb2, enquiry_service_pb2, ledger_service_pb2
from billcore.v1.account_service_pb2_grpc import AccountServiceStub
from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceStub
from billcore.v1.ledger_service_pb2_grpc import LedgerServiceStub

KINDS = ("bills.issued", "account_entries.posted")

FOR_EVER = "2299-12-31"
"""The last day that the API takes. Entries may count from a later day on than today; events have
told of them already."""

TRIES = 10
"""What was written a moment ago may not be numbered yet: accounts that differ are asked again."""


def main() -> int:
    parser = feed.arguments(__doc__)
    options = parser.parse_args()
    caller = feed.connected(options)
    place, keys = Place(options.place), feed.Keys(caller, options.public_keys)
    catch_up(caller, keys, place)
    differing = list(compared(caller, place, dict.fromkeys(accounts(caller))))
    for _ in range(TRIES):
        if not differing:
            break
        time.sleep(1)
        catch_up(caller, keys, place)
        differing = list(compared(caller, place, {number: None for number, *_ in differing}))
    for account_id, told, owed in differing:
        print(f"account {account_id}: events tell {told}, the ledger says {owed}")
    total, receivable = sum(place.balances().values()), owed_in_all(caller)
    print(f"{len(place.balances())} accounts, {total} in all, the ledger's receivable {receivable}")
    place.close()
    return 1 if differing or total != receivable else 0


def catch_up(caller: feed.Caller, keys: feed.Keys, place: Place) -> None:
    """Adds everything up to the end of the log."""
    for batch in feed.follow(caller, keys, place.through() or 0, KINDS, once=True):
        with place.together():
            for event in batch.events:
                told = json.loads(event.payload)
                place.add(zip(told["account_ids"], told["amounts"], strict=True))
            place.move(batch.through)


def accounts(caller: feed.Caller) -> Iterator[int]:
    """Every account of the provider."""
    stub, token = AccountServiceStub(caller.channel), ""
    while True:
        request = account_service_pb2.ListAccountsRequest(page_size=1000, page_token=token)
        page = stub.ListAccounts(request, metadata=caller.metadata)
        yield from (account.account_id for account in page.accounts)
        token = page.next_page_token
        if not token:
            return


def compared(
    caller: feed.Caller, place: Place, asked: dict[int, None]
) -> Iterator[tuple[int, int, int]]:
    """The accounts of which events and ledger tell something else: (account, told, owed)."""
    stub, told = EnquiryServiceStub(caller.channel), place.balances()
    for account_id in asked:
        request = enquiry_service_pb2.GetBalanceRequest(account_id=account_id, day=FOR_EVER)
        owed = stub.GetBalance(request, metadata=caller.metadata).balance
        if told.get(account_id, 0) != owed:
            yield account_id, told.get(account_id, 0), owed


def owed_in_all(caller: feed.Caller) -> int:
    """What the general ledger says that accounts owe."""
    request = ledger_service_pb2.GetTrialBalanceRequest(day=FOR_EVER)
    stub = LedgerServiceStub(caller.channel)
    books = stub.GetTrialBalance(request, metadata=caller.metadata)
    return sum(one.balance for one in books.balances if one.code == "receivable")


if __name__ == "__main__":
    sys.exit(main())
