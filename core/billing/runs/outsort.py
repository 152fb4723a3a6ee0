"""Outsorting: which bills somebody shall look at before they are issued; a provider's policy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.policies import Outsorting, parse_policies
from billcore.core.billing.issue import Drafts
from billcore.core.billing.make import Made
from billcore.core.rating.batch import Bools
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


@dataclass(frozen=True, slots=True)
class Held:
    """Why a bill is held; total: of the bill, in minor units."""

    rule: str
    message: str
    total: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its name: which drafts it holds, and how it tells why of one of them."""

    name: str
    holds: Callable[[Drafts, Outsorting], Bools]
    why: Callable[[int, Outsorting], str]


RULES = (
    Rule("ZERO", lambda d, o: (d.total == 0) & o.zero, lambda _, __: "it comes to nothing."),
    Rule(
        "NEGATIVE",
        lambda d, o: (d.total < 0) & o.negative,
        lambda total, _: f"it comes to {total}.",
    ),
    Rule(
        "ABOVE",
        lambda d, o: (d.total > o.above) & (o.above > 0),
        lambda total, o: f"it comes to {total}, above {o.above}.",
    ),
)


def outsorted(reader: Reader, provider: Provider, made: Made) -> Mapping[int, Held]:  # noqa: ARG001
    """The bills that are held, by account, each by the first rule that holds it."""
    policy, drafts = parse_policies(provider.policies).outsorting, made.drafts
    found: dict[int, Held] = {}
    for rule in RULES:
        for at in np.flatnonzero(rule.holds(drafts, policy)).tolist():
            total = int(drafts.total[at])
            held = Held(rule.name, rule.why(total, policy), total)
            found.setdefault(int(drafts.account_id[at]), held)
    return found
