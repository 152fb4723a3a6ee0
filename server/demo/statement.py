"""The statement of an account, as a table."""

import grpc
from rich.table import Table

from billcore.server.commands.amounts import shown
from billcore.server.demo.screen import console
from billcore.server.gate import AUTHORIZATION
from billcore.v1 import enquiry_service_pb2 as pb
from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceStub


def show(channel: grpc.Channel, key: str, number: str) -> pb.GetStatementResponse:
    """Prints every document of an account with the balance after it; the statement."""
    call = ((AUTHORIZATION, f"Bearer {key}"),)
    request = pb.GetStatementRequest(number=number)
    told: pb.GetStatementResponse = EnquiryServiceStub(channel).GetStatement(request, metadata=call)
    table = Table("day", "document", title=f"Statement of {number}, {told.currency}")
    for name in ("amount", "balance"):
        table.add_column(name, justify="right")
    for one in told.documents:
        amounts = shown(one.amount, told.digits), shown(one.balance, told.digits)
        table.add_row(one.day, one.what, *amounts)
    console.print(table)
    return told
