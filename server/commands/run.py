"""`billcore run …`: runs on a running server, from their plan to their reversal."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from billcore.server.commands import run_compare
from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId
from billcore.server.commands.run_export import export

if TYPE_CHECKING:
    from billcore.server.commands.run_remote import Runs

app = typer.Typer(no_args_is_help=True, help="Runs: the bills of many accounts, made as one.")
app.command()(export)
app.command()(run_compare.compare)

Number = Annotated[int, typer.Argument(min=1, metavar="RUN", help="The run's number.")]
Account = Annotated[str, typer.Argument(help="The number of the account.")]
Why = Annotated[str, typer.Option(help="Why, for the audit log.")]
Executor = Annotated[
    str,
    typer.Option(
        help="What does the work: processes, or the server's run_executor, as dask://host:port; "
        "none: that setting."
    ),
]
Watch = Annotated[bool, typer.Option("--watch", help="Follow it to the end.")]

Until = Annotated[str, typer.Option(help="Last day of closing readings, as 2018-10-22.")]
First = Annotated[str, typer.Option("--from", help="First day of closing readings; none: --until.")]
Issued = Annotated[str, typer.Option(help="Day of issue; none: today.")]
Stragglers = Annotated[
    str, typer.Option(help="Last day of closing readings of later passes; none: --until.")
]
CycleName = Annotated[str, typer.Option(help="Only agreements of this cycle; none: all.")]
FirstAccount = Annotated[int, typer.Option(min=0, help="Id of the first account; 0: the first.")]
LastAccount = Annotated[int, typer.Option(min=0, help="Id of the last account; 0: the last.")]
Chunk = Annotated[
    int, typer.Option(min=0, help="Accounts in a transaction; 0: 49,152, of a cluster 204,800.")
]
Final = Annotated[bool, typer.Option("--final", help="The bills are the last of their accounts.")]


@app.command()
def create(
    until: Until,
    first: First = "",
    issued: Issued = "",
    stragglers: Stragglers = "",
    cycle: CycleName = "",
    first_account: FirstAccount = 0,
    last_account: LastAccount = 0,
    chunk: Chunk = 0,
    final: Final = False,
    straight: Annotated[
        bool | None,
        typer.Option(
            "--straight/--by-steps",
            help="Rated, approved and frozen in one go, or step by step; none: the policy.",
        ),
    ] = None,
    estimate: Annotated[
        bool,
        typer.Option("--estimate", help="`supplement` after --stragglers estimates who is left."),
    ] = False,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Plans a run of all accounts, or of some; `start` begins it."""
    order = _order(
        until, first, issued, stragglers, cycle, first_account, last_account, chunk, final
    )
    _runs(address, key, provider).create({**order, "estimate": estimate}, straight, request_id)


