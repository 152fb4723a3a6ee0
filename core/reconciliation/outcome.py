"""What a day comes to: of a bank account beside settlements, of other channels beside reports."""

from billcore.core.reconciliation import computing
from billcore.core.reconciliation.computing import Matched
from billcore.core.reconciliation.reading import Day
from billcore.core.reconciliation.settlement import bank_days
from billcore.core.reconciliation.settlement.banks import is_bank_account
from billcore.core.store.port import Reader
from billcore.core.store.recon import DayRow


def of_bank(of: Day) -> bool:
    """Whether a day is one of a bank account."""
    return is_bank_account(of.place.channel.kind)


def compute(reader: Reader, of: Day, today: int, before: DayRow | None, now: int) -> Matched:
    """What a day comes to now; before: what was kept of it. today: the business day of now."""
    if of_bank(of):
        return bank_days.compute(reader, of, before, now)
    return computing.compute(reader, of, today, before, now)
