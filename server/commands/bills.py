"""`billcore bill …`: what an account is billed. `billcore bill ACCOUNT` is short for
`billcore bill account ACCOUNT`."""

from typing import Any

import typer
from typer.core import TyperGroup

from billcore.server.commands import bill, one_off

ACCOUNT = "account"


class AccountFirst(TyperGroup):
    """A group that takes what is none of its commands as an account to bill."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As its base, with the command put in where there is none."""
        if args and args[0] not in (*self.commands, *self.get_help_option_names(ctx)):
            args = [ACCOUNT, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=AccountFirst,
    no_args_is_help=True,
    help="Bills an account: `bill ACCOUNT --until DAY`; or charges it something of its own.",
)
app.command(ACCOUNT)(bill.bill)
app.command("one-off")(one_off.one_off)
