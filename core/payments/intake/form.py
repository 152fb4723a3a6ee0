"""What must hold of a payment before anybody looks what it pays: lengths, limits, times.

Whole columns at once; a payment that breaks a rule is refused whether its money was taken or not,
since nobody could tell what it is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import Bools, Ints
from billcore.core.accounts.days import iso
from billcore.core.accounts.services import SERVICE_FORM, SERVICE_MAX
from billcore.core.calendar import DAY_MAX, DAY_MIN
from billcore.core.durations import DAY, SECOND
from billcore.core.errors import BillcoreError, quoted
from billcore.core.ledger.folding import BILL, PERIOD, SERVICE
from billcore.core.ordered import one_of
from billcore.core.payments.codes import Code, TargetKind
from billcore.core.payments.intake.place import OpenChannel
from billcore.core.payments.orders import Orders
from billcore.core.payments.refusals import PaymentInvalid, TargetInvalid
from billcore.core.store.columns import byte_lengths, picked, text_parts

REFERENCE_MAX = 100
TARGET_MAX = 100
"""References and targets have 1 to so many characters."""

AMOUNT_MAX = 10**14
"""No payment is beyond this many minor units: a batch sums to what the general ledger holds."""

DIRECTIONS = (f"{BILL}ID", f"{SERVICE}NAME ({SERVICE_FORM})", f"{PERIOD}YYYY-MM")
"""How a payer's direction is written."""

_DIRECTION = re.compile(
    rf"{BILL}(?P<bill>[1-9][0-9]{{0,18}})|{SERVICE}[a-z][a-z0-9_]{{0,{SERVICE_MAX - 1}}}"
    rf"|{PERIOD}[0-9]{{4}}-(0[1-9]|1[0-2])"
)

FIRST_PRINTABLE, LAST_PRINTABLE = ord(" "), ord("~")
"""Of ASCII, which most references are; then nothing has to be decoded."""

_NUMBER = re.compile("[0-9]{1,19}")
_NUMBER_MAX = 2**63 - 1


POSTABLE = (TargetKind.ACCOUNT, TargetKind.BILL, TargetKind.DOCUMENT)

Message = Callable[[int], BillcoreError]


@dataclass(slots=True)
class Refusals:
    """Why rows are refused: the first reason of each; made into errors when they are told."""

    code: Ints
    _messages: dict[int, Message] = field(default_factory=dict)

    def refuse(self, bad: Bools, code: Code, message: Message) -> None:
        """Refuses the rows of a mask that are not refused yet."""
        if not bad.any():
            return
        for row in np.flatnonzero(bad & (self.code == Code.OK)).tolist():
            self.code[row] = code
            self._messages[row] = message

    def overrule(self, row: int, code: Code, error: BillcoreError) -> None:
        """Refuses a row for another reason than before, if any."""
        self.code[row] = code
        self._messages[row] = lambda _: error

    def error(self, row: int) -> BillcoreError:
        """What is wrong with a refused row."""
        return self._messages[row](row)

    @property
    def good(self) -> Bools:
        """The rows that are not refused."""
        found: Bools = self.code == Code.OK
        return found


def check_form(orders: Orders, channels: Mapping[int, OpenChannel], now: int) -> Refusals:
    """The payments that break a rule of form. now: microseconds since 1970 in UTC."""
    found = Refusals(np.full(len(orders), Code.OK.value))
    _check_texts(orders, found)
    _check_directions(orders, found)
    _check_amounts(orders, found)
    _check_times(orders, channels, now, found)
    _check_value_days(orders, found)
    return found


def formed(texts: pa.StringArray, most: int) -> Bools:
    """Which texts have 1 to `most` printable characters; no store is asked for others."""
    offsets, data = text_parts(texts)
    used = data[offsets[0] : offsets[-1]]
    if ((used >= FIRST_PRINTABLE) & (used <= LAST_PRINTABLE)).all():
        length = np.diff(offsets)
        return (length >= 1) & (length <= most)
    length = np.asarray(pc.utf8_length(texts))
    plain: Bools = np.asarray(pc.utf8_is_printable(texts))
    return plain & (length >= 1) & (length <= most)


