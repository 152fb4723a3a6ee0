"""Correction cases on a real server, by calls and by commands: from the request to the notice."""

import hashlib

import grpc
import pytest
from typer.testing import CliRunner

from billcore.core.cases.kinds import CaseKind, EvidenceKind
from billcore.core.cases.plans import StepKind
from billcore.core.cases.states import CaseState
from billcore.core.verify import CHECKS
from billcore.server import cli
from billcore.server.demo import gas
from billcore.server.demo.gas import turnover
from billcore.v1 import admin_service_pb2
from billcore.v1 import case_service_pb2 as pb
from billcore.v1.admin_service_pb2_grpc import AdminServiceStub
from billcore.v1.case_service_pb2_grpc import CaseServiceStub
from tests.api.client import refused

LIMIT = 5 << 20


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def company(app, keys):
    """A gas company with its bank, beside the providers of the store."""
    with grpc.insecure_channel(f"127.0.0.1:{app.port}") as channel:
        yield gas.founded(channel, keys["house"])


@pytest.fixture
def clerk(company):
    return company.cases("Mina")


@pytest.fixture
def approver(company):
    return company.cases("Reza")


@pytest.fixture
def run(app, company):
    """Runs `billcore case …` against the server; what it prints."""

    def called(*command):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": company.key,
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, ["case", *map(str, command)], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return " ".join(result.output.split())

    return called


def register(company, kind, number, *evidence, **more):
    request = pb.RegisterCaseRequest(
        request_id=more.pop("request_id", company.request_id()),
        kind=f"CASE_KIND_{kind}",
        number=number,
        channel="web",
        evidence=evidence,
        **more,
    )
    return request, company.cases().RegisterCase(request).case


def late(company, number):
    """A bill that was paid late, and the case about it."""
    slip = company.bill(number, 200_000, 60)
    company.bill(number, 500_000, 20)
    paid_at = company.pay(f"R-{number}", slip, days_ago=5)
    return register(company, "LATE_PAYMENT", number, turnover(f"R-{number}", slip, paid_at))


def test_the_contract_has_core_s_words():
    """Every kind and state of core has its number on the wire, and no other is there."""
    for enum, known in (
        (pb.CaseKind, CaseKind),
        (pb.CaseState, CaseState),
        (pb.EvidenceKind, EvidenceKind),
        (pb.CorrectionStepKind, StepKind),
    ):
        names = [name for name, _ in sorted(enum.items(), key=lambda pair: pair[1])]
        prefix = names[0].removesuffix("UNSPECIFIED")
        assert names[1:] == [f"{prefix}{one.name}" for one in known]


def test_the_life_of_a_case(company, clerk, approver):
    """Found, proposed, corrected, told, closed, reopened, undone; each call answers the whole."""
    request, case = late(company, "A1")
    assert case.state == CaseState.FOUND_LATE
    assert case.number == "A1"
    assert case.held_item_id
    assert 0 < case.due_at - case.registered_at == 24 * 3_600_000_000
    assert clerk.RegisterCase(request).case == case
    told = {"case_no": case.case_no, "reason": "as found"}
    case = clerk.ProposeCorrection(pb.ProposeCorrectionRequest(request_id="p1", **told)).case
    (step,) = case.proposals[-1].steps
    assert (step.asked_before, step.asked_after) == (700_000, 500_000)
    assert case.proposals[-1].proposed_by == "Mina"
    case = approver.CorrectCase(pb.CorrectCaseRequest(request_id="c1", **told)).case
    (posted,) = case.corrections
    assert posted.payment_code_after not in ("", posted.payment_code_before)
    assert case.stopped_at
    assert company.slip("A1").payment_id == posted.payment_code_after
    for method, name in ((clerk.NotifyCase, "Notify"), (clerk.CloseCase, "Close")):
        kind = getattr(pb, f"{name}CaseRequest")
        case = method(kind(request_id=name, case_no=case.case_no)).case
    assert case.state == CaseState.CLOSED
    assert not case.held_item_id
    case = clerk.ReopenCase(pb.ReopenCaseRequest(request_id="o1", **told)).case
    assert case.round == 2
    undo = pb.UndoCaseCorrectionRequest(request_id="u1", **told)
    case = approver.UndoCaseCorrection(undo).case
    assert case.corrections[0].undone_at
    case = clerk.WithdrawCase(pb.WithdrawCaseRequest(request_id="w1", **told)).case
    states = [CaseState(one.to).name for one in case.timeline]
    assert states == [
        "REGISTERED", "CHECKING", "FOUND_LATE", "CORRECTION_PROPOSED", "CORRECTED", "NOTIFIED",
        "CLOSED", "REOPENED", "CHECKING", "WITHDRAWN",
    ]  # fmt: skip
    assert clerk.GetCase(pb.GetCaseRequest(case_no=case.case_no)).case.timeline == case.timeline


