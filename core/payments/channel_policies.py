"""A channel's policies: one JSON object, every key known, every number an integer.

    {
      "amount_min": 10000, "amount_max": 500000000,
      "terminal_required": true,
      "money_taken": false,
      "reservation_seconds": 900,
      "reversal_days": 30, "late_days": 60, "future_seconds": 300,
      "convenience_fee": {"fixed": 2000, "per_10000": 50, "least": 0, "most": 20000}
    }

What is left out has the default of its class below. Amounts are minor units of the currency that is
paid in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.policy_text import FIELD, canonical, leaf, leaves, tree
from billcore.core.money import Mode, divide, minor

AMOUNT_MAX = 10**17
"""An amount in policies is at most this many minor units."""

WHOLE = 10_000
"""A rate is told in parts of this: basis points."""


@dataclass(frozen=True, slots=True)
class ConvenienceFee:
    """What a customer pays beside the payment for paying through the channel.

    fixed: minor units a payment; per_10000: of what is paid. least, most: the fee is never less,
    never more; most 0: no such limit. All 0: there is no fee.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "fixed": (0, AMOUNT_MAX),
        "per_10000": (0, WHOLE),
        "least": (0, AMOUNT_MAX),
        "most": (0, AMOUNT_MAX),
    }

    fixed: int = 0
    per_10000: int = 0
    least: int = 0
    most: int = 0

    def fee(self, amount: int) -> int:
        """The fee of a payment of so many minor units, at least 0; half up, to the minor unit.

        Raises MoneyInvalid for a fee beyond the largest amount.
        """
        assert amount >= 0, "who pays back asks no fee"
        asked = divide(self.fixed * WHOLE + self.per_10000 * amount, WHOLE, Mode.HALF_UP)
        wanted = max(asked, self.least)
        return minor(Fraction(min(wanted, self.most) if self.most else wanted), 0)


@dataclass(frozen=True, slots=True)
class ChannelPolicies:
    """amount_min, amount_max: what one payment may come to, both included; 0: no such limit.

    terminal_required: a payment names its terminal. money_taken: the channel calls after it took
    the money, so that a payment always posts. reservation_seconds: how long a reserved payment
    waits to be confirmed. reversal_days: for so many days after a payment the channel may reverse
    it. late_days: a payment was made by the customer at most so long ago; future_seconds: and at
    most so much later than now, for clocks that are fast.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "amount_min": (0, AMOUNT_MAX),
        "amount_max": (0, AMOUNT_MAX),
        "reservation_seconds": (1, 2_592_000),
        "reversal_days": (0, 3_650),
        "late_days": (0, 3_650),
        "future_seconds": (0, 86_400),
    }

    amount_min: int = 0
    amount_max: int = 0
    terminal_required: bool = False
    money_taken: bool = False
    reservation_seconds: int = 900
    reversal_days: int = 30
    late_days: int = 60
    future_seconds: int = 300
    convenience_fee: ConvenienceFee = field(default_factory=ConvenienceFee)

    @property
    def text(self) -> str:
        """The canonical JSON: every key, sorted, no spaces."""
        return canonical(self)


@lru_cache(maxsize=1_000)
def parse_channel_policies(text: str) -> ChannelPolicies:
    """The policies of a JSON text; "" has every default. Raises PolicyInvalid with the place."""
    given: dict[str, Any] = {}
    for key, value in tree(text, ChannelPolicies).items():
        place = f"{FIELD}.{key}"
        if key == "convenience_fee":
            given[key] = ConvenienceFee(**leaves(value, place, ConvenienceFee))
        else:
            given[key] = leaf(value, place, ChannelPolicies, key)
    found = ChannelPolicies(**given)
    _check_order("amount_min", found.amount_min, "amount_max", found.amount_max)
    fee = found.convenience_fee
    _check_order("convenience_fee.least", fee.least, "convenience_fee.most", fee.most)
    return found


def _check_order(least_name: str, least: int, most_name: str, most: int) -> None:
    if most and most < least:
        raise PolicyInvalid(
            f"{FIELD}.{most_name}", f"{most} is below {least_name}, {least}; 0 is no limit."
        )
