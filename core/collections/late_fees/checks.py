"""The invariant of late fees: what was charged is in the books, and comes out again."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from billcore.core.accounts.late_fees_read import rule_of
from billcore.core.collections.late_fees.charged import Charged, charged_before
from billcore.core.collections.late_fees.shown import as_known
from billcore.core.findings import MOST, Broken, broken
from billcore.core.ids import id_range
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import late_fees as rows
from billcore.core.store import providers
from billcore.core.store.late_fees import Assessment, Chunk, FeeRow
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

AGAIN = 3
"""So many of the last assessments are computed anew."""


def late_fees_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Every fee and credit is an account entry of its amount, and what assessments posted is a fee;
    a chunk counts and sums what it charged; credits never exceed their fee; and the last
    assessments come to the same again from what was known then."""
    for account, item, entry in rows.lost_entries(
        reader, *id_range(provider_id), EntryKind.LATE_FEE, MOST
    ):
        yield broken(
            "The late fee is not an account entry of its amount.",
            account_id=account,
            item_id=item,
            account_entry_id=entry,
        )
    kind, accounts = EntryKind.LATE_FEE, id_range(provider_id)
    for account, entry in rows.stray_entries(reader, provider_id, accounts, kind, MOST):
        yield broken(
            "An assessment posted the account entry, and it is no late fee.",
            account_id=account,
            account_entry_id=entry,
        )
    for assessment, chunk, *_ in rows.wrong_chunks(reader, provider_id, MOST):
        yield broken(
            "The chunk does not count and sum the fees that it charged.",
            assessment_id=assessment,
            chunk=chunk,
        )
    for account, entry, left in rows.wrong_credits(reader, *id_range(provider_id), MOST):
        yield broken(
            f"Of the late fee {left!s} is left after its credits, or it is none.",
            account_id=account,
            account_entry_id=entry,
        )
    yield from islice(_again(reader, provider_id), MOST)


def _again(reader: Reader, provider_id: int) -> Iterator[Broken]:
    provider = providers.provider(reader, provider_id)
    assert provider is not None
    for assessment in rows.assessments(reader, provider_id, 2**31 - 1, AGAIN):
        for chunk in rows.chunks(reader, provider_id, assessment.assessment_id):
            yield from _chunk_again(reader, provider, assessment, chunk)


def _chunk_again(
    reader: Reader, provider: Provider, assessment: Assessment, chunk: Chunk
) -> Iterator[Broken]:
    """The fees of a chunk, computed anew from what was known when it was done."""
    accounts = chunk.first_account, chunk.last_account
    own = _of(charged_before(reader, *accounts), assessment)
    if not own:
        return
    rules = {no: rule_of(text) for no, text in rows.rules(reader, provider.provider_id).items()}
    if lost := {row.rule_id for row in own} - {0, *rules}:
        yield broken("A rule by which fees were charged is lost.", rule_id=min(lost))
        return
    then = as_known(reader, provider, assessment, chunk, own, rules, accounts)
    items = then.debts.items
    keys = zip(items.account_id.tolist(), items.item_id.tolist(), strict=True)
    fees = dict(zip(keys, then.fee.tolist(), strict=True))
    for row in own:
        fee = fees.get((row.account_id, row.item_id), 0)
        if fee != row.fee:
            yield broken(
                f"The item bore a fee of {row.fee}; what was known then comes to {fee}.",
                account_id=row.account_id,
                item_id=row.item_id,
                assessment_id=row.assessment_id,
            )


def _of(charged: Charged, assessment: Assessment) -> list[FeeRow]:
    """The rows of an assessment."""
    own = np.flatnonzero(charged["assessment_id"] == assessment.assessment_id)
    columns = (charged[name][own].tolist() for name in FeeRow._fields)
    return [FeeRow(*row) for row in zip(*columns, strict=True)]
