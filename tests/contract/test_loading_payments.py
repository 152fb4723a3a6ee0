"""Loads of payments on both stores: posted once whatever file they stand in, refused row by row."""

import pytest

from billcore.core.durations import SECOND
from billcore.core.ledger import balances
from billcore.core.payments import channels, terminals
from billcore.core.payments.codes import State
from billcore.core.store import payments as rows
from billcore.core.store.port import OPEN_DAY
from billcore.core.verify import verify
from tests.loading_world import NOW, Act, count, day, fill, load, tables


@pytest.fixture
def caller(books):
    """A provider with the accounts A0 … A4, which owe 12.50 each, and channels."""
    found = fill(books, 5)
    with books.write() as session:
        act = Act(session, found)
        for code, policies in (
            ("bank", '{"amount_min": 100, "late_days": 3650}'),
            ("tills", '{"terminal_required": true}'),
            ("shut", ""),
        ):
            values = {"channel": code, "kind": "kiosk", "name": code, "policies": policies}
            channels.create_channel(act, values)
        channels.change_channel(act, "shut", {"enabled": 0}, 1)
        terminals.create_terminal(act, "tills", {"terminal": "T1", "place": ""})
    return found


def table(*lines, columns="channel reference target amount"):
    """A table of lines of words; - is an empty cell."""
    cells = [line.split() for line in lines]
    assert {len(row) for row in cells} == {len(columns.split())}
    return {
        name: ["" if row[n] == "-" else row[n] for row in cells]
        for n, name in enumerate(columns.split())
    }


def told(done):
    return [(r.row_no, r.field, r.reason) for d in done for r in d.refused]


def order(books, caller, reference, channel_no=1):
    with books.read() as reader:
        return rows.one(reader, caller.provider_id, channel_no, reference)


def owed(books, account_id):
    with books.read() as reader:
        return balances.balance(reader, account_id)


def holds(books, caller):
    with books.read() as reader:
        return [v for v in verify(reader, [caller.provider_id]) if v.broken] == []


ALL = "channel reference target amount target_kind paid_at value_day terminal fee money_taken"


def test_every_column_is_kept(books, caller):
    line = "tills r1 A0 2.50 account 2023-11-01T23:30:00-02:00 2023-11-03 T1 0.10 false "
    line += "period:2023-11"
    given = table(line, columns=f"{ALL} direction")
    assert told(load(books, caller, "payments", given)) == []
    found = order(books, caller, "r1", channel_no=3)
    assert (found.amount, found.fee, found.terminal_no) == (250, 10, 1)
    assert found.paid_at == ((day("2023-11-02") - day("1970-01-01")) * 86_400 + 5_400) * 10**6
    assert found.direction == "period:2023-11"
    assert (found.day, found.value_day) == (day("2023-11-02"), day("2023-11-03"))
    assert (found.state, found.client_id) == (State.POSTED, caller.client_id)
    assert owed(books, found.account_id) == 1_250 - 250
    assert holds(books, caller)


def test_a_direction_that_fits_nothing_is_refused(books, caller):
    """Money of a file was taken, unless a row says otherwise: then it is posted by policy."""
    columns = "channel reference target amount money_taken direction"
    told_as = (("false", "service:gas"), ("true", "service:gas"), ("true", "gas"))
    lines = [f"bank r{n} A0 2.50 {' '.join(row)}" for n, row in enumerate(told_as)]
    done = load(books, caller, "payments", table(*lines, columns=columns))
    assert told(done) == [(1, "direction", "PAYMENT_INVALID"), (3, "direction", "PAYMENT_INVALID")]
    assert order(books, caller, "r1", channel_no=2).direction == "service:gas"
    assert holds(books, caller)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2023-11-14", -80_000), ("2023-11-14 22:13", -20), ("2023-11-14T22:13:20", 0),
        ("2023-11-14T22:13:20Z", 0), ("2023-11-15T01:43:20+03:30", 0),
        ("2023-11-15T01:43:20+0330", 0), ("2023-11-14T22:13:19.000000", -1),
    ],
)  # fmt: skip
def test_times_are_read_as_they_are_written(books, caller, text, seconds):
    """Without an offset in the provider's time zone, here UTC."""
    given = {"channel": ["kiosk"], "reference": ["r"], "target": ["A0"], "amount": ["1"],
             "paid_at": [text]}  # fmt: skip
    assert told(load(books, caller, "payments", given)) == []
    assert order(books, caller, "r").paid_at == NOW + seconds * SECOND


