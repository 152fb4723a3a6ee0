"""AccountService over both stores, without a wire: messages in, messages out."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from billcore.core.accounts.errors import AccountUnknown, FieldRefused, RevisionConflict
from billcore.core.caller import Caller
from billcore.core.errors import RequestInvalid
from billcore.core.requests import RequestConflict
from billcore.server.backend import CALLER, Backend
from billcore.server.services.account import AccountService
from billcore.v1 import account_service_pb2 as pb

NOW = 1_700_000_000_000_000


class Context:
    """What handlers ask of gRPC."""

    def __init__(self):
        self.trailing = ()

    def trailing_metadata(self):
        return self.trailing

    def set_trailing_metadata(self, trailing):
        self.trailing = trailing


class Client:
    """Calls handlers; a write gets a request id, its answer is parsed."""

    def __init__(self, service, caller):
        self.service, self.caller, self.calls = service, caller, 0
        self.context = Context()

    def __call__(self, method, request_id="", **fields):
        self.calls += 1
        self.context = Context()
        request = getattr(pb, f"{method}Request")(**fields)
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            request.request_id = request_id or f"r{self.caller.client_id}-{self.calls}"
        token = CALLER.set(self.caller)
        try:
            answer = getattr(self.service, method)(request, self.context)
        finally:
            CALLER.reset(token)
        parsed = getattr(pb, f"{method}Response")
        return parsed.FromString(answer) if isinstance(answer, bytes) else answer


@pytest.fixture
def service(books):
    return AccountService(Backend(books, lambda: NOW))


@pytest.fixture
def client(service, books):
    """A client of a provider that has what an agreement needs."""
    house = Client(service, Caller(1, 0, frozenset()))
    made = house("CreateProvider", provider=pb.Provider(
        code="water", name="Water", time_zone="Asia/Tehran", currency="IRR", calendar="jalali",
        language="fa",
    )).provider  # fmt: skip
    with books.write() as session:
        session.run("INSERT INTO tariff (provider_id, tariff_no, tariff) VALUES (0, 1, 'R1')")
        session.run("INSERT INTO tariff (provider_id, tariff_no, tariff) VALUES (0, 2, 'R2')")
    client = Client(service, Caller(2, made.provider_id, frozenset()))
    client("CreateCycle", cycle=pb.Cycle(cycle="monthly", months=1))
    client("CreateAttribute", attribute=pb.Attribute(
        name="class", kind="choice", words=["home"],
    ))  # fmt: skip
    return client


def customer(client, number="C1"):
    given = pb.Customer(kind="person", name="Mina", number=number)
    return client("CreateCustomer", customer=given).customer


def account(client, owner, number="A1"):
    given = pb.Account(number=number, customer_id=owner, opened_day="2021-07-01")
    return client("CreateAccount", account=given).account


def agreement(client, account_id):
    point = client("CreateServicePoint", service_point=pb.ServicePoint(
        number="P1", service="water",
    )).service_point  # fmt: skip
    return client("CreateAgreement", agreement=pb.Agreement(
        account_id=account_id, point_id=point.point_id, service="water", cycle="monthly",
        from_day="2021-08-01", terms=[pb.AgreementTerm(tariff_id="R1")],
        attributes=[pb.AgreementAttribute(name="class", value="home")],
    )).agreement  # fmt: skip


def test_a_customer_with_accounts(client):
    """Created, found by id and number, changed, listed by page."""
    made = customer(client)
    assert client("GetCustomer", number="C1").customer == made
    changed = client(
        "UpdateCustomer",
        customer=pb.Customer(customer_id=made.customer_id, revision=1, phone="+98 21", name="-"),
        update_mask=FieldMask(paths=["phone"]),
    ).customer
    assert (changed.name, changed.phone, changed.revision) == ("Mina", "+98 21", 2)
    for n in range(3):
        account(client, made.customer_id, f"A{n}")
    for owner in (0, made.customer_id):
        first = client("ListAccounts", page_size=2, customer_id=owner)
        more = client("ListAccounts", customer_id=owner, page_token=first.next_page_token)
        assert [a.number for a in (*first.accounts, *more.accounts)] == ["A0", "A1", "A2"]
        assert more.next_page_token == ""
    assert client("ListCustomers").customers == [changed]
    closed = client(
        "CloseAccount", account_id=first.accounts[0].account_id, closed_day="2022-01-31", revision=1
    ).account
    assert (closed.opened_day, closed.closed_day) == ("2021-07-01", "2022-01-31")


def test_an_agreement_through_its_life(client):
    """Created, changed, moved to another account, listed."""
    owner = customer(client).customer_id
    one = agreement(client, account(client, owner).account_id)
    assert (one.terms[0].from_day, one.terms[0].until_day) == ("2021-08-01", "")
    key = {"account_id": one.account_id, "agreement_no": one.agreement_no}
    client("ChangeAgreementTariff", **key, from_day="2021-09-01", tariff_id="R2", revision=1)
    words = client("AddAttributeWords", name="class", words=["shop"]).attribute.words
    assert words == ["home", "shop"]
    value = pb.AgreementAttribute(name="class", from_day="2021-08-15", value="shop")
    changed = client("ChangeAgreementAttribute", **key, attribute=value, revision=2).agreement
    assert [(t.tariff_id, t.until_day) for t in changed.terms] == [("R1", "2021-08-31"), ("R2", "")]
    assert [a.value for a in changed.attributes] == ["home", "shop"]
    assert client("GetAgreement", **key).agreement == changed
    moved = client(
        "MoveAgreement", **key, until_day="2021-08-20", revision=3,
        new_account=pb.Account(number="A9", customer_id=owner, opened_day="2021-08-21"),
    )  # fmt: skip
    assert moved.ended.until_day == "2021-08-20"
    assert (moved.begun.from_day, moved.begun.attributes[0].value) == ("2021-08-21", "shop")
    ended = client("EndAgreement", account_id=moved.begun.account_id, agreement_no=1,
                   until_day="2021-08-30", revision=1).agreement  # fmt: skip
    assert [t.tariff_id for t in ended.terms] == ["R1"]
    listed = client("ListAgreements", account_id=one.account_id).agreements
    assert listed == [moved.ended]
    assert [c.cycle for c in client("ListCycles").cycles] == ["monthly"]
    assert [a.name for a in client("ListAttributes").attributes] == ["class"]


def test_a_write_sent_again_gets_its_first_answer(client):
    """The same id answers the same; with other content it is refused."""
    owner = customer(client).customer_id
    given = pb.Account(number="A1", customer_id=owner, opened_day="2021-07-01")
    first = client("CreateAccount", "mine", account=given)
    assert client("CreateAccount", "mine", account=given) == first
    assert client.context.trailing == (("x-billcore-replayed", "1"),)
    given.number = "A2"
    with pytest.raises(RequestConflict):
        client("CreateAccount", "mine", account=given)


def test_another_provider_sees_nothing(client, service):
    """Its own pages are empty, foreign ids unknown."""
    made = account(client, customer(client).customer_id)
    house = Client(service, Caller(1, 0, frozenset()))
    gas = house("CreateProvider", request_id="gas", provider=pb.Provider(
        code="gas", name="Gas", time_zone="UTC", currency="IRR", calendar="gregorian",
        language="en",
    )).provider  # fmt: skip
    other = Client(service, Caller(3, gas.provider_id, frozenset()))
    with pytest.raises(AccountUnknown):
        other("GetAccount", account_id=made.account_id)
    with pytest.raises(AccountUnknown):
        other("ListAgreements", account_id=made.account_id)
    assert not other("ListAccounts").accounts
    assert [p.code for p in other("ListProviders").providers] == ["gas"]
    assert other("GetProvider").provider.code == "gas"
    changed = other(
        "UpdateProvider",
        provider=pb.Provider(revision=1, policies='{"due_days": 3}'),
        update_mask=FieldMask(paths=["policies"]),
    ).provider
    assert '"due_days":3' in changed.policies


@pytest.mark.parametrize(
    ("method", "fields", "field"),
    [
        ("CreateAccount", {"account": pb.Account(number="A")}, "opened_day"),
        ("CreateAccount", {"account": pb.Account(opened_day="1400-01-01")}, "opened_day"),
        ("GetAccount", {}, "by"),
        ("UpdateAccount", {}, "update_mask"),
        ("UpdateAccount", {"update_mask": FieldMask(paths=["number"])}, "update_mask"),
        ("UpdateProvider", {"update_mask": FieldMask(paths=["currency"])}, "update_mask"),
        ("CloseAccount", {"reason": "x" * 501}, "reason"),
        ("EndAgreement", {}, "until_day"),
        ("MoveAgreement", {"until_day": "2021-07-01"}, "to"),
        ("AddAttributeWords", {"name": "class"}, "words"),
        ("AddAttributeWords", {"name": "class", "words": ["home"]}, "words"),
        ("AddAttributeWords", {"name": "rooms", "words": ["home"]}, "name"),
        ("CreateCycle", {"cycle": pb.Cycle(cycle="monthly", months=1)}, "cycle"),
        ("CreateCycle", {"cycle": pb.Cycle(cycle="yearly", months=0)}, "months"),
        ("CreateAgreement", {"agreement": pb.Agreement(
            from_day="2021-07-01", terms=[pb.AgreementTerm()] * 1001)}, "terms"),
        ("ListAccounts", {"page_token": "eA=="}, "page_token"),
    ],
)  # fmt: skip
def test_a_wrong_request_is_refused_with_the_field(client, method, fields, field):
    """The refusal says which field."""
    with pytest.raises(RequestInvalid) as caught:
        client(method, **fields)
    assert caught.value.fields["field"] == field


def test_a_stale_revision_is_refused(client):
    """Of an agreement as of anything else."""
    one = agreement(client, account(client, customer(client).customer_id).account_id)
    key = {"account_id": one.account_id, "agreement_no": one.agreement_no}
    with pytest.raises(RevisionConflict):
        client("EndAgreement", **key, until_day="2021-09-01", revision=2)
    with pytest.raises(FieldRefused, match="2021-13-01"):
        client("EndAgreement", **key, until_day="2021-13-01", revision=1)
