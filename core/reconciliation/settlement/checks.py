"""The invariants of settlements: reports, credits and entries add up."""

from collections.abc import Iterator
from itertools import islice

from billcore.core.findings import MOST, Broken, broken
from billcore.core.payments.channels import ChannelKind
from billcore.core.payments.intake.place import opened
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.computing import BreakState
from billcore.core.store import channels
from billcore.core.store import ledger as ledger_rows
from billcore.core.store import settlements as rows
from billcore.core.store.port import OPEN_DAY, Reader

EVER = 2**63 - 1


def settlements_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """What is kept of a matched day is its reports without duplicates; what was paid of a
    settlement is what its credits come to, and what its entries do; the ledger account of a bank
    account is those entries and what was posted as money whose owner is unknown."""
    sums = rows.reported_sums(
        reader, provider_id, BreakKind.DUPLICATE_IN_REPORT, BreakState.RESOLVED,
        ChannelKind.BANK_ACCOUNT,
    )  # fmt: skip
    wrong = (one for one in sums if one[2] - one[3] != one[4])
    for channel_no, day, told, twice, kept in islice(wrong, MOST):
        message = f"Its reports tell {told}, {twice} of it twice; {kept} is kept of them."
        yield broken(message, channel_no=channel_no, day=day)
    for settlement_id, paid, credited in rows.misfits(reader, provider_id, MOST):
        message = f"It says {paid} was paid, its credits come to {credited}."
        yield broken(message, settlement=settlement_id)
    for one in rows.unposted(reader, provider_id, MOST):
        message = f"{one.paid} was paid of it with fees of {one.fee + one.charged}, "
        message += f"its entries come to {one.posted_bank} and {one.posted_fee}."
        yield broken(message, settlement=one.settlement_id)
    yield from _banks_agree(reader, provider_id)


def _banks_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    posted = rows.posted(reader, provider_id)
    trial = ledger_rows.trial_balance(reader, provider_id, OPEN_DAY, EVER)
    balances = {str(code): int(amount) for code, _, amount in trial}
    for channel in channels.own(reader, provider_id):
        if channel.kind != ChannelKind.BANK_ACCOUNT:
            continue
        waiting = rows.suspended(reader, provider_id, channel.channel_no, (0, OPEN_DAY))
        wanted = posted.get(channel.channel_no, 0) + sum(one.amount for one in waiting)
        held = balances.get(opened(channel).ledger, 0)
        if held != wanted:
            message = f"Settlements and suspense come to {wanted}, its ledger account to {held}."
            yield broken(message, channel_no=channel.channel_no)
