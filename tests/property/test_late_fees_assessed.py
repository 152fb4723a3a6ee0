"""Assessments after anything that can happen to an account: fees are those of the plain model, off
the explanations of payments; the same day again changes nothing; the books verify."""

import shutil
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from billcore.core.accounts.policies import parse_policies
from billcore.core.collections.late_fees.holds import held_of
from billcore.core.ledger import balances
from billcore.core.ledger.items import applied, open_items
from billcore.core.ledger.kinds import EntryKind
from tests import late_fee_model as model
from tests import late_fees_world
from tests.stores import migrated

FIRST = date(2026, 1, 1).toordinal()
RULE = {
    "name": "bands",
    "kind": "bands",
    "items": ["adjustment"],
    "rate": {"per_million": 155_000},
    "bands": [{"until": 5}, {"until": 20, "divisor": 300}, {"divisor": 130}],
    "minimum": 5,
}

days = st.integers(0, 60)
amounts = st.integers(1, 50).map(lambda n: n * 10_000)
picks = st.integers(0, 10**6)


def text(day: int) -> str:
    return date.fromordinal(FIRST + day).isoformat()


class Late(RuleBasedStateMachine):
    """One account; debts, payments, what is taken back, disputes, waivers, assessments."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.desk = late_fees_world.found(migrated(f"sqlite:///{Path(self.folder) / 'x.db'}"), 1)
        self.desk.policy(RULE)
        self.debts: list[int] = []
        self.payments: list[int] = []
        self.waivable: list[int] = []
        self.waived: dict[int, int] = {}
        self.holds: list[str] = []
        self.until = self.cases = 0

    def teardown(self) -> None:
        assert self.desk.world.broken() == []
        self.desk.world.store.close()
        shutil.rmtree(self.folder)

    @rule(amount=amounts, day=days)
    def owes(self, amount: int, day: int) -> None:
        self.debts.append(self.desk.post(amount, text(day)))

    @rule(amount=amounts, day=days)
    def pays(self, amount: int, day: int) -> None:
        self.payments.append(self.desk.pay(amount, text(day)))

    @precondition(lambda self: self.payments)
    @rule(pick=picks)
    def bounces(self, pick: int) -> None:
        payment = self.payments.pop(pick % len(self.payments))
        self.desk.undo(payment, text(self.until))

    @precondition(lambda self: self.debts)
    @rule(pick=picks)
    def was_wrong(self, pick: int) -> None:
        self.desk.undo(self.debts.pop(pick % len(self.debts)), text(self.until))

    @precondition(lambda self: self.debts)
    @rule(pick=picks, amount=st.integers(0, 10_000), day=days)
    def disputes(self, pick: int, amount: int, day: int) -> None:
        self.cases += 1
        source = f"case {self.cases}"
        self.desk.hold(self.debts[pick % len(self.debts)], amount, text(day), source)
        self.holds.append(source)

    @precondition(lambda self: self.holds)
    @rule(pick=picks, annul=st.booleans())
    def settles(self, pick: int, annul: bool) -> None:
        source = self.holds.pop(pick % len(self.holds))
        self.desk.release("" if annul else text(70), source, annul)

    @rule(later=st.integers(0, 30))
    def assesses(self, later: int) -> None:
        self.until += later
        self.desk.assess(text(self.until))
        assert [one.change for one in self.desk.preview(text(self.until)) if one.change] == []
        found = {one.item_id: one.fee for one in self.desk.preview(text(self.until))}
        assert {item: fee for item, fee in found.items() if fee} == self.expected()
        charged = [one for one in self.desk.charges() if one.row.amount > 0]
        self.waivable = [one.row.account_entry_id for one in charged]

    @precondition(lambda self: self.waivable)
    @rule(pick=picks)
    def waives(self, pick: int) -> None:
        entry = self.waivable.pop(pick % len(self.waivable))
        if entry not in self.waived:
            self.waived[entry] = 1
            self.desk.undo(entry, text(self.until))

    def expected(self) -> dict[int, int]:
        """The fees of the model, from how each credit is explained to pay."""
        (fee_rule,) = parse_policies(self.desk.provider().policies).late_fees.rules
        account, until = self.desk.world.account(1), FIRST + self.until
        with self.desk.world.store.read() as reader:
            every = balances.documents(reader, account)
            held = held_of(reader, account, account, balances.NOW)
        items: dict[int, list[tuple[int, int, int]]] = {}
        credits = (d for d in every if d.amount < 0 and not d.undoes)
        for credit in credits:
            found = applied(every, credit.id)
            for step in found.explained.steps:
                item = found.documents[step.item]
                if step.undone_at is None:
                    debt = step.amount, item.due_day, min(credit.day, until)
                    items.setdefault(item.id, []).append(debt)
        for item in open_items(every):
            if item.open > 0:
                document = item.document
                items.setdefault(document.id, []).append((item.open, document.due_day, until))
        kinds = {d.id: d.kind_no for d in every}
        fees = {
            item: model.rounded(fee_rule, exact)
            for item, debts in items.items()
            if kinds[item] == EntryKind.ADJUSTMENT
            and (exact := model.fee(fee_rule, debts, {}, held.get((account, item), ())))
        }
        return {item: fee for item, fee in fees.items() if fee}


def test_whatever_happens() -> None:
    run_state_machine_as_test(
        Late,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