def is_number(text: str) -> bool:
    """Whether a text is a whole number of 64 bits in decimal digits, as ids of bills are."""
    return _NUMBER.fullmatch(text) is not None and int(text) <= _NUMBER_MAX


def _is_direction(text: str) -> bool:
    found = _DIRECTION.fullmatch(text)
    return found is not None and (found["bill"] is None or is_number(found["bill"]))


def _invalid(name: str, message: Callable[[int], str]) -> Message:
    return lambda row: PaymentInvalid(name, message(row))


def _check_texts(orders: Orders, found: Refusals) -> None:
    for name, most, column, code in (
        ("reference", REFERENCE_MAX, orders.reference, Code.INVALID),
        ("target.text", TARGET_MAX, orders.target, Code.ACCOUNT_FORMAT),
    ):
        found.refuse(~formed(column, most), code, _unformed(name, most, code))
    found.refuse(
        ~one_of(orders.target_kind, POSTABLE),
        Code.INVALID,
        lambda row: PaymentInvalid(
            "target.kind",
            f"{int(orders.target_kind[row])} is nothing that is paid.",
            [kind.name for kind in POSTABLE],
        ),
    )


def _unformed(name: str, most: int, code: Code) -> Message:
    kind = TargetInvalid if code is Code.ACCOUNT_FORMAT else PaymentInvalid
    return lambda _: kind(name, f"it has 1 to {most} printable characters.")


def _check_directions(orders: Orders, found: Refusals) -> None:
    said = np.flatnonzero(byte_lengths(orders.direction))
    if not said.size:
        return
    bad = np.zeros(len(orders), dtype=np.bool_)
    bad[said] = [not _is_direction(text) for text in picked(orders.direction, said).to_pylist()]
    found.refuse(
        bad,
        Code.INVALID,
        lambda row: PaymentInvalid(
            "direction",
            f"{quoted(orders.direction[row].as_py())} is not written as one of them.",
            DIRECTIONS,
        ),
    )


def _check_amounts(orders: Orders, found: Refusals) -> None:
    amount, fee = orders.amount, orders.fee
    found.refuse(
        (amount <= 0) | (amount > AMOUNT_MAX),
        Code.INVALID,
        _invalid("amount", lambda row: f"{int(amount[row])} is not from 1 to {AMOUNT_MAX}."),
    )
    found.refuse(
        (fee < 0) | (fee > AMOUNT_MAX),
        Code.INVALID,
        _invalid("fee", lambda row: f"{int(fee[row])} is not from 0 to {AMOUNT_MAX}."),
    )


def _check_times(
    orders: Orders, channels: Mapping[int, OpenChannel], now: int, found: Refusals
) -> None:
    for channel_no, channel in channels.items():
        rows = (orders.channel_no == channel_no) & (orders.paid_at != 0)
        late, early = channel.policies.late_days, channel.policies.future_seconds
        first = now - late * DAY
        last = now + early * SECOND
        bad = rows & ((orders.paid_at < first) | (orders.paid_at > last))
        limits = (
            f"is not from {late} days ago to {early} seconds from now, as {channel.channel} has it."
        )
        found.refuse(bad, Code.INVALID, _untimely(orders, limits))


def _check_value_days(orders: Orders, found: Refusals) -> None:
    day = orders.value_day
    bad = (day != 0) & ((day < DAY_MIN) | (day > DAY_MAX))
    limits = _invalid("value_day", lambda _: f"it lies in {iso(DAY_MIN)} to {iso(DAY_MAX)}.")
    found.refuse(bad, Code.INVALID, limits)


def _untimely(orders: Orders, limits: str) -> Message:
    return _invalid("paid_at", lambda row: f"{int(orders.paid_at[row])} {limits}")
