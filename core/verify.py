"""`billcore verify`: every invariant of the books, set-based, in one snapshot."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from billcore.core.billing import checks as billing
from billcore.core.findings import Broken, Check
from billcore.core.ledger import checks as ledger
from billcore.core.store.port import Reader

CHECKS: Mapping[str, Check] = {
    "entries_balance": ledger.entries_balance,
    "books_agree": ledger.books_agree,
    "balances_chain": ledger.balances_chain,
    "allocations_fit": ledger.allocations_fit,
    "bills_rerate": billing.bills_rerate,
    "days_billed_once": billing.days_billed_once,
}
"""Every check by its name; each is one invariant of docs/architecture.md."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found at a provider; empty: the invariant holds."""

    provider_id: int
    check: str
    broken: tuple[Broken, ...]


def verify(reader: Reader, provider_ids: list[int]) -> Iterator[Verdict]:
    """Runs every check on the books of each provider."""
    for provider_id in provider_ids:
        for name, check in CHECKS.items():
            yield Verdict(provider_id, name, tuple(check(reader, provider_id)))
