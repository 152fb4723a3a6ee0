"""The dunning policies of a provider: kept with every revision, chosen by the class of accounts."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from billcore.core.accounts.acting import Write, provider_acting
from billcore.core.accounts.attributes import attributes_of
from billcore.core.accounts.checks import ints, texts
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.keeping import keep
from billcore.core.accounts.late_fees import When
from billcore.core.accounts.late_fees_read import NAME
from billcore.core.collections.classes import Agreements, check_known
from billcore.core.collections.dunning.errors import DunningPolicyUnfit
from billcore.core.collections.dunning.policy import DunningPolicy, parse_policy
from billcore.core.rating.batch import Ints
from billcore.core.store import dunning as rows
from billcore.core.store.kept import DUNNING_POLICIES
from billcore.core.store.port import Reader

POLICIES_MAX = 100
"""So many policies a provider has at most."""

NONE = -1
"""The place of no policy."""


class NamedPolicy(NamedTuple):
    """A policy with its name and revision."""

    name: str
    revision: int
    policy: DunningPolicy


def set_policy(write: Write, name: str, text: str, revision: int, reason: str = "") -> NamedPolicy:
    """Sets the policy whose revision the caller has seen; 0: there is none of this name.

    Raises FieldRefused, PolicyInvalid, DunningPolicyUnfit, RevisionConflict.
    """
    if not re.fullmatch(NAME, name):
        raise FieldRefused("policy.name", f"{name[:40]!r} is no name, as residents.")
    made, provider_id = parse_policy(text), provider_acting(write.caller)
    known = attributes_of(write.session, provider_id)
    check_known(known, made.when, partial(DunningPolicyUnfit, name))
    if not revision and len(DUNNING_POLICIES.every(write.session, provider_id)) >= POLICIES_MAX:
        raise FieldRefused("policy.name", f"there are {POLICIES_MAX} policies already.")
    told = "dunning.policy_set", f"dunning policy {name}", reason
    keep(write, DUNNING_POLICIES, name, made.json, revision, *told, policy=name)
    kept = NamedPolicy(name, revision + 1, made)
    rows.add_revision(write.session, provider_id, name, kept.revision, made.json, write.now)
    return kept


def policies(reader: Reader, provider_id: int) -> list[NamedPolicy]:
    """The policies in the order in which they are tried: by rank, then name."""
    every = [
        NamedPolicy(name, revision, parse_policy(text))
        for name, (text, revision) in DUNNING_POLICIES.every(reader, provider_id).items()
    ]
    return sorted(every, key=lambda one: (one.policy.rank, one.name))


def choose(
    reader: Reader,
    provider_id: int,
    every: Sequence[NamedPolicy],
    account_id: Ints,
    day: int,
) -> Ints:
    """The place of the policy of each account on a day, or NONE. Raises DunningPolicyUnfit."""
    found = np.full(len(account_id), NONE, dtype=np.int64)
    if not account_id.size:
        return found
    agreements: Agreements | None = None
    kinds: Mapping[int, str] | None = None
    for place, one in enumerate(every):
        fits = found == NONE
        if one.policy.customers and fits.any():
            kinds = kinds or _customer_kinds(reader, account_id)
            own = [kinds.get(account) in one.policy.customers for account in account_id.tolist()]
            fits &= np.array(own, dtype=np.bool_)
        if one.policy.when != When() and fits.any():
            if agreements is None:
                days = np.full(len(account_id), day)
                agreements = Agreements(reader, provider_id, account_id, days)
            fits &= agreements.fit(one.policy.when, partial(DunningPolicyUnfit, one.name))
        found[fits] = place
    return found


def _customer_kinds(reader: Reader, account_id: Ints) -> Mapping[int, str]:
    found = rows.customer_kinds(reader, account_id)
    return dict(zip(ints(found["account_id"]).tolist(), texts(found["kind"]), strict=True))