def test_evidence_is_kept_as_it_came(company, clerk):
    slip = company.bill("A2", 100_000, 30)
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8_000  # 2 MB
    piece = pb.Evidence(
        kind=pb.EVIDENCE_KIND_STUB, media_type="image/png", content=picture, pan_last4="0017"
    )
    _, case = register(company, "PAST_BILL_ID", "A2", piece)
    assert case.state == CaseState.EVIDENCE_NEEDED
    assert list(case.needs) == ["bill id and payment id"]
    assert case.paused_at
    (kept,) = case.evidence
    assert (kept.size, kept.content) == (len(picture), b"")
    assert kept.sha256 == hashlib.sha256(picture).hexdigest()
    asked = pb.GetEvidenceRequest(case_no=case.case_no, evidence_no=1)
    assert clerk.GetEvidence(asked).evidence.content == picture
    with refused("NOT_FOUND", "EVIDENCE_UNKNOWN"):
        clerk.GetEvidence(pb.GetEvidenceRequest(case_no=case.case_no, evidence_no=2))
    more = pb.Evidence(
        kind=pb.EVIDENCE_KIND_TOLD, payer_code=slip.payer_id, payment_code=slip.payment_id
    )
    request = pb.AddEvidenceRequest(
        request_id=company.request_id(), case_no=case.case_no, evidence=[more]
    )
    case = clerk.AddEvidence(request).case
    assert case.state == CaseState.NOT_FOUND
    assert not case.paused_at


def test_bad_requests_change_nothing(company, clerk):
    """Each is refused with its code, its reason and its place."""
    before = len(clerk.ListCases(pb.ListCasesRequest()).cases)
    company.open_account("A3")
    base = {"kind": pb.CASE_KIND_LATE_PAYMENT, "number": "A3", "channel": "web"}
    told = pb.EVIDENCE_KIND_TOLD
    for field, changed in (
        ("kind", {"kind": 0}),
        ("by", {"number": None}),
        ("channel", {"channel": ""}),
        ("evidence[0].kind", {"evidence": [pb.Evidence()]}),
        ("evidence[0].content", {"evidence": [pb.Evidence(kind=told, content=b"x")]}),
        ("evidence[0].payer_code", {"evidence": [pb.Evidence(kind=told, payer_code="12")]}),
        ("evidence[0].pan_last4", {"evidence": [pb.Evidence(kind=told, pan_last4="60370017")]}),
        ("evidence", {"evidence": [pb.Evidence(kind=told)] * 11}),
        ("disputed_amount", {"disputed_amount": -1}),
        ("disputed_item_id", {"disputed_item_id": 12}),
    ):
        request = pb.RegisterCaseRequest(request_id=company.request_id(), **(base | changed))
        with refused("INVALID_ARGUMENT") as found:
            clerk.RegisterCase(request)
        assert list(found[0].fields) == [field], field
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
        register(company, "LATE_PAYMENT", "nobody")
    with refused("NOT_FOUND", "CASE_UNKNOWN"):
        clerk.GetCase(pb.GetCaseRequest(case_no=999))
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        clerk.RegisterCase(pb.RegisterCaseRequest(**base))
    assert len(clerk.ListCases(pb.ListCasesRequest()).cases) == before


