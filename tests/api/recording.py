"""What a client of today asks and is answered, kept so that it is answered tomorrow too.

    python -m tests.api.recording tests/api/recorded/2026-11.json

plays `scenario` on two new stores, forty days apart by the server's clock, and writes each request
as the bytes that went over the wire, with those fields of its answer that are the same both times.
`test_interop.py` sends every recording to a server of today and reads the answers by the baseline
of the contract. A new recording is a new file: old ones stay until their clients are gone.
"""

import base64
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.json_format import MessageToDict

from billcore.server import app as server_app
from billcore.server.clock import now
from billcore.v1 import (
    admin_service_pb2,
    agent_service_pb2,
    autopay_service_pb2,
    billing_service_pb2,
    case_service_pb2,
    channel_service_pb2,
    collection_service_pb2,
    consolidation_service_pb2,
    direct_debit_service_pb2,
    document_service_pb2,
    dunning_pb2,
    enquiry_service_pb2,
    event_service_pb2,
    field_service_pb2,
    ledger_service_pb2,
    load_service_pb2,
    meter_service_pb2,
    payment_service_pb2,
    rating_service_pb2,
    reconciliation_service_pb2,
    report_service_pb2,
    runs_pb2,
    tariff_service_pb2,
    voucher_service_pb2,
)
from tests import seed
from tests.api import stored, waterworks
from tests.api.client import Client, bill, plan, refusal

LATER = 40 * 86_400_000_000
"""From the first playing to the second, in microseconds."""

Told = dict[str, Any]


@dataclass
class Recorder(grpc.UnaryUnaryClientInterceptor):
    """Keeps unary calls in their order, with what came of each."""

    provider: str = ""
    steps: list[Told] = field(default_factory=list)

    def intercept_unary_unary(self, continuation, details, request):
        call = continuation(details, request)
        error = call.exception()
        self.steps.append(
            {
                "method": details.method,
                "provider": self.provider,
                "request": base64.b64encode(request.SerializeToString()).decode(),
                **(refused(error) if error else {"answer": MessageToDict(call.result())}),
            }
        )
        return call


def refused(error: grpc.RpcError) -> Told:
    """A refusal as it is kept."""
    found = refusal(error)
    return {"code": found.code.name, "reason": found.reason}


class Steady(Client):
    """Names its requests the same every time."""

    def publish(self, document, request_id=""):
        return super().publish(document, request_id or "publish")


@contextmanager
def quiet() -> Iterator[None]:
    """A refusal is kept like an answer."""
    with pytest.raises(grpc.RpcError):
        yield


def scenario(port: int, key: str, recorder: Recorder) -> None:
    """The water company from its beginning to a payment, and a call of every service."""
    house = Client(port, key, watching=[recorder])
    waterworks.founded(house)
    house.channel.close()
    recorder.provider = waterworks.CODE
    client = Steady(port, key, [recorder], x_billcore_provider=waterworks.CODE)
    works = waterworks.billed(waterworks.furnished(waterworks.Waterworks(client)))
    _asked(client, works)
    _paid(client, works)
    _others(client, works)
    client.channel.close()


def _asked(client: Client, works: waterworks.Waterworks) -> None:
    account, last = works.account_id, waterworks.iso(seed.PRINTED[-1].day)
    bill_id = works.bills[-1].header.bill_id
    client.tariffs.ListTariffs(tariff_service_pb2.ListTariffsRequest())
    request = rating_service_pb2.RateBillRequest(
        plan=plan("ir-mehrab-water"), bill=bill("2018-08-25", "2018-10-22", inputs={"m3": "45"})
    )
    client.rating.RateBill(request)
    client.rating.ExplainBill(
        rating_service_pb2.ExplainBillRequest(plan=request.plan, bill=request.bill)
    )
    with quiet():
        client.rating.RateBill(rating_service_pb2.RateBillRequest(plan=plan("nowhere")))
    client.billing.GetBill(billing_service_pb2.GetBillRequest(bill_id=bill_id))
    client.billing.ListBills(billing_service_pb2.ListBillsRequest(account_id=account))
    usage = meter_service_pb2.GetUsageRequest(
        account_id=account, agreement_no=1, previous_day="2018-08-25", this_day=last
    )
    client.meters.GetUsage(usage)
    client.ledger.GetTrialBalance(ledger_service_pb2.GetTrialBalanceRequest(day=last))
    works.statement(account, last_day=last)
    client.enquiries.GetBalance(enquiry_service_pb2.GetBalanceRequest(account_id=account, day=last))
    wanted = document_service_pb2.DocumentWanted(bill_id=bill_id)
    client.documents.GetDocument(document_service_pb2.GetDocumentRequest(document=wanted))
    order = runs_pb2.RunOrder(last_day="2018-12-21", issued_day="2018-12-22")
    client.billing.CreateRun(
        runs_pb2.CreateRunRequest(request_id="run", order=order, simulated=True)
    )
    client.billing.GetRun(runs_pb2.GetRunRequest(run_id=1))


