"""`billcore collect …`: debts that are not paid in time, on a running server."""

import typer

from billcore.server.commands import deposit, dunning, plan, write_off

app = typer.Typer(
    no_args_is_help=True, help="Debts that are not paid in time, on a running server."
)
app.add_typer(dunning.app, name="dunning")
app.add_typer(plan.app, name="plan")
app.add_typer(deposit.app, name="deposit")
app.add_typer(write_off.app, name="write-off")
