"""What the tests of the API share: a client with every stub, batches, errors unpacked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
import numpy as np
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2_grpc
from grpc_status import rpc_status

from billcore.server import wire
from billcore.v1 import common_pb2, rating_service_pb2, tariff_service_pb2
from billcore.v1.account_service_pb2_grpc import AccountServiceStub
from billcore.v1.admin_service_pb2_grpc import AdminServiceStub
from billcore.v1.agent_service_pb2_grpc import AgentServiceStub
from billcore.v1.autopay_service_pb2_grpc import AutopayServiceStub
from billcore.v1.billing_service_pb2_grpc import BillingServiceStub
from billcore.v1.case_service_pb2_grpc import CaseServiceStub
from billcore.v1.channel_service_pb2_grpc import ChannelServiceStub
from billcore.v1.collection_service_pb2_grpc import CollectionServiceStub
from billcore.v1.consolidation_service_pb2_grpc import ConsolidationServiceStub
from billcore.v1.direct_debit_service_pb2_grpc import DirectDebitServiceStub
from billcore.v1.document_service_pb2_grpc import DocumentServiceStub
from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceStub
from billcore.v1.event_service_pb2_grpc import EventServiceStub
from billcore.v1.field_service_pb2_grpc import FieldServiceStub
from billcore.v1.ledger_service_pb2_grpc import LedgerServiceStub
from billcore.v1.load_service_pb2_grpc import LoadServiceStub
from billcore.v1.meter_service_pb2_grpc import MeterServiceStub
from billcore.v1.payment_service_pb2_grpc import PaymentServiceStub
from billcore.v1.rating_service_pb2_grpc import RatingServiceStub
from billcore.v1.reconciliation_service_pb2_grpc import ReconciliationServiceStub
from billcore.v1.report_service_pb2_grpc import ReportServiceStub
from billcore.v1.tariff_service_pb2_grpc import TariffServiceStub
from billcore.v1.voucher_service_pb2_grpc import VoucherServiceStub

BYTES_MAX = 64 << 20


class Named(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
):
    """Sends metadata with every call, before the call's own."""

    def __init__(self, metadata: list[tuple[str, str]]) -> None:
        self._metadata = metadata

    def _call(self, continuation, details, request):
        sent = [*self._metadata, *(details.metadata or ())]
        return continuation(details._replace(metadata=sent), request)

    intercept_unary_unary = intercept_unary_stream = intercept_stream_stream = _call
    intercept_stream_unary = _call


class Client:
    """A channel to a server with the stubs of every service; key: goes with every call; watching:
    hears of unary calls."""

    def __init__(
        self,
        port: int,
        key: str = "",
        watching: Sequence[grpc.UnaryUnaryClientInterceptor] = (),
        **metadata: str,
    ) -> None:
        options = [
            ("grpc.max_receive_message_length", BYTES_MAX),
            ("grpc.max_send_message_length", BYTES_MAX),
            ("grpc.use_local_subchannel_pool", 1),  # a connection of its own, not others' pauses
        ]
        channel = grpc.insecure_channel(f"127.0.0.1:{port}", options)
        pairs = [(name.replace("_", "-"), text) for name, text in metadata.items()]
        pairs += [("authorization", f"Bearer {key}")] if key else []
        around = [*watching, *([Named(pairs)] if pairs else [])]
        self.channel = grpc.intercept_channel(channel, *around) if around else channel
        self.tariffs = TariffServiceStub(self.channel)
        self.rating = RatingServiceStub(self.channel)
        self.accounts = AccountServiceStub(self.channel)
        self.meters = MeterServiceStub(self.channel)
        self.loads = LoadServiceStub(self.channel)
        self.billing = BillingServiceStub(self.channel)
        self.consolidation = ConsolidationServiceStub(self.channel)
        self.ledger = LedgerServiceStub(self.channel)
        self.documents = DocumentServiceStub(self.channel)
        self.enquiries = EnquiryServiceStub(self.channel)
        self.channels = ChannelServiceStub(self.channel)
        self.payments = PaymentServiceStub(self.channel)
        self.agents = AgentServiceStub(self.channel)
        self.autopay = AutopayServiceStub(self.channel)
        self.collection = CollectionServiceStub(self.channel)
        self.debits = DirectDebitServiceStub(self.channel)
        self.field = FieldServiceStub(self.channel)
        self.vouchers = VoucherServiceStub(self.channel)
        self.reconciliation = ReconciliationServiceStub(self.channel)
        self.reports = ReportServiceStub(self.channel)
        self.cases = CaseServiceStub(self.channel)
        self.admin = AdminServiceStub(self.channel)
        self.events = EventServiceStub(self.channel)
        self.health = health_pb2_grpc.HealthStub(self.channel)
        self.published = 0

    def publish(self, document: str, request_id: str = "") -> tariff_service_pb2.TariffVersion:
        self.published += 1
        name = request_id or f"publish-{id(self)}-{self.published}"
        request = tariff_service_pb2.PublishTariffRequest(document=document, request_id=name)
        return self.tariffs.PublishTariff(request).tariff

    def rate_bill(self, tariff: str, **fields: object) -> rating_service_pb2.RateBillResponse:
        return self.rating.RateBill(
            rating_service_pb2.RateBillRequest(plan=plan(tariff), bill=bill(**fields))
        )

    def rate_batches(
        self, messages: Iterable[rating_service_pb2.RateBatchRequest | bytes], **call: object
    ) -> Iterator[rating_service_pb2.RateBatchResponse]:
        """One stream; messages may be encoded already, well or badly."""
        stream = self.channel.stream_stream(
            "/billcore.v1.RatingService/RateBatch",
            response_deserializer=rating_service_pb2.RateBatchResponse.FromString,
        )
        encoded = (m if isinstance(m, bytes) else m.SerializeToString() for m in messages)
        return stream(encoded, **{"timeout": 60} | call)


