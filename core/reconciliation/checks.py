"""The invariants of reconciliation: files are what they say, terms and definitions can be read."""

from collections.abc import Iterator
from itertools import islice

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.findings import MOST, Broken, broken
from billcore.core.ledger.chart import RECEIVABLE
from billcore.core.reconciliation.computing import BreakState, Decision
from billcore.core.reconciliation.files.definition import read_definition
from billcore.core.reconciliation.files.errors import ReportFormatInvalid
from billcore.core.reconciliation.keeping import FileKind, FileState
from billcore.core.reconciliation.settlement.banks import FEES
from billcore.core.reconciliation.terms import parse_terms
from billcore.core.store import channel_files as rows
from billcore.core.store import recon as rows_of_days
from billcore.core.store import settlements
from billcore.core.store.kept import CHANNEL_TERMS, REPORT_FORMATS
from billcore.core.store.port import Reader


def files_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Every file that counts has the lines that it says and what they come to; what a statement's
    balances differ by is what its lines come to; terms and definitions can be read."""
    for kind, sql in (
        (FileKind.REPORT, rows.LINE_SUMS),
        (FileKind.STATEMENT, rows.STATEMENT_SUMS),
    ):
        sums = rows.line_sums(reader, provider_id, kind, FileState.LOADING, sql)
        wrong = (one for one in sums if (one.line_count, one.amount) != (one.lines, one.total))
        for one in islice(wrong, MOST):
            yield broken(
                f"It says {one.line_count} lines of {one.amount}, and has {one.lines} of "
                f"{one.total}.",
                file_no=one.file_no,
            )
    for file_no, number, told, total in rows.unbalanced(
        reader, provider_id, FileState.LOADING, MOST
    ):
        message = f"Its balances differ by {told}, its lines come to {total}."
        yield broken(message, file_no=file_no, statement_no=number)
    yield from islice(_texts(reader, provider_id), MOST)


def days_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """What the books have of a matched day is what its reports tell and the breaks that stand; of
    a day that is not stale, its reports are those that count."""
    told = rows_of_days.reported(reader, provider_id, FileKind.REPORT, FileState.COMPLETE)
    told |= settlements.credit_days(reader, provider_id)
    for one in rows_of_days.standing(reader, provider_id, BreakState.RESOLVED):
        where = {"channel_no": one.channel_no, "day": one.day}
        if (one.break_count, one.break_amount) != (one.breaks, one.difference):
            yield broken(
                f"It says {one.break_count} breaks of {one.break_amount}, and has {one.breaks} of "
                f"{one.difference}.",
                **where,
            )
        if one.ledger_amount != one.report_amount + one.break_amount:
            yield broken(
                f"{one.ledger_amount} is not {one.report_amount} and breaks of {one.break_amount}.",
                **where,
            )
        amount, files = told.get((one.channel_no, one.day), (0, 0))
        if not one.stale and (one.report_amount, one.files) != (amount, files):
            message = f"It was matched with {one.files} reports of {one.report_amount}, there are "
            yield broken(f"{message}{files} of {amount}.", **where)


def adjustments_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """What accounts and fees were adjusted by is what stands decided about breaks."""
    adjust = Decision.ADJUST
    decided, posted = rows_of_days.adjusted(reader, provider_id, adjust, RECEIVABLE, FEES)
    if decided != posted:
        yield broken(f"Breaks stand adjusted by {decided}, their entries come to {posted}.")


def _texts(reader: Reader, provider_id: int) -> Iterator[Broken]:
    for channel_no, (text, _) in CHANNEL_TERMS.every(reader, provider_id).items():
        try:
            canonical = parse_terms(text).text == text
        except PolicyInvalid as error:
            yield broken(f"Its terms: {error.message}", channel_no=channel_no)
        else:
            if not canonical:
                yield broken("Its terms are not canonical.", channel_no=channel_no)
    for name, (text, _) in REPORT_FORMATS.every(reader, provider_id).items():
        try:
            same = read_definition(text).format == name
        except ReportFormatInvalid as error:
            yield broken(f"Its definition: {error.message}", format=name)
        else:
            if not same:
                yield broken("Its definition has another name.", format=name)
