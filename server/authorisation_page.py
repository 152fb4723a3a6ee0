"""The page of who may call what, written from the table (`authorisation`)."""

from collections.abc import Iterable

from billcore.core.caller import Role
from billcore.server.authorisation import ROLES, acts_for_one, is_within, may_call

PAGE = """# Who may call what

Written by `billcore client matrix` from the one table that the server checks every call against
(`server/authorisation.py`); a test calls every method with every role over a real server, and
compares this page.

A call is let through where its client has one of the marked roles: none implies another. A client
of one terminal (`client create --channel C --terminal T`) calls what is marked *at a terminal*,
with the role that it needs. What is marked *for one provider* acts for a provider: a client of
the house names it, `x-billcore-provider: CODE`. No method is open to a call without a key.
"""


def matrix() -> str:
    """The table as a page of Markdown: each method with who may call it (docs/authorisation.md)."""
    heads = [*Role, "at a terminal", "for one provider"]
    lines = [_row("method", heads), _row("---", ["---"] * len(heads))]
    for method in sorted(ROLES):
        marks = [may_call(method, [role]) for role in Role]
        marks += [_at_a_terminal(method), acts_for_one(method)]
        lines.append(_row(f"`{method}`", ["●" if mark else "" for mark in marks]))
    return "\n".join([PAGE, *lines, ""])


def _at_a_terminal(method: str) -> bool:
    """Whether a client of one terminal, which has no roles but these, may call a method."""
    roles = Role.CASHIER, Role.VIEWER
    return may_call(method, roles) and is_within(method, roles)


def _row(first: str, others: Iterable[str]) -> str:
    return f"| {' | '.join([first, *others])} |".replace("|  |", "| |").replace("|  |", "| |")
