"""The invariants of vouchers, for `billcore verify`."""

from collections.abc import Iterator

from billcore.core.findings import MOST, Broken, broken
from billcore.core.payments.vouchers import secret
from billcore.core.payments.vouchers.moves import LIABILITY
from billcore.core.payments.vouchers.states import VoucherState
from billcore.core.store import ledger as ledger_rows
from billcore.core.store import vouchers as rows
from billcore.core.store.port import OPEN_DAY, Reader

EVER = 2**63 - 1


def vouchers_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """The liability is what sold vouchers that are not redeemed are worth, blocked ones included;
    batches are whole; who is sold has a sale, and who is redeemed a payment of its value."""
    trial = ledger_rows.trial_balance(reader, provider_id, OPEN_DAY, EVER)
    owed = -next((int(balance) for code, _, balance in trial if code == LIABILITY), 0)
    sold, redeemed = VoucherState.SOLD, VoucherState.REDEEMED
    liable = rows.liable(reader, provider_id, sold, VoucherState.BLOCKED)
    if owed != liable:
        yield broken(f"The ledger account {LIABILITY} owes {owed}, vouchers are worth {liable}.")
    for batch_no, wanted, there in rows.lost_vouchers(reader, provider_id, MOST):
        yield broken(f"The batch has {there} vouchers, not {wanted}.", batch_no=batch_no)
    for number in rows.redeemed_wrong(reader, provider_id, redeemed, MOST):
        yield broken("It is redeemed, or paid, alone.", serial=secret.serial(number))
    for number in rows.unsold(reader, provider_id, sold, redeemed, MOST):
        yield broken("It was sold, but no sale has it.", serial=secret.serial(number))
