"""Posts, reversals, bills, resent requests and crashes in any order keep the books right."""

import shutil
import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from billcore.core.ledger import balances
from billcore.core.ledger.errors import AmountInvalid, EntryReversed
from billcore.core.requests import RequestConflict
from billcore.core.store.open import open_store
from tests import seed
from tests.faults import company
from tests.faults.company import ACCOUNT_IDS, GROUPS, Request, Row
from tests.faults.conftest import FULL, open_company

DAYS = (company.month_day(1) - 40, company.month_day(12))

ROWS = st.builds(
    Row,
    st.sampled_from(ACCOUNT_IDS),
    st.sampled_from([int(kind) for kind in company.KINDS]),
    st.integers(*DAYS),
    st.integers(-(10**7), 10**7).filter(bool),
)


class Crash(Exception):
    """Ends a transaction from within."""


@lru_cache(1)
def template() -> bytes:
    """The file of a store with the company."""
    with tempfile.TemporaryDirectory() as folder:
        open_company(f"sqlite:///{folder}/store.db").close()
        return Path(folder, "store.db").read_bytes()


class Books(RuleBasedStateMachine):
    """A store beside what is known of it: documents, requests with their answers, dials."""

    @initialize()
    def settle(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="billcore-books-"))
        self.path = self.folder / "0.db"
        self.path.write_bytes(template())
        self.store = open_store(f"sqlite:///{self.path}")
        self.documents = [(ACCOUNT_IDS[0], seed.jalali(seed.FIRST[0]), 17, seed.NOW)]
        self.answers: dict[Request, bytes] = {}
        self.requests = 0
        self.months = [0 for _ in GROUPS]
        self.dials = [seed.FIRST[1] for _ in ACCOUNT_IDS]
        self.undone: set[int] = set()

    # -- writes

    def _new(self, method: str, **fields: object) -> Request:
        self.requests += 1
        return Request(self.requests, method, **fields)  # type: ignore[arg-type]

    def _send(self, request: Request, crashes: int) -> None:
        """Sends a request that is new; before it is done it crashes so many times."""
        for crash in range(crashes):
            self._crash(request, crash)
        answer = company.do(self.store, request)
        assert not answer.replayed
        self.answers[request] = answer.content
        told = company.amounts_of(answer.content)
        if request.method in ("post", "reverse"):
            assert told == company.added(request)
            sign = -1 if request.method == "reverse" else 1
            for row in request.rows:
                day = request.day or row.day
                self.documents.append((row.account, day, sign * row.amount, request.at))
        else:
            self.documents += [(a, request.day, n, request.at) for a, n in told.items()]

    def _crash(self, request: Request, crash: int) -> None:
        """All is done but COMMIT: then an error, or the end of the process."""
        dies = bool(crash % 2)
        with pytest.raises(Crash):
            self._do_and_crash(request, dies)
        if dies:
            self._open_copy()

    def _do_and_crash(self, request: Request, dies: bool) -> None:
        with self.store.write() as session:
            company.do_in(session, request)
            if dies:
                self._copy()
            raise Crash

    def _copy(self) -> None:
        """What a crash of the process leaves: the files as they are now."""
        for ending in ("", "-wal"):
            source = self.path.with_name(self.path.name + ending)
            shutil.copyfile(source, self._next().with_name(self._next().name + ending))

    def _next(self) -> Path:
        return self.folder / f"{int(self.path.stem) + 1}.db"

    def _open_copy(self) -> None:
        self.store.close()
        self.path = self._next()
        self.store = open_store(f"sqlite:///{self.path}")

    crashes = st.sampled_from([0, 0, 0, 1, 2])

    @rule(rows=st.lists(ROWS, min_size=1, max_size=4), crashes=crashes)
    def post(self, rows: list[Row], crashes: int) -> None:
        self._send(self._new("post", rows=tuple(rows)), crashes)

    def _single(self) -> list[Request]:
        return [r for r in self.answers if r.method == "post" and len(r.rows) == 1]

    @precondition(lambda self: self._single())
    @rule(data=st.data(), day=st.integers(*DAYS), crashes=crashes)
    def reverse(self, data: st.DataObject, day: int, crashes: int) -> None:
        """An entry is reversed once."""
        undone = data.draw(st.sampled_from(self._single()))
        request = self._new("reverse", rows=undone.rows, of=undone.number, day=day)
        if undone.number in self.undone:
            with pytest.raises(EntryReversed):
                company.do(self.store, request)
            return
        self.undone.add(undone.number)
        self._send(request, crashes)

    @rule(
        group=st.sampled_from(range(len(GROUPS))),
        usage=st.lists(st.integers(20, 60), min_size=2, max_size=2),
        crashes=st.tuples(crashes, crashes),
    )
    def bill(self, group: int, usage: list[int], crashes: tuple[int, int]) -> None:
        """The next month of a group is read and billed."""
        if self.months[group] == 11:
            return
        self.months[group] += 1
        day = company.month_day(self.months[group])
        for account, more in zip(GROUPS[group], usage, strict=True):
            self.dials[account] += more
        dials = tuple(self.dials[account] for account in GROUPS[group])
        for method, count in zip(("read", "bill"), crashes, strict=True):
            self._send(self._new(method, group=group, day=day, dials=dials), count)

    @precondition(lambda self: self.answers)
    @rule(data=st.data())
    def resend(self, data: st.DataObject) -> None:
        """The first answer is given again; another request may not have the id."""
        request = data.draw(st.sampled_from(list(self.answers)))
        answer = company.do(self.store, request)
        assert answer.replayed
        assert answer.content == self.answers[request]
        other = Request(request.number, request.method, request.rows, of=-1)
        with pytest.raises(RequestConflict):
            company.do(self.store, other)

    @rule(row=ROWS, place=st.integers(0, 2))
    def fail(self, row: Row, place: int) -> None:
        """A refusal in the middle of a transaction leaves nothing, not even the claim."""
        request = self._new("post", rows=(row, row))
        nothing = self._new("post", rows=(row, replace(row, amount=0)))
        with pytest.raises(AmountInvalid):
            self._do_all([request] * place + [nothing])
        self._send(request, 0)

    def _do_all(self, requests: list[Request]) -> None:
        """In one transaction."""
        with self.store.write() as session:
            for request in requests:
                company.do_in(session, request)

    @rule(most=st.integers(1, 9))
    def number(self, most: int) -> None:
        company.number_some(self.store, most)

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = open_store(f"sqlite:///{self.path}")

    # -- what holds

    @invariant()
    def balances_are_the_models(self) -> None:
        wanted = dict.fromkeys(ACCOUNT_IDS, 0)
        for account, _, amount, _ in self.documents:
            wanted[account] += amount
        with self.store.read() as reader:
            assert company.balances_of(reader) == wanted

    @rule(account=st.sampled_from(ACCOUNT_IDS), day=st.integers(*DAYS), known=st.integers(0, 60))
    def balance_as_of(self, account: int, day: int, known: int) -> None:
        """At any day, as known at any time."""
        at = seed.NOW + known * seed.SECOND
        wanted = sum(n for a, d, n, t in self.documents if a == account and d <= day and t <= at)
        with self.store.read() as reader:
            assert balances.balance(reader, account, day, at) == wanted

    @rule()
    def verify(self) -> None:
        assert company.broken(self.store) == {}

    def teardown(self) -> None:
        self.verify()
        ordered = sorted(self.answers, key=lambda request: request.number)
        company.check(self.store, ordered, {r.number: c for r, c in self.answers.items()})
        self.store.close()
        shutil.rmtree(self.folder)


def test_books_stay_right() -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=200 if FULL else 8,
            stateful_step_count=60 if FULL else 25,
            deadline=None,
        ),
    )
