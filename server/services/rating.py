"""RatingService: bills in, amounts out. Each handler: convert, call, convert, return."""

from collections.abc import Iterator

import grpc

from billcore.core.tariff.explain.explain import explain
from billcore.server.messages import batch as batch_messages
from billcore.server.messages import bill as bill_messages
from billcore.server.messages.tariff import plan_key
from billcore.server.rater import Rater
from billcore.v1 import rating_service_pb2 as pb
from billcore.v1.rating_service_pb2_grpc import RatingServiceServicer


class RatingService(RatingServiceServicer):
    """The catalog's tariffs at work over gRPC."""

    def __init__(self, rater: Rater, rows_max: int) -> None:
        self._rater = rater
        self._rows_max = rows_max

    def RateBill(
        self, request: pb.RateBillRequest, context: grpc.ServicerContext
    ) -> pb.RateBillResponse:
        plan = self._rater.plan(plan_key(request.plan, "plan"))
        bill = bill_messages.bill(request.bill, plan.tariff)
        rated = self._rater.bill(plan, bill)
        return bill_messages.rated_bill(plan, rated)

    def ExplainBill(
        self, request: pb.ExplainBillRequest, context: grpc.ServicerContext
    ) -> pb.ExplainBillResponse:
        plan = self._rater.plan(plan_key(request.plan, "plan"))
        bill = bill_messages.bill(request.bill, plan.tariff)
        explanation = explain(plan.tariff, bill)
        return bill_messages.explained(plan, explanation, request.language)

    def RateBatch(
        self, requests: Iterator[pb.RateBatchRequest], context: grpc.ServicerContext
    ) -> Iterator[pb.RateBatchResponse | bytes]:
        header = batch_messages.header(requests)
        plans = self._rater.plans(header.keys, header.names(), lines=header.lines)
        yield batch_messages.layout(header, plans, self._rows_max)
        for sequence, request in enumerate(requests, start=1):
            batch = batch_messages.batch(request, header, plans, self._rows_max)
            rated = self._rater.batch(plans, batch)
            yield batch_messages.result(sequence, plans, rated)
