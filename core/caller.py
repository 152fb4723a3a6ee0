"""Who calls: the client behind an API key, what it may do and for whom it acts."""

from dataclasses import dataclass
from enum import StrEnum

HOUSE = 0
"""The provider number of what belongs to no provider: shared tariffs, money of nobody."""


class Role(StrEnum):
    """What a client may do. A client has any number of them; none implies another."""

    VIEWER = "viewer"  # asks
    CLERK = "clerk"  # customers, accounts, agreements, meters, readings
    ANALYST = "analyst"  # tariffs
    BILLER = "biller"  # makes bills and runs
    APPROVER = "approver"  # approves, freezes, reverses, posts adjustments
    CASHIER = "cashier"  # payments
    ADMIN = "admin"  # providers and clients
    VISITOR = "visitor"  # looks accounts up by their numbers, masked


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated call. provider_id: the one that it acts for; HOUSE acts for all.

    actor: the person behind the client, as the client says; for the audit log. channel: the code of
    the one channel for which the client posts; '': every channel of its scope. terminal: of the one
    terminal of that channel at which it posts; '': every one.
    """

    client_id: int
    provider_id: int
    roles: frozenset[Role]
    actor: str = ""
    channel: str = ""
    terminal: str = ""

    def may(self, role: Role) -> bool:
        """Whether the client has the role."""
        return role in self.roles
