"""The invariant of channels: what refers to one finds it, and a code or number means one."""

from collections.abc import Iterator
from itertools import islice

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.caller import HOUSE
from billcore.core.clients import CHANNEL_ROLES
from billcore.core.findings import MOST, Broken, broken
from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.channels import first_number
from billcore.core.store import channels as rows
from billcore.core.store import clients
from billcore.core.store.port import Reader


def check_channels(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Numbers are dense and nobody else's, policies can be read, no code is the house's too, every
    terminal has its channel; a client of a channel has one that is known, a terminal of it if any,
    and its roles only. Of the house: every replaced key has its client."""
    yield from islice(_channels(reader, provider_id), MOST)
    for number, code in rows.shared_codes(reader, provider_id, MOST):
        yield broken(f"The house has a channel {code!r} too.", channel_no=number)
    for channel, terminal in rows.lost_terminals(reader, provider_id, MOST):
        yield broken("A terminal has no channel.", channel_no=channel, terminal_no=terminal)
    yield from islice(_clients(reader, provider_id), MOST)
    if provider_id == HOUSE:
        for client_id in clients.lost_keys(reader, MOST):
            yield broken("A replaced key has no client.", client_id=client_id)


def _channels(reader: Reader, provider_id: int) -> Iterator[Broken]:
    for wanted, one in enumerate(rows.own(reader, provider_id), first_number(provider_id)):
        if one.channel_no != wanted:
            yield broken(f"The next channel is {wanted}.", channel_no=one.channel_no)
            return
        try:
            policies = parse_channel_policies(one.policies)
        except PolicyInvalid as error:
            yield broken(f"Its policies: {error.message}", channel_no=one.channel_no)
        else:
            if policies.text != one.policies:
                yield broken("Its policies are not canonical.", channel_no=one.channel_no)


def _clients(reader: Reader, provider_id: int) -> Iterator[Broken]:
    known = rows.codes(reader, provider_id)
    for client_id, channel, roles, terminal in rows.clients(reader, provider_id):
        if channel not in known:
            yield broken(f"Its channel {channel!r} is not known.", client_id=client_id)
        elif terminal and _is_lost(reader, provider_id, channel, terminal):
            yield broken(f"Its terminal {terminal!r} is not known.", client_id=client_id)
        more = set(roles.split()) - CHANNEL_ROLES
        if more:
            said = ", ".join(sorted(more))
            yield broken(f"A client of a channel has the roles {said}.", client_id=client_id)


def _is_lost(reader: Reader, provider_id: int, code: str, terminal: str) -> bool:
    channel = rows.find_code(reader, provider_id, code)
    return channel is None or rows.find_terminal(reader, channel, terminal) is None
