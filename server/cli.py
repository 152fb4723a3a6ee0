"""The `billcore` command: its groups put together, errors as exit statuses.

Goals: answers on standard output, errors on standard error with their place; exit status 0 fine,
1 some bills failed (they are listed), 2 unusable input or a server that refuses. Non-goals: rules,
they are in core.
"""

import sys

import typer

from billcore.core.errors import BillcoreError
from billcore.server.commands import (
    adapter,
    agent,
    autopay,
    bill,
    channel,
    client,
    consolidate,
    group,
    load,
    pay,
    provider,
    rate,
    run,
    serve,
    statement,
    store,
    tariff,
    terminal,
    verify,
    voucher,
)
from billcore.server.commands.console import UNUSABLE, complain

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Exact utility bills from tariff documents.",
)
app.add_typer(tariff.app, name="tariff")
app.add_typer(client.app, name="client")
app.add_typer(bill.app, name="bill")
app.add_typer(group.app, name="group")
app.add_typer(consolidate.app, name="consolidate")
app.add_typer(provider.app, name="provider")
app.add_typer(channel.app, name="channel")
app.add_typer(terminal.app, name="terminal")
app.add_typer(run.app, name="run")
app.add_typer(pay.app, name="pay")
app.add_typer(voucher.app, name="voucher")
app.add_typer(agent.app, name="agent")
app.add_typer(adapter.app, name="adapter")
app.add_typer(autopay.app, name="autopay")
for command in (
    tariff.schema,
    rate.rate,
    load.load,
    statement.statement,
    verify.verify,
    store.init,
    store.migrate,
    serve.serve,
):
    app.command()(command)


def main() -> None:
    """Runs the command; errors of the domain end it with status 2."""
    try:
        app()
    except BillcoreError as error:
        complain(error)
        sys.exit(UNUSABLE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(UNUSABLE)


if __name__ == "__main__":
    main()
