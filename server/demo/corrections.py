"""Runs the demo of correction cases: every case of a gas company's customers, from the request to
the notice, over the calls of a server on a fresh store. Ends with 1 if an amount differs.

Mina registers and proposes, Reza approves and corrects; what each account owes is printed before
and after, and a correction is undone and made again.
"""

import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from billcore.server.demo import checks, gas, report
from billcore.server.demo.gas import Gas, Slip, turnover
from billcore.server.demo.process import connected, initialised
from billcore.server.demo.screen import console
from billcore.v1 import case_service_pb2 as pb
from billcore.v1 import event_service_pb2

CLERK, APPROVER = "Mina", "Reza"
STATE, KIND, STEP = "CASE_STATE_", "CASE_KIND_", "CORRECTION_STEP_KIND_"


def main() -> int:
    """The cases, one after the other; 0: everything agrees."""
    with tempfile.TemporaryDirectory(prefix="billcore-demo-") as folder:
        url = f"sqlite:///{Path(folder) / 'billcore.db'}"
        house = initialised(url)
        with connected(f"--store={url}") as server:
            company = gas.founded(server.channel, house)
            agree = _told(Desk(company))
            agree &= told(company)
            console.rule("The books of everybody: every invariant")
            agree &= checks.show(server.channel, house)
    return 0 if agree else 1


def _told(desk: "Desk") -> bool:
    """Whether all stories ended as foreseen; each is told."""
    agree = True
    for story in STORIES:
        agree &= story(desk)
    return agree


@dataclass
class Desk:
    """Where cases are worked on."""

    gas: Gas

    def register(self, kind: str, number: str, *evidence: pb.Evidence) -> pb.Case:
        """Registers a case; prints where its investigation ended and what it found."""
        request = pb.RegisterCaseRequest(
            request_id=self.gas.request_id(),
            kind=f"{KIND}{kind}",
            number=number,
            channel="web",
            evidence=evidence,
        )
        case: pb.Case = self.gas.cases().RegisterCase(request).case
        console.print(f"RegisterCase {kind} of {number}: {state(case)}")
        self.tell_facts(case)
        return case

    def tell_facts(self, case: pb.Case) -> None:
        """Prints what the last investigation found."""
        for fact in case.findings[-1].facts if case.findings else ():
            where = f" at account {fact.number}" if fact.number else ""
            amount = f" of {fact.amount:,}" if fact.amount else ""
            named = f" {fact.channel} {fact.reference}" if fact.reference else ""
            until = f" until {fact.day}" if fact.what == "waits" else ""
            console.print(f"  {fact.what}{named}{amount}{where}{until} {fact.text}".rstrip())

    def correct(self, case: pb.Case, **how: Any) -> pb.Case:
        """Proposes, approves and corrects; prints the steps and what accounts owe."""
        told: dict[str, Any] = {"case_no": case.case_no, "reason": "as the evidence says"}
        request = pb.ProposeCorrectionRequest(request_id=self.gas.request_id(), **told, **how)
        case = self.gas.cases().ProposeCorrection(request).case
        proposal = case.proposals[-1]
        if proposal.amount:
            approve = pb.ApproveCorrectionRequest(request_id=self.gas.request_id(), **told)
            self.gas.cases(APPROVER).ApproveCorrection(approve)
        correct = pb.CorrectCaseRequest(request_id=self.gas.request_id(), **told)
        case = self.gas.cases(APPROVER).CorrectCase(correct).case
        self._tell_balances(proposal)
        if not proposal.steps:
            console.print("  nothing is to be posted: the books are right, the customer is told so")
        for one in case.corrections:
            if not one.undone_at:
                console.print(f"  posted: {_posted(one)}")
        return case

    def _tell_balances(self, proposal: pb.CorrectionProposal) -> None:
        numbers = {account_id: number for number, account_id in self.gas.accounts.items()}
        table = Table("account")
        for name in ("owed before", "owed after", "spent already"):
            table.add_column(name, justify="right")
        for one in proposal.balances:
            amounts = (f"{amount:,}" for amount in (one.before, one.after, one.consumed))
            table.add_row(numbers[one.account_id], *amounts)
        console.print(table)

    def undo(self, case: pb.Case) -> pb.Case:
        """Undoes what was posted."""
        request = pb.UndoCaseCorrectionRequest(
            request_id=self.gas.request_id(), case_no=case.case_no, reason="to show it"
        )
        undone: pb.Case = self.gas.cases(APPROVER).UndoCaseCorrection(request).case
        return undone

    def end(self, case: pb.Case) -> pb.Case:
        """Tells both sides and closes the case."""
        told: dict[str, Any] = {"case_no": case.case_no}
        notify = pb.NotifyCaseRequest(request_id=self.gas.request_id(), **told)
        self.gas.cases().NotifyCase(notify)
        close = pb.CloseCaseRequest(request_id=self.gas.request_id(), **told)
        case = self.gas.cases().CloseCase(close).case
        names = [state(case, one.to) for one in case.timeline]
        console.print("  " + " → ".join(names))
        return case

    def swept(self, case: pb.Case) -> pb.Case:
        """Sweeps, and tells where the case is then."""
        self.gas.cases().SweepCases(pb.SweepCasesRequest())
        found: pb.Case = self.gas.cases().GetCase(pb.GetCaseRequest(case_no=case.case_no)).case
        console.print(f"SweepCases: case {case.case_no} is {state(found)}")
        return found

    def owed(self, *wanted: tuple[str, int]) -> bool:
        """Whether accounts owe what was foreseen."""
        found = [(number, self.gas.owed(number)) for number, _ in wanted]
        said = ", ".join(f"{number} {amount:,}" for number, amount in wanted)
        return report.agree(f"What is owed: {said}", found, list(wanted))

    def asks(self, number: str, before: Slip, amount: int) -> bool:
        """Whether an account's bill asks for an amount, by another payment id than before."""
        after = self.gas.slip(number)
        agree = report.agree(f"The bill asks for {amount:,} now", after.amount, amount)
        told = f"by a payment id of its own, {after.payment_id} for {before.payment_id}"
        return agree & report.agree(told, after.payment_id != before.payment_id, True)


