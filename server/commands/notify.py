"""`billcore notify …`: how people want to be told of an account, on a running server."""

from typing import TYPE_CHECKING, Annotated

import typer

from billcore.core.accounts.preferences import NotificationChannel, NotificationEvent
from billcore.core.errors import RequestInvalid
from billcore.server.commands.bill_shown import Account
from billcore.server.commands.console import say
from billcore.server.commands.options import (
    LOCAL,
    Address,
    Key,
    Provider,
    RequestId,
    request_named,
)

if TYPE_CHECKING:
    from billcore.v1 import notifications_pb2 as pb

app = typer.Typer(no_args_is_help=True, help="How people want to be told of an account.")


@app.command("set")
def set_preferences(
    account: Account,
    channel: Annotated[str, typer.Option("--by", help="none, sms or email.")],
    of: Annotated[
        list[str] | None, typer.Option("--of", help="An event, as bill-issued; several times.")
    ] = None,
    language: Annotated[str, typer.Option(help="Of messages; none: the account's.")] = "",
    version: Annotated[
        int, typer.Option(min=0, help="The version that is replaced: see `show`; 0: none.")
    ] = 0,
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")] = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Sets by which channel, in which language and of what an account is told."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1 import notifications_pb2 as pb
    from billcore.v1.account_service_pb2_grpc import AccountServiceStub

    known = {event.name: int(event) for event in NotificationEvent}
    channels = {one.name: int(one) for one in NotificationChannel}
    wanted = pb.NotificationPreferences(
        channel=_number(channel, channels, "by"),  # type: ignore[arg-type]
        language=language,
        events=[_number(one, known, "of") for one in of or ()],  # type: ignore[misc]
        version=version,
    )
    request = pb.SetNotificationPreferencesRequest(
        request_id=request_named(request_id), number=account, preferences=wanted, reason=reason
    )
    remote = Remote(address, key, provider)
    with remote.service(AccountServiceStub) as stub:
        made = stub.SetNotificationPreferences(request, **remote.call)
    _tell(account, made.preferences)


@app.command()
def show(
    account: Account, provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Shows what an account wants."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1 import notifications_pb2 as pb
    from billcore.v1.account_service_pb2_grpc import AccountServiceStub

    remote = Remote(address, key, provider)
    with remote.service(AccountServiceStub) as stub:
        request = pb.GetNotificationPreferencesRequest(number=account)
        found = stub.GetNotificationPreferences(request, **remote.call)
    _tell(account, found.preferences)


def _number(word: str, known: dict[str, int], option: str) -> int:
    found = known.get(word.replace("-", "_").upper())
    if found is None:
        words = [name.replace("_", "-").lower() for name in known]
        raise RequestInvalid(option, f"{word[:40]!r} is not known.", words)
    return found


def _tell(account: str, found: "pb.NotificationPreferences") -> None:
    channel = NotificationChannel(found.channel).name.lower()
    events = [NotificationEvent(one).name.replace("_", "-").lower() for one in found.events]
    language = f" in {found.language}" if found.language else ""
    of = f" of {', '.join(events)}" if events else ""
    say(f"Account {account}: by {channel}{language}{of}; version {found.version}")