@app.command()
def simulate(
    until: Until,
    first: First = "",
    issued: Issued = "",
    stragglers: Stragglers = "",
    cycle: CycleName = "",
    first_account: FirstAccount = 0,
    last_account: LastAccount = 0,
    chunk: Chunk = 0,
    final: Final = False,
    tariff: Annotated[
        list[Path] | None,
        typer.Option(help="A document to rate with instead of the published one; may be repeated."),
    ] = None,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Plans a run that issues nothing; `start` rates it."""
    _runs(address, key, provider).simulate(
        _order(until, first, issued, stragglers, cycle, first_account, last_account, chunk, final),
        tariff or [],
        request_id,
    )


@app.command()
def start(
    run_id: Number,
    executor: Executor = "",
    watch: Watch = False,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Begins the first phase: rating, or of a run that goes straight through all."""
    _runs(address, key, provider).begin("StartRun", run_id, watch, request_id, executor=executor)


@app.command()
def watch(run_id: Number, provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Follows a run until nothing of it is under way; exit status 1 if it stopped or refused."""
    _runs(address, key, provider).watch(run_id)


@app.command("list")
def list_runs(
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many, the newest.")] = 20,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists the newest runs."""
    _runs(address, key, provider).list(most)


@app.command()
def show(run_id: Number, provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Shows a run: its order, steps and passes, and what it left out."""
    _runs(address, key, provider).show(run_id)


@app.command()
def holds(
    run_id: Number,
    outcome: Annotated[
        str, typer.Option(help="Only these: held, released or refused; none: all.")
    ] = "",
    rule: Annotated[str, typer.Option(help="Only of this rule, as ABOVE.")] = "",
    most: Annotated[int, typer.Option(min=1, help="At most so many.")] = 1_000,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists the accounts that a run held or refused, with why."""
    _runs(address, key, provider).holds(run_id, outcome, rule, most)


@app.command()
def release(
    run_id: Number,
    account: Account,
    reason: Why,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lets a held bill be issued."""
    _runs(address, key, provider).decide("ReleaseBill", run_id, account, reason, request_id)


@app.command()
def hold(
    run_id: Number,
    account: Account,
    reason: Why,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Holds a bill that is not issued yet."""
    _runs(address, key, provider).decide("HoldBill", run_id, account, reason, request_id)


@app.command()
def approve(
    run_id: Number,
    reason: Why = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Says that somebody has looked at the bills."""
    _runs(address, key, provider).move("ApproveRun", run_id, request_id, reason=reason)


@app.command()
def freeze(
    run_id: Number,
    executor: Executor = "",
    watch: Watch = False,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Begins to issue the bills of an approved run."""
    _runs(address, key, provider).begin("FreezeRun", run_id, watch, request_id, executor=executor)


@app.command()
def supplement(
    run_id: Number,
    until: Annotated[
        str,
        typer.Option(
            help="Last day of closing readings; none: the run's straggler day; a later one: a run "
            "with --estimate estimates who is left."
        ),
    ] = "",
    executor: Executor = "",
    watch: Watch = False,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Begins another pass of what a frozen run refused and of what was released."""
    _runs(address, key, provider).begin(
        "SupplementRun", run_id, watch, request_id, until_day=until, executor=executor
    )


@app.command()
def publish(
    run_id: Number,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Says that the bills may be sent."""
    _runs(address, key, provider).move("PublishRun", run_id, request_id)


@app.command()
def cancel(
    run_id: Number,
    reason: Why,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Ends a run that has issued nothing."""
    _runs(address, key, provider).move("CancelRun", run_id, request_id, reason=reason)


@app.command()
def reverse(
    run_id: Number,
    reason: Why,
    day: Annotated[str, typer.Option(help="Day of the credit notes; none: today.")] = "",
    executor: Executor = "",
    watch: Watch = False,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Begins to cancel every bill of a run by a credit note."""
    _runs(address, key, provider).begin(
        "ReverseRun", run_id, watch, request_id, day=day, reason=reason, executor=executor
    )


@app.command()
def resume(
    run_id: Number,
    executor: Executor = "",
    watch: Watch = False,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Has the server go on with what was interrupted."""
    _runs(address, key, provider).begin("ResumeRun", run_id, watch, request_id, executor=executor)


def _order(
    until: str,
    first: str,
    issued: str,
    stragglers: str,
    cycle: str,
    first_account: int,
    last_account: int,
    chunk: int,
    final: bool,
) -> dict[str, Any]:
    """The fields of a RunOrder."""
    return {
        "last_day": until,
        "first_day": first,
        "issued_day": issued,
        "straggler_day": stragglers,
        "cycle": cycle,
        "first_account": first_account,
        "last_account": last_account,
        "chunk_accounts": chunk,
        "kind": "RUN_KIND_FINAL" if final else "RUN_KIND_REGULAR",
    }


def _runs(address: str, key: str, provider: str) -> "Runs":
    from billcore.server.commands.run_remote import Runs  # gRPC is slow to import

    return Runs(address, key, provider)
