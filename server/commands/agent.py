"""`billcore agent …`: agents, their shifts and their cash, on a running server."""

from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.agent_remote import Agents

app = typer.Typer(no_args_is_help=True, help="Agents and their cash, on a running server.")

Code = Annotated[str, typer.Argument(metavar="AGENT", help="The code of the agent's channel.")]
Name = Annotated[str, typer.Option(help="Its name.")]
Limit = Annotated[int, typer.Option(help="How much cash it may hold, in minor units.")]
Fixed = Annotated[int, typer.Option(help="What it earns by a payment, in minor units.")]
Share = Annotated[int, typer.Option(help="What it earns of each 10,000.")]


@app.command()
def create(
    agent: Code,
    name: Name,
    float_limit: Limit,
    fixed: Fixed = 0,
    per_10000: Share = 0,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Makes the agent of a channel of the kind agent."""
    terms = name, float_limit, fixed, per_10000
    remote(address, key, provider).create(agent, terms, request_id)


@app.command()
def update(
    agent: Code,
    revision: Annotated[int, typer.Option(help="The revision that is changed: see `show`.")],
    name: Name,
    float_limit: Limit,
    fixed: Fixed = 0,
    per_10000: Share = 0,
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")] = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Agrees other terms with an agent, all of them."""
    terms = name, float_limit, fixed, per_10000
    remote(address, key, provider).update(agent, terms, revision, reason, request_id)


@app.command()
def show(
    agent: Code, provider: HouseProvider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Shows an agent and what it holds."""
    remote(address, key, provider).show(agent)


@app.command("list")
def list_agents(provider: HouseProvider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the agents."""
    remote(address, key, provider).agents()


@app.command("open")
def open_shift(
    agent: Code,
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Opens the agent's next shift."""
    remote(address, key, provider).open(agent, request_id)


@app.command()
def hand_over(
    agent: Code,
    amount: Annotated[int, typer.Argument(help="What was counted, in minor units.")],
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """The agent hands over some of its cash."""
    remote(address, key, provider).hand_over(agent, amount, request_id)


@app.command()
def close(
    agent: Code,
    counted: Annotated[int, typer.Argument(help="All of it, counted, in minor units.")],
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Closes the shift with all cash counted and handed over."""
    remote(address, key, provider).close(agent, counted, request_id)


@app.command()
def shift(
    agent: Code,
    number: Annotated[int, typer.Argument(help="The number of the shift.")],
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """The report of a shift."""
    remote(address, key, provider).shift(agent, number)


@app.command()
def shifts(
    agent: Code, provider: HouseProvider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Lists the shifts of an agent."""
    remote(address, key, provider).shifts(agent)


def remote(address: str, key: str, provider: str) -> "Agents":
    """The agents of a server."""
    from billcore.server.commands.agent_remote import Agents  # gRPC is slow to import

    return Agents(address, key, provider)
