"""Files of results: what banks say of debits, taken in whole or not at all, each file once.

Three sorts end in one form (`told.Outcome`): pain.002, statements and notifications, the domestic
answer; `applying` says what follows.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from billcore.core.caller import Caller
from billcore.core.collections.direct_debit import domestic
from billcore.core.collections.direct_debit.applying import apply
from billcore.core.collections.direct_debit.desk import Desk, desk
from billcore.core.collections.direct_debit.errors import DebitFieldInvalid
from billcore.core.collections.direct_debit.failures import Acting
from billcore.core.collections.direct_debit.formats import PAIRS
from billcore.core.collections.direct_debit.pain002 import read_pain002
from billcore.core.collections.direct_debit.statements import read_outcomes
from billcore.core.collections.direct_debit.states import Scheme, Told
from billcore.core.collections.direct_debit.terms import DebitTerms
from billcore.core.collections.direct_debit.told import Outcome
from billcore.core.events.audit import audit
from billcore.core.events.outbox import record
from billcore.core.payments.intake.place import asked_place
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.store import debit_results as result_rows
from billcore.core.store import providers
from billcore.core.store.again import again
from billcore.core.store.debit_results import ResultRow
from billcore.core.store.port import Reader, Session, Store

KIND = "debit result"
"""Of the numbers that are drawn."""

FORMATS = ("pain.002", "statement", "domestic")

NAME_MAX = 200
OUTCOMES_MAX = 500_000
"""A file says this much of debits at most; a larger one is split by the bank."""

IMPORTED = "debit_results.imported"


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was taken in; repeated: it was before. failures: (code, count) of this file."""

    row: ResultRow
    repeated: bool
    failures: tuple[tuple[str, int], ...] = ()


def import_results(
    store: Store, caller: Caller, now: int, channel: str, name: str, content: bytes, format_: str
) -> Imported:
    """Takes in a file of results of a channel's debits. format_: '': as its content tells.

    Raises FileBroken, DebitFieldInvalid, DebitFormatUnknown, ChannelUnknown, ChannelForbidden.
    """
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        message = f"a file has a name of 1 to {NAME_MAX} printable characters."
        raise DebitFieldInvalid("name", message)
    digest = hashlib.sha256(content).digest()
    with store.read() as reader:
        at = desk(reader, caller, channel, now, enabled=False)
        there = result_rows.result_of(reader, at.provider_id, at.channel.channel_no, digest)
        if there is not None:
            return Imported(there, repeated=True)
        kind, message_id, outcomes = _read(reader, at, name, content, format_)
    if len(outcomes) > OUTCOMES_MAX:
        raise FileBroken(name, 0, "content", f"it tells more than {OUTCOMES_MAX} debits.")

    def once(session: Session) -> Imported:
        providers.lock(session, at.provider_id, KIND)
        before = result_rows.result_of(session, at.provider_id, at.channel.channel_no, digest)
        if before is not None:
            return Imported(before, repeated=True)
        number = providers.draw(session, at.provider_id, KIND, 1)
        place = asked_place(session, caller, channel)
        acting = Acting(session, at, place, number)
        work = apply(acting, name, message_id, outcomes)
        row = ResultRow(
            result_no=number,
            channel_no=at.channel.channel_no,
            name=name,
            digest=digest,
            format=kind,
            line_count=len(outcomes),
            accepted=work.counts[Told.ACCEPTED],
            rejected=work.counts[Told.REJECTED],
            collected=work.counts[Told.COLLECTED],
            returned=work.counts[Told.RETURNED],
            repeated=work.repeated,
            unknown=len(work.unknown),
            client_id=caller.client_id,
            recorded_at=now,
        )
        result_rows.add_result(session, at.provider_id, row)
        result_rows.add_unknown(session, at.provider_id, number, work.unknown)
        _tell(acting, row)
        return Imported(row, repeated=False, failures=tuple(sorted(work.failures.items())))

    return again(store, once)


# -- read


def _read(
    reader: Reader, at: Desk, name: str, content: bytes, format_: str
) -> tuple[str, str, Sequence[Outcome]]:
    """(format, message id or '', outcomes) of a file."""
    kind = format_ or _format_of(content, at.terms)
    currency = at.provider.currency
    if kind == "pain.002":
        report = read_pain002(content, name, currency)
        return kind, report.message_id, report.outcomes
    if kind == "statement":
        told, outcomes = read_outcomes(content, name, at.terms.creditor.iban, currency)
        return told, "", outcomes
    if kind == "domestic":
        at.check(Scheme.DOMESTIC)
        pair = PAIRS.find(reader, at.provider_id, at.terms.format)
        message_id, outcomes = domestic.read_results(pair, content, name)
        return pair.format, message_id, outcomes
    raise FileBroken(name, 0, "format", f"{kind!r} is no format of results.", FORMATS)


def _format_of(content: bytes, terms: DebitTerms) -> str:
    begins = content[:2_000].replace(b"\0", b"")
    if b"xsd:pain.002." in begins:
        return "pain.002"
    if terms.format and not begins.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
        (b"<", b":20:", b"{1:")
    ):
        return "domestic"
    return "statement"


def _tell(acting: Acting, row: ResultRow) -> None:
    told = {
        "format": row.format,
        "lines": row.line_count,
        "accepted": row.accepted,
        "rejected": row.rejected,
        "collected": row.collected,
        "returned": row.returned,
        "repeated": row.repeated,
        "unknown": row.unknown,
    }
    subject = f"debit result {row.result_no}"
    desk_ = acting.desk
    record(acting.session, desk_.provider_id, IMPORTED, subject, told, desk_.now)
    audit(acting.session, desk_.caller, IMPORTED, subject, "", told | {"name": row.name}, desk_.now)
