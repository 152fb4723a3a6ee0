"""TariffService: documents in, versions out. Each handler: convert, call, convert, return."""

import grpc

from billcore.core.tariff.catalog import Catalog, examine
from billcore.server.backend import CALLER, mark_replayed
from billcore.server.messages import tariff as messages
from billcore.v1 import tariff_service_pb2 as pb
from billcore.v1.tariff_service_pb2_grpc import TariffServiceServicer


class TariffService(TariffServiceServicer):
    """The catalog over gRPC: a caller sees its provider's tariffs and the house's."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def ValidateTariff(
        self, request: pb.ValidateTariffRequest, context: grpc.ServicerContext
    ) -> pb.ValidateTariffResponse:
        verdict = examine(request.document)
        return messages.verdict(verdict)

    def PublishTariff(
        self, request: pb.PublishTariffRequest, context: grpc.ServicerContext
    ) -> pb.PublishTariffResponse:
        publication = self._catalog.publish(
            request.document, request.request_id, caller=CALLER.get()
        )
        if publication.replayed:
            mark_replayed(context)
        return messages.publication(publication)

    def GetTariff(
        self, request: pb.GetTariffRequest, context: grpc.ServicerContext
    ) -> pb.GetTariffResponse:
        wanted = messages.plan_key(request.plan, "plan")
        published = self._catalog.get(*wanted, provider_id=CALLER.get().provider_id)
        return messages.tariff(published)

    def ListTariffs(
        self, request: pb.ListTariffsRequest, context: grpc.ServicerContext
    ) -> pb.ListTariffsResponse:
        after, limit = messages.page(request)
        page = self._catalog.tariffs(after, limit, CALLER.get().provider_id)
        return messages.tariffs(page)

    def ListTariffVersions(
        self, request: pb.ListTariffVersionsRequest, context: grpc.ServicerContext
    ) -> pb.ListTariffVersionsResponse:
        after, limit = messages.version_page(request)
        page = self._catalog.versions(request.tariff_id, after, limit, CALLER.get().provider_id)
        return messages.versions(page)
