"""ConsolidationService: groups and their consolidated bills. Each handler: convert, call, convert,
return."""

import grpc

from billcore.core.billing.consolidated import groups
from billcore.core.billing.consolidated.consolidate import consolidate, consolidated_bill
from billcore.core.enquiries.addresses import address
from billcore.core.store import consolidated as rows
from billcore.core.store import groups as group_rows
from billcore.server import pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as account_messages
from billcore.server.messages import addresses as address_messages
from billcore.server.messages import consolidation as messages
from billcore.v1 import consolidation_service_pb2 as pb
from billcore.v1.consolidation_service_pb2_grpc import ConsolidationServiceServicer

Context = grpc.ServicerContext


class ConsolidationService(ConsolidationServiceServicer):
    """The groups of the caller's provider, or of the house, over gRPC."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def CreateGroup(self, request: pb.CreateGroupRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateGroupResponse:
            values = account_messages.values(request.group, groups.CHANGEABLE)
            joining = messages.joining(write.session, request.joining)
            made = groups.create_group(write, values, joining)
            return pb.CreateGroupResponse(group=messages.group(write.session, made))

        return self._backend.once(request, context, act)

    def UpdateGroup(self, request: pb.UpdateGroupRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.UpdateGroupResponse:
            joining = messages.joining(write.session, request.joining)
            changed = groups.update_group(
                write,
                request.group.group_no,
                request.group.revision,
                messages.changes(request),
                joining,
                messages.leaving(request.leaving),
                account_messages.reason(request),
            )
            return pb.UpdateGroupResponse(group=messages.group(write.session, changed))

        return self._backend.once(request, context, act)

    def GetGroup(self, request: pb.GetGroupRequest, context: Context) -> pb.GetGroupResponse:
        with self._backend.store.read() as reader:
            found = groups.get_group(reader, CALLER.get().provider_id, request.group_no)
            return pb.GetGroupResponse(group=messages.group(reader, found))

    def ListGroups(self, request: pb.ListGroupsRequest, context: Context) -> pb.ListGroupsResponse:
        after, size = pages.after_number(request, "group"), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = group_rows.listed(reader, CALLER.get().provider_id, after, size + 1)
        page, token = account_messages.cut(found, size, "group", "group_no")
        items = [account_messages.of(pb.Group, one) for one in page]
        return pb.ListGroupsResponse(groups=items, next_page_token=token)

    def ConsolidateBills(self, request: pb.ConsolidateBillsRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ConsolidateBillsResponse:
            day = messages.day(write.session, request, write.now)
            made = consolidate(write, request.group_no, day)
            return pb.ConsolidateBillsResponse(bill=messages.bill(write.session, made))

        return self._backend.once(request, context, act)

    def GetConsolidatedBill(
        self, request: pb.GetConsolidatedBillRequest, context: Context
    ) -> pb.GetConsolidatedBillResponse:
        owner, number = CALLER.get().provider_id, request.consolidated_no
        with self._backend.store.read() as reader:
            found = consolidated_bill(reader, owner, number)
            return pb.GetConsolidatedBillResponse(bill=messages.bill(reader, found))

    def ListConsolidatedBills(
        self, request: pb.ListConsolidatedBillsRequest, context: Context
    ) -> pb.ListConsolidatedBillsResponse:
        of, size = f"consolidated/{request.group_no}", pages.page_size(request)
        after, owner = pages.after_number(request, of), CALLER.get().provider_id
        with self._backend.store.read() as reader:
            found = rows.listed(reader, owner, request.group_no, after, size + 1)
        page, token = account_messages.cut(found, size, of, "consolidated_no")
        items = [messages.header(one) for one in page]
        return pb.ListConsolidatedBillsResponse(bills=items, next_page_token=token)

    def GetGroupDebts(
        self, request: pb.GetGroupDebtsRequest, context: Context
    ) -> pb.GetGroupDebtsResponse:
        with self._backend.store.read() as reader:
            found = address(reader, CALLER.get(), request.group_no, self._backend.now())
        return address_messages.address(found)
