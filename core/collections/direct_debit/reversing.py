"""The creditor's own undo of a debit that should not have been: by mistake, twice, too much."""

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.days import iso
from billcore.core.collections.direct_debit.desk import desk
from billcore.core.collections.direct_debit.errors import (
    DebitDayInvalid,
    DebitStateUnfit,
    DebitUnknown,
)
from billcore.core.collections.direct_debit.failures import Acting, take_back
from billcore.core.collections.direct_debit.states import DEBIT_FROM, DebitState
from billcore.core.payments.channels import get_channel
from billcore.core.payments.intake.place import asked_place
from billcore.core.store import debits as rows
from billcore.core.store.debits import DebitRow

REVERSED = "debit.reversed"


def reverse_debit(write: Write, end_to_end_id: str, day: int, reason: str) -> DebitRow:
    """Reverses a collected debit that the bank was told to give back, from a day on (0: today).

    Its mandate stands and no fee is charged. Raises DebitUnknown, DebitStateUnfit,
    DebitDayInvalid, ChannelForbidden.
    """
    provider_id = provider_acting(write.caller)
    debit = rows.by_end_to_end_id(write.session, provider_id, end_to_end_id)
    if debit is None:
        raise DebitUnknown(end_to_end_id)
    allowed = DEBIT_FROM[DebitState.REVERSED]
    if debit.state not in allowed:
        needed = " or ".join(one.name for one in allowed)
        raise DebitStateUnfit(end_to_end_id, DebitState(debit.state).name, needed)
    channel = get_channel(write.session, provider_id, debit.channel_no).channel
    at = desk(write.session, write.caller, channel, write.now, enabled=False)
    day = day or at.today
    if not debit.collected_day <= day <= at.today:
        message = f"it was collected on {iso(debit.collected_day)}, and today is {iso(at.today)}."
        raise DebitDayInvalid(iso(day), message)
    acting = Acting(write.session, at, asked_place(write.session, write.caller, channel), 0)
    take_back(acting, debit, "", day, 0, DebitState.REVERSED)
    told = {"end_to_end_id": end_to_end_id, "amount": debit.amount, "day": day}
    tell(write, provider_id, REVERSED, f"debit {debit.debit_no}", told, reason)
    made = rows.find(write.session, provider_id, debit.debit_no)
    assert made is not None, "debits are never deleted"
    return made
