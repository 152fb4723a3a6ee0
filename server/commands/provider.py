"""`billcore provider …`: the companies that bill, on a running server."""

from pathlib import Path
from typing import Annotated

import typer

from billcore.core.errors import RequestInvalid
from billcore.server.commands.console import say
from billcore.server.commands.options import LOCAL, Address, Key, RequestId, request_named

app = typer.Typer(no_args_is_help=True, help="The companies that bill, on a running server.")


@app.command()
def create(
    code: Annotated[str, typer.Argument(help="Its code: 1 to 40 small letters, digits, - and _.")],
    name: Annotated[str, typer.Option(help="Its name.")],
    time_zone: Annotated[str, typer.Option(help="IANA time zone of its days, as Asia/Tehran.")],
    currency: Annotated[str, typer.Option(help="ISO 4217 code of its money.")],
    language: Annotated[str, typer.Option(help="A language tag, as fa or en-GB.")],
    calendar: Annotated[
        str, typer.Option(help="Of its months: gregorian or jalali.")
    ] = "gregorian",
    policies: Annotated[
        Path | None, typer.Option(help="A file with its policies as JSON; none: the defaults.")
    ] = None,
    request_id: RequestId = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Adds a provider; with a key of the house that has the role admin."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1 import account_service_pb2 as pb
    from billcore.v1.account_service_pb2_grpc import AccountServiceStub

    provider = pb.Provider(
        code=code,
        name=name,
        time_zone=time_zone,
        currency=currency,
        calendar=calendar,
        language=language,
        policies=policies_text(policies),
    )
    remote = Remote(address, key, "")
    request = pb.CreateProviderRequest(request_id=request_named(request_id), provider=provider)
    with remote.channel() as channel:
        made = AccountServiceStub(channel).CreateProvider(request, **remote.call).provider
    say(
        f"Provider {made.provider_id}: {made.code}, {made.name}, {made.currency}, "
        f"{made.calendar}, {made.time_zone}"
    )


def policies_text(file: Path | None) -> str:
    """The text of a file with policies; "" of none. Raises RequestInvalid."""
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RequestInvalid("policies", f"{file}: {error}") from None
