"""Where a voucher is in its life, and which steps there are."""

from collections.abc import Mapping
from enum import IntEnum


class VoucherState(IntEnum):
    """The numbers travel and are stored."""

    MADE = 1
    SHIPPED = 2
    SOLD = 3
    REDEEMED = 4
    EXPIRED = 5
    BLOCKED = 6


LIVE = (VoucherState.MADE, VoucherState.SHIPPED, VoucherState.SOLD)
"""What can expire and be blocked."""

NEEDED: Mapping[VoucherState, tuple[VoucherState, ...]] = {
    VoucherState.SHIPPED: (VoucherState.MADE,),
    VoucherState.SOLD: (VoucherState.SHIPPED,),
    VoucherState.REDEEMED: (VoucherState.SOLD,),
    VoucherState.EXPIRED: LIVE,
    VoucherState.BLOCKED: LIVE,
}
"""From where each state is reached; a blocked voucher goes back to where it was."""