BAD = [
    # the line, field, reason
    ("nowhere r A0 1 - - - - - -", "channel", "CHANNEL_UNKNOWN"),
    ("shut r A0 1 - - - - - -", "channel", "CHANNEL_DISABLED"),
    ("tills r A0 1 - - - - - -", "terminal", "FIELD_REFUSED"),
    ("tills r A0 1 - - - T9 - -", "terminal", "TERMINAL_UNKNOWN"),
    ("kiosk r A0 0 - - - - - -", "amount", "FIELD_REFUSED"),
    ("kiosk r A0 1.005 - - - - - -", "amount", "FIELD_REFUSED"),
    ("kiosk r A0 1e3 - - - - - -", "amount", "FIELD_REFUSED"),
    ("kiosk r A0 1 text - - - - -", "target_kind", "FIELD_REFUSED"),
    ("kiosk r A0 1 - 2023-13-01 - - - -", "paid_at", "FIELD_REFUSED"),
    ("kiosk r A0 1 - 1700000000 - - - -", "paid_at", "FIELD_REFUSED"),
    ("kiosk r A0 1 - 2023-01-01 - - - -", "paid_at", "PAYMENT_INVALID"),
    ("kiosk r A0 1 - - 2023-02-30 - - -", "value_day", "FIELD_REFUSED"),
    ("kiosk r A0 1 - - - - -1 -", "fee", "FIELD_REFUSED"),
    ("kiosk r A0 1 - - - - - maybe", "money_taken", "FIELD_REFUSED"),
    ("kiosk r nobody 1 - - - - - false", "target", "ACCOUNT_NOT_FOUND"),
    ("kiosk r 1x 1 bill - - - - false", "target", "ACCOUNT_FORMAT"),
    ("bank r A0 0.99 - - - - - false", "amount", "AMOUNT_LOW"),
]


@pytest.mark.parametrize(("line", "field", "reason"), BAD)
def test_a_row_is_refused_and_the_others_are_posted(books, caller, line, field, reason):
    given = table("kiosk a A0 1 - - - - - -", line, "kiosk b A1 1 - - - - - -", columns=ALL)
    done = load(books, caller, "payments", given)
    assert told(done) == [(2, field, reason)]
    assert count(books, "payment_order") == 2


def test_a_payment_is_posted_once_whatever_file_it_stands_in(books, caller):
    """Told again it is accepted; another one under its reference is refused, also in its chunk."""
    first = table("kiosk r1 A0 1", "kiosk r2 A1 1", "bank r1 A2 1")
    assert told(load(books, caller, "payments", first)) == []
    more = table(
        "kiosk r1 A0 1", "kiosk r2 A1 2", "kiosk r3 A2 1", "kiosk r3 A2 1", "kiosk r3 A2 3"
    )
    done = load(books, caller, "payments", more, rows=10)
    assert told(done) == [
        (2, "reference", "PAYMENT_CONFLICT"),
        (5, "reference", "PAYMENT_CONFLICT"),
    ]
    assert count(books, "payment_order") == 4
    apart = load(books, caller, "payments", more, rows=1, content=b"in chunks of one")
    assert told(apart) == told(done)
    assert count(books, "payment_order") == 4
    assert holds(books, caller)


def test_money_that_was_taken_goes_to_suspense(books, caller):
    done = load(books, caller, "payments", table("kiosk r1 nobody 1", "bank r2 A0 0.50"))
    assert told(done) == []
    assert order(books, caller, "r1").state == State.SUSPENDED
    assert order(books, caller, "r2", channel_no=2).state == State.POSTED
    assert count(books, "suspense_item") == 1
    assert holds(books, caller)


def test_a_file_and_single_payments_share_their_references(books, caller):
    """What the one posted, the other finds."""
    line = tables(1)["payments"]
    load(books, caller, "payments", line)
    again = load(books, caller, "payments", line, content=b"the same in another file")
    assert (again[0].accepted, told(again)) == (1, [])
    assert count(books, "account_entry") == 5 + 1


def test_a_new_day_of_value_is_another_payment(books, caller):
    names = "channel reference target amount value_day"
    load(books, caller, "payments", table("kiosk r A0 1 -", columns=names))
    done = load(books, caller, "payments", table("kiosk r A0 1 2023-11-03", columns=names))
    assert told(done) == [(1, "reference", "PAYMENT_CONFLICT")]
    assert OPEN_DAY not in (order(books, caller, "r").value_day,)
