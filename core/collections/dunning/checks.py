"""The invariant of dunning: nothing was done twice, nor about what was not owed then."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

import numpy as np

from billcore.core.collections.dunning.judging import debt_of
from billcore.core.collections.dunning.owing import Overdue, disputed
from billcore.core.collections.dunning.policy import parse_policy
from billcore.core.findings import MOST, Broken, broken
from billcore.core.ids import id_range
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import dunning as rows
from billcore.core.store.dunning import ActionRow
from billcore.core.store.port import Reader

AGAIN = 2_000
"""So many of the last actions are computed anew."""


def dunning_agrees(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Accounts are as their last actions left them; actions follow each other level by level, each
    once in its episode; charges are entries of their amounts and the other way round; and the last
    actions are about what accounts owed by what was posted then, less what was disputed."""
    span = *id_range(provider_id), MOST
    for sql, message in (
        (rows.WRONG_STATES, "The account is not as its last action left it."),
        (rows.STRAY_STATES, "The account has not the action that it is said to have."),
        (rows.WRONG_STEPS, "The action does not follow from the one before."),
    ):
        for account, action in rows.wrong(reader, sql, *span):
            yield broken(message, account_id=account, action_no=action)
    fee = int(EntryKind.FEE)
    for account, action, entry in rows.wrong(reader, rows.LOST_CHARGES, *span, kind=fee):
        yield broken(
            "The charge is not an account entry of its amount.",
            account_id=account,
            action_no=action,
            account_entry_id=entry,
        )
    of = {"kind": fee, "provider_id": provider_id}
    for account, entry in rows.wrong(reader, rows.STRAY_CHARGES, *span, **of):
        yield broken(
            "Dunning posted the account entry, and no action says so.",
            account_id=account,
            account_entry_id=entry,
        )
    lost = rows.wrong(reader, rows.LOST_REVISIONS, *span, provider_id=provider_id)
    for account, action, policy, revision in lost:
        yield broken(
            f"Revision {revision!s} of the policy {policy!s} is lost.",
            account_id=account,
            action_no=action,
        )
    if not lost:
        yield from islice(_again(reader, provider_id), MOST)


def _again(reader: Reader, provider_id: int) -> Iterator[Broken]:
    newest = rows.newest(reader, *id_range(provider_id), AGAIN)

    def turn(row: ActionRow) -> tuple[int, int, int]:
        return row.known_at, row.recorded_at, row.day

    for (known_at, recorded_at, day), same in groupby(sorted(newest, key=turn), key=turn):
        some = sorted(same)
        account_id = np.array([row.account_id for row in some], dtype=np.int64)
        overdue = Overdue(reader, provider_id, account_id, day, known_at)
        held = disputed(reader, account_id, day, recorded_at)
        yield from _differing(reader, provider_id, some, overdue, held)


def _differing(
    reader: Reader,
    provider_id: int,
    some: Sequence[ActionRow],
    overdue: Overdue,
    held: dict[tuple[int, int], int],
) -> Iterator[Broken]:
    for row in some:
        policy = parse_policy(rows.revision(reader, provider_id, row.policy, row.revision))
        owed = overdue.owed(row.account_id, policy.items, held, row.in_flight)
        then = debt_of(owed)
        if (then.debt, then.overdue, then.oldest) != (row.debt, row.overdue, row.oldest_due_day):
            yield broken(
                f"The action is about {row.debt}; what was known then comes to {then.debt}.",
                account_id=row.account_id,
                action_no=row.action_no,
            )