def state(case: pb.Case, number: int = 0) -> str:
    """Where a case is, in a word."""
    return pb.CaseState.Name(number or case.state).removeprefix(STATE)


def _posted(one: pb.PostedCorrection) -> str:
    name = pb.CorrectionStepKind.Name(one.kind).removeprefix(STEP)
    if one.rebill_id:
        codes = f"{one.payment_code_before or 'none'} → {one.payment_code_after}"
        return f"{name} of bill {one.bill_id}, payment id {codes}"
    return f"{name} of {one.amount:,}, entry {one.account_entry_id}"


def _is(case: pb.Case, wanted: str) -> bool:
    return report.agree(f"The case is {wanted}", state(case), wanted)


# -- the cases


def paid_late(desk: Desk) -> bool:
    """Bill 1 is paid behind its due day, when bill 2 has asked for both already."""
    console.rule("1. Paid after the deadline")
    first = desk.gas.bill("1001", 200_000, 60)
    second = desk.gas.bill("1001", 500_000, 20)
    paid_at = desk.gas.pay("R-1001", first, days_ago=5)
    agree = report.agree("Bill 2 asks for both", second.amount, 700_000)
    case = desk.register("LATE_PAYMENT", "1001", turnover("R-1001", first, paid_at))
    agree &= _is(case, "FOUND_LATE")
    case = desk.correct(case)
    agree &= desk.owed(("1001", 500_000)) & desk.asks("1001", second, 500_000)
    return agree & _is(desk.end(case), "CLOSED")


