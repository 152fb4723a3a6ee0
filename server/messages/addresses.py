"""The accounts of an address as messages."""

from itertools import groupby

from billcore.core.enquiries.addresses import Address, Owing
from billcore.server.asked import currency
from billcore.server.messages import account as account_messages
from billcore.server.messages import enquiry as enquiry_messages
from billcore.v1 import consolidation_service_pb2 as pb


def address(found: Address) -> pb.GetGroupDebtsResponse:
    told = pb.GetGroupDebtsResponse(
        group_no=found.group.group_no,
        name=found.group.name,
        balance=sum(one.balance for one in found.accounts),
        payable=sum(one.payable for one in found.accounts),
        providers=[
            _provider(list(every))
            for _, every in groupby(found.accounts, key=lambda one: one.provider.provider_id)
        ],
    )
    if found.accounts:
        own = currency(found.accounts[0].provider)  # a group has one
        told.currency, told.digits = own["currency"], own["digits"]
    return told


def _provider(found: list[Owing]) -> pb.ProviderDebts:
    provider = found[0].provider
    return pb.ProviderDebts(
        provider=provider.code,
        name=provider.name,
        balance=sum(one.balance for one in found),
        payable=sum(one.payable for one in found),
        accounts=[_account(one) for one in found],
    )


def _account(found: Owing) -> pb.AccountDebts:
    return pb.AccountDebts(
        account_id=found.account.account_id,
        number=found.account.number,
        services=found.services,
        balance=found.balance,
        overdue=found.overdue,
        due_day=account_messages.iso_if_any(found.due_day),
        payable=found.payable,
        open_items=enquiry_messages.items(found.open_items),
    )
