"""The channels of a running server as `billcore channel` and `billcore terminal` call them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from rich.table import Table

from billcore.core.payments.channels import ChannelKind
from billcore.server.commands.console import out, say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.server.messages.channel import kind_name, kind_word
from billcore.v1 import channel_service_pb2 as pb
from billcore.v1.channel_service_pb2_grpc import ChannelServiceStub


class Channels:
    """ChannelService, called with a key, for a provider ('': the key's own, or the house)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, ChannelServiceStub)

    def create(
        self, code: str, kind: ChannelKind, name: str, policies: str, request_id: str
    ) -> None:
        """Adds a channel and tells it."""
        given = pb.Channel(channel=code, kind=kind_name(kind), name=name, policies=policies)
        request = pb.CreateChannelRequest(request_id=request_named(request_id), channel=given)
        with self._stub() as stub:
            _tell(stub.CreateChannel(request, **self._remote.call).channel)

    def update(
        self, code: str, revision: int, changes: Mapping[str, Any], reason: str, request_id: str
    ) -> None:
        """Changes a channel and tells it."""
        request = pb.UpdateChannelRequest(
            request_id=request_named(request_id),
            channel=pb.Channel(channel=code, revision=revision, **changes),
            update_mask=FieldMask(paths=sorted(changes)),
            reason=reason,
        )
        with self._stub() as stub:
            _tell(stub.UpdateChannel(request, **self._remote.call).channel)

    def list(self) -> None:
        """Tells every channel, by number."""
        table = Table("channel", "kind", "name", "of", "enabled", "revision", box=None)
        request = pb.ListChannelsRequest(page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListChannels, request, self._remote.call):
                for one in page.channels:
                    table.add_row(
                        one.channel,
                        kind_word(one.kind),
                        one.name,
                        "the provider" if one.provider_id else "the house",
                        "yes" if one.enabled else "no",
                        str(one.revision),
                    )
        out.print(table)

    def create_terminal(self, channel: str, code: str, place: str, request_id: str) -> None:
        """Adds a terminal and tells it."""
        given = pb.Terminal(channel=channel, terminal=code, place=place)
        request = pb.CreateTerminalRequest(request_id=request_named(request_id), terminal=given)
        with self._stub() as stub:
            _tell_terminal(stub.CreateTerminal(request, **self._remote.call).terminal)

    def update_terminal(
        self,
        channel: str,
        code: str,
        revision: int,
        changes: Mapping[str, Any],
        reason: str,
        request_id: str,
    ) -> None:
        """Changes a terminal and tells it."""
        request = pb.UpdateTerminalRequest(
            request_id=request_named(request_id),
            terminal=pb.Terminal(channel=channel, terminal=code, revision=revision, **changes),
            update_mask=FieldMask(paths=sorted(changes)),
            reason=reason,
        )
        with self._stub() as stub:
            _tell_terminal(stub.UpdateTerminal(request, **self._remote.call).terminal)

    def terminals(self, channel: str) -> None:
        """Tells every terminal of a channel, by number."""
        table = Table("terminal", "place", "enabled", "revision", box=None)
        request = pb.ListTerminalsRequest(channel=channel, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListTerminals, request, self._remote.call):
                for one in page.terminals:
                    enabled = "yes" if one.enabled else "no"
                    table.add_row(one.terminal, one.place, enabled, str(one.revision))
        out.print(table)


def _tell(told: pb.Channel) -> None:
    whose = "of the provider" if told.provider_id else "of the house"
    say(
        f"Channel {told.channel_no}: {told.channel}, {kind_word(told.kind)}, {told.name}, {whose}, "
        f"{_state(told)}\n{told.policies}"
    )


def _tell_terminal(told: pb.Terminal) -> None:
    place = f", {told.place}" if told.place else ""
    say(f"Terminal {told.terminal_no} of {told.channel}: {told.terminal}{place}, {_state(told)}")


def _state(told: pb.Channel | pb.Terminal) -> str:
    return f"{'enabled' if told.enabled else 'disabled'}, revision {told.revision}"
