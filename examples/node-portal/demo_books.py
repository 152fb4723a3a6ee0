#!/usr/bin/env python
"""Makes a demo store for the portal: the water company of the printed bills, billed over two years.

    python demo_books.py sqlite:///portal.db      # prints the keys that the portal wants

It makes the store, starts a server for it, brings a company with the account 1421, its tariff,
norm and meter, issues five bills (each paid but the last) and makes a channel of the kind portal.
A gas company bills the account 88017 of the same address; a group of the house has both. Three
clients have no more than the portal needs: one is bound to the channel (viewer, cashier), a clerk
of the water company writes how customers want to be told, a viewer of the house reads the group.
"""

import sys
from typing import NamedTuple

from google.protobuf.field_mask_pb2 import FieldMask

from billcore.server.demo import books, gas
from billcore.server.demo.books import POLICIES, Call, Company
from billcore.server.demo.process import connected, initialised
from billcore.server.gate import AUTHORIZATION
from billcore.v1 import (
    account_service_pb2,
    admin_service_pb2,
    channel_service_pb2,
    consolidation_service_pb2,
)
from billcore.v1.admin_service_pb2_grpc import AdminServiceStub
from billcore.v1.channel_service_pb2_grpc import ChannelServiceStub
from billcore.v1.consolidation_service_pb2_grpc import ConsolidationServiceStub

CHANNEL = "portal"
NAME, ADDRESS = "Maryam Karimi", "Haft Bagh Boulevard, 420/71"
GAS_ACCOUNT, GAS_BILL, DAYS_AGO = "88017", 1_845_300, 40
TOGETHER_SINCE = "2020-03-20"

NORMS = '"norms": [{"quantity": "m3", "per_month": "10"}]'
"""What a household would be billed for without a meter, in a month."""


class Keys(NamedTuple):
    """The keys of the portal, and that of the water company's office."""

    portal: str
    clerk: str
    house: str
    office: str


def make(url: str) -> Keys:
    """Makes the store."""
    founder = initialised(url)
    with connected(f"--store={url}") as server:
        company = books.founded(server.channel, founder)
        company.settle()
        company.bill_all()
        _furnish(company)
        neighbour = gas.founded(server.channel, founder)
        neighbour.bill(GAS_ACCOUNT, GAS_BILL, DAYS_AGO)
        house = Call(AdminServiceStub(server.channel), _by(founder))
        clerk = _key(house, "addresses", ["CLIENT_ROLE_CLERK"])
        _group(Call(ConsolidationServiceStub(server.channel), _by(clerk)))
        office = Call(AdminServiceStub(server.channel), _by(company.key))
        return Keys(
            _key(office, "portal", ["CLIENT_ROLE_VIEWER", "CLIENT_ROLE_CASHIER"], channel=CHANNEL),
            _key(office, "portal clerk", ["CLIENT_ROLE_CLERK"]),
            _key(house, "portal house", ["CLIENT_ROLE_VIEWER"]),
            company.key,
        )


def _by(key: str) -> tuple[tuple[str, str]]:
    return ((AUTHORIZATION, f"Bearer {key}"),)


def _furnish(company: Company) -> None:
    """The norm, where the customer is reached, the channel."""
    pb, call = account_service_pb2, company.accounts
    provider = call.GetProvider(pb.GetProviderRequest()).provider
    provider.policies = f"{POLICIES[:-1]}, {NORMS}}}"
    call.UpdateProvider(
        pb.UpdateProviderRequest(
            provider=provider, update_mask=FieldMask(paths=["policies"]), request_id="norms"
        )
    )
    account = call.GetAccount(pb.GetAccountRequest(account_id=company.account_id)).account
    account.name, account.address = NAME, ADDRESS
    account.phone, account.email = "+98 34 1234", "m@example.org"
    changed = FieldMask(paths=["name", "address", "phone", "email"])
    call.UpdateAccount(
        pb.UpdateAccountRequest(account=account, update_mask=changed, request_id="reached")
    )
    made = channel_service_pb2.Channel(
        channel=CHANNEL, kind=channel_service_pb2.CHANNEL_KIND_PORTAL, name="Self-service"
    )
    Call(ChannelServiceStub(company.channel), _by(company.key)).CreateChannel(
        channel_service_pb2.CreateChannelRequest(channel=made, request_id=CHANNEL)
    )


def _group(house: Call) -> None:
    """The accounts of the address, of both companies."""
    pb = consolidation_service_pb2
    joining = [
        pb.JoiningMember(provider=provider, number=number, first_day=TOGETHER_SINCE)
        for provider, number in (("mehrab", books.NUMBER), ("gas", GAS_ACCOUNT))
    ]
    group = pb.Group(name=NAME, address=ADDRESS)
    house.CreateGroup(pb.CreateGroupRequest(request_id="address", group=group, joining=joining))


def _key(admin: Call, name: str, roles: list[str], **bound: str) -> str:
    """A new client; its key."""
    request = admin_service_pb2.CreateClientRequest(
        name=name, roles=roles, request_id=name, **bound
    )
    key: str = admin.CreateClient(request).key
    return key


if __name__ == "__main__":
    keys = make(sys.argv[1])
    print(f"BILLCORE_KEY={keys.portal}")
    print(f"BILLCORE_CLERK_KEY={keys.clerk}")
    print(f"BILLCORE_HOUSE_KEY={keys.house}")
