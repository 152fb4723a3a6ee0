"""Who is turned away, and what is refused to whoever administers clients."""

from collections.abc import Iterable

from billcore.core.caller import HOUSE, Role
from billcore.core.errors import BillcoreError

KEY_CAUSES = ("KEY_INVALID", "KEY_REPLACED", "KEY_EXPIRED", "CLIENT_DISABLED")
"""Why a key is refused, for logs, figures and the audit log; the caller is not told which."""


class KeyMissing(BillcoreError):
    """The call carries no API key."""

    reason = "KEY_MISSING"

    def __init__(self) -> None:
        super().__init__(
            "This server answers to API keys: send the metadata `authorization: Bearer bck_…`. "
            "`billcore client create` makes a key."
        )


class KeyInvalid(BillcoreError):
    """The key is unknown, wrong, replaced or expired, or its client is disabled; which of them is
    not told.

    cause: one of KEY_CAUSES. client_id, provider_id: whose key it is or was, where its secret is
    right.
    """

    reason = "KEY_INVALID"

    def __init__(
        self, cause: str = "KEY_INVALID", client_id: int = 0, provider_id: int = HOUSE
    ) -> None:
        super().__init__(
            "The API key is not valid: it is misspelt, was rotated, has expired, or its client is "
            "disabled. Ask whoever administers the clients."
        )
        self.cause = cause
        self.client_id = client_id
        self.provider_id = provider_id


class RoleMissing(BillcoreError):
    """The client lacks the role that the method needs."""

    reason = "ROLE_MISSING"

    def __init__(self, method: str, role: Role, has: Iterable[Role]) -> None:
        super().__init__(
            f"{method} needs the role {role}; this client has: {', '.join(sorted(has)) or 'none'}.",
            method=method,
            role=role,
        )


class TerminalScope(BillcoreError):
    """The method is not one for clients of a terminal."""

    reason = "TERMINAL_SCOPE"

    def __init__(self, method: str, terminal: str) -> None:
        super().__init__(
            f"{method} is not for a client of a terminal: this one, of {terminal!r}, asks, and "
            "takes payments there.",
            method=method,
            terminal=terminal,
        )


class ProviderForbidden(BillcoreError):
    """The client may not act for this provider, or there is none with this code.

    client_id, provider_id: of the client, where no call of it is under way yet; not told.
    """

    reason = "PROVIDER_FORBIDDEN"

    def __init__(self, code: str, client_id: int = 0, provider_id: int = HOUSE) -> None:
        super().__init__(f"This client may not act for the provider {code!r}.", provider=code)
        self.client_id = client_id
        self.provider_id = provider_id


class ProviderNotNamed(BillcoreError):
    """A client of the house must say for which provider it acts."""

    reason = "PROVIDER_NOT_NAMED"

    def __init__(self, method: str) -> None:
        super().__init__(
            f"{method} acts for one provider: send its code as the metadata `x-billcore-provider`.",
            method=method,
        )


class ClientUnknown(BillcoreError):
    """No client of this provider has the number."""

    reason = "CLIENT_UNKNOWN"

    def __init__(self, client_id: int) -> None:
        super().__init__(f"No client {client_id} is known here.", client_id=client_id)


class ClientConflict(BillcoreError):
    """A client has this name already."""

    reason = "CLIENT_CONFLICT"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"A client is named {name!r} already: choose another name, or rotate its key.",
            name=name,
        )


class ClientsExist(BillcoreError):
    """The store has its first client already."""

    reason = "CLIENTS_EXIST"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The store has clients already, the first is {name!r}; its key was told when it was "
            "made. Whoever has the role admin makes others: `billcore client create`.",
            name=name,
        )
