"""Statements of accounts as facts."""

from billcore.core.billing.items import account_items
from billcore.core.documents.facts import Entry, Statement
from billcore.core.enquiries.documents import parties
from billcore.core.ledger import balances
from billcore.core.ledger.balances import Document, DocumentKind
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


def statement(
    reader: Reader,
    provider: Provider,
    account_id: int,
    first_day: int,
    last_day: int,
    known_at: int,
) -> Statement:
    """What happened to an account on first_day..last_day, as known at a time; first_day 0: from
    the beginning."""
    every = account_items(reader, account_id, last_day, known_at)
    told = balances.statement_of(every.documents, first_day, last_day)
    entries = tuple(map(_entry, told.documents, told.balances))
    return Statement(
        seller=parties.seller(provider),
        payer=parties.payer(reader, account_id),
        money=parties.money(provider),
        first_day=first_day,
        last_day=last_day,
        known_at=known_at,
        opening=told.opening,
        closing=told.closing,
        entries=entries,
    )


def _entry(document: Document, balance: int) -> Entry:
    is_entry = document.kind is DocumentKind.ENTRY
    kind = EntryKind(document.kind_no).name.lower() if is_entry else document.what
    reversal = is_entry and bool(document.undoes)
    return Entry(document.day, kind, document.reference, document.amount, balance, reversal)
