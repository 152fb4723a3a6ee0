"""A client in Python made from nothing but the published protos: run by `test_interop.py`.

    generated_client.py PORT KEY TARIFF

It stands alone: the only `billcore` that it can import is what protoc made.
"""

import importlib.util
import json
import sys

import grpc
from google.rpc import error_details_pb2, status_pb2

from billcore.v1 import (
    account_service_pb2,
    account_service_pb2_grpc,
    admin_service_pb2,
    admin_service_pb2_grpc,
    common_pb2,
    rating_service_pb2,
    rating_service_pb2_grpc,
    tariff_service_pb2,
    tariff_service_pb2_grpc,
)


def main(port: str, key: str, tariff: str) -> dict[str, object]:
    """What a stranger finds out."""
    call = {"metadata": [("authorization", f"Bearer {key}")], "timeout": 60}
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    tariffs = tariff_service_pb2_grpc.TariffServiceStub(channel)
    publish = tariff_service_pb2.PublishTariffRequest(document=tariff, request_id="once")
    created = [tariffs.PublishTariff(publish, **call).created for _ in range(2)]

    rating = rating_service_pb2_grpc.RatingServiceStub(channel)
    inputs = [rating_service_pb2.InputValue(name="m3", number="12.5")]
    bill = rating_service_pb2.Bill(
        previous_date="2020-03-01", this_date="2020-03-31", inputs=inputs
    )
    plan = common_pb2.Plan(tariff_id="test-water")
    request = rating_service_pb2.RateBillRequest(plan=plan, bill=bill)
    rated = rating.RateBill(request, **call)

    column = rating_service_pb2.BatchColumn
    narrow, wide = (
        rating_service_pb2.COLUMN_TYPE_SFIXED32,
        rating_service_pb2.COLUMN_TYPE_SFIXED64,
    )
    header = rating_service_pb2.BatchHeader(
        plans=[plan],
        output=rating_service_pb2.BATCH_OUTPUT_TOTAL,
        columns=[
            column(name="previous", type=narrow),
            column(name="this", type=narrow),
            column(name="m3", type=wide),
        ],
    )
    values = rating_service_pb2.ColumnValues
    batch = rating_service_pb2.BatchColumns(
        rows=2,
        columns=[
            values(narrow=[18_322] * 2),
            values(narrow=[18_352] * 2),
            values(wide=[12_500, 12_500]),
        ],
    )
    stream = rating.RateBatch(
        iter(
            [
                rating_service_pb2.RateBatchRequest(header=header),
                rating_service_pb2.RateBatchRequest(batch=batch),
            ]
        ),
        **call,
    )
    totals = [total for answer in stream for total in answer.result.totals]

    accounts = account_service_pb2_grpc.AccountServiceStub(channel)
    providers = accounts.ListProviders(account_service_pb2.ListProvidersRequest(), **call)
    admin = admin_service_pb2_grpc.AdminServiceStub(channel)
    verdicts = list(admin.Verify(admin_service_pb2.VerifyRequest(), **call))

    try:
        rating.RateBill(rating_service_pb2.RateBillRequest(plan=common_pb2.Plan(tariff_id="x")))
    except grpc.RpcError as error:
        refused = [error.code().name, reason(error)]
    return {
        "alone": importlib.util.find_spec("billcore.core") is None,
        "created": created,
        "total": rated.total,
        "totals": totals,
        "providers": [one.code for one in providers.providers],
        "findings": sum(len(one.verdict.findings) for one in verdicts),
        "checks": len(verdicts),
        "refused": refused,
    }


def reason(error: grpc.RpcError) -> str:
    """The reason of google.rpc's ErrorInfo, from the trailers."""
    trailers = dict(error.trailing_metadata() or ())
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    info = error_details_pb2.ErrorInfo()
    return next((info.reason for detail in status.details if detail.Unpack(info)), "")


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
