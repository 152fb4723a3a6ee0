"""How people want to be told of an account: by which channel, in which language, of what.

Goals: whoever sends messages asks one place, for any time; nothing is forgotten by a change.
Non-goals: sending, and what a message says.
"""

from collections.abc import Collection, Iterator
from enum import IntEnum
from typing import NamedTuple

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS, CUSTOMERS, LANGUAGE
from billcore.core.accounts.acting import Write, tell
from billcore.core.accounts.checks import one_row, read
from billcore.core.accounts.errors import FieldRefused, changed_meanwhile
from billcore.core.findings import MOST, Broken, broken
from billcore.core.ids import id_range, provider_of
from billcore.core.store import preferences as rows
from billcore.core.store.port import Reader
from billcore.core.store.preferences import PreferenceRow

KNOWN_NOW = 2**63 - 1


class NotificationChannel(IntEnum):
    """How somebody is told; the numbers travel and are stored."""

    NONE = 1
    SMS = 2
    EMAIL = 3


class NotificationEvent(IntEnum):
    """Of what; the numbers travel, and are the bits that are stored."""

    BILL_ISSUED = 1
    BILL_DUE = 2
    PAYMENT_RECEIVED = 3
    PAYMENT_REVERSED = 4
    LATE_FEE_CHARGED = 5
    CASE_CHANGED = 6


EVERY = sum(1 << event for event in NotificationEvent)
"""All events."""


class Preferences(NamedTuple):
    """What an account wants. language '': its own, else the provider's. version 0: it never said,
    and is told nothing."""

    channel: NotificationChannel = NotificationChannel.NONE
    language: str = ""
    events: tuple[NotificationEvent, ...] = ()
    version: int = 0
    recorded_at: int = 0

    def wants(self, event: NotificationEvent) -> bool:
        """Whether somebody is to be told of an event."""
        return self.channel is not NotificationChannel.NONE and event in self.events


def preferences_of(reader: Reader, account_id: int, known_at: int = KNOWN_NOW) -> Preferences:
    """What an account wanted, as known at a time (microseconds since 1970)."""
    row = rows.last(reader, account_id, known_at)
    return Preferences() if row is None else _read(row)


def set_preferences(
    write: Write,
    account_id: int,
    channel: int,
    language: str,
    events: Collection[int],
    version: int,
    reason: str = "",
) -> Preferences:
    """Replaces what an account wants; version: the one that is replaced, 0: none.

    Raises FieldRefused, AccountUnknown, RevisionConflict.
    """
    _check(write.session, account_id, channel, language, events)
    current = preferences_of(write.session, account_id).version
    wanted = PreferenceRow(
        account_id=account_id,
        version=version + 1,
        channel=channel,
        language=language,
        events=sum(1 << event for event in set(events)),
        client_id=write.caller.client_id,
        recorded_at=write.now,
    )
    if version != current or not rows.add(write.session, wanted):
        now = preferences_of(write.session, account_id).version
        raise changed_meanwhile(f"notifications of {account_id}", version, now)
    made = _read(wanted)
    told = {
        "channel": made.channel.name.lower(),
        "events": [event.name.lower() for event in made.events],
        "version": made.version,
    }
    provider_id = provider_of(account_id)
    tell(write, provider_id, "notifications.set", f"account {account_id}", told, reason)
    return made


def preferences_fit(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """What accounts want has versions without gaps, channels and events that there are."""
    most = max(NotificationChannel)
    for account, count, last in rows.unfit(reader, id_range(provider_id), most, EVERY, MOST):
        yield broken(
            "Its notification preferences have gaps, or want what there is not.",
            account_id=account,
            rows=count,
            version=last,
        )


def _read(row: PreferenceRow) -> Preferences:
    events = tuple(event for event in NotificationEvent if row.events >> event & 1)
    channel = NotificationChannel(row.channel)
    return Preferences(channel, row.language, events, row.version, row.recorded_at)


def _check(
    reader: Reader, account_id: int, channel: int, language: str, events: Collection[int]
) -> None:
    if channel not in tuple(NotificationChannel):
        raise FieldRefused("channel", f"{channel} is no channel.", _words(NotificationChannel))
    for event in events:
        if event not in tuple(NotificationEvent):
            raise FieldRefused("events", f"{event} is no event.", _words(NotificationEvent))
    _, checks = read("notifications", (LANGUAGE,), one_row({"language": language}))
    checks.raise_first()
    provider_id = provider_of(account_id)
    account = things.get(reader, provider_id, ACCOUNTS, account_id)
    if channel == NotificationChannel.NONE:
        return
    if not events:
        raise FieldRefused("events", "say of what, or choose the channel none.")
    customer = things.get(reader, provider_id, CUSTOMERS, account.customer_id)
    field = "phone" if channel == NotificationChannel.SMS else "email"
    if not (getattr(account, field) or getattr(customer, field)):
        raise FieldRefused("channel", f"neither the account nor its customer has that: {field}.")


def _words(of: type[IntEnum]) -> list[str]:
    return [one.name.lower() for one in of]
