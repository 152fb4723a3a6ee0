"""A gas company whose customers pay by bill ids, and not always the right ones."""

import json
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.checks import ints
from billcore.core.billing.one_off import Charge, bill_one_off
from billcore.core.caller import Caller, Role
from billcore.core.cases import correcting, ending, proposing, registering, sweeping, undoing
from billcore.core.cases.evidence import Given
from billcore.core.cases.facts import facts_of
from billcore.core.cases.kinds import CaseKind, EvidenceKind
from billcore.core.cases.plans import plan_of
from billcore.core.cases.registering import NewCase
from billcore.core.cases.states import CaseState
from billcore.core.payments.codes import TargetKind
from billcore.core.store import bills, case_evidence, issued, providers
from billcore.core.store import cases as rows
from billcore.core.store.late_fees import holds
from billcore.core.store.port import OPEN_DAY
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from tests.payments_world import DAY, SECOND, Acting, World
from tests.recon_world import Recon
from tests.recon_world import found as found_recon

COMPANY, SERVICE = 118, 3

GAS = """\
tariff: gas
label: {en: Gas}
currency: IRR
rounding: {line: 1 half_up}
period: {change: last}
inputs:
  used: {kind: money, default: 0}
versions:
  - from: 2020-01-01
lines:
  - {id: gas, is: used}
total: {of: [gas]}
"""

STUB_BYTES = b"\xff\xd8\xff a photograph"


@dataclass(frozen=True)
class Slip:
    """What is printed on a bill: bill id, payment id, and the amount that they ask for."""

    payer_code: int
    payment_code: int
    amount: int

    @property
    def target(self) -> str:
        return f"{self.payer_code:013}{self.payment_code:013}"


