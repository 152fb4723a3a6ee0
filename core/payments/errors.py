"""What channels and terminals refuse."""

from billcore.core.accounts.errors import FieldRefused


class ChannelUnknown(FieldRefused):
    """Neither the provider nor the house has such a channel."""

    reason = "CHANNEL_UNKNOWN"


class ChannelDisabled(FieldRefused):
    """Nothing new is paid through the channel."""

    reason = "CHANNEL_DISABLED"


class ChannelMisfit(FieldRefused):
    """The channel is of a kind that this does not go through."""

    reason = "CHANNEL_MISFIT"


class TerminalUnknown(FieldRefused):
    """The channel has no such terminal."""

    reason = "TERMINAL_UNKNOWN"


class TerminalDisabled(FieldRefused):
    """Nothing new is paid at the terminal."""

    reason = "TERMINAL_DISABLED"


class ChannelForbidden(FieldRefused):
    """The client posts for another channel alone."""

    reason = "CHANNEL_FORBIDDEN"

    def __init__(self, channel: str, own: str) -> None:
        super().__init__(
            "channel",
            f"this client posts for the channel {own!r} alone, not for {channel[:80]!r}.",
        )
        self.fields |= {"channel": channel[:80], "own": own}


class TerminalForbidden(FieldRefused):
    """The client takes payments at another terminal alone, or the payment is of another."""

    reason = "TERMINAL_FORBIDDEN"

    def __init__(self, field: str, own: str) -> None:
        super().__init__(field, f"this client takes payments at the terminal {own!r} alone.")
        self.fields |= {"own": own}
