"""Terminals: the tills, kiosks and devices of a channel, each with a code of its own there."""

from collections.abc import Mapping
from typing import Any

from billcore.core.accounts.acting import Write, tell
from billcore.core.accounts.checks import Rule, Text, one_row, read
from billcore.core.accounts.errors import (
    AlreadyTaken,
    FieldRefused,
    IdsExhausted,
    changed_meanwhile,
)
from billcore.core.errors import quoted
from billcore.core.payments import channels
from billcore.core.payments.errors import TerminalDisabled, TerminalUnknown
from billcore.core.store import channels as rows
from billcore.core.store import providers
from billcore.core.store.channels import Channel, Terminal
from billcore.core.store.port import Reader, Value

TERMINALS_MAX = 2**31 - 1
"""A channel has at most so many terminals (IdsExhausted)."""

RULES: tuple[Rule, ...] = (
    Text(
        "terminal",
        least=1,
        most=40,
        pattern="[A-Za-z0-9][A-Za-z0-9._:/-]*",
        form="letters, digits and ._:/-, as 06821147 or K-12",
    ),
    Text("place", most=200),
)

CHANGEABLE = ("place", "enabled")
"""What an update may name; the code is for ever."""


def create_terminal(write: Write, channel: str, values: Mapping[str, Value]) -> Terminal:
    """A new terminal, enabled, of a channel that is the caller's; values: a text for each of RULES.

    Raises FieldRefused, ChannelUnknown, HouseNeeded, AlreadyTaken, IdsExhausted.
    """
    _check(values)
    owner = channels.own(write, channel)
    code = str(values["terminal"])
    drawn = f"terminal of channel {owner.channel_no}"
    providers.lock(write.session, owner.provider_id, drawn)
    if rows.find_terminal(write.session, owner, code) is not None:
        raise AlreadyTaken("terminal", f"{quoted(channel)} has a terminal {quoted(code)} already.")
    number = providers.draw(write.session, owner.provider_id, drawn, 1)
    if number > TERMINALS_MAX:
        raise IdsExhausted("terminal", f"a channel has at most {TERMINALS_MAX:,} terminals.")
    made = Terminal(
        owner.provider_id, owner.channel_no, number, code, str(values["place"]), 1, 1, write.now
    )
    rows.add_terminal(write.session, made)
    told = {"channel": owner.channel, "terminal": made.terminal}
    tell(write, owner.provider_id, "terminal.created", subject(made), told)
    return made


def by_code(reader: Reader, channel: Channel, code: str) -> Terminal:
    """A channel's terminal of a code. Raises TerminalUnknown."""
    found = rows.find_terminal(reader, channel, code)
    if found is None:
        raise TerminalUnknown(
            "terminal",
            f"the channel {quoted(channel.channel)} has no terminal {quoted(code)}: list them, or "
            "create it.",
        )
    return found


def list_terminals(reader: Reader, channel: Channel, after: int, limit: int) -> list[Terminal]:
    """Up to `limit` of a channel's terminals behind the number `after`."""
    return rows.terminals(reader, channel, after, limit)


def change_terminal(
    write: Write,
    channel: str,
    code: str,
    changes: Mapping[str, Any],
    revision: int,
    reason: str = "",
) -> Terminal:
    """Changes some of CHANGEABLE.

    Raises ChannelUnknown, TerminalUnknown, RevisionConflict and as `create_terminal`.
    """
    owner = channels.own(write, channel)
    current = by_code(write.session, owner, code)
    wanted = current._replace(recorded_at=write.now, **changes)
    wanted = wanted._replace(enabled=int(wanted.enabled))
    _check(wanted._asdict())
    if revision != current.revision or not rows.change_terminal(write.session, wanted):
        raise changed_meanwhile(subject(current), revision, current.revision)
    told = {"channel": owner.channel, "fields": sorted(changes), "revision": revision + 1}
    tell(write, owner.provider_id, "terminal.changed", subject(current), told, reason)
    return wanted._replace(revision=revision + 1)


def enabled_terminal(reader: Reader, channel: Channel, code: str) -> Terminal | None:
    """The terminal that something new names; None: it names none ("") and need not.

    Raises FieldRefused where the channel's policies ask for one, TerminalUnknown, TerminalDisabled.
    """
    if not code:
        if channels.policies_of(channel).terminal_required:
            raise FieldRefused("terminal", f"{quoted(channel.channel)} asks for a terminal.")
        return None
    found = by_code(reader, channel, code)
    if not found.enabled:
        raise TerminalDisabled("terminal", f"the terminal {quoted(code)} is disabled.")
    return found


def subject(terminal: Terminal) -> str:
    """What events and the audit log call it."""
    return f"terminal {terminal.channel_no}/{terminal.terminal_no}"


def _check(values: Mapping[str, Value]) -> None:
    _, checks = read("terminals", RULES, one_row({rule.name: values[rule.name] for rule in RULES}))
    checks.raise_first()
