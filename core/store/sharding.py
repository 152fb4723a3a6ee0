"""Where each table's rows live when a store is spread over several nodes by account.

Goals: one place that says it for every table, which a test holds against the catalog of PostgreSQL
and against docs/scaling.md: what is an account's is keyed by the account, everything else has a
reason. Non-goals: doing it: on one PostgreSQL all of this is one database.
"""

from collections.abc import Mapping, Sequence
from enum import Enum


class Home(Enum):
    """How rows of a table are spread; value: the column that decides, '' where none does."""

    ACCOUNT = "account_id"
    """With all else of their account, on one node: every key has account_id."""

    PAYMENT = "reference"
    """By the reference that a channel gave: whose a payment is is not known before it is looked
    for, and what is sent again, with another account even, must meet the first. The registry of
    payments, the one exception; a payment is a transaction of two nodes."""

    COPIED = ""
    """Written seldom, read by every chunk: a copy on every node."""

    PROVIDER = "provider"
    """With the provider on the coordinating node: of a provider, of what spans accounts, or kept
    once in an order."""


HOMES: Mapping[Home, Sequence[str]] = {
    Home.ACCOUNT: (
        "account", "account_entry", "agreement", "agreement_attribute", "agreement_term", "autopay",
        "autopay_reminder", "bill", "bill_correction", "bill_reference", "deposit", "deposit_move",
        "dunning", "dunning_action", "dunning_pause", "installation", "instalment",
        "instalment_item", "instalment_plan", "instalment_step", "issued_document", "late_fee",
        "late_fee_hold", "notification_preference", "reading", "reading_decision", "run_decision",
        "run_exception", "write_off", "write_off_item", "write_off_step",
    ),
    Home.PAYMENT: ("payment_order", "payment_part", "reservation"),
    Home.COPIED: (
        "attribute", "attribute_word", "bill_month", "channel", "channel_terms", "client", "cycle",
        "debit_format", "debit_terms", "dunning_policy", "dunning_policy_revision", "late_fee_rule",
        "ledger_account", "provider", "reference_rate", "replaced_key", "report_format",
        "schema_migration", "tariff", "tariff_version", "terminal",
    ),
    Home.PROVIDER: (
        "account_group", "agent", "agent_cash", "agent_shift", "audit", "audit_pending",
        "bank_credit", "bank_statement", "bill_bucket", "break_decision", "case_claim",
        "case_correction", "case_event", "case_evidence", "case_evidence_content", "case_finding",
        "case_proposal", "channel_file", "collector", "consolidated_bill", "consolidated_item",
        "correction", "correction_case", "customer", "cut_off", "cut_off_figure", "debit",
        "debit_batch", "debit_batch_part", "debit_result", "debit_result_unknown", "debit_step",
        "drawn", "entry", "event", "event_pending", "field_assignment", "field_device",
        "field_fork", "field_hand_in", "field_receipt", "field_record", "field_route", "field_stop",
        "field_visit", "group_member", "late_fee_assessment", "late_fee_chunk", "load",
        "load_chunk", "load_refusal", "mandate", "mandate_debtor", "mandate_version", "meter",
        "number", "payment_move", "payment_reversal", "posting", "receipt", "receipt_copy",
        "receipt_guard", "recon_break", "recon_day", "register", "report_alarm", "report_line",
        "reported_day", "request", "run", "run_chunk", "run_pass", "run_result", "run_step",
        "service_point", "settlement", "statement_line", "suspense_item", "suspense_move",
        "voucher", "voucher_batch", "voucher_guard", "voucher_redemption", "voucher_sale",
    ),
}  # fmt: skip
"""Every table, once."""

NAMING: Mapping[str, str] = {
    "case_correction": "a case moves money between two accounts",
    "consolidated_item": "one document of several accounts",
    "correction_case": "whose a payment is is what the case is about",
    "debit": "a batch is a file of many accounts; its end-to-end id is unique among all",
    "field_receipt": "numbered without gaps by the device",
    "field_stop": "a route is read in its order, over many accounts",
    "field_visit": "a day's round is over many accounts",
    "group_member": "a group is of several accounts, of several providers even",
    "mandate": "a reference of a mandate is unique among all of a creditor",
    "payment_move": "from one account to another",
    "payment_order": "the registry of payments",
    "payment_part": "an order pays several accounts",
    "receipt": "numbered without gaps by the provider",
    "recon_break": "found by channel and day, often without an account",
    "reservation": "with its payment, in the registry",
    "suspense_move": "from suspense to an account",
    "voucher_redemption": "a voucher is redeemed once, by whatever account",
}
"""Tables that name accounts in a column and are not kept by account, and why."""


BY_CHUNKS = (
    "bill_bucket",
    "drawn",
    "entry",
    "event",
    "event_pending",
    "posting",
    "run",
    "run_chunk",
    "run_pass",
    "run_result",
    "run_step",
)
"""What a chunk of a run touches of Home.PROVIDER: some rows a chunk, none an account."""


def home_of(table: str) -> Home:
    """Where a table lives. Raises KeyError for one that is not placed."""
    return _HOME_OF[table]


_HOME_OF = {table: home for home, tables in HOMES.items() for table in tables}