def _paid(client: Client, works: waterworks.Waterworks) -> None:
    for code, kind in (("kiosk", "KIOSK"), ("debit", "DIRECT_DEBIT"), ("shop", "AGENT")):
        given = channel_service_pb2.Channel(channel=code, kind=f"CHANNEL_KIND_{kind}", name=code)
        client.channels.CreateChannel(
            channel_service_pb2.CreateChannelRequest(request_id=code, channel=given)
        )
    target = payment_service_pb2.Target(kind="TARGET_KIND_ACCOUNT", text="1421")
    client.payments.FetchBill(payment_service_pb2.FetchBillRequest(channel="kiosk", target=target))
    payment = payment_service_pb2.PostPaymentRequest(
        channel="kiosk",
        reference="881204",
        target=target,
        amount=362_000,
        money_taken=True,
        value_day="2018-11-05",
        currency="IRR",
    )
    for _ in range(2):  # the second is answered as the first was
        client.payments.PostPayment(payment)
    client.payments.GetPaymentStatus(
        payment_service_pb2.GetPaymentStatusRequest(channel="kiosk", reference="881204")
    )
    client.payments.ExplainPayment(
        payment_service_pb2.ExplainPaymentRequest(channel="kiosk", reference="881204")
    )
    client.enquiries.GetBalance(
        enquiry_service_pb2.GetBalanceRequest(account_id=works.account_id, day="2018-11-30")
    )


def _others(client: Client, works: waterworks.Waterworks) -> None:
    """A call of each service that the company does not need so far."""
    agent = agent_service_pb2.Agent(channel="shop", name="Corner shop", float_limit=5_000_000)
    client.agents.CreateAgent(agent_service_pb2.CreateAgentRequest(request_id="a", agent=agent))
    autopay = autopay_service_pb2.Autopay(channel="debit", remind_days=5)
    client.autopay.SetAutopay(
        autopay_service_pb2.SetAutopayRequest(
            request_id="b", account_id=works.account_id, autopay=autopay, reason="by letter"
        )
    )
    group = consolidation_service_pb2.Group(name="Lane 3", address="Lane 3")
    client.consolidation.CreateGroup(
        consolidation_service_pb2.CreateGroupRequest(request_id="c", group=group)
    )
    rate = collection_service_pb2.ReferenceRate(
        series="key_rate",
        from_day="2018-03-21",
        per_million=180_000,
        source="the bank",
        source_day="2018-03-21",
    )
    client.collection.SetReferenceRate(
        collection_service_pb2.SetReferenceRateRequest(request_id="d", rate=rate)
    )
    client.collection.ListDunningPolicies(dunning_pb2.ListDunningPoliciesRequest())
    client.debits.GetDebitTerms(direct_debit_service_pb2.GetDebitTermsRequest(channel="debit"))
    client.field.ListCollectors(field_service_pb2.ListCollectorsRequest())
    client.vouchers.ListVoucherBatches(voucher_service_pb2.ListVoucherBatchesRequest())
    client.reconciliation.GetTerms(reconciliation_service_pb2.GetTermsRequest(channel="kiosk"))
    client.cases.ListCases(case_service_pb2.ListCasesRequest())
    client.reports.ListCutOffs(report_service_pb2.ListCutOffsRequest())
    client.admin.ListClients(admin_service_pb2.ListClientsRequest())
    client.events.ListSigningKeys(event_service_pb2.ListSigningKeysRequest())
    with quiet():
        client.loads.GetLoad(load_service_pb2.GetLoadRequest(load_id=1))


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, str]]:
    """A server on a new store; its port and the key of the house."""
    keys = stored.fill(folder)
    server = stored.server(folder)
    try:
        yield server.port, keys["house"]
    finally:
        server.drain()


def recorded(later: int = 0) -> list[Told]:
    """The scenario, played on a new store by a server whose clock is ahead."""
    recorder = Recorder()
    with (
        pytest.MonkeyPatch.context() as patched,
        tempfile.TemporaryDirectory() as folder,
    ):
        patched.setattr(server_app, "now", lambda: now() + later)
        with served(Path(folder)) as (port, key):
            scenario(port, key, recorder)
    return recorder.steps


def common(one: Any, other: Any) -> Any:
    """What is in both; None: nothing is."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        both = {name: common(one[name], other[name]) for name in one if name in other}
        return {name: found for name, found in both.items() if found is not None}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [common(a, b) for a, b in zip(one, other, strict=True)]
    return one if one == other else None


def main(file: Path) -> None:
    """Writes a recording."""
    steps = [common(*pair) for pair in zip(recorded(), recorded(LATER), strict=True)]
    assert all("request" in step for step in steps), "a request is not the same every time"
    file.write_text(json.dumps(steps, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(steps)} calls in {file}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
