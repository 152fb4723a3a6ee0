"""What requests about an account's money have in common: whose, on which day, as known when.

Goals: a wrong day or time is refused with its field; an account is locked before its money is
written, and the time of the write is taken behind the lock. Non-goals: rules of bills and entries.
"""

from dataclasses import dataclass
from typing import Any

import structlog

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.acting import provider_acting
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.providers import get_provider
from billcore.core.metering.provider import metering_provider
from billcore.core.money import minor_digits
from billcore.core.payments.channels import every_channel
from billcore.core.store.accounts import Account
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider
from billcore.server.backend import CALLER, Write
from billcore.server.messages import account as account_messages


@dataclass(frozen=True, slots=True)
class Moment:
    """today: an ordinal in the provider's time zone; now: microseconds since 1970 in UTC."""

    today: int
    now: int

    def day(self, text: str, field: str) -> int:
        """The day of a request; today where it tells none. Raises FieldRefused."""
        return account_messages.day(text, field) if text else self.today

    def known_at(self, given: int) -> int:
        """The time of a request; now where it tells none. Raises FieldRefused."""
        if given < 0:
            raise FieldRefused("known_at", "it counts microseconds since 1970; 0 is now.")
        return given or self.now


def provider(reader: Reader) -> Provider:
    """The provider for which the call acts."""
    return get_provider(reader, CALLER.get(), provider_acting(CALLER.get()))


def channel_codes(reader: Reader) -> dict[int, str]:
    """The codes of channels by number, those of the house too."""
    every = every_channel(reader, provider_acting(CALLER.get()))
    return {one.channel_no: one.channel for one in every}


def moment(reader: Reader, now: int) -> Moment:
    """Now, at the provider for which the call acts."""
    found = metering_provider(reader, provider_acting(CALLER.get()))
    return Moment(found.today(now), now)


def account(reader: Reader, request: Any, field: str = "by") -> Account:
    """The account that a request names by id or number. Raises FieldRefused, AccountUnknown."""
    provider_id = provider_acting(CALLER.get())
    match request.WhichOneof("by"):
        case "account_id":
            return things.get(reader, provider_id, ACCOUNTS, request.account_id)
        case "number":
            found = things.by_number(reader, provider_id, ACCOUNTS, request.number)
            structlog.contextvars.bind_contextvars(account=found.account_id)
            return found
    raise FieldRefused(field, "name the account by its id or number.")


def reason(request: Any) -> str:
    """Why, for the audit log. Raises FieldRefused."""
    if not request.reason.strip():
        raise FieldRefused("reason", "say why, for the audit log.")
    return account_messages.reason(request)


def currency(of: Provider) -> dict[str, Any]:
    """The fields that every answer with amounts has."""
    return {"currency": of.currency, "digits": minor_digits(of.currency)}


def source(write: Write, request: Any) -> str:
    """What names the posting of a request in the general ledger, unique per provider."""
    method = type(request).__name__.removesuffix("Request")
    return f"{method}/{write.caller.client_id}/{request.request_id}"
