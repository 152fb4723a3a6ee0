"""What is known of a case's payment: the words of findings, and what they are judged from.

Findings are kept as JSON lists of facts: what is 0 or '' is left out.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class FactKind(StrEnum):
    """What a fact is."""

    PAYMENT = "payment"  # at an account
    SECOND_PAYMENT = "second payment"  # of the same, at the same account
    SUSPENSE = "suspense"  # money that is no account's
    REVERSED = "reversed"  # a payment that was taken back
    MOVED = "moved"  # a payment of which nothing is left to be moved
    REPORT_LINE = "report line"  # told by the channel, and not posted yet
    WAITS = "waits"  # it may be on its way until the end of the day
    IDS_WRONG = "ids wrong"  # the check digits do not fit
    IDS_ISSUED = "ids issued"  # of which account and bill they are
    IDS_NEVER_ISSUED = "ids never issued"  # they fit, and nobody issued them
    FOREIGN = "foreign"  # they are another organisation's
    CONSUMED = "consumed"  # so much of the money paid other debts already
    NOTHING = "nothing"  # no payment fits


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact. Amounts are minor units, days ordinals, paid_at microseconds since 1970 in UTC.

    number: of the account, hidden but for its ends where it is another one's; matched: by what a
    payment was found (trace, ids, amount); text: an organisation, or words.
    """

    what: FactKind
    channel: str = ""
    reference: str = ""
    payment_id: int = 0
    account_id: int = 0
    number: str = ""
    amount: int = 0
    day: int = 0
    paid_at: int = 0
    bill_id: int = 0
    payer_code: int = 0
    payment_code: int = 0
    matched: str = ""
    text: str = ""


def facts_text(facts: Iterable[Fact]) -> str:
    """Facts as they are kept."""
    told = [{name: one for name, one in asdict(fact).items() if one} for fact in facts]
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def facts_of(text: str) -> tuple[Fact, ...]:
    """Facts from what is kept."""
    return tuple(Fact(**{**told, "what": FactKind(told["what"])}) for told in json.loads(text))


HIDDEN_ENDS = 2
"""So many characters at either end of a number are shown."""


def masked(number: str) -> str:
    """An account's number as it is shown to another customer."""
    if len(number) <= 2 * HIDDEN_ENDS:
        return "*" * len(number)
    hidden = len(number) - 2 * HIDDEN_ENDS
    return number[:HIDDEN_ENDS] + "*" * hidden + number[-HIDDEN_ENDS:]


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that fits. account_id 0: its money is in suspense; left: what is still there.

    order of a channel, or channel '': posted by hand. bill_id: by whose ids it came, 0: none's;
    past: others had followed that bill, and were paid. matched: trace, ids or amount.
    """

    channel: str
    reference: str
    payment_id: int
    account_id: int
    number: str
    amount: int
    left: int
    day: int
    paid_at: int
    bill_id: int
    past: bool
    recorded_at: int
    reversed: bool
    matched: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a channel's report of which no payment is posted."""

    channel: str
    reference: str
    amount: int
    day: int


@dataclass(frozen=True, slots=True)
class Ids:
    """A pair of bill id and payment id that was told; 0: not told.

    wrong: what the check digits say, ''; company: of the bill id; foreign: it is not ours; owner:
    whose it is, where known. account_id, bill_id: to which they were issued, 0: they were not.
    """

    payer_code: int
    payment_code: int
    wrong: str = ""
    company: str = ""
    foreign: bool = False
    owner: str = ""
    account_id: int = 0
    number: str = ""
    bill_id: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """All that an investigation judges from.

    transit_until: the last day on which the money may be on its way, 0: nobody told when it was
    paid; today: an ordinal.
    """

    account_id: int
    paid: tuple[Paid, ...]
    lines: tuple[Line, ...]
    ids: tuple[Ids, ...]
    transit_until: int
    today: int