def plan(tariff: str, version: int = 0) -> common_pb2.Plan:
    return common_pb2.Plan(tariff_id=tariff, version=version)


def bill(
    previous: str = "2020-03-01",
    this: str = "2020-03-31",
    days: int = 0,
    inputs: Mapping[str, object] | None = None,
    **more: object,
) -> rating_service_pb2.Bill:
    """A bill; a str is a number's text, a bool a flag, ("choice", word) or ("money", n)."""
    values = [value(name, given) for name, given in (inputs or {}).items()]
    return rating_service_pb2.Bill(
        previous_date=previous, this_date=this, days=days, inputs=values, **more
    )


def value(name: str, given: object) -> rating_service_pb2.InputValue:
    match given:
        case bool():
            return rating_service_pb2.InputValue(name=name, flag=given)
        case (kind, inner):
            return rating_service_pb2.InputValue(name=name, **{kind: inner})
    return rating_service_pb2.InputValue(name=name, number=given)


def header(
    *tariffs: str, columns: Mapping[str, int] | None = None, lines: bool = True, **more: object
) -> rating_service_pb2.RateBatchRequest:
    """A stream's header; columns: name to bits, 32 or 64."""
    kinds = {
        32: rating_service_pb2.COLUMN_TYPE_SFIXED32,
        64: rating_service_pb2.COLUMN_TYPE_SFIXED64,
    }
    output = (
        rating_service_pb2.BATCH_OUTPUT_LINES if lines else rating_service_pb2.BATCH_OUTPUT_TOTAL
    )
    return rating_service_pb2.RateBatchRequest(
        header=rating_service_pb2.BatchHeader(
            plans=[plan(tariff) for tariff in tariffs],
            output=output,
            columns=[
                rating_service_pb2.BatchColumn(name=name, type=kinds[bits])
                for name, bits in (columns or STANDARD).items()
            ],
            **more,
        )
    )


STANDARD = {"previous": 32, "this": 32, "m3": 64}
"""The columns of the test tariff WATER that most tests send."""


def batch(**columns: Iterable[int]) -> rating_service_pb2.RateBatchRequest:
    """A batch as a generated client writes it; day columns 32 bits wide, others 64."""
    lengths = {len(list(values)) for values in columns.values()}
    return rating_service_pb2.RateBatchRequest(
        batch=rating_service_pb2.BatchColumns(
            rows=max(lengths),
            columns=[
                rating_service_pb2.ColumnValues(narrow=values)
                if name in ("previous", "this", "days")
                else rating_service_pb2.ColumnValues(wide=values)
                for name, values in columns.items()
            ],
        )
    )


def day(text: str) -> int:
    """Days since 1970 of an ISO date."""
    return int(np.datetime64(text, "D").astype(int))


def month(rows: int) -> dict[str, list[int]]:
    """Period columns of March 2020, 30 days."""
    return {"previous": [day("2020-03-01")] * rows, "this": [day("2020-03-31")] * rows}


def encoded_batches(count: int, rows: int) -> Iterator[bytes]:
    """Batches for WATER, encoded as the demo does."""
    previous = np.full(rows, day("2020-03-01"), dtype=np.int32)
    m3 = np.arange(rows, dtype=np.int64) % 1_000_000
    for _ in range(count):
        yield wire.batch(rows, [previous, previous + np.int32(30), m3])


@dataclass(frozen=True)
class Refusal:
    """A status with its details."""

    code: grpc.StatusCode
    message: str
    reason: str
    facts: dict[str, str]
    fields: dict[str, str]
    retryable: bool
    request_id: str


@contextmanager
def refused(code: str, reason: str = "") -> Iterator[list[Refusal]]:
    """The block must end in this code (and reason); the refusal is the list's only item."""
    found: list[Refusal] = []
    with pytest.raises(grpc.RpcError) as caught:
        yield found
    found.append(refusal(caught.value))
    assert (found[0].code.name, found[0].reason) == (code, reason or found[0].reason), found[0]


def refusal(error: grpc.RpcError) -> Refusal:
    status = rpc_status.from_call(error)
    info, bad, retry = (
        error_details_pb2.ErrorInfo(),
        error_details_pb2.BadRequest(),
        error_details_pb2.RetryInfo(),
    )
    unpacked = [d.Unpack(retry) for d in (status.details if status else ())]
    for detail in status.details if status else ():
        detail.Unpack(info)
        detail.Unpack(bad)
    trailers = dict(error.trailing_metadata() or ())
    return Refusal(
        error.code(),
        error.details() or "",
        info.reason,
        dict(info.metadata),
        {v.field: v.description for v in bad.field_violations},
        any(unpacked),
        str(trailers.get("x-request-id", "")),
    )