def test_refusals_in_the_middle(company, clerk, approver):
    """A case in another state, a taken claim, a person who approves himself."""
    theirs = company.bill("B2", 200_000, 40)
    company.bill("B1", 200_000, 40)
    company.pay("OWN-B2", "B2", 200_000, days_ago=8)
    paid_at = company.pay("R-B1", theirs, days_ago=7)
    piece = turnover("R-B1", theirs, paid_at)
    _, case = register(company, "WRONG_ID_SUBSCRIBER", "B1", piece)
    with refused("ALREADY_EXISTS", "CLAIM_TAKEN") as found:
        register(company, "WRONG_ID_SUBSCRIBER", "A3", piece)
    assert found[0].facts["case"] == str(case.case_no)
    told = {"case_no": case.case_no, "reason": "as found"}
    with refused("FAILED_PRECONDITION", "CASE_STATE_UNFIT") as found:
        approver.CorrectCase(pb.CorrectCaseRequest(request_id=company.request_id(), **told))
    assert found[0].facts["state"] == "FOUND_OTHER_SUBSCRIBER"
    with refused("FAILED_PRECONDITION", "CORRECTION_UNFIT") as found:
        clerk.ProposeCorrection(
            pb.ProposeCorrectionRequest(request_id=company.request_id(), refund=True, **told)
        )
    assert found[0].facts["rule"] == "NOT_DOUBLE"
    clerk.ProposeCorrection(pb.ProposeCorrectionRequest(request_id=company.request_id(), **told))
    with refused("FAILED_PRECONDITION", "APPROVAL_NEEDED"):
        clerk.ApproveCorrection(
            pb.ApproveCorrectionRequest(request_id=company.request_id(), **told)
        )
    with refused("FAILED_PRECONDITION", "APPROVAL_NEEDED"):
        approver.CorrectCase(pb.CorrectCaseRequest(request_id=company.request_id(), **told))
    company.pay("X-B1", "B1", 1_000)
    approver.ApproveCorrection(pb.ApproveCorrectionRequest(request_id=company.request_id(), **told))
    with refused("FAILED_PRECONDITION", "PROPOSAL_STALE"):
        approver.CorrectCase(pb.CorrectCaseRequest(request_id=company.request_id(), **told))
    assert company.owed("B1") == 199_000


def test_roles_and_providers(app, company, keys, clerk):
    """A viewer asks and does nothing; another provider sees nothing."""
    _, case = late(company, "C1")
    with grpc.insecure_channel(f"127.0.0.1:{app.port}") as channel:
        stub = CaseServiceStub(channel)
        for name in ("viewer", "south"):
            call = {"metadata": (("authorization", f"Bearer {keys[name]}"),)}
            with refused("NOT_FOUND", "CASE_UNKNOWN"):
                stub.GetCase(pb.GetCaseRequest(case_no=case.case_no), **call)
            assert not stub.ListCases(pb.ListCasesRequest(), **call).cases
        call = {"metadata": (("authorization", f"Bearer {keys['viewer']}"),)}
        with refused("PERMISSION_DENIED", "ROLE_MISSING"):
            stub.CloseCase(pb.CloseCaseRequest(request_id="x", case_no=1), **call)
        call = {"metadata": (("authorization", f"Bearer {keys['clerk']}"),)}
        with refused("PERMISSION_DENIED", "ROLE_MISSING"):
            stub.CorrectCase(pb.CorrectCaseRequest(request_id="x", case_no=1, reason="y"), **call)


