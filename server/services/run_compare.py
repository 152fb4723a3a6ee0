"""BillingService's comparison of runs. The handler: convert, call, convert, return."""

import grpc

from billcore.core.billing.runs.compare.comparison import compare
from billcore.server import asked
from billcore.server.backend import Backend
from billcore.server.messages import run_compare as messages
from billcore.v1 import compare_pb2 as pb

Context = grpc.ServicerContext


class CompareCalls:
    """The runs of the caller's provider compared over gRPC."""

    _backend: Backend

    def CompareRuns(
        self, request: pb.CompareRunsRequest, context: Context
    ) -> pb.CompareRunsResponse:
        wanted = messages.wanted(request)
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            found = compare(reader, provider, request.run_id, request.other_run_id, wanted)
        return messages.compared(found, provider)