def on_its_way(desk: Desk) -> bool:
    """Taken yesterday: the bank's report may still tell it, and does."""
    console.rule("2a. Taken from the account, not received: on its way")
    slip = desk.gas.bill("1002", 300_000, 30)
    evidence = turnover("R-1002", slip, gas.ago(1))
    case = desk.register("DEBITED_NOT_RECEIVED", "1002", evidence)
    agree = _is(case, "CHECKING")
    agree &= report.agree("It waits, with a date", bool(case.waits_until), True)
    treated = desk.gas.report("R-1002", slip, 1)
    agree &= report.agree("The bank's report tells it, and it is posted", treated.posted, 1)
    case = desk.swept(case)
    agree &= _is(case, "FOUND_LATE") & desk.owed(("1002", 0))
    return agree & _is(desk.end(desk.correct(case)), "CLOSED")


def not_received(desk: Desk) -> bool:
    """Taken ten days ago: a letter to finance, credit meanwhile, the money at last."""
    console.rule("2b. Taken from the account, never received")
    slip = desk.gas.bill("1003", 400_000, 40)
    evidence = turnover("R-1003", slip, gas.ago(10))
    case = desk.register("DEBITED_NOT_RECEIVED", "1003", evidence)
    agree = _is(case, "SENT_TO_FINANCE")
    console.print(f"  letter {case.letter}, trace R-1003")
    desk.correct(case, provisional=True)
    agree &= desk.owed(("1003", 0))
    console.print("Finance found it: the bank pays")
    desk.gas.pay("R-1003", slip, days_ago=10)
    agree &= desk.owed(("1003", -400_000))
    case = desk.swept(case)
    agree &= _is(case, "FOUND_LATE")
    case = desk.correct(case)
    agree &= desk.owed(("1003", 0))
    return agree & _is(desk.end(case), "CLOSED")


def another_subscriber(desk: Desk) -> bool:
    """Paid with another subscriber's ids, who has spent it; undone, and made again."""
    console.rule("3a. The ids of another subscriber")
    mine = desk.gas.bill("1004", 250_000, 40)
    agree = report.agree("The bill of 1004 asks for", mine.amount, 250_000)
    theirs = desk.gas.bill("1005", 250_000, 40)
    desk.gas.pay("R-1005", "1005", 250_000, days_ago=12)
    paid_at = desk.gas.pay("R-1004", theirs, days_ago=9)
    spent = desk.gas.bill("1005", 150_000, 2)
    agree &= report.agree("The next bill of 1005 is paid by its credit", spent.amount, 0)
    agree &= desk.owed(("1004", 250_000), ("1005", -100_000))
    case = desk.register("WRONG_ID_SUBSCRIBER", "1004", turnover("R-1004", theirs, paid_at))
    agree &= _is(case, "FOUND_OTHER_SUBSCRIBER")
    case = desk.correct(case)
    consumed = max(one.consumed for one in case.proposals[-1].balances)
    agree &= report.agree("Of it 150,000 was spent: 1005 was told first", consumed, 150_000)
    agree &= desk.owed(("1004", 0), ("1005", 150_000))
    case = desk.undo(case)
    agree &= desk.owed(("1004", 250_000), ("1005", -100_000))
    console.print("Undone; and investigated and corrected once more")
    request = pb.InvestigateCaseRequest(request_id=desk.gas.request_id(), case_no=case.case_no)
    case = desk.correct(desk.gas.cases().InvestigateCase(request).case)
    agree &= desk.owed(("1004", 0), ("1005", 150_000))
    agree &= report.agree("1005 pays by its newest bill", desk.gas.slip("1005").amount, 150_000)
    return agree & _is(desk.end(case), "CLOSED")


def another_organisation(desk: Desk) -> bool:
    """Paid with the ids of the water company: nothing of it is here."""
    console.rule("3b. The ids of another organisation")
    desk.gas.bill("1006", 180_000, 30)
    slip = gas.foreign(180_000)
    case = desk.register("WRONG_ID_ORGANISATION", "1006", turnover("R-1006", slip, gas.ago(8)))
    agree = _is(case, "NOT_OURS")
    named = [fact.text for fact in case.findings[-1].facts if fact.what == "foreign"]
    agree &= report.agree("It says whom to ask", named, ["Gilan Water"])
    return agree & desk.owed(("1006", 180_000)) & _is(desk.end(case), "CLOSED")


