"""Channels and terminals as messages, and back."""

from billcore.core.accounts.errors import FieldRefused
from billcore.core.payments.channels import ChannelKind
from billcore.core.store.channels import Channel, Terminal
from billcore.core.store.port import Value
from billcore.v1 import channel_service_pb2 as pb

PREFIX = "CHANNEL_KIND_"


def values(given: pb.Channel) -> dict[str, Value]:
    """A new channel as core's columns have it."""
    return {
        "channel": given.channel,
        "kind": kind_word(given.kind),
        "name": given.name,
        "policies": given.policies,
    }


def kind_word(number: int) -> str:
    """The word of a kind. Raises FieldRefused."""
    names = pb.ChannelKind.DESCRIPTOR.values_by_number
    if number not in names or number == pb.CHANNEL_KIND_UNSPECIFIED:
        raise FieldRefused("kind", f"{number} is no kind of channel.", list(ChannelKind))
    return pb.ChannelKind.Name(number).removeprefix(PREFIX).lower()


def kind_name(word: str) -> str:
    """The wire's name of a kind, which stands for its number."""
    return PREFIX + word.upper()


def channel(found: Channel) -> pb.Channel:
    fields = found._asdict() | {"kind": kind_name(found.kind), "enabled": bool(found.enabled)}
    return pb.Channel(**fields)


def terminal(found: Terminal, of: str) -> pb.Terminal:
    """of: the code of its channel."""
    fields = found._asdict() | {"channel": of, "enabled": bool(found.enabled)}
    del fields["provider_id"]
    return pb.Terminal(**fields)
