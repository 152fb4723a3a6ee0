"""The credits of a bank account, each once, whatever files tell them.

Statements (camt.053, MT940) are what counts: of a booking day those of the format that told it
first. Notifications (camt.054) tell the same money again: they split a credit that is several
transactions. A credit that the bank takes back under its reference is none. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from billcore.core.ids import computed_id
from billcore.core.reconciliation.files.lines import LineKind
from billcore.core.reconciliation.settlement.funding import Credit
from billcore.core.store.settlements import BankLine

NOTIFICATION = "camt.054"


@dataclass(frozen=True, slots=True)
class Told:
    """A credit with the line that tells it."""

    credit: Credit
    line: BankLine


RETURNS = (LineKind.DEBIT, LineKind.CREDIT_REVERSED)


def told_credits(
    provider_id: int, bank_no: int, lines: Sequence[BankLine], named: Collection[str] = ()
) -> list[Told]:
    """The credits that these lines tell, lines in the order of files; named: end-to-end ids of what
    was collected, whose returns are credits below 0."""
    statements = _statements(lines)
    counted = _split(_not_taken_back(statements, named), _notified(lines))
    counted += [one for one in statements if one.kind in RETURNS and one.end_to_end in named]
    ranks: Counter[tuple[object, ...]] = Counter()
    made = []
    for line in counted:
        booked = line.amount - line.fee
        same = (
            line.day, booked, line.fee, line.reference, line.end_to_end, line.batch, line.payer,
            line.text,
        )  # fmt: skip
        ranks[same] += 1
        credit = Credit(
            credit_id=computed_id("bank credit", provider_id, bank_no, *same, ranks[same]),
            day=line.day,
            amount=booked,
            charged=line.fee,
            batch=line.batch,
            end_to_end=line.end_to_end,
            words=f"{line.payer} {line.text}",
        )
        made.append(Told(credit, line))
    return made


def _statements(lines: Iterable[BankLine]) -> list[BankLine]:
    """Of each booking day the lines of the format that told it first."""
    kept = [line for line in lines if line.format != NOTIFICATION]
    first: dict[int, str] = {}
    for line in kept:
        first.setdefault(line.day, line.format)
    return [line for line in kept if first[line.day] == line.format]


def _not_taken_back(lines: Iterable[BankLine], named: Collection[str]) -> list[BankLine]:
    """The credits among lines, but for those that the bank took back."""
    back: Counter[tuple[str, int]] = Counter()
    every = list(lines)
    for line in every:
        known = line.end_to_end in named
        if line.kind == LineKind.CREDIT_REVERSED and _name(line) and not known:
            back[_name(line), -(line.amount - line.fee)] += 1
    found = []
    for line in every:
        if line.kind != LineKind.CREDIT:
            continue
        key = _name(line), line.amount - line.fee
        if back[key]:
            back[key] -= 1
        else:
            found.append(line)
    return found


def _name(line: BankLine) -> str:
    return line.end_to_end or line.reference


def _notified(lines: Iterable[BankLine]) -> dict[tuple[str, str], list[BankLine]]:
    """What notifications tell of a file, by the entry's reference and by the batch."""
    found: dict[tuple[str, str], list[BankLine]] = defaultdict(list)
    for line in lines:
        if line.format == NOTIFICATION and line.kind == LineKind.CREDIT:
            for name in ("reference", "batch"):
                if getattr(line, name):
                    found[name, getattr(line, name)].append(line)
    return found


def _split(
    credits: Iterable[BankLine], notified: dict[tuple[str, str], list[BankLine]]
) -> list[BankLine]:
    """The credits, those of several transactions as these where a notification tells them."""
    found: list[BankLine] = []
    for credit in credits:
        parts: list[BankLine] = []
        for name in ("reference", "batch"):
            parts = parts or notified.get((name, getattr(credit, name)), [])
        whole = sum(one.amount - one.fee for one in parts) == credit.amount - credit.fee
        if credit.transactions > 1 and len(parts) > 1 and whole:
            found += [one._replace(day=credit.day) for one in parts]
        else:
            found.append(credit)
    return found