def test_lists_in_pages(company, clerk):
    """By state, kind and account, each case once."""
    every = list(clerk.ListCases(pb.ListCasesRequest()).cases)
    assert not any(one.timeline or one.evidence for one in every)
    found, request = [], pb.ListCasesRequest(page_size=1)
    while True:
        page = clerk.ListCases(request)
        found += page.cases
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert [one.case_no for one in found] == [one.case_no for one in every]
    wanted = {"state": pb.CASE_STATE_FOUND_LATE, "kind": pb.CASE_KIND_LATE_PAYMENT}
    some = clerk.ListCases(pb.ListCasesRequest(**wanted)).cases
    assert [one.case_no for one in some] == [
        one.case_no for one in every if one.state == CaseState.FOUND_LATE
    ]
    mine = clerk.ListCases(pb.ListCasesRequest(account_id=company.accounts["C1"])).cases
    assert [one.number for one in mine] == ["C1"]
    assert clerk.ListCases(pb.ListCasesRequest(number="C1")).cases == mine
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
        clerk.ListCases(pb.ListCasesRequest(number="nobody"))
    assert not clerk.ListCases(pb.ListCasesRequest(overdue=True)).cases
    with refused("INVALID_ARGUMENT"):
        clerk.ListCases(pb.ListCasesRequest(page_token="x"))


def test_commands(company, run, tmp_path):
    """A case by commands: registered with a file, found, proposed, shown, saved, withdrawn."""
    slip = company.bill("D1", 200_000, 60)
    company.bill("D1", 500_000, 20)
    company.pay("R-D1", slip, days_ago=5)
    stub = tmp_path / "stub.pdf"
    stub.write_bytes(b"%PDF-1.7 stub")
    ids = "--bill-id", slip.payer_id, "--payment-id", slip.payment_id
    said = run("register", "late_payment", "D1", "--file", stub, "--evidence", "stub", *ids)
    number = said.split()[1].rstrip(":")
    assert "LATE_PAYMENT of D1, FOUND_LATE, clock 0 %" in said
    assert "payment: bank R-D1, account D1, 200000" in said
    said = run("propose", number, "--reason", "paid late")
    assert "REISSUE, asks 700000 > 500000" in said
    said = run("correct", number, "--reason", "as proposed")
    assert "CORRECTED" in said
    assert "posted 1: REISSUE, payment id" in said
    said = run("show", number)
    assert "FOUND_LATE > CORRECTION_PROPOSED" in said
    assert "evidence 1: STUB" in said
    copy = tmp_path / "copy.pdf"
    assert "SHA-256" in run("save", number, 1, copy)
    assert copy.read_bytes() == stub.read_bytes()
    assert f"Case {number}: LATE_PAYMENT of D1, CORRECTED" in run("list", "--state", "corrected")
    assert run("list", "--account", "D1").startswith(f"Case {number}: ")
    assert "undone" in run("undo", number, "--reason", "to show it")
    assert "WITHDRAWN" in run("withdraw", number, "--reason", "the customer said so")
    assert "REOPENED" in run("reopen", number, "--reason", "once more")
    assert "FOUND_LATE" in run("investigate", number)
    assert "REJECTED" in run("reject", number, "--reason", "enough")
    assert "open cases" in run("sweep")
    said = run("register", "past_bill_id", "D1")
    assert "EVIDENCE_NEEDED" in said
    assert "lacks: stub or turnover" in said
    waiting = said.split()[1].rstrip(":")
    more = "--trace", "R-NONE", "--amount", 5, "--paid-at", "2024-02-29T12:00+03:30"
    assert "EVIDENCE_NEEDED" in run("evidence", waiting, "--evidence", "told", *more)


def test_the_books_hold(app, keys):
    """`verify` finds nothing, cases_agree among its checks."""
    assert "cases_agree" in CHECKS
    with grpc.insecure_channel(f"127.0.0.1:{app.port}") as channel:
        call = {"metadata": (("authorization", f"Bearer {keys['house']}"),)}
        stub = AdminServiceStub(channel)
        answers = list(stub.Verify(admin_service_pb2.VerifyRequest(), **call))
    verdicts = [one.verdict for one in answers if one.HasField("verdict")]
    assert {one.check for one in verdicts if one.provider == "gas"} >= {"cases_agree"}
    assert [one for one in verdicts if one.findings] == []
