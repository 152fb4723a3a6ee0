"""The options that most commands have: which server, whose key, for which provider."""

import uuid
from typing import Annotated

import typer

LOCAL = "127.0.0.1:50051"

Address = Annotated[
    str, typer.Option(envvar="BILLCORE_ADDRESS", help="Host and port of the server.")
]
Key = Annotated[
    str,
    typer.Option(
        envvar="BILLCORE_KEY",
        show_default=False,
        help="The key of a client; better in the environment.",
    ),
]
Provider = Annotated[str, typer.Option(help="Code of the provider; none: the key's.")]
HouseProvider = Annotated[
    str, typer.Option(help="Code of the provider; none: the key's, or the house.")
]
RequestId = Annotated[str, typer.Option(help="To send the same again; none: a new one.")]


def request_named(given: str = "") -> str:
    """The request id that was given, else a new one."""
    return given or f"cli-{uuid.uuid4().hex}"
