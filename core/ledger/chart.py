"""The chart of accounts: which ledger accounts a provider has, and where an account entry goes.

A code is a word of FAMILIES, or the word, a colon and what it is for: `revenue:water`,
`channel_clearing:kiosk`. Ledger accounts are made when they are first posted to.
"""

from billcore.core.ledger.kinds import EntryKind

ASSET, LIABILITY, INCOME, EXPENSE = "asset", "liability", "income", "expense"

FAMILIES = {
    "receivable": ASSET,
    "bank": ASSET,
    "channel_clearing": ASSET,
    "cash_float": ASSET,
    "cash_in_transit": ASSET,
    "provisional_credit": ASSET,
    "instalment_receivable": ASSET,
    "unapplied": LIABILITY,
    "suspense": LIABILITY,
    "suspense_foreign": LIABILITY,
    "refund_payable": LIABILITY,
    "deposit": LIABILITY,
    "voucher_liability": LIABILITY,
    "agent_payable": LIABILITY,
    "rounding_carry": LIABILITY,
    "tax": LIABILITY,
    "transfer": LIABILITY,
    "opening": LIABILITY,
    "revenue": INCOME,
    "voucher_income": INCOME,
    "late_fee_income": INCOME,
    "write_off_recovered": INCOME,
    "fee_income": INCOME,
    "channel_fees": EXPENSE,
    "deposit_interest": EXPENSE,
    "write_off": EXPENSE,
    "short_over": EXPENSE,
    "adjustment": EXPENSE,
    "rounding": EXPENSE,
}
"""The first word of every code, and the kind of its ledger accounts."""

RECEIVABLE = "receivable"
"""The control account of the sub-ledger: what all accounts owe together."""


CONTRA = {
    EntryKind.OPENING: "opening",
    EntryKind.PAYMENT: "channel_clearing",
    EntryKind.ADJUSTMENT: "adjustment",
    EntryKind.TRANSFER: "transfer",
    EntryKind.LATE_FEE: "late_fee_income",
    EntryKind.WRITE_OFF: "write_off",
    EntryKind.REFUND: "refund_payable",
    EntryKind.FEE: "fee_income",
    EntryKind.PROVISIONAL: "provisional_credit",
    EntryKind.INSTALMENT: "instalment_receivable",
    EntryKind.DEPOSIT: "deposit",
    EntryKind.DEPOSIT_INTEREST: "deposit_interest",
    EntryKind.RECOVERY: "write_off_recovered",
}
"""The ledger account that an account entry of each kind is posted against."""


def is_of_payments(code: str) -> bool:
    """Whether what channels pay is posted against the ledger account, and nothing by hand."""
    family, _, which = code.partition(":")
    if family in ("channel_clearing", "bank"):
        return which != ""
    return family in ("suspense", "suspense_foreign")


def kind_of(code: str) -> str:
    """asset, liability, income or expense. Raises ValueError for a code of no family."""
    family = code.partition(":")[0]
    if family not in FAMILIES:
        raise ValueError(f"{code!r} is of no family of ledger accounts: {', '.join(FAMILIES)}")
    return FAMILIES[family]
