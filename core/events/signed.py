"""What the signature of an event is over, byte for byte (docs/decisions/0019-signed-events.md)."""

from billcore.core.signatures import spelled
from billcore.core.store.events import Event

PURPOSE = "billcore.event.v1"


def signed_bytes(provider_id: int, event: Event, recorded_at: str) -> bytes:
    """The bytes of a numbered event; recorded_at: as it is told, RFC 3339 in UTC."""
    numbers = str(provider_id), str(event.sequence), str(event.event_id)
    return spelled(PURPOSE, (*numbers, event.kind, event.subject, recorded_at, event.payload))
