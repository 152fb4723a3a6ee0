"""Direct debit under any order: domestic files are read as they were written; whatever interleaves
with sealing, each debit is in one batch at most, and money is posted once."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billcore.core.collections.direct_debit import domestic
from billcore.core.collections.direct_debit.formats import (
    COLLECTED,
    Column,
    Pair,
    Section,
)
from billcore.core.collections.direct_debit.states import MandateState
from billcore.core.errors import BillcoreError
from tests import debit_world
from tests.debit_world import COLLECTION, back, camt054, credit, pain002
from tests.payments_world import TODAY
from tests.stores import migrated

ENCODINGS = st.sampled_from(["gb18030", "utf-8"])
WORDS = st.text("AZaz09-", min_size=1, max_size=10)
NAMES = st.text("ABCÄß王芳张伟 ", min_size=1, max_size=12).map(lambda text: text.strip() or "王")
AMOUNTS = st.integers(0, 10**12)
CODES = st.sampled_from(["00", "01", "02"])
DAYS = st.integers(TODAY - 1_000, TODAY + 1_000)


@st.composite
def pairs(draw) -> Pair:
    """A pair of which each line has the same columns in any order and padding."""
    columns = [
        Column("end_to_end_id", draw(st.integers(10, 20))),
        Column("bank_account", draw(st.integers(10, 20)), right=draw(st.booleans())),
        Column("name", 60),
        Column("amount", 20, draw(st.sampled_from(" 0")), right=True),
        Column("day", 8),
        Column("code", 4),
    ]
    order = draw(st.permutations(columns))
    heads = [
        Column("count", 9, "0", right=True),
        Column("sum", 22, draw(st.sampled_from(" 0")), right=True),
        Column("collected_sum", 22, right=True),
        Column("message_id", 12),
    ]
    header = (Column("constant", 2, text="H"), *draw(st.permutations(heads)))
    trailer = (Column("constant", 3, text="T"), *draw(st.permutations(heads)))
    section = Section(
        "both",
        header if draw(st.booleans()) else (),
        (Column("constant", 1, text="D"), *order),
        trailer if draw(st.booleans()) else (),
    )
    return Pair(
        format="any",
        title="",
        encoding=draw(ENCODINGS),
        line_end=draw(st.sampled_from([b"\n", b"\r\n"])),
        minor=draw(st.booleans()),
        request=section,
        result=section,
        codes={"00": COLLECTED, "01": "AM04", "02": "MD01"},
        text="",
    )


LINES = st.lists(
    st.fixed_dictionaries(
        {
            "end_to_end_id": WORDS,
            "bank_account": WORDS,
            "name": NAMES,
            "amount": AMOUNTS,
            "day": DAYS,
            "code": CODES,
        }
    ),
    min_size=1,
    max_size=8,
)


@given(pairs(), LINES, WORDS)
def test_what_is_written_is_read(pair, lines, message_id):
    """Writer and reader are the inverse of each other, for every definition."""
    told = {"message_id": message_id}
    content = domestic.write_section(pair, pair.request, told, lines)
    found = domestic.read_section(pair, pair.result, content, "file")
    assert [line for _, line in found.lines] == lines
    if pair.request.header or pair.request.trailer:
        assert found.head["message_id"] == message_id
        assert found.head["sum"] == sum(one["amount"] for one in lines)
    again = domestic.write_section(pair, pair.request, told, [line for _, line in found.lines])
    assert again == content


# -- any order

ACCOUNTS = 3

ACTS = (
    "owe pay plan notify seal sent accept reject credit return suspend activate sweep day"
).split()

STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(1, ACCOUNTS),
        st.integers(1, 9),
    ),
    min_size=5,
    max_size=30,
)


class Run:
    """Does what steps say, whatever fits, and leaves out what is refused."""

    def __init__(self, world: debit_world.Debits) -> None:
        self.world = world
        self.number = 0

    def step(self, act: str, count: int, size: int) -> None:
        self.number += 1
        world = self.world
        every = [one for one in world.every() if one.account_id == world.world.account(count)]
        at_bank = [one for one in every if one.batch_no]
        match act:
            case "owe":
                world.owe(count, 100 * size, day=TODAY + size)
            case "pay":
                world.world.post(world.world.told(f"p{self.number}", count, 50 * size))
            case "plan":
                self.tried(lambda: world.plan(COLLECTION + size % 3))
            case "notify":
                world.notify(TODAY)
            case "seal":
                self.tried(lambda: world.seal(COLLECTION + size % 3))
            case "sent":
                self.tried(lambda: world.sent(size % 3 + 1))
            case "accept" | "reject" if at_bank:
                one = at_bank[size % len(at_bank)]
                status = ("ACCP", "") if act == "accept" else ("RJCT", "AM04")
                self.tried(
                    lambda: world.results(
                        pain002(f"BC1-B{one.batch_no}", (one.end_to_end_id, *status))
                    )
                )
            case "credit" | "return" if at_bank:
                one = at_bank[size % len(at_bank)]
                made = credit(one) if act == "credit" else back(one, "AM04", world.today)
                self.tried(lambda: world.results(camt054(made)))
            case "suspend" | "activate":
                state = MandateState.SUSPENDED if act == "suspend" else MandateState.ACTIVE
                self.tried(lambda: world.go(f"BC1-M{count}", state))
            case "sweep":
                world.sweep()
            case "day":
                world.days += size

    def tried(self, act) -> None:
        with suppress(BillcoreError):
            act()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_any_order_keeps_the_books(steps):
    """Each debit in one batch, each collection one payment, states by the tables: verify agrees."""
    with TemporaryDirectory() as folder:
        store = migrated(f"sqlite:///{Path(folder, 'any.db')}")
        world = debit_world.found(store, ACCOUNTS, notice_days=0, lead_days=0)
        for count in range(1, ACCOUNTS + 1):
            world.payer(count, 1_000 * count)
        run = Run(world)
        for act, count, size in steps:
            run.step(act, count, size)
        assert not world.broken()
        store.close()
