"""Pages of a list: opaque cursors that name the last item told, so that nothing is missed or told
twice while items are added. A token belongs to one list; another list's is refused."""

import base64
import binascii
from typing import Protocol

from billcore.core.errors import RequestInvalid

PAGE_SIZE = 100
PAGE_SIZE_MAX = 1_000


class TokenRequest(Protocol):
    """A request that goes on behind an earlier one."""

    page_token: str


class PageRequest(TokenRequest, Protocol):
    """A request of a list."""

    page_size: int


def page_size(request: PageRequest) -> int:
    """How many items to tell; RequestInvalid when negative."""
    if request.page_size < 0:
        raise RequestInvalid("page_size", "it cannot be negative; 0 takes the default.")
    return min(request.page_size or PAGE_SIZE, PAGE_SIZE_MAX)


def token(of: str, after: str) -> str:
    """The cursor behind an item of the list `of`."""
    return base64.urlsafe_b64encode(f"{of}:{after}".encode()).decode()


def after(request: TokenRequest, of: str) -> str:
    """The item of the list `of` behind which the page starts; "" at the beginning."""
    if not request.page_token:
        return ""
    try:
        said = base64.b64decode(request.page_token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise bad_token() from None
    if not said.startswith(f"{of}:"):
        raise bad_token()
    return said.removeprefix(f"{of}:")


def after_number(request: TokenRequest, of: str) -> int:
    """As `after` where items are numbered; 0 at the beginning."""
    said = after(request, of)
    if said and not (said.isascii() and said.isdigit() and len(said) < 20):
        raise bad_token()
    return int(said or 0)


def bad_token() -> RequestInvalid:
    """The refusal of a token that is not of this list."""
    return RequestInvalid(
        "page_token", "it is not a token of this list: send next_page_token unchanged, or nothing."
    )
