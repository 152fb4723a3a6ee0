"""The rules of outsorting in their order: of several that hold a bill, the first one names it."""

from collections.abc import Mapping

from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.make import Made
from billcore.core.billing.runs.outsort.amounts import above, negative, zero
from billcore.core.billing.runs.outsort.averages import above_average, usage_above_average
from billcore.core.billing.runs.outsort.case import Case, Held, Rule
from billcore.core.billing.runs.outsort.changes import new_customer, tariff_changed
from billcore.core.billing.runs.outsort.estimates import estimates
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

RULES: Mapping[str, Rule] = {
    "ZERO": zero,
    "NEGATIVE": negative,
    "ABOVE": above,
    "ABOVE_AVERAGE": above_average,
    "USAGE_ABOVE_AVERAGE": usage_above_average,
    "ESTIMATES": estimates,
    "NEW_CUSTOMER": new_customer,
    "TARIFF_CHANGED": tariff_changed,
}


def outsorted(
    reader: Reader, provider: Provider, tariffs: Tariffs, made: Made
) -> Mapping[int, Held]:
    """The bills that are held, by account, each by the first rule that holds it."""
    drafts = made.drafts
    if not len(drafts):
        return {}
    policy = parse_policies(provider.policies).outsorting
    case = Case(reader, provider.provider_id, tariffs, policy, made)
    found: dict[int, Held] = {}
    for name, rule in RULES.items():
        holds = rule(case)
        for at in holds.at.tolist():
            account = int(drafts.account_id[at])
            if account not in found:
                found[account] = Held(name, holds.why(at), int(drafts.total[at]))
    return found
