"""`billcore verify`: every invariant of the books, set-based, in one snapshot."""

from collections.abc import Iterator, Mapping
from itertools import islice

from billcore.core.accounts.preferences import preferences_fit
from billcore.core.accounts.verify import check_agreements
from billcore.core.billing import checks as billing
from billcore.core.billing.consolidated.checks import consolidated_bills, groups_fit
from billcore.core.billing.corrections.checks import corrections_undo
from billcore.core.billing.runs.checks import runs_agree
from billcore.core.caller import HOUSE
from billcore.core.cases.checks import cases_agree
from billcore.core.collections.analytics.checks import cut_offs_agree
from billcore.core.collections.deposits.checks import deposits_agree
from billcore.core.collections.direct_debit.checks import (
    debit_batches_agree,
    debits_agree,
    mandates_agree,
)
from billcore.core.collections.dunning.checks import dunning_agrees
from billcore.core.collections.field.checks import device_chains, field_receipts, field_work
from billcore.core.collections.instalments.checks import instalments_agree
from billcore.core.collections.late_fees.checks import late_fees_agree
from billcore.core.collections.write_offs.checks import write_offs_agree
from billcore.core.enquiries.documents.receipts import receipts_agree
from billcore.core.events.check import check_events
from billcore.core.findings import Check, Verdict
from billcore.core.ids import PROVIDERS_MAX
from billcore.core.ledger import checks as ledger
from billcore.core.ledger.told import events_rebuild_balances
from billcore.core.metering.verify import check_readings
from billcore.core.payments.agents.checks import floats_agree
from billcore.core.payments.autopay.checks import reminders_agree
from billcore.core.payments.channel_checks import check_channels
from billcore.core.payments.checks import payments_agree
from billcore.core.payments.suspense import suspense_agrees
from billcore.core.payments.vouchers.checks import vouchers_agree
from billcore.core.reconciliation.checks import adjustments_agree, days_agree, files_agree
from billcore.core.reconciliation.settlement.checks import settlements_agree
from billcore.core.store import providers
from billcore.core.store.port import Reader

CHECKS: Mapping[str, Check] = {
    "entries_balance": ledger.entries_balance,
    "reversals_undo": ledger.reversals_undo,
    "books_agree": ledger.books_agree,
    "balances_chain": ledger.balances_chain,
    "allocations_fit": billing.allocations_fit,
    "bills_rerate": billing.bills_rerate,
    "days_billed_once": billing.days_billed_once,
    "last_bills_found": billing.last_bills_found,
    "references_name_bills": billing.references_name_bills,
    "runs_agree": runs_agree,
    "corrections_undo": corrections_undo,
    "groups_fit": groups_fit,
    "consolidated_bills": consolidated_bills,
    "payments_agree": payments_agree,
    "suspense_agrees": suspense_agrees,
    "vouchers_agree": vouchers_agree,
    "floats_agree": floats_agree,
    "reminders_agree": reminders_agree,
    "receipts_agree": receipts_agree,
    "late_fees_agree": late_fees_agree,
    "dunning_agrees": dunning_agrees,
    "instalments_agree": instalments_agree,
    "deposits_agree": deposits_agree,
    "write_offs_agree": write_offs_agree,
    "cut_offs_agree": cut_offs_agree,
    "mandates_agree": mandates_agree,
    "debits_agree": debits_agree,
    "debit_batches_agree": debit_batches_agree,
    "device_chains": device_chains,
    "field_receipts": field_receipts,
    "field_work": field_work,
    "files_agree": files_agree,
    "days_agree": days_agree,
    "cases_agree": cases_agree,
    "adjustments_agree": adjustments_agree,
    "settlements_agree": settlements_agree,
    "agreements": check_agreements,
    "preferences_fit": preferences_fit,
    "readings": check_readings,
    "channels": check_channels,
    "events": check_events,
    "events_rebuild_balances": events_rebuild_balances,
}
"""Every check by its name; each is one invariant of docs/architecture.md."""

HOUSE_CHECKS: Mapping[str, Check] = {
    "events": check_events,
    "groups_fit": groups_fit,
    "consolidated_bills": consolidated_bills,
    "channels": check_channels,
    "payments_agree": payments_agree,
}
"""What there is to check at the house, which has no accounts."""

TOLD = 100
"""A verdict has at most this many findings."""

PAGE = 1_000
"""So many providers are listed at a time."""


def checks_of(provider_id: int) -> Mapping[str, Check]:
    """The checks of a provider, or of the house."""
    return HOUSE_CHECKS if provider_id == HOUSE else CHECKS


def books(reader: Reader, provider_id: int) -> list[int]:
    """Whose books there are to verify: the provider's own; for the house its and everybody's."""
    if provider_id != HOUSE:
        return [provider_id]
    found = [HOUSE]
    while page := providers.providers(reader, found[-1], PROVIDERS_MAX, PAGE):
        found += [one.provider_id for one in page]
    return found


def verify(reader: Reader, provider_ids: list[int]) -> Iterator[Verdict]:
    """Runs every check on the books of each provider."""
    for provider_id in provider_ids:
        for name, check in checks_of(provider_id).items():
            yield Verdict(provider_id, name, tuple(islice(check(reader, provider_id), TOLD)))