def past_bill(desk: Desk) -> bool:
    """Paid with the payment id of a bill that was paid already."""
    console.rule("4. The payment id of a past bill")
    first = desk.gas.bill("1007", 200_000, 55)
    desk.gas.pay("R-1007-1", first, days_ago=45)
    second = desk.gas.bill("1007", 350_000, 20)
    paid_at = desk.gas.pay("R-1007-2", first, days_ago=4)
    case = desk.register("PAST_BILL_ID", "1007", turnover("R-1007-2", first, paid_at))
    agree = _is(case, "FOUND_PAST_BILL")
    case = desk.correct(case)
    agree &= desk.owed(("1007", 150_000)) & desk.asks("1007", second, 150_000)
    return agree & _is(desk.end(case), "CLOSED")


def twice(desk: Desk) -> bool:
    """Paid twice: one customer keeps the credit, another wants it back."""
    console.rule("5. Paid twice")
    agree = True
    for number, refund, owed in (("1008", False, -220_000), ("1009", True, 0)):
        slip = desk.gas.bill(number, 220_000, 30)
        evidence = [
            turnover(f"R-{number}-{turn}", slip, desk.gas.pay(f"R-{number}-{turn}", slip,
                                                              days_ago=turn))
            for turn in (7, 6)
        ]  # fmt: skip
        case = desk.register("DOUBLE_PAYMENT", number, *evidence)
        agree &= _is(case, "FOUND_DOUBLE")
        case = desk.correct(case, refund=refund)
        agree &= desk.owed((number, owed)) & _is(desk.end(case), "CLOSED")
    return agree


def not_there(desk: Desk) -> bool:
    """Nobody paid: the case is rejected; and the same stub founds no other case."""
    console.rule("6. Nothing was paid")
    slip = desk.gas.bill("1010", 90_000, 30)
    case = desk.register("LATE_PAYMENT", "1010", turnover("R-1010", slip, gas.ago(9)))
    agree = _is(case, "NOT_FOUND")
    request = pb.RejectCaseRequest(
        request_id=desk.gas.request_id(), case_no=case.case_no, reason="no payment fits"
    )
    case = desk.gas.cases(APPROVER).RejectCase(request).case
    return agree & _is(case, "REJECTED") & desk.owed(("1010", 90_000))


# -- who was told

KINDS = ("case.notice", "case.letter", "case.notified")
TOLD = {("case.notice", "losing"): 2, ("case.letter", ""): 1, ("case.notified", "customer"): 8,
        ("case.notified", "losing"): 1}  # fmt: skip
"""How many events of each kind there are, for each side."""

WAIT_SECONDS = 30


def told(company: Gas) -> bool:
    """Counts the events that senders of messages follow; they are numbered a moment later."""
    console.rule("Who was told, by events")
    until = time.monotonic() + WAIT_SECONDS
    found: Counter[tuple[str, str]] = Counter()
    while time.monotonic() < until and found != TOLD:
        request = event_service_pb2.ListEventsRequest(limit=1_000)
        events = company.events().ListEvents(request).events
        mine = [one for one in events if one.kind in KINDS]
        found = Counter((one.kind, json.loads(one.payload).get("side", "")) for one in mine)
        time.sleep(0.1)
    for (kind, side), count in sorted(found.items()):
        console.print(f"  {kind} {side}: {count}")
    return report.agree("Both sides were told", dict(found), TOLD)


STORIES: Sequence[Any] = (
    paid_late,
    on_its_way,
    not_received,
    another_subscriber,
    another_organisation,
    past_bill,
    twice,
    not_there,
)

if __name__ == "__main__":
    sys.exit(main())
