"""Automatic payment as messages, and back."""

from collections.abc import Iterable
from typing import Any

from billcore.core.payments.autopay.agreed import Terms
from billcore.core.store.autopay import AutopayRow, ReminderRow
from billcore.server.messages import account as account_messages
from billcore.v1 import autopay_service_pb2 as pb

REMINDERS_MAX = 100
"""So many reminders are told, the newest ones."""


def terms(given: pb.Autopay) -> Terms:
    """What is to be agreed."""
    return Terms(given.channel, given.remind_days, given.amount_max)


def autopay(found: AutopayRow, channel: str) -> pb.Autopay:
    """channel: its code."""
    fields: dict[str, Any] = found._asdict() | {"channel": channel, "enabled": bool(found.enabled)}
    del fields["channel_no"]
    return pb.Autopay(**fields)


def reminders(found: Iterable[tuple[ReminderRow, str]]) -> list[pb.AutopayReminder]:
    """Reminders with the codes of their channels, the newest first."""
    newest = sorted(found, key=lambda one: one[0].recorded_at, reverse=True)[:REMINDERS_MAX]
    return [_reminder(row, channel) for row, channel in newest]


def _reminder(row: ReminderRow, channel: str) -> pb.AutopayReminder:
    return pb.AutopayReminder(
        bill_id=row.bill_id,
        channel=channel,
        day=account_messages.iso(row.day),
        due_day=account_messages.iso(row.due_day),
        amount=row.amount,
        open=row.open,
        recorded_at=row.recorded_at,
    )
