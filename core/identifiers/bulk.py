"""Bill and payment ids of millions, as int64 numbers: the door to `billcore.ext.check_digits`.

The rules are those of `billcore.core.identifiers.iran`; a test holds the two together. As
numbers ids have no leading zeros, and none matter. A row that is refused has the id 0 and a word
of faults that is not 0.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from billcore.core.identifiers.iran import AMOUNT_UNIT, BillId
from billcore.core.identifiers.iran_faults import ANY, TAIL, Accepted, Reason
from billcore.ext import check_digits

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint16]

COMPANIES = 1000

FAULTS = tuple((field, Reason(word)) for field, word in check_digits.FAULTS)
"""The field and the reason that each bit of a word of faults stands for, from the lowest."""


class Ids(NamedTuple):
    """A column of ids, and of what is wrong with the rows that have none."""

    ids: Ints
    faults: Words


def bill_ids(file_no: Ints, company: str, service: int) -> Ids:
    """The bill ids of file numbers of one company and service.

    Raises IdentifierInvalid if company or service are none.
    """
    made = _made(len(file_no))
    company_no = int(BillId(1, company, service).company)
    check_digits.make_bill_ids(_ints(file_no), company_no, service, made.ids, made.faults)
    return made


def payment_ids(
    bill_id: Ints,
    amount: Ints,
    year_digit: Ints | int,
    period: Ints | int,
    accepted: Accepted = ANY,
) -> Ids:
    """The payment ids that ask amounts, in rials and whole thousands, of bill ids."""
    rows = len(bill_id)
    made = _made(rows)
    amount, year_digit, period = (
        _ints(np.broadcast_to(np.asarray(c), rows)) for c in (amount, year_digit, period)
    )
    services, companies = _flags(accepted)
    check_digits.make_payment_ids(
        _ints(bill_id), amount, year_digit, period, services, companies, made.ids, made.faults
    )
    return made


def bill_faults(bill_id: Ints, accepted: Accepted = ANY) -> Words:
    """What is wrong with bill ids, a word a row; 0: nothing."""
    faults = np.zeros(len(bill_id), dtype=np.uint16)
    check_digits.check_bills(_ints(bill_id), *_flags(accepted), faults)
    return faults


def pair_faults(bill_id: Ints, payment_id: Ints, accepted: Accepted = ANY) -> Words:
    """What is wrong with pairs of ids, a word a row; 0: nothing."""
    faults = np.zeros(len(bill_id), dtype=np.uint16)
    check_digits.check_pairs(_ints(bill_id), _ints(payment_id), *_flags(accepted), faults)
    return faults


def amounts(payment_id: Ints) -> Ints:
    """The rials that right payment ids ask for."""
    shift: int = 10**TAIL
    found: Ints = payment_id // shift * AMOUNT_UNIT
    return found


def told(word: int) -> tuple[tuple[str, Reason], ...]:
    """The field and the reason of every fault of a word, in order."""
    return tuple(fault for bit, fault in enumerate(FAULTS) if word >> bit & 1)


def _made(rows: int) -> Ids:
    return Ids(np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.uint16))


def _ints(column: npt.NDArray[np.integer]) -> Ints:
    return np.ascontiguousarray(column, dtype=np.int64)


def _flags(accepted: Accepted) -> tuple[int, npt.NDArray[np.uint8]]:
    services = sum(1 << service for service in accepted.services)
    companies = np.full(COMPANIES, not accepted.companies, dtype=np.uint8)
    companies[[int(company) for company in accepted.companies]] = 1
    return services, companies
