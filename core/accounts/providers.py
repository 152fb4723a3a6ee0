"""Providers: the companies that bill. The house makes them; each sees itself."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from billcore.core.accounts.accounts import LANGUAGE
from billcore.core.accounts.acting import Write, tell
from billcore.core.accounts.checks import Rule, Text, Word, one_row, read
from billcore.core.accounts.errors import (
    AlreadyTaken,
    FieldRefused,
    HouseNeeded,
    IdsExhausted,
    ProviderUnknown,
    changed_meanwhile,
)
from billcore.core.accounts.policies import parse_policies
from billcore.core.caller import HOUSE, Caller
from billcore.core.errors import MoneyInvalid, quoted
from billcore.core.ids import PROVIDERS_MAX
from billcore.core.money import minor_digits
from billcore.core.store import providers as rows
from billcore.core.store.port import Reader, Value
from billcore.core.store.providers import Provider

CALENDARS = ("gregorian", "jalali")

RULES: tuple[Rule, ...] = (
    Text("code", least=1, most=40, pattern="[a-z0-9][a-z0-9_-]*", form="small letters, digits, -_"),
    Text("name", least=1, most=200),
    Text("time_zone", least=1, most=60),
    Text("currency", least=3, most=3),
    Word("calendar", CALENDARS),
    Text("language", LANGUAGE.most, 2, LANGUAGE.pattern, LANGUAGE.form),
)

CHANGEABLE = ("name", "time_zone", "language", "policies")
"""What an update may name; code, currency and calendar are for ever."""


def create_provider(write: Write, values: Mapping[str, Value]) -> Provider:
    """Adds a provider: a text for each of RULES, and `policies`, a JSON text or "".

    Raises HouseNeeded, FieldRefused, PolicyInvalid, AlreadyTaken, IdsExhausted.
    """
    if write.caller.provider_id != HOUSE:
        raise HouseNeeded("provider_id", "providers are made by a client of the house.")
    policies = _checked(values)
    number = rows.draw(write.session, HOUSE, "provider", 1)
    if number > PROVIDERS_MAX:
        raise IdsExhausted("provider", f"a store has at most {PROVIDERS_MAX} providers.")
    texts = {rule.name: values[rule.name] for rule in RULES}
    made = Provider._make((number, *texts.values(), policies, 1, write.now))
    if not rows.add_provider(write.session, made):
        raise AlreadyTaken("code", f"another provider has the code {made.code!r}.")
    tell(write, number, "provider.created", f"provider {number}", {"code": made.code})
    return made


def get_provider(reader: Reader, caller: Caller, provider_id: int) -> Provider:
    """A provider by its number; 0: the caller's own. Raises ProviderUnknown."""
    wanted = provider_id or caller.provider_id
    visible = caller.provider_id in (HOUSE, wanted)
    found = rows.provider(reader, wanted) if visible else None
    if found is None:
        raise ProviderUnknown("provider_id", f"no provider {wanted} is known here.")
    return found


def list_providers(reader: Reader, caller: Caller, after: int, limit: int) -> list[Provider]:
    """Up to `limit` providers that the caller may see behind the number `after`."""
    own = caller.provider_id
    if own == HOUSE:
        return rows.providers(reader, after, PROVIDERS_MAX, limit)
    return rows.providers(reader, max(after, own - 1), own, limit)


def change_provider(
    write: Write,
    provider_id: int,
    changes: Mapping[str, Any],
    revision: int,
    reason: str = "",
) -> Provider:
    """Changes a provider. Raises ProviderUnknown, RevisionConflict and as `create_provider`."""
    current = get_provider(write.session, write.caller, provider_id)
    wanted = current._replace(recorded_at=write.now, **changes)
    wanted = wanted._replace(policies=_checked(wanted._asdict()))
    before, after = parse_policies(current.policies), parse_policies(wanted.policies)
    after.allocation.check_follows(before.allocation)
    if revision != current.revision or not rows.change_provider(write.session, wanted):
        raise changed_meanwhile(f"provider {current.provider_id}", revision, current.revision)
    told = {"fields": sorted(changes), "revision": revision + 1}
    subject = f"provider {current.provider_id}"
    tell(write, current.provider_id, "provider.changed", subject, told, reason)
    return wanted._replace(revision=revision + 1)


def _checked(values: Mapping[str, Value]) -> str:
    """The canonical policies; raises what refuses the other values."""
    _, checks = read("providers", RULES, one_row({rule.name: values[rule.name] for rule in RULES}))
    checks.raise_first()
    _check_zone(str(values["time_zone"]))
    try:
        minor_digits(str(values["currency"]))
    except MoneyInvalid as error:
        raise FieldRefused("currency", error.message) from None
    told = parse_policies(str(values["policies"])).text
    return parse_policies(told).text  # with every default it is longer: it must be readable, too


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise FieldRefused(
            "time_zone", f"{quoted(name)} is no IANA time zone, as Asia/Tehran or UTC."
        ) from None
