"""Notification preferences as messages."""

from billcore.core.accounts.preferences import Preferences
from billcore.v1 import notifications_pb2 as pb


def preferences(found: Preferences) -> pb.NotificationPreferences:
    return pb.NotificationPreferences(
        channel=int(found.channel),  # type: ignore[arg-type]
        language=found.language,
        events=[int(event) for event in found.events],  # type: ignore[misc]
        version=found.version,
        recorded_at=found.recorded_at,
    )
