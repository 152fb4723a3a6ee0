"""Clients as messages, and back."""

from collections.abc import Mapping, Sequence

from billcore.core.caller import Role
from billcore.core.clients import NEVER, Client, Scope
from billcore.core.errors import RequestInvalid
from billcore.core.findings import Broken, Verdict
from billcore.server import pages
from billcore.server.times import moment, rfc3339
from billcore.v1 import admin_service_pb2 as pb

REASON_MAX = 1_000
"""A reason for the audit log has at most this many characters."""

PREFIX = "CLIENT_ROLE_"

FOR_EVER = "never"
"""Of `expires_at`: the keys do not end."""


def roles(request: pb.CreateClientRequest) -> list[Role]:
    """The roles that are asked for."""
    names = pb.ClientRole.DESCRIPTOR.values_by_number
    for number in request.roles:
        if number not in names or number == pb.CLIENT_ROLE_UNSPECIFIED:
            raise RequestInvalid("roles", f"{number} is not a role.", list(Role))
    return [Role(role_name(number)) for number in request.roles]


def role_word(role: Role) -> str:
    """The wire's name of a role, which stands for its number."""
    return PREFIX + role.upper()


def role_name(number: int) -> str:
    """The word of a role."""
    return pb.ClientRole.Name(number).removeprefix(PREFIX).lower()


def reason(request: pb.DisableClientRequest | pb.RotateClientKeyRequest) -> str:
    """Why, for the audit log."""
    if len(request.reason) > REASON_MAX:
        raise RequestInvalid("reason", f"it has at most {REASON_MAX:,} characters.")
    return request.reason


def client(client: Client, code: str) -> pb.Client:
    """code: of the client's provider; "" for the house."""
    return pb.Client(
        client_id=client.client_id,
        name=client.name,
        provider=code,
        roles=[role_word(role) for role in Role if role in client.roles],
        enabled=client.enabled,
        created_at=rfc3339(client.recorded_at),
        channel=client.channel,
        terminal=client.terminal,
        expires_at=_told(client.expires_at),
        old_key_until=_told(client.replaced_until),
    )


def _told(moment: int) -> str:
    return rfc3339(moment) if moment else ""


def scope(request: pb.CreateClientRequest) -> Scope:
    """What a new client is bound to."""
    return Scope(request.channel, request.terminal, moment(request.expires_at, "expires_at"))


def new_end(request: pb.RotateClientKeyRequest) -> int | None:
    """The end of the client's keys that a rotation asks for; None: as it is."""
    if request.expires_at == FOR_EVER:
        return NEVER
    return moment(request.expires_at, "expires_at") or None


def clients(
    found: Sequence[Client], limit: int, codes: Mapping[int, str]
) -> pb.ListClientsResponse:
    """A page; found: one more than the limit where there is another page."""
    page = found[:limit]
    more = len(found) > limit
    return pb.ListClientsResponse(
        clients=[client(c, codes[c.provider_id]) for c in page],
        next_page_token=pages.token("c", str(page[-1].client_id)) if more else "",
    )


def verdict(found: Verdict, provider: str, microseconds: int) -> pb.CheckVerdict:
    return pb.CheckVerdict(
        provider=provider,
        check=found.check,
        microseconds=microseconds,
        findings=[finding(broken) for broken in found.broken],
    )


def finding(broken: Broken) -> pb.CheckFinding:
    where = {name: str(value) for name, value in broken.items() if name != "message"}
    return pb.CheckFinding(message=str(broken["message"]), where=where)
