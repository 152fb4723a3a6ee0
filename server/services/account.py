"""AccountService: master data in and out. Each handler: convert, call, convert, return."""

from typing import Any

import grpc

from billcore.core.accounts import (
    accounts,
    adding,
    agreements,
    attributes,
    cycles,
    providers,
    things,
)
from billcore.core.accounts.accounts import ACCOUNTS, CUSTOMERS, POINTS
from billcore.core.accounts.acting import provider_acting
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.things import R, Thing
from billcore.core.store import providers as provider_rows
from billcore.core.store.port import Reader
from billcore.server import pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as messages
from billcore.server.services.notifications import NotificationCalls
from billcore.v1 import account_service_pb2 as pb
from billcore.v1.account_service_pb2_grpc import AccountServiceServicer

Context = grpc.ServicerContext

AGREEMENT_NAMES = messages.named(adding.RULES)
PROVIDER_NAMES = (*messages.named(providers.RULES), "policies")


class AccountService(NotificationCalls, AccountServiceServicer):
    """Master data of the caller's provider over gRPC."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    # -- providers

    def CreateProvider(self, request: pb.CreateProviderRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateProviderResponse:
            made = providers.create_provider(
                write, messages.values(request.provider, PROVIDER_NAMES)
            )
            return pb.CreateProviderResponse(provider=messages.of(pb.Provider, made))

        return self._backend.once(request, context, act)

    def GetProvider(
        self, request: pb.GetProviderRequest, context: Context
    ) -> pb.GetProviderResponse:
        with self._backend.store.read() as reader:
            found = providers.get_provider(reader, CALLER.get(), request.provider_id)
        return pb.GetProviderResponse(provider=messages.of(pb.Provider, found))

    def UpdateProvider(self, request: pb.UpdateProviderRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.UpdateProviderResponse:
            given = request.provider
            wanted = messages.changes(given, request.update_mask, providers.CHANGEABLE)
            changed = providers.change_provider(
                write, given.provider_id, wanted, given.revision, messages.reason(request)
            )
            return pb.UpdateProviderResponse(provider=messages.of(pb.Provider, changed))

        return self._backend.once(request, context, act)

    def ListProviders(
        self, request: pb.ListProvidersRequest, context: Context
    ) -> pb.ListProvidersResponse:
        after, size = pages.after_number(request, "provider"), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = providers.list_providers(reader, CALLER.get(), after, size + 1)
        page, token = messages.cut(found, size, "provider", "provider_id")
        items = [messages.of(pb.Provider, one) for one in page]
        return pb.ListProvidersResponse(providers=items, next_page_token=token)

    # -- customers

    def CreateCustomer(self, request: pb.CreateCustomerRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateCustomerResponse:
            made = _created(write, CUSTOMERS, request.customer)
            return pb.CreateCustomerResponse(customer=messages.of(pb.Customer, made))

        return self._backend.once(request, context, act)

    def GetCustomer(
        self, request: pb.GetCustomerRequest, context: Context
    ) -> pb.GetCustomerResponse:
        found = self._found(CUSTOMERS, request)
        return pb.GetCustomerResponse(customer=messages.of(pb.Customer, found))

    def UpdateCustomer(self, request: pb.UpdateCustomerRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.UpdateCustomerResponse:
            changed = _changed(write, CUSTOMERS, request.customer, request)
            return pb.UpdateCustomerResponse(customer=messages.of(pb.Customer, changed))

        return self._backend.once(request, context, act)

    def ListCustomers(
        self, request: pb.ListCustomersRequest, context: Context
    ) -> pb.ListCustomersResponse:
        page, token = self._page(CUSTOMERS, request)
        items = [messages.of(pb.Customer, one) for one in page]
        return pb.ListCustomersResponse(customers=items, next_page_token=token)

    # -- service points

    def CreateServicePoint(self, request: pb.CreateServicePointRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateServicePointResponse:
            made = _created(write, POINTS, request.service_point)
            return pb.CreateServicePointResponse(service_point=messages.of(pb.ServicePoint, made))

        return self._backend.once(request, context, act)

    def GetServicePoint(
        self, request: pb.GetServicePointRequest, context: Context
    ) -> pb.GetServicePointResponse:
        found = self._found(POINTS, request)
        return pb.GetServicePointResponse(service_point=messages.of(pb.ServicePoint, found))

    def UpdateServicePoint(self, request: pb.UpdateServicePointRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.UpdateServicePointResponse:
            changed = _changed(write, POINTS, request.service_point, request)
            point = messages.of(pb.ServicePoint, changed)
            return pb.UpdateServicePointResponse(service_point=point)

        return self._backend.once(request, context, act)

    def ListServicePoints(
        self, request: pb.ListServicePointsRequest, context: Context
    ) -> pb.ListServicePointsResponse:
        page, token = self._page(POINTS, request)
        items = [messages.of(pb.ServicePoint, one) for one in page]
        return pb.ListServicePointsResponse(service_points=items, next_page_token=token)

    # -- accounts

    def CreateAccount(self, request: pb.CreateAccountRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateAccountResponse:
            made = _created(write, ACCOUNTS, request.account)
            return pb.CreateAccountResponse(account=messages.of(pb.Account, made))

        return self._backend.once(request, context, act)

    def GetAccount(self, request: pb.GetAccountRequest, context: Context) -> pb.GetAccountResponse:
        found = self._found(ACCOUNTS, request)
        return pb.GetAccountResponse(account=messages.of(pb.Account, found))

    def UpdateAccount(self, request: pb.UpdateAccountRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.UpdateAccountResponse:
            given = request.account
            wanted = messages.changes(given, request.update_mask, ACCOUNTS.changeable)
            changed = accounts.change_account(
                write, given.account_id, wanted, given.revision, messages.reason(request)
            )
            return pb.UpdateAccountResponse(account=messages.of(pb.Account, changed))

        return self._backend.once(request, context, act)

    def ListAccounts(
        self, request: pb.ListAccountsRequest, context: Context
    ) -> pb.ListAccountsResponse:
        if not request.customer_id:
            page, token = self._page(ACCOUNTS, request)
        else:
            of, customer_id = f"account/{request.customer_id}", request.customer_id
            after, size = pages.after_number(request, of), pages.page_size(request)
            with self._backend.store.read() as reader:
                found = accounts.accounts_of(reader, _provider(), customer_id, after, size + 1)
            page, token = messages.cut(found, size, of, "account_id")
        items = [messages.of(pb.Account, one) for one in page]
        return pb.ListAccountsResponse(accounts=items, next_page_token=token)

    def CloseAccount(self, request: pb.CloseAccountRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CloseAccountResponse:
            closed_day = messages.last_day(request.closed_day, "closed_day")
            closed = accounts.close_account(
                write, request.account_id, closed_day, request.revision, messages.reason(request)
            )
            return pb.CloseAccountResponse(account=messages.of(pb.Account, closed))

        return self._backend.once(request, context, act)

    # -- cycles and attributes

    def CreateCycle(self, request: pb.CreateCycleRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateCycleResponse:
            made = cycles.create_cycle(write, request.cycle.cycle, request.cycle.months)
            return pb.CreateCycleResponse(cycle=messages.of(pb.Cycle, made))

        return self._backend.once(request, context, act)

    def ListCycles(self, request: pb.ListCyclesRequest, context: Context) -> pb.ListCyclesResponse:
        with self._backend.store.read() as reader:
            found = provider_rows.cycles(reader, _provider())
        return pb.ListCyclesResponse(cycles=[messages.of(pb.Cycle, one) for one in found])

    def CreateAttribute(self, request: pb.CreateAttributeRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateAttributeResponse:
            a = request.attribute
            made = attributes.create_attribute(
                write, a.name, a.kind, a.unit, a.decimals, list(a.words)
            )
            return pb.CreateAttributeResponse(attribute=messages.attribute(made))

        return self._backend.once(request, context, act)

    def AddAttributeWords(self, request: pb.AddAttributeWordsRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.AddAttributeWordsResponse:
            changed = attributes.add_words(write, request.name, list(request.words))
            return pb.AddAttributeWordsResponse(attribute=messages.attribute(changed))

        return self._backend.once(request, context, act)

    def ListAttributes(
        self, request: pb.ListAttributesRequest, context: Context
    ) -> pb.ListAttributesResponse:
        with self._backend.store.read() as reader:
            found = attributes.attributes_of(reader, _provider())
        items = [messages.attribute(one) for one in found.values()]
        return pb.ListAttributesResponse(attributes=items)

    # -- agreements

    def CreateAgreement(self, request: pb.CreateAgreementRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateAgreementResponse:
            given = request.agreement
            made = agreements.create_agreement(
                write,
                messages.values(given, AGREEMENT_NAMES),
                messages.terms(given),
                messages.steps(given.attributes, given.from_day),
            )
            return pb.CreateAgreementResponse(agreement=_agreement(write.session, made))

        return self._backend.once(request, context, act)

    def GetAgreement(
        self, request: pb.GetAgreementRequest, context: Context
    ) -> pb.GetAgreementResponse:
        with self._backend.store.read() as reader:
            found = agreements.get_agreement(
                reader, _provider(), request.account_id, request.agreement_no
            )
            return pb.GetAgreementResponse(agreement=_agreement(reader, found))

    def ListAgreements(
        self, request: pb.ListAgreementsRequest, context: Context
    ) -> pb.ListAgreementsResponse:
        of = f"agreement/{request.account_id}"
        after, size = pages.after_number(request, of), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = agreements.list_agreements(
                reader, _provider(), request.account_id, after, size + 1
            )
            known = names(reader)
        items = [messages.agreement(one, known) for one in found[:size]]
        _, token = messages.cut([one.row for one in found], size, of, "agreement_no")
        return pb.ListAgreementsResponse(agreements=items, next_page_token=token)

    def ChangeAgreementTariff(
        self, request: pb.ChangeAgreementTariffRequest, context: Context
    ) -> bytes:
        def act(write: Write) -> pb.ChangeAgreementTariffResponse:
            changed = agreements.change_tariff(
                write,
                request.account_id,
                request.agreement_no,
                messages.day(request.from_day, "from_day"),
                request.tariff_id,
                request.revision,
                messages.reason(request),
            )
            return pb.ChangeAgreementTariffResponse(agreement=_agreement(write.session, changed))

        return self._backend.once(request, context, act)

    def ChangeAgreementAttribute(
        self, request: pb.ChangeAgreementAttributeRequest, context: Context
    ) -> bytes:
        def act(write: Write) -> pb.ChangeAgreementAttributeResponse:
            changed = agreements.change_attribute(
                write,
                request.account_id,
                request.agreement_no,
                messages.step(request.attribute, "", "attribute"),
                request.revision,
                messages.reason(request),
            )
            return pb.ChangeAgreementAttributeResponse(agreement=_agreement(write.session, changed))

        return self._backend.once(request, context, act)

    def EndAgreement(self, request: pb.EndAgreementRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.EndAgreementResponse:
            ended = agreements.end_agreement(
                write,
                request.account_id,
                request.agreement_no,
                messages.day(request.until_day, "until_day"),
                request.revision,
                messages.reason(request),
            )
            return pb.EndAgreementResponse(agreement=_agreement(write.session, ended))

        return self._backend.once(request, context, act)

    def MoveAgreement(self, request: pb.MoveAgreementRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.MoveAgreementResponse:
            until_day = messages.day(request.until_day, "until_day")
            next_day = messages.iso(until_day + 1)
            ended, begun = agreements.move(
                write,
                request.account_id,
                request.agreement_no,
                until_day,
                request.revision,
                _next_account(request),
                messages.steps(request.attributes, next_day),
                messages.reason(request),
            )
            return pb.MoveAgreementResponse(
                ended=_agreement(write.session, ended), begun=_agreement(write.session, begun)
            )

        return self._backend.once(request, context, act)

    # -- what they share

    def _found(self, thing: Thing[R], request: Any) -> R:
        """What a request names by id or number."""
        with self._backend.store.read() as reader:
            match request.WhichOneof("by"):
                case None:
                    raise FieldRefused("by", f"name the {thing.word} by its id or number.")
                case "number":
                    return things.by_number(reader, _provider(), thing, request.number)
            return things.get(reader, _provider(), thing, getattr(request, thing.id_name))

    def _page(self, thing: Thing[R], request: pages.PageRequest) -> tuple[list[R], str]:
        """The items of a page and the token of the next."""
        after, size = pages.after_number(request, thing.word), pages.page_size(request)
        with self._backend.store.read() as reader:
            found = things.page(reader, _provider(), thing, after, size + 1)
        return messages.cut(found, size, thing.word, thing.id_name)


def _provider() -> int:
    """The provider for which the call acts."""
    return provider_acting(CALLER.get())


def _created(write: Write, thing: Thing[R], given: Any) -> R:
    return things.create(write, thing, messages.values(given, messages.named(thing.rules)))


def _changed(write: Write, thing: Thing[R], given: Any, request: Any) -> R:
    wanted = messages.changes(given, request.update_mask, thing.changeable)
    owned = getattr(given, thing.id_name)
    return things.change(write, thing, owned, wanted, given.revision, messages.reason(request))


def names(reader: Reader) -> messages.Names:
    """What the numbers of the provider's cycles, tariffs and attributes stand for."""
    provider_id = _provider()
    return messages.Names(
        provider_rows.cycles(reader, provider_id),
        provider_rows.tariffs(reader, provider_id),
        list(attributes.attributes_of(reader, provider_id).values()),
    )


def _agreement(reader: Reader, found: agreements.Agreement) -> pb.Agreement:
    return messages.agreement(found, names(reader))


def _next_account(request: pb.MoveAgreementRequest) -> Any:
    """The id of an account, or the values of a new one."""
    match request.WhichOneof("to"):
        case "to_account_id":
            return request.to_account_id
        case "new_account":
            return messages.values(request.new_account, messages.named(ACCOUNTS.rules))
    raise FieldRefused("to", "name the next account, or give a new one.")
