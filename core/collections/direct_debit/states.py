"""Where mandates, debits and batches are, and which steps there are. A test walks the tables."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum


class Scheme(IntEnum):
    """By whose rules money is fetched; the numbers travel and are stored."""

    CORE = 1  # SEPA, of consumers
    B2B = 2  # SEPA, of businesses
    DOMESTIC = 3  # a pair of fixed-format files


class Sequence(IntEnum):
    """Which of a mandate's debits it is (ISO 20022 SeqTp); the numbers travel and are stored."""

    FRST = 1
    RCUR = 2
    OOFF = 3
    FNAL = 4


class MandateState(IntEnum):
    """The numbers travel and are stored."""

    DRAFT = 1
    PENDING_BANK = 2
    ACTIVE = 3
    SUSPENDED = 4
    CANCELLED = 5
    EXPIRED = 6


class DebitState(IntEnum):
    """The numbers travel and are stored."""

    DUE = 1
    NOTIFIED = 2
    BATCHED = 3
    SUBMITTED = 4
    ACCEPTED = 5
    REJECTED = 6
    COLLECTED = 7
    RETURNED = 8
    REFUNDED = 9
    REVERSED = 10
    FINAL = 11
    WITHDRAWN = 12


class BatchState(IntEnum):
    """The numbers travel and are stored."""

    OPEN = 1
    SEALED = 2
    SENT = 3
    ACKED = 4
    PART = 5
    REJECTED = 6
    SETTLED = 7
    EMPTY = 8


class Told(StrEnum):
    """What a file of results says of a debit."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    COLLECTED = "collected"
    RETURNED = "returned"


_M, _D, _B = MandateState, DebitState, BatchState

MANDATE_FROM: Mapping[MandateState, tuple[MandateState, ...]] = {
    _M.DRAFT: (),
    _M.PENDING_BANK: (_M.DRAFT,),
    _M.ACTIVE: (_M.DRAFT, _M.PENDING_BANK, _M.SUSPENDED),
    _M.SUSPENDED: (_M.ACTIVE,),
    _M.CANCELLED: (_M.DRAFT, _M.PENDING_BANK, _M.ACTIVE, _M.SUSPENDED),
    _M.EXPIRED: (_M.ACTIVE, _M.SUSPENDED),
}
"""From where each state is reached. A draft is active at once in CORE alone: the banks of the
other schemes confirm what was signed."""

CONFIRMED = (Scheme.B2B, Scheme.DOMESTIC)
"""The schemes in which the payer's bank confirms a mandate before it is used."""

DEBIT_FROM: Mapping[DebitState, tuple[DebitState, ...]] = {
    _D.DUE: (),
    _D.NOTIFIED: (_D.DUE,),
    _D.BATCHED: (_D.NOTIFIED,),
    _D.SUBMITTED: (_D.BATCHED,),
    _D.ACCEPTED: (_D.SUBMITTED,),
    _D.REJECTED: (_D.SUBMITTED, _D.ACCEPTED),
    _D.COLLECTED: (_D.SUBMITTED, _D.ACCEPTED),
    _D.RETURNED: (_D.COLLECTED,),
    _D.REFUNDED: (_D.COLLECTED, _D.FINAL),
    _D.REVERSED: (_D.COLLECTED,),
    _D.FINAL: (_D.COLLECTED,),
    _D.WITHDRAWN: (_D.DUE, _D.NOTIFIED),
}
"""From where each state is reached. Final is what no rule takes back any more but a refund of what
was never authorised."""

BATCH_FROM: Mapping[BatchState, tuple[BatchState, ...]] = {
    _B.OPEN: (),
    _B.SEALED: (_B.OPEN,),
    _B.SENT: (_B.SEALED,),
    _B.ACKED: (_B.SENT,),
    _B.PART: (_B.SENT, _B.ACKED),
    _B.REJECTED: (_B.SENT,),
    _B.SETTLED: (_B.SENT, _B.ACKED, _B.PART),
    _B.EMPTY: (_B.OPEN,),
}
"""From where each state is reached. Empty is a batch of which nothing was owed any more."""

WAITING = (_D.DUE, _D.NOTIFIED)
"""Debits of which the amount may still change."""

UNDER_WAY = (_D.BATCHED, _D.SUBMITTED, _D.ACCEPTED)
"""Debits whose amount is fixed and whose money has not come yet."""

LIVE = WAITING + UNDER_WAY
TAKEN_BACK = (_D.RETURNED, _D.REFUNDED, _D.REVERSED)
PAID = (_D.COLLECTED, _D.FINAL)
"""Debits whose payment stands."""

SENT_BATCHES = (_B.SENT, _B.ACKED, _B.PART)
