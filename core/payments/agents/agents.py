"""The register of agents: one for a channel of the kind agent, at each provider that it serves."""

from typing import NamedTuple

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.errors import AlreadyTaken, changed_meanwhile
from billcore.core.payments.agents import floats
from billcore.core.payments.agents.errors import AgentFieldInvalid, AgentUnknown
from billcore.core.payments.channel_policies import AMOUNT_MAX, WHOLE
from billcore.core.payments.channels import CASH_KINDS, by_code
from billcore.core.payments.errors import ChannelMisfit
from billcore.core.payments.intake.place import OpenChannel, opened
from billcore.core.store import agents as rows
from billcore.core.store.agents import AgentRow
from billcore.core.store.port import Reader

NAME_MAX = 200


class Terms(NamedTuple):
    """What is agreed with an agent; amounts in minor units."""

    name: str
    float_limit: int
    commission_fixed: int
    commission_per_10000: int


def create_agent(write: Write, code: str, terms: Terms) -> AgentRow:
    """Makes a channel's agent. Raises AgentFieldInvalid, ChannelUnknown, ChannelMisfit,
    AlreadyTaken."""
    provider_id = provider_acting(write.caller)
    channel = channel_of(write.session, provider_id, code)
    _check(terms)
    before = rows.held_agent(write.session, provider_id, channel.channel_no)
    new = (before or floats.nobody(channel, write.now))._replace(
        recorded_at=write.now, **terms._asdict()
    )
    if before is None:
        done = rows.add(write.session, provider_id, new._replace(revision=1))
    else:
        done = not before.revision and rows.change(write.session, provider_id, new)
    if not done:
        raise AlreadyTaken("channel", f"{code!r} has an agent already: update it.")
    told = {"channel": code, "float_limit": terms.float_limit}
    tell(write, provider_id, "agent.created", subject(channel), told)
    return new._replace(revision=1)


def change_agent(
    write: Write, code: str, terms: Terms, revision: int, reason: str = ""
) -> AgentRow:
    """Agrees other terms, whole. Raises AgentUnknown, RevisionConflict and as `create_agent`."""
    provider_id = provider_acting(write.caller)
    channel = channel_of(write.session, provider_id, code)
    _check(terms)
    rows.held_agent(write.session, provider_id, channel.channel_no)
    current = agent_of(write.session, provider_id, channel)
    wanted = current._replace(recorded_at=write.now, **terms._asdict())
    if revision != current.revision or not rows.change(write.session, provider_id, wanted):
        raise changed_meanwhile(subject(channel), revision, current.revision)
    told = {"channel": code, "float_limit": terms.float_limit, "revision": revision + 1}
    tell(write, provider_id, "agent.changed", subject(channel), told, reason)
    return wanted._replace(revision=revision + 1)


def agent_of(reader: Reader, provider_id: int, channel: OpenChannel) -> AgentRow:
    """A channel's agent. Raises AgentUnknown."""
    found = rows.agent(reader, provider_id, channel.channel_no)
    if found is None:
        raise AgentUnknown(channel.channel)
    return found


def channel_of(reader: Reader, provider_id: int, code: str) -> OpenChannel:
    """An agent's channel, also a disabled one. Raises ChannelUnknown, ChannelMisfit."""
    channel = opened(by_code(reader, provider_id, code))
    if channel.kind not in CASH_KINDS:
        allowed = ", ".join(sorted(CASH_KINDS))
        raise ChannelMisfit("channel", f"{code} is of the kind {channel.kind}, not of {allowed}.")
    return channel


def subject(channel: OpenChannel) -> str:
    """What events and the audit log call it."""
    return f"agent {channel.channel_no}"


def _check(terms: Terms) -> None:
    if not 1 <= len(terms.name) <= NAME_MAX or not terms.name.isprintable():
        raise AgentFieldInvalid("name", f"it has 1 to {NAME_MAX} printable characters.")
    for name, most in (
        ("float_limit", AMOUNT_MAX),
        ("commission_fixed", AMOUNT_MAX),
        ("commission_per_10000", WHOLE),
    ):
        value = getattr(terms, name)
        if not 0 <= value <= most:
            raise AgentFieldInvalid(name, f"{value} is not from 0 to {most}.")
