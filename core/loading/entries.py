"""Account entries in bulk: opening balances, payments of the past, adjustments."""

import numpy as np
import pyarrow as pa

from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.bulk import known_ids
from billcore.core.accounts.checks import (
    Bools,
    Checks,
    Day,
    Ints,
    Loaded,
    Rule,
    Text,
    Word,
    ints,
    read,
)
from billcore.core.accounts.errors import AccountUnknown, AlreadyTaken, FieldRefused
from billcore.core.accounts.providers import get_provider
from billcore.core.errors import quoted
from billcore.core.ledger.account_entries import (
    AccountEntries,
    Posting,
    post_account_entries,
)
from billcore.core.ledger.kinds import SIGNS, EntryKind
from billcore.core.loading.amounts import amounts
from billcore.core.loading.values import mapped
from billcore.core.loading.work import Work
from billcore.core.store import loads as rows
from billcore.core.store.port import Columns

KINDS: dict[str, EntryKind] = {
    kind.name.lower(): kind
    for kind in EntryKind
    if kind < EntryKind.PROVISIONAL and kind is not EntryKind.WRITE_OFF
}
"""What is loaded; a write-off wants its approval, and later kinds have ways of their own, too."""

RULES: tuple[Rule, ...] = (
    Text("account", least=1, most=40),
    Word("kind", tuple(KINDS)),
    Day("day"),
    Text("amount", least=1, most=40),
    Text("reference", least=1, most=100),
)


def load_entries(work: Work, columns: Columns) -> Loaded:
    """Posts account entries: columns of RULES. amount: decimal units of the provider's currency.

    Refuses an entry whose account, kind, day and reference are posted already (AlreadyTaken).
    """
    table, checks = read("entries", RULES, columns)
    currency = get_provider(work.session, work.caller, 0).currency
    amount = amounts(currency, "amount", table["amount"], lambda v: v == 0, "not 0", checks)
    kind = mapped("kind", table["kind"], lambda word: KINDS.get(word, 0), checks)
    _check_signs(kind, amount, checks)
    account = known_ids(
        work.session,
        work.provider_id,
        ACCOUNTS,
        table["account"],
        "account",
        AccountUnknown,
        checks,
    )
    day, reference = ints(table["day"]), table["reference"]
    _check_new(work, account, kind, day, reference, checks)
    good = np.flatnonzero(checks.good)
    ids = np.zeros(len(amount), dtype=np.int64)
    if good.size:
        entries = AccountEntries(
            account[good],
            kind[good],
            day[good],
            amount[good],
            reference.take(pa.array(good)),
            np.zeros_like(good),
        )
        posting = Posting(work.provider_id, work.source, work.caller.client_id, work.now)
        ids[good] = post_account_entries(work.session, entries, posting)
    return work.tell("entries", Loaded(ids, checks.refusals))


def _check_signs(kind: Ints, amount: Ints, checks: Checks) -> None:
    signs = np.zeros(max(EntryKind) + 1, dtype=np.int64)
    signs[list(SIGNS)] = list(SIGNS.values())
    words = {number: word for word, number in KINDS.items()}
    checks.refuse(
        np.sign(amount) * signs[kind] < 0,
        FieldRefused,
        "amount",
        lambda row: (
            f"a {words[EntryKind(kind[row])]} is {'positive' if amount[row] < 0 else 'negative'}: "
            "debits are positive, credits negative."
        ),
    )


def _check_new(
    work: Work, account: Ints, kind: Ints, day: Ints, reference: pa.StringArray, checks: Checks
) -> None:
    """Refuses entries that stand in an earlier row, or are posted."""
    good = np.flatnonzero(checks.good)
    if not good.size:
        return
    days = day[good]
    old = rows.posted(work.session, account[good], int(days.min()), int(days.max()))
    texts = pa.concat_arrays([old["reference"], reference.take(pa.array(good))])
    keys = np.stack(
        [
            np.concatenate([ints(old["account_id"]), account[good]]),
            np.concatenate([ints(old["kind"]), kind[good]]),
            np.concatenate([ints(old["day"]), days]),
            texts.dictionary_encode().indices.to_numpy().astype(np.int64),
        ]
    )
    bad: Bools = np.zeros(len(account), dtype=np.bool_)
    bad[good] = repeated_keys(keys)[len(old["reference"]) :]
    checks.refuse(
        bad,
        AlreadyTaken,
        "reference",
        lambda row: (
            f"{quoted(reference[row].as_py())} is posted already to this account, of this "
            "kind and day."
        ),
    )


def repeated_keys(keys: Ints) -> Bools:
    """Of each column of a matrix, whether an earlier column is the same."""
    order = np.lexsort(keys)
    ordered = keys[:, order]
    found = np.zeros(keys.shape[1], dtype=np.bool_)
    found[order[1:]] = (ordered[:, 1:] == ordered[:, :-1]).all(axis=0)
    return found
