"""Documents taken back and bills put in their place: issued, posted and told.

Every document of an account has a time of its own, in the order given, so that each opens with what
the one before it left. Documents of different accounts are issued together, by month and kind.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from billcore.core.accounts.policies import Policies
from billcore.core.billing.corrections.credits import add_bills, next_number, numbered
from billcore.core.billing.issue import EMPTY, Drafts, Issue, issue
from billcore.core.billing.openings import openings
from billcore.core.ledger.kinds import BillKind
from billcore.core.rating.batch import Ints
from billcore.core.store.columns import stacked
from billcore.core.store.port import Column, Kind, Session


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """taken: ids of documents, of each account in the order in which they are taken back.

    month: their accounting months; by: the documents that take them back, in the same order;
    instead: bills in the place of those of the rows `at`, which rise. Drafts have neither numbers
    nor openings yet.
    """

    taken: Ints
    month: Ints
    by: Drafts
    instead: Drafts = EMPTY
    at: Ints = field(default_factory=lambda: EMPTY.account_id)


@dataclass(frozen=True, slots=True, eq=False)
class Exchanged:
    """By row of the exchange: the ids of what takes back, and of what stands instead, or 0."""

    credit_id: Ints
    rebill_id: Ints


def exchange(
    session: Session, what: Exchange, how: Issue, policies: Policies, correction: int
) -> Exchanged:
    """Issues an exchange. how: of the first document; source and time of the others follow it.

    The accounts' turn has been taken. Raises StoreConflict when a document is taken back already.
    """
    press = _Press(session, how, policies, what.by.account_id)
    credit_id, rebill_id = np.zeros_like(what.taken), np.zeros_like(what.taken)
    for mine in _rounds(what.by.account_id):
        credit_id[mine] = press.issue(what.by.take(mine), what.month[mine])
        instead = np.flatnonzero(np.isin(what.at, mine))
        places = what.at[instead]
        rebill_id[places] = press.issue(what.instead.take(instead), what.month[places])
        account = what.by.account_id[mine]
        add_bills(session, account, what.taken[mine], credit_id[mine], rebill_id[mine], correction)
    return Exchanged(credit_id, rebill_id)


def together(parts: Sequence[tuple[Ints, Drafts]]) -> Drafts:
    """The drafts of several, each with its places among all."""
    places = np.concatenate([place for place, _ in parts])
    columns = {
        one.name: _stacked([getattr(drafts, one.name) for _, drafts in parts])
        for one in fields(Drafts)
    }
    return Drafts(**columns).take(np.argsort(places))


def _stacked(columns: Sequence[Column]) -> Any:
    return stacked(columns, Kind.INT if isinstance(columns[0], np.ndarray) else Kind.BYTES)


def _rounds(account: Ints) -> Iterator[Ints]:
    """The first rows of all accounts, then the second ones; each round by account."""
    order = np.argsort(account, kind="stable")
    mine = account[order]
    place = np.arange(len(mine)) - np.searchsorted(mine, mine)
    for number in range(int(place.max(initial=-1)) + 1):
        yield order[place == number]


class _Press:
    """Issues drafts of one document an account, one posting after the other."""

    def __init__(self, session: Session, how: Issue, policies: Policies, account: Ints) -> None:
        self._session, self._how, self._due_days = session, how, policies.due_days
        self._issued = 0
        self._accounts = np.unique(account)
        self._balance = openings(session, self._accounts)

    def issue(self, drafts: Drafts, month: Ints) -> Ints:
        """The ids, in the order of the drafts."""
        found = np.zeros(len(drafts), dtype=np.int64)
        groups = np.unique(np.stack([month, drafts.kind], axis=1), axis=0)
        for one, kind in groups.tolist():
            mine = np.flatnonzero((month == one) & (drafts.kind == kind))
            found[mine] = self._posted(drafts.take(mine), one, BillKind(kind))
        return found

    def _posted(self, drafts: Drafts, month: int, kind: BillKind) -> Ints:
        number = next_number(self._session, month, kind, drafts.account_id)
        place = np.searchsorted(self._accounts, drafts.account_id)
        opened = replace(numbered(drafts, number), opening=self._balance[place])
        issued = issue(self._session, opened, self._next(month, kind))
        self._balance[place] += drafts.total
        return issued.bill_id

    def _next(self, month: int, kind: BillKind) -> Issue:
        """A source and a time behind those of what was issued before."""
        how, count = self._how, self._issued
        self._issued += 1
        return replace(
            how,
            month=month,
            due_day=how.issued_day + (0 if kind is BillKind.CREDIT else self._due_days),
            source=f"{how.source}/{count}",
            recorded_at=how.recorded_at + count,
        )
