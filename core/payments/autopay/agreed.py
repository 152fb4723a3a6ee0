"""What was agreed for an account: through which channel it is paid, when its payer is reminded."""

from typing import NamedTuple

from billcore.core.accounts.acting import Write, tell
from billcore.core.accounts.errors import FieldRefused, changed_meanwhile
from billcore.core.ids import provider_of
from billcore.core.payments.autopay.errors import AutopayUnknown
from billcore.core.payments.channel_policies import AMOUNT_MAX
from billcore.core.payments.channels import (
    ChannelKind,
    check_channel,
    enabled_channel,
    get_channel,
)
from billcore.core.payments.errors import ChannelMisfit
from billcore.core.store import autopay as rows
from billcore.core.store.autopay import AutopayRow
from billcore.core.store.channels import Channel
from billcore.core.store.port import Reader

REMIND_DAYS_MAX = 60
"""A payer is reminded at most so many days before a bill is due."""

KINDS = (
    ChannelKind.WEB_BANK,
    ChannelKind.DIRECT_DEBIT,
    ChannelKind.WALLET,
    ChannelKind.PORTAL,
)
"""Through such channels money can be fetched without its payer being there."""


class Terms(NamedTuple):
    """remind_days: so many days before a bill is due, 0: on that day; amount_max: of one debit, in
    minor units, 0: no limit."""

    channel: str
    remind_days: int
    amount_max: int


def set_autopay(
    write: Write, account_id: int, terms: Terms, revision: int, reason: str = ""
) -> AutopayRow:
    """Agrees terms for an account, in the place of those of a revision (0: of none).

    Raises FieldRefused, ChannelForbidden, ChannelUnknown, ChannelDisabled, ChannelMisfit,
    RevisionConflict.
    """
    provider_id = provider_of(account_id)
    _check(terms)
    channel = _channel(write, provider_id, terms.channel)
    wanted = AutopayRow(
        account_id, channel.channel_no, terms.remind_days, terms.amount_max, 1, revision, write.now
    )
    _write(write, wanted)
    told = {"channel": terms.channel, **_told(wanted)}
    tell(write, provider_id, "autopay.set", subject(account_id), told, reason)
    return wanted._replace(revision=revision + 1)


def end_autopay(write: Write, account_id: int, revision: int, reason: str = "") -> AutopayRow:
    """Ends it: nobody is reminded any more. Raises AutopayUnknown, ChannelForbidden,
    RevisionConflict."""
    provider_id = provider_of(account_id)
    current = agreed(write.session, account_id)
    if not current.enabled:
        raise AutopayUnknown(account_id)
    check_channel(write.caller, channel_of(write.session, current).channel)
    wanted = current._replace(enabled=0, revision=revision, recorded_at=write.now)
    _write(write, wanted)
    told = {"revision": revision + 1}
    tell(write, provider_id, "autopay.ended", subject(account_id), told, reason)
    return wanted._replace(revision=revision + 1)


def agreed(reader: Reader, account_id: int) -> AutopayRow:
    """What was agreed last, ended or not. Raises AutopayUnknown."""
    found = rows.find(reader, account_id)
    if found is None:
        raise AutopayUnknown(account_id)
    return found


def channel_of(reader: Reader, row: AutopayRow) -> Channel:
    """The channel of what was agreed."""
    return get_channel(reader, provider_of(row.account_id), row.channel_no)


def subject(account_id: int) -> str:
    """What events and the audit log call it."""
    return f"account {account_id}"


def _check(terms: Terms) -> None:
    for name, most in (("remind_days", REMIND_DAYS_MAX), ("amount_max", AMOUNT_MAX)):
        value = getattr(terms, name)
        if not 0 <= value <= most:
            raise FieldRefused(f"autopay.{name}", f"{value} is not from 0 to {most}.")


def _channel(write: Write, provider_id: int, code: str) -> Channel:
    check_channel(write.caller, code)
    found = enabled_channel(write.session, provider_id, code)
    if found.kind not in KINDS:
        raise ChannelMisfit(
            "channel", f"{code} is of the kind {found.kind}, not {', '.join(KINDS)}."
        )
    return found


def _write(write: Write, wanted: AutopayRow) -> None:
    """Writes a row over the one of its revision, 0: over none. Raises RevisionConflict."""
    if wanted.revision:
        done = rows.change(write.session, wanted)
    else:
        done = rows.add(write.session, wanted._replace(revision=1))
    if not done:
        found = rows.find(write.session, wanted.account_id)
        current = found.revision if found else 0
        raise changed_meanwhile(f"autopay of {wanted.account_id}", wanted.revision, current)


def _told(row: AutopayRow) -> dict[str, int]:
    return {
        "remind_days": row.remind_days,
        "amount_max": row.amount_max,
        "revision": row.revision + 1,
    }
