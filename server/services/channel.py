"""ChannelService: payment channels and terminals. Each handler: convert, call, convert, return."""

import grpc

from billcore.core.accounts.errors import FieldRefused
from billcore.core.payments import channels, terminals
from billcore.core.store.channels import Channel
from billcore.core.store.port import Reader
from billcore.server import pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as fields
from billcore.server.messages import channel as messages
from billcore.v1 import channel_service_pb2 as pb
from billcore.v1.channel_service_pb2_grpc import ChannelServiceServicer

Context = grpc.ServicerContext

TERMINAL_NAMES = fields.named(terminals.RULES)


class ChannelService(ChannelServiceServicer):
    """Channels of the caller's provider and of the house over gRPC."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    # -- channels

    def CreateChannel(self, request: pb.CreateChannelRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateChannelResponse:
            made = channels.create_channel(write, messages.values(request.channel))
            return pb.CreateChannelResponse(channel=messages.channel(made))

        return self._backend.once(request, context, act)

    def GetChannel(self, request: pb.GetChannelRequest, context: Context) -> pb.GetChannelResponse:
        with self._backend.store.read() as reader:
            found = _named(reader, request)
        return pb.GetChannelResponse(channel=messages.channel(found))

    def UpdateChannel(self, request: pb.UpdateChannelRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.UpdateChannelResponse:
            given = request.channel
            wanted = fields.changes(given, request.update_mask, channels.CHANGEABLE)
            changed = channels.change_channel(
                write, given.channel, wanted, given.revision, fields.reason(request)
            )
            return pb.UpdateChannelResponse(channel=messages.channel(changed))

        return self._backend.once(request, context, act)

    def ListChannels(
        self, request: pb.ListChannelsRequest, context: Context
    ) -> pb.ListChannelsResponse:
        after, size = pages.after_number(request, "channel"), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = channels.list_channels(reader, _provider(), after, size + 1)
        page, token = fields.cut(found, size, "channel", "channel_no")
        items = [messages.channel(one) for one in page]
        return pb.ListChannelsResponse(channels=items, next_page_token=token)

    # -- terminals

    def CreateTerminal(self, request: pb.CreateTerminalRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateTerminalResponse:
            given = request.terminal
            made = terminals.create_terminal(
                write, given.channel, fields.values(given, TERMINAL_NAMES)
            )
            return pb.CreateTerminalResponse(terminal=messages.terminal(made, given.channel))

        return self._backend.once(request, context, act)

    def UpdateTerminal(self, request: pb.UpdateTerminalRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.UpdateTerminalResponse:
            given = request.terminal
            wanted = fields.changes(given, request.update_mask, terminals.CHANGEABLE)
            changed = terminals.change_terminal(
                write, given.channel, given.terminal, wanted, given.revision, fields.reason(request)
            )
            return pb.UpdateTerminalResponse(terminal=messages.terminal(changed, given.channel))

        return self._backend.once(request, context, act)

    def ListTerminals(
        self, request: pb.ListTerminalsRequest, context: Context
    ) -> pb.ListTerminalsResponse:
        with self._backend.store.read() as reader:
            channel = channels.by_code(reader, _provider(), request.channel)
            of = f"terminal/{channel.channel_no}"
            after, size = pages.after_number(request, of), pages.page_size(request)
            found = terminals.list_terminals(reader, channel, after, size + 1)
        page, token = fields.cut(found, size, of, "terminal_no")
        items = [messages.terminal(one, channel.channel) for one in page]
        return pb.ListTerminalsResponse(terminals=items, next_page_token=token)


def _provider() -> int:
    """The provider for which the call acts, or the house."""
    return CALLER.get().provider_id


def _named(reader: Reader, request: pb.GetChannelRequest) -> Channel:
    """What a request names by number or code."""
    match request.WhichOneof("by"):
        case "channel_no":
            return channels.get_channel(reader, _provider(), request.channel_no)
        case "channel":
            return channels.by_code(reader, _provider(), request.channel)
    raise FieldRefused("by", "name the channel by its number or code.")