@dataclass
class Office:
    """Works on the world; its clock moves with every write."""

    world: World
    writes: int = 0
    gas: object = None
    slips: dict[int, list[Slip]] = field(default_factory=dict)

    def policy(self, **more: object) -> None:
        """The provider's policies from now on; of cases what is given."""
        rules = [{"name": "daily", "kind": "daily", "per_million": 1_000}]
        text = {
            "payable": {"unit": 1_000, "mode": "floor"},
            "payment_ids": {"company": COMPANY, "service": SERVICE},
            "late_fees": {"rules": rules},
            "cases": more,
        }
        with self.world.store.write() as session:
            session.run("UPDATE provider SET policies = :text", text=json.dumps(text))

    @property
    def now(self) -> int:
        return self.world.now + self.writes * SECOND

    def wait(self, days: int = 0, hours: int = 0) -> None:
        self.writes += days * DAY // SECOND + hours * 3_600

    def write(self, act, actor: str = "Maryam"):
        self.writes += 1
        caller = Caller(7, self.world.provider_id, frozenset(Role), actor)
        with self.world.store.write() as session:
            return act(Acting(session, caller, self.now))

    def provider(self):
        with self.world.store.read() as reader:
            return providers.provider(reader, self.world.provider_id)

    # -- bills and payments

    def bill(self, used: int, day: int, count: int = 1) -> Slip:
        """A bill of an account, issued on a day; what is printed on it."""
        charge = Charge(self.world.account(count), self.gas, day, {"used": Fraction(used)})
        source = f"bill/{count}/{day}/{used}/{self.writes}"
        made = self.write(lambda write: bill_one_off(write, self.provider(), charge, source))
        slip = self.slip(made.header.bill_id)
        self.slips.setdefault(count, []).append(slip)
        return slip

    def slip(self, bill_id: int) -> Slip | None:
        """The slip that a bill was issued with."""
        with self.world.store.read() as reader:
            table = issued.of_accounts(reader, np.array([bill_id >> 23]))
        at = np.flatnonzero(ints(table["bill_id"]) == bill_id)
        if not at.size:
            return None
        return Slip(*(int(ints(table[n])[at[0]]) for n in ("payer_code", "payment_code", "amount")))

    def pay(self, reference: str, slip: Slip | str, amount: int = 0, days_ago: int = 0, **more):
        """A payment through the bank; slip: by its ids, or an account's number."""
        self.writes += 1
        later = self.world.at(self.writes)
        by_ids = isinstance(slip, Slip)
        told = later.told(
            reference,
            slip.target if by_ids else slip,
            amount or slip.amount,
            taken=True,
            channel_no=2,
            target_kind=TargetKind.DOCUMENT if by_ids else TargetKind.ACCOUNT,
            paid_at=self.now - days_ago * DAY,
            **more,
        )
        posted = later.post(told)
        assert posted.refusals.good.all(), posted
        return self.now - days_ago * DAY

    def balance(self, count: int = 1) -> int:
        return self.world.balance(count)

    def newest(self, count: int = 1):
        """The newest bill of an account that stands."""
        with self.world.store.read() as reader:
            return bills.newest(reader, self.world.account(count), OPEN_DAY)

    # -- cases

    def stub(self, slip: Slip | None = None, **more) -> Given:
        """The photograph of a paid stub."""
        kind = more.pop("kind", EvidenceKind.STUB)
        codes = {}
        if slip is not None:
            codes = {"payer_code": f"{slip.payer_code}", "payment_code": f"{slip.payment_code}"}
            codes["amount"] = slip.amount
        told = kind is EvidenceKind.TOLD
        content = b"" if told else more.pop("content", STUB_BYTES)
        media = "" if told else more.pop("media_type", "image/jpeg")
        return Given(kind, content=content, media_type=media, **{**codes, **more})

    def register(self, kind: CaseKind, *evidence: Given, count: int = 1, **more):
        def act(write):
            number = self.world.account(count)
            account = things.get(write.session, self.world.provider_id, ACCOUNTS, number)
            new = NewCase(kind, account, "web", evidence, **more)
            return registering.register(write, self.provider(), new)

        return self.write(act)

    def evidence(self, case_no: int, *given: Given):
        return self.write(lambda w: registering.add_evidence(w, self.provider(), case_no, given))

    def investigate(self, case_no: int):
        return self.write(lambda w: registering.investigate(w, self.provider(), case_no))

    def propose(self, case_no: int, actor: str = "Maryam", **more):
        return self.write(
            lambda w: proposing.propose(w, self.provider(), case_no, "", "as found", **more), actor
        )

    def approve(self, case_no: int, actor: str = "Reza"):
        return self.write(
            lambda w: proposing.approve(w, self.provider(), case_no, "checked"), actor
        )

    def correct(self, case_no: int):
        return self.write(lambda w: correcting.correct(w, self.provider(), case_no, "as proposed"))

    def corrected(self, case_no: int, **more):
        """Proposed, approved, and corrected when whoever loses had his notice."""
        self.propose(case_no, **more)
        self.approve(case_no)
        if self.plan(case_no).consumed:
            self.wait(days=4)
        return self.correct(case_no)

    def undo(self, case_no: int):
        return self.write(lambda w: undoing.undo(w, self.provider(), case_no, "it was wrong"))

    def notify(self, case_no: int):
        return self.write(lambda w: ending.notify(w, self.provider(), case_no))

    def close(self, case_no: int):
        return self.write(lambda w: ending.close(w, self.provider(), case_no))

    def reject(self, case_no: int, reason: str = "nothing was paid"):
        return self.write(lambda w: ending.reject(w, self.provider(), case_no, reason))

    def withdraw(self, case_no: int):
        return self.write(lambda w: ending.withdraw(w, self.provider(), case_no, "found it"))

    def reopen(self, case_no: int):
        return self.write(lambda w: ending.reopen(w, self.provider(), case_no, "once more"))

    def sweep(self):
        self.writes += 1
        caller = Caller(0, self.world.provider_id, frozenset(), "sweep")
        return sweeping.sweep(self.world.store, caller, self.now)

    # -- what there is

    def case(self, case_no: int) -> rows.CaseRow:
        with self.world.store.read() as reader:
            return rows.one(reader, (self.world.provider_id, case_no))

    def state(self, case_no: int) -> CaseState:
        return CaseState(self.case(case_no).state)

    def facts(self, case_no: int):
        """The facts of the last finding."""
        with self.world.store.read() as reader:
            return facts_of(rows.findings(reader, (self.world.provider_id, case_no))[-1].facts)

    def plan(self, case_no: int):
        with self.world.store.read() as reader:
            return plan_of(rows.proposals(reader, (self.world.provider_id, case_no))[-1].plan)

    def posted(self, case_no: int):
        with self.world.store.read() as reader:
            return rows.corrections(reader, (self.world.provider_id, case_no))

    def pieces(self, case_no: int):
        with self.world.store.read() as reader:
            return case_evidence.of_case(reader, (self.world.provider_id, case_no))

    def holds(self, count: int = 1):
        account = self.world.account(count)
        with self.world.store.read() as reader:
            return holds(reader, account, account, 2**63 - 1)

    def events(self, kind: str) -> list[dict]:
        """The payloads of events of a kind."""
        sql = "SELECT payload FROM event_pending WHERE kind = :kind ORDER BY recorded_at, event_id"
        with self.world.store.read() as reader:
            return [json.loads(row[0]) for row in reader.rows(sql, kind=kind)]

    def broken(self):
        return self.world.broken()


def found(store, accounts: int = 5, **cases: object) -> Office:
    """An office whose accounts have no bills yet."""
    world: Recon = found_recon(store, accounts)
    office = Office(world)
    office.policy(**cases)
    catalog = Catalog(Stored(store, lambda: world.now))
    office.gas = catalog.publish(GAS, "gas", caller=world.caller).published
    return office
