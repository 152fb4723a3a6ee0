"""What documents an account has: bills, and every other entry."""

from enum import IntEnum


class BillKind(IntEnum):
    """What a bill is; three bits of its id."""

    REGULAR = 0
    FINAL = 1
    ONE_OFF = 2
    CREDIT = 3
    CORRECTION = 4


class EntryKind(IntEnum):
    """What an account entry is. A reversal has the kind of what it undoes."""

    OPENING = 1  # a balance taken over from an earlier system
    PAYMENT = 2
    ADJUSTMENT = 3
    TRANSFER = 4  # from or to another account
    LATE_FEE = 5
    WRITE_OFF = 6
    REFUND = 7
    FEE = 8  # for something done, as for a payment that was not honoured
    PROVISIONAL = 9  # credit for money that is still on its way, until it is there
    INSTALMENT = 10  # debts moved to a plan, and its instalments, each due on its own day
    DEPOSIT = 11  # security that is asked for; below 0: set off against debts
    DEPOSIT_INTEREST = 12  # what a deposit bears
    RECOVERY = 13  # money for a debt that was written off


SIGNS = {
    EntryKind.PAYMENT: -1,
    EntryKind.LATE_FEE: 1,
    EntryKind.WRITE_OFF: -1,
    EntryKind.REFUND: 1,
    EntryKind.FEE: 1,
    EntryKind.PROVISIONAL: -1,
    EntryKind.RECOVERY: 1,
}
"""What an entry of a kind does to the debt, where it can only do one: a debit is positive."""

BILLS = 16
"""The kind of general ledger entries that post bills; account entries post under their own."""

VOUCHERS = 17
"""The kind of those that post sales and the expiry of vouchers; redemptions are payments."""

AGENTS = 18
"""The kind of those that post agents' hand-overs and commissions."""

SETTLEMENTS = 19
"""The kind of those that post what banks credit for channels."""
