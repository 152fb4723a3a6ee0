"""A run as somebody asks for it, made into its order: checked, and what is left out filled in.

Goals: every refusal names the field of the order, its value and what is allowed. Non-goals: whether
other runs have the accounts, which is only known in the turn of `runs.create`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import CycleUnknown, FieldRefused
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.charges.due import Window
from billcore.core.billing.days import check_day_of_issue, check_kind, check_window
from billcore.core.billing.runs.order import CHUNK_ACCOUNTS, CHUNK_MAX, RunOrder
from billcore.core.caller import Caller, Role
from billcore.core.client_errors import RoleMissing
from billcore.core.ids import owned_id
from billcore.core.ledger.kinds import BillKind
from billcore.core.store import providers
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider
from billcore.core.tariff.tariff import Tariff

CHUNKS_MAX = 100_000
"""A pass of a run has at most so many chunks."""

PROPOSED_MAX = 20
"""A simulation tries at most so many documents."""

STRAIGHT = "CreateRun with order.straight"
"""What needs the role approver where the provider's policy does not say it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run as it is asked for; days are ordinals. first_account, last_account 0: all accounts;
    cycle "": every cycle; chunk_accounts 0: CHUNK_ACCOUNTS; straight None: as the policy says.

    estimate: see RunOrder. proposed: documents in the place of the published ones of the same ids,
    for a simulation.
    """

    window: Window
    issued_day: int
    straggler_day: int
    kind: BillKind = BillKind.REGULAR
    cycle: str = ""
    first_account: int = 0
    last_account: int = 0
    chunk_accounts: int = 0
    straight: bool | None = None
    estimate: bool = False
    simulated: bool = False
    proposed: Sequence[str] = ()


def planned(reader: Reader, provider: Provider, caller: Caller, wanted: Wanted) -> RunOrder:
    """The order of a run.

    Raises FieldRefused, CycleUnknown, TariffInvalid, and RoleMissing where it goes straight through
    against the policy and the caller could not approve it.
    """
    check_window(wanted.window)
    check_day_of_issue(provider, wanted.issued_day)
    _check_straggler_day(wanted)
    check_kind(wanted.kind)
    first, last = _accounts(reader, provider.provider_id, wanted)
    order = RunOrder(
        first_account=first,
        last_account=last,
        window=wanted.window,
        issued_day=wanted.issued_day,
        straggler_day=wanted.straggler_day,
        kind=wanted.kind,
        cycle_no=_cycle_no(reader, provider.provider_id, wanted.cycle),
        chunk_accounts=_chunk_accounts(wanted.chunk_accounts),
        straight=_straight(provider, caller, wanted),
        estimate=wanted.estimate,
        proposed=_proposed(reader, provider, wanted),
    )
    if order.chunks > CHUNKS_MAX:
        raise FieldRefused(
            "order.chunk_accounts",
            f"{order.chunk_accounts} make {order.chunks} chunks of accounts {first} to {last}, at "
            f"most {CHUNKS_MAX} are allowed: make them larger.",
        )
    return order


def _check_straggler_day(wanted: Wanted) -> None:
    last = wanted.window.last_day
    if wanted.straggler_day < last:
        raise FieldRefused(
            "order.straggler_day",
            f"{iso(wanted.straggler_day)} is before last_day, {iso(last)}.",
        )


def _accounts(reader: Reader, provider_id: int, wanted: Wanted) -> tuple[int, int]:
    """The first and last account: those that are asked for, else all that were drawn."""
    drawn = providers.drawn(reader, provider_id, "account")
    if not drawn:
        raise FieldRefused("order.first_account", "the provider has no accounts yet.")
    lowest, highest = owned_id(provider_id, 1), owned_id(provider_id, drawn)
    first = wanted.first_account or lowest
    last = wanted.last_account or highest
    allowed = f"the provider's accounts are {lowest} to {highest}."
    if not lowest <= first <= highest:
        raise FieldRefused("order.first_account", f"{first} is none: {allowed}")
    if not lowest <= last <= highest:
        raise FieldRefused("order.last_account", f"{last} is none: {allowed}")
    if last < first:
        raise FieldRefused("order.last_account", f"{last} is before first_account, {first}.")
    return first, last


def _cycle_no(reader: Reader, provider_id: int, name: str) -> int:
    known = {cycle.cycle: cycle.cycle_no for cycle in providers.cycles(reader, provider_id)}
    if name and name not in known:
        raise CycleUnknown("order.cycle", f"no cycle {name[:40]!r} is known here.", list(known))
    return known[name] if name else 0


def _chunk_accounts(given: int) -> int:
    if not 0 <= given <= CHUNK_MAX:
        raise FieldRefused(
            "order.chunk_accounts",
            f"{given} is not in 1..{CHUNK_MAX}; 0 takes {CHUNK_ACCOUNTS}.",
        )
    return given or CHUNK_ACCOUNTS


def _straight(provider: Provider, caller: Caller, wanted: Wanted) -> bool:
    if wanted.simulated:
        if wanted.straight:
            raise FieldRefused("order.straight", "true: a simulation issues nothing.")
        return False
    policy = parse_policies(provider.policies).automatic_approval
    straight = policy if wanted.straight is None else wanted.straight
    if straight and not policy and not caller.may(Role.APPROVER):
        raise RoleMissing(STRAIGHT, Role.APPROVER, caller.roles)
    return straight


def _proposed(reader: Reader, provider: Provider, wanted: Wanted) -> dict[int, str]:
    """The documents by every number that their tariff has here: the provider's, the house's."""
    if wanted.proposed and not wanted.simulated:
        raise FieldRefused("proposed", "only a simulation tries documents: publish them first.")
    if len(wanted.proposed) > PROPOSED_MAX:
        count = len(wanted.proposed)
        raise FieldRefused("proposed", f"{count} documents, at most {PROPOSED_MAX} are allowed.")
    numbers: dict[str, list[int]] = {}
    if wanted.proposed:
        for _, number, tariff in providers.tariffs(reader, provider.provider_id):
            numbers.setdefault(tariff, []).append(number)
    found: dict[int, str] = {}
    for at, text in enumerate(wanted.proposed):
        for number in _numbers(f"proposed[{at}]", provider, text, numbers):
            if number in found:
                raise FieldRefused(f"proposed[{at}]", "its tariff is proposed twice.")
            found[number] = text
    return found


def _numbers(
    field: str, provider: Provider, text: str, known: dict[str, list[int]]
) -> Sequence[int]:
    document = Tariff.load(text, field).document
    if document.currency != provider.currency:
        message = f"{document.id!r} is in {document.currency}, the provider in {provider.currency}."
        raise FieldRefused(field, message)
    if document.id not in known:
        raise FieldRefused(
            field,
            f"{document.id!r} is published nowhere here: no agreement can have it.",
            sorted(known),
        )
    return known[document.id]
