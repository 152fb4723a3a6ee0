"""The story of a debit: where it is, how it came there, and what it belongs to."""

from dataclasses import dataclass

from billcore.core.collections.direct_debit.errors import DebitUnknown
from billcore.core.collections.direct_debit.months import months_after
from billcore.core.collections.direct_debit.states import DebitState
from billcore.core.collections.direct_debit.terms import terms_of
from billcore.core.payments.channels import get_channel
from billcore.core.store import debit_batches as batch_rows
from billcore.core.store import debits as rows
from billcore.core.store import payments as payment_rows
from billcore.core.store.debit_batches import BatchRow
from billcore.core.store.debits import DebitRow, StepRow
from billcore.core.store.port import Reader


@dataclass(frozen=True, slots=True)
class Story:
    """payment_id, reversal_id: 0: there is none; charged: minor units; unauthorised_until: an
    ordinal, 0: it was not collected. earlier: what it tries again; later: what tries it again."""

    debit: DebitRow
    steps: tuple[StepRow, ...]
    batch: BatchRow | None
    payment_id: int
    reversal_id: int
    charged: int
    unauthorised_until: int
    earlier: tuple[DebitRow, ...]
    later: tuple[DebitRow, ...]


def story(reader: Reader, provider_id: int, end_to_end_id: str) -> Story:
    """All that is known of a debit. Raises DebitUnknown."""
    debit = rows.by_end_to_end_id(reader, provider_id, end_to_end_id)
    if debit is None:
        raise DebitUnknown(end_to_end_id)
    key = provider_id, debit.channel_no, end_to_end_id
    payment, reversal = payment_rows.one(reader, *key), payment_rows.reversal_of(reader, *key)
    channel = get_channel(reader, provider_id, debit.channel_no)
    terms, _ = terms_of(reader, provider_id, channel)
    collected = debit.collected_day
    return Story(
        debit=debit,
        steps=tuple(rows.steps(reader, provider_id, debit.debit_no)),
        batch=batch_rows.batch(reader, provider_id, debit.batch_no) if debit.batch_no else None,
        payment_id=payment.payment_id if payment else 0,
        reversal_id=reversal.reversal_id if reversal else 0,
        charged=reversal.charged if reversal else 0,
        unauthorised_until=(months_after(collected, terms.unauthorised_months) if collected else 0),
        earlier=tuple(_earlier(reader, provider_id, debit)),
        later=tuple(rows.retries(reader, provider_id, debit.debit_no)),
    )


def contingent(reader: Reader, provider_id: int) -> int:
    """What was collected and may still be taken back, in minor units."""
    return sum(
        amount
        for state, _, amount in rows.summed(reader, provider_id)
        if state == DebitState.COLLECTED
    )


def _earlier(reader: Reader, provider_id: int, debit: DebitRow) -> list[DebitRow]:
    found: list[DebitRow] = []
    while debit.retry_of:
        before = rows.find(reader, provider_id, debit.retry_of)
        assert before is not None, "debits are never deleted"
        debit = before
        found.insert(0, debit)
    return found
