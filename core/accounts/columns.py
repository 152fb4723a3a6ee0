"""Agreements as columns: what a run reads of a range of accounts."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from billcore.core.accounts.checks import Bools, Ints, Table, ints
from billcore.core.accounts.packing import by_attribute
from billcore.core.store import agreements as rows
from billcore.core.store.port import Reader


@dataclass(frozen=True, slots=True)
class AgreementColumns:
    """Agreements by account and number, one entry each, with the last of their history.

    changed_day: the last day on which tariff or attributes change (from_day if they never do); for
    a period that ends before it, `changes` has what was in force. attributes: by attribute_no the
    values, 0 where absent, and where they are present.
    """

    account_id: Ints
    agreement_no: Ints
    cycle_no: Ints
    from_day: Ints
    until_day: Ints
    tariff_no: Ints
    changed_day: Ints
    attributes: dict[int, tuple[Ints, Bools]]


class Changes(NamedTuple):
    """The whole history of some agreements.

    terms: account_id, agreement_no, from_day, until_day, tariff_no; steps: account_id,
    agreement_no, attribute_no, from_day, value; both by account, agreement (attribute) and day.
    """

    terms: Table
    steps: Table


_NONE = np.zeros(0, dtype=np.int64)
_OWNER = {"account_id": _NONE, "agreement_no": _NONE, "from_day": _NONE}
UNCHANGED = Changes(
    {**_OWNER, "until_day": _NONE, "tariff_no": _NONE},
    {**_OWNER, "attribute_no": _NONE, "value": _NONE},
)
"""No history."""


def read_agreements(reader: Reader, lo: int, hi: int) -> AgreementColumns:
    """The agreements of the accounts lo..hi, both included."""
    found = rows.billed(reader, lo, hi)
    return AgreementColumns(
        **{
            name: ints(found[name])
            for name in (
                "account_id",
                "agreement_no",
                "cycle_no",
                "from_day",
                "until_day",
                "tariff_no",
                "changed_day",
            )
        },
        attributes=by_attribute(found["attributes"]),
    )


def changes(reader: Reader, lo: int, hi: int, since_day: int) -> Changes:
    """The history of the agreements of accounts lo..hi that change after since_day.

    With since_day the day after the previous reading: those whose periods a change can cut.
    """
    return Changes(
        dict(rows.terms_since(reader, lo, hi, since_day)),
        dict(rows.steps_since(reader, lo, hi, since_day)),
    )
