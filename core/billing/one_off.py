"""One-off bills: a charge of its own, a new connection, a meter, a fine.

It is rated by a published tariff from inputs that the caller names, issued, posted and explained as
every bill. It is of one day and stands beside the chain of billed days: it bills no agreement's
usage, takes nothing from the bill before and hands nothing on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write
from billcore.core.accounts.checks import ints
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import AgreementUnknown, FieldRefused
from billcore.core.billing import revenue
from billcore.core.billing.charges import packing
from billcore.core.billing.charges.inputs import PREVIOUS_BALANCE, Inputs, packed_values
from billcore.core.billing.charges.rated import TariffUnfit, check_money
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.days import check_day_of_issue
from billcore.core.billing.errors import AccountUnbillable
from billcore.core.billing.fates import Fates
from billcore.core.billing.issue import Drafts, Issue, issue
from billcore.core.billing.last_bills import last_bills
from billcore.core.billing.make import issue_on
from billcore.core.billing.openings import openings
from billcore.core.billing.stored import StoredBill, drafted
from billcore.core.events.audit import audit
from billcore.core.ids import kind_of_bill
from billcore.core.ledger.account_entries import AMOUNT_MAX
from billcore.core.ledger.by_hand import REFERENCE_MAX
from billcore.core.ledger.kinds import BillKind
from billcore.core.ledger.turns import turn_to_bill
from billcore.core.money import minor_digits
from billcore.core.rating.batch import Ints
from billcore.core.rating.bills import bill_columns
from billcore.core.rating.columns import defaults_of
from billcore.core.rating.rate import RatedColumns, rate
from billcore.core.store import accounts, agreements, corrections, references
from billcore.core.store import bills as rows
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider
from billcore.core.tariff.bill import Bill, Number
from billcore.core.tariff.catalog import Published
from billcore.core.tariff.reference.evaluation import failure
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff

ORDINAL_MAX = 15
"""An account has at most ORDINAL_MAX + 1 one-off bills of a month."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What is charged. day: of issue; it decides the tariff's version and the accounting month.

    inputs: of the tariff, by name. agreement_no: the one that it is about, 0: none. reference: what
    it stands for, shown on the bill and on statements; "": nothing is said.
    """

    account_id: int
    published: Published
    day: int
    inputs: Mapping[str, Number] = field(default_factory=dict)
    agreement_no: int = 0
    reference: str = ""

    @property
    def tariff(self) -> Tariff:
        """What it is rated by."""
        return self.published.tariff


def bill_one_off(write: Write, provider: Provider, charge: Charge, source: str) -> StoredBill:
    """Rates and issues a charge; source: unique per provider.

    Raises FieldRefused, AgreementUnknown, AccountUnbillable, TariffUnfit, ColumnMissing and
    BillFailed; then nothing is written.
    """
    session, account_id = write.session, charge.account_id
    now = turn_to_bill(session, provider.provider_id, account_id, account_id, write.now)
    how = _how(provider, charge, source, write.caller.client_id, now)
    drafts = _drafted(session, provider, charge, how)
    (bill_id,) = issue(session, drafts, how).bill_id.tolist()
    if charge.reference:
        references.add(session, account_id, bill_id, charge.reference)
    told = _told(session, charge, drafts, how)
    detail = {"account_id": account_id, "total": told.header.total, "tariff": charge.tariff.id}
    audit(session, write.caller, "bill.issued", f"bill {bill_id}", "", detail, write.now)
    return told


def simulate_one_off(reader: Reader, provider: Provider, charge: Charge, now: int) -> StoredBill:
    """The bill that `bill_one_off` would issue now; raises what it would raise, writes nothing."""
    how = _how(provider, charge, "", 0, now)
    return _told(reader, charge, _drafted(reader, provider, charge, how), how)


def _told(reader: Reader, charge: Charge, drafts: Drafts, how: Issue) -> StoredBill:
    found = drafted(reader, drafts, how)
    return replace(found, reference=charge.reference)


def _how(provider: Provider, charge: Charge, source: str, client_id: int, now: int) -> Issue:
    check_day_of_issue(provider, charge.day, "order.day")
    return issue_on(provider, charge.day, source, client_id, now)


# -- what is refused before it is rated


def _check(reader: Reader, provider: Provider, charge: Charge) -> None:
    reference = charge.reference
    if len(reference) > REFERENCE_MAX or not reference.isprintable():
        raise FieldRefused(
            "order.reference", f"it has at most {REFERENCE_MAX} printable characters."
        )
    number = charge.agreement_no
    if number and agreements.agreement(reader, charge.account_id, number) is None:
        raise AgreementUnknown(
            "order.agreement_no", f"account {charge.account_id} has no agreement {number}."
        )
    _check_account(reader, charge)
    _check_tariff(provider, charge)


def _check_account(reader: Reader, charge: Charge) -> None:
    account = accounts.account(reader, charge.account_id)
    assert account is not None, "the caller has looked it up"
    if not account.opened_day <= charge.day <= account.closed_day:
        raise AccountUnbillable(
            account.account_id,
            "ACCOUNT_CLOSED",
            f"{iso(charge.day)} is outside its days, {iso(account.opened_day)} to "
            f"{iso(account.closed_day)}.",
        )
    final = _final_bill(reader, account.account_id)
    if final:
        raise AccountUnbillable(
            account.account_id,
            "ACCOUNT_FINAL",
            f"its final bill {final} is issued, and nothing is billed after it: charge another "
            "account of the customer, or cancel the final bill first.",
        )


def _final_bill(reader: Reader, account_id: int) -> int:
    """The final bill that the account stands at; 0: there is none, or an agreement goes on."""
    last = last_bills(reader, np.array([account_id]))
    bill_id, this_day = int(last.bill_id[0]), int(last.this_day[0])
    fates = Fates(corrections.of_account(reader, account_id))
    if not bill_id or kind_of_bill(fates.original(bill_id)) != BillKind.FINAL:
        return 0
    days = agreements.days_of(reader, account_id)
    return bill_id if days is None or days[1] <= this_day else 0


def _check_tariff(provider: Provider, charge: Charge) -> None:
    document = charge.tariff.document
    check_money(charge.tariff, provider.currency, minor_digits(provider.currency))
    if document.states or document.total.carry is not None:
        raise TariffUnfit(
            document.id,
            "it hands running values from bill to bill; a one-off bill stands alone.",
        )
    if PREVIOUS_BALANCE in charge.inputs:
        raise FieldRefused(
            "order.inputs", f"{PREVIOUS_BALANCE!r} is what the account owes: the books tell it."
        )


# -- rated


def _drafted(reader: Reader, provider: Provider, charge: Charge, how: Issue) -> Drafts:
    """The charge as a draft, rated and fit to be posted."""
    _check(reader, provider, charge)
    account_id, one = charge.account_id, np.array([charge.account_id])
    opening = openings(reader, one)
    columns, rated = _rated(charge, int(opening[0]))
    lines, inputs = _packed(charge, columns, rated)
    _check_amounts(charge, rated, revenue.posted(Tariffs(reader), lines, how.taxes))
    return Drafts(
        account_id=one,
        kind=_one(BillKind.ONE_OFF),
        ordinal=_one(_ordinal(reader, how.month, account_id)),
        version=_one(0),
        previous_day=_one(charge.day - 1),
        this_day=_one(charge.day),
        opening=opening,
        total=rated.total,
        lines=lines,
        inputs=inputs,
        carried=pa.array([b""], pa.binary()),
    )


def _rated(charge: Charge, opening: int) -> tuple[dict[str, Ints], RatedColumns]:
    """(every input as a column of one row, the amounts)."""
    tariff = charge.tariff
    given = dict(charge.inputs)
    if PREVIOUS_BALANCE in tariff.document.inputs:
        given[PREVIOUS_BALANCE] = Fraction(opening, 10**tariff.document.digits)
    bill = Bill(given, previous=charge.day - 1, this=charge.day)
    columns = bill_columns(tariff, [bill])
    rated = rate(tariff, columns)
    status = Status(int(rated.status[0]))
    if status is not Status.OK:
        raise failure(tariff.document, tariff.analysis, bill, status)
    defaults = {name: _one(value) for name, value in defaults_of(tariff).items()}
    return defaults | columns, rated


def _packed(
    charge: Charge, columns: dict[str, Ints], rated: RatedColumns
) -> tuple[pa.BinaryArray, pa.BinaryArray]:
    """The packed lines and inputs, of the agreement that the charge is about or of none."""
    bill, number = _one(0), _one(charge.agreement_no)
    tariff = charge.published.number, charge.published.version
    amounts = np.stack(list(rated.lines.values()), axis=1)
    values = packed_values(charge.tariff, Inputs(_one(0), columns, None))
    period = packing.Period(_one(charge.day - 1), _one(charge.day), _one(0))
    lines = packing.lines_part(bill, number, *tariff, amounts)
    inputs = packing.inputs_part(bill, number, tariff, period, values)
    return packing.joined([lines], 1), packing.joined([inputs], 1)


def _check_amounts(charge: Charge, rated: RatedColumns, posted: Mapping[str, int]) -> None:
    if not any(posted.values()):
        raise AccountUnbillable(
            charge.account_id, "NOTHING_CHARGED", "the charge comes to nothing: give its inputs."
        )
    largest = max(abs(amount) for amount in (int(rated.total[0]), *posted.values()))
    if largest > AMOUNT_MAX:
        raise AccountUnbillable(
            charge.account_id,
            "AMOUNT_TOO_LARGE",
            f"an amount of {largest} is beyond {AMOUNT_MAX}, the most that the ledger takes.",
        )


def _ordinal(reader: Reader, month: int, account_id: int) -> int:
    """Behind the one-off bills that the account has of a month, cancelled or not."""
    known = rows.keys(reader, month, account_id, account_id)
    taken = ints(known["ordinal"])[ints(known["kind"]) == BillKind.ONE_OFF]
    number = int(taken.max(initial=-1)) + 1
    if number > ORDINAL_MAX:
        raise AccountUnbillable(
            account_id,
            "ONE_OFFS_EXHAUSTED",
            f"it has {number} one-off bills of this month, the most that there can be: charge it "
            "in the next month, or several things by one tariff.",
        )
    return number


def _one(value: int) -> Ints:
    return np.array([value], dtype=np.int64)
