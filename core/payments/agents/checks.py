"""The invariants of agents, for `billcore verify`."""

from collections.abc import Iterator

from billcore.core.findings import MOST, Broken, broken
from billcore.core.payments.agents.floats import Cash
from billcore.core.store import agents as rows
from billcore.core.store import ledger as ledger_rows
from billcore.core.store.port import OPEN_DAY, Reader

EVER = 2**63 - 1


def floats_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """An agent's float is what its shifts took and did not hand over, in its row, its movements and
    the ledger; what it earned is payable; a closed shift left nothing; a payment is an order's."""
    trial = ledger_rows.trial_balance(reader, provider_id, OPEN_DAY, EVER)
    balances = {str(code): int(balance) for code, _, balance in trial}
    for one in rows.floats(reader, provider_id):
        where = {"channel_no": one.channel_no}
        general = balances.get(f"cash_float:{one.channel}", 0)
        if not one.held == one.moved == general:
            yield broken(
                f"It holds {one.held}, its shifts {one.moved}, its ledger account {general}.",
                **where,
            )
        fees = balances.get(f"channel_fees:{one.channel}", 0)
        if one.earned != fees:
            yield broken(f"The agent earned {one.earned}, its fees are {fees}.", **where)
    for channel_no, shift_no, left in rows.closed_wrong(reader, provider_id, MOST):
        yield broken(f"It was closed with {left} left.", channel_no=channel_no, shift_no=shift_no)
    for channel_no, reference in rows.paid_wrong(reader, provider_id, Cash.PAYMENT, MOST):
        yield broken("No order has this payment.", channel_no=channel_no, reference=reference)
