"""Direct debit as messages, and back. Accounts at banks leave with a mask."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from billcore.core.accounts.definitions import Known
from billcore.core.collections.direct_debit.bank_details import BankDetails, masked
from billcore.core.collections.direct_debit.formats import Pair
from billcore.core.collections.direct_debit.mandates import Asked
from billcore.core.collections.direct_debit.reasons import REASONS
from billcore.core.collections.direct_debit.shown import Story
from billcore.core.collections.direct_debit.states import Scheme
from billcore.core.errors import RequestInvalid
from billcore.core.store.channels import Channel
from billcore.core.store.debit_batches import BatchRow
from billcore.core.store.debit_results import ResultRow, UnknownRow
from billcore.core.store.debits import DebitRow, StepRow
from billcore.core.store.mandates import DebtorRow, MandateRow, VersionRow
from billcore.server.messages.account import day, iso, iso_if_any
from billcore.server.messages.reconciliation import content_of
from billcore.v1 import direct_debit_service_pb2 as pb

UNKNOWN_MAX = 100
"""So many lines that fit no debit are told with their file."""

DEBITS_MAX = 100
"""So many debits are told with their mandate."""

Codes = dict[int, str]
"""The codes of channels by number."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of results as it came."""

    name: str
    channel: str
    format: str
    content: bytes


def sent(requests: Iterator[pb.ImportDebitResultsRequest]) -> Sent:
    """What a stream carries. Raises RequestInvalid, BatchTooLarge."""
    first = next(requests, None)
    if first is None or first.WhichOneof("message") != "header":
        raise RequestInvalid("header", "the first message of a stream is its header.")
    header = first.header
    return Sent(header.name, header.channel, header.format, content_of(requests))


def scheme(number: int) -> Scheme:
    """Raises RequestInvalid."""
    if number not in [one.value for one in Scheme]:
        allowed = [f"DEBIT_SCHEME_{one.name}" for one in Scheme]
        raise RequestInvalid("scheme", f"{number} is no scheme.", allowed)
    return Scheme(number)


def asked(given: pb.Mandate, account_id: int) -> Asked:
    """A mandate that is to be made. Raises RequestInvalid, FieldRefused."""
    return Asked(
        account_id=account_id,
        channel=given.channel,
        umr=given.umr,
        scheme=scheme(given.scheme),
        one_off=given.one_off,
        signed_day=day(given.signed_day, "mandate.signed_day"),
        amount_max=given.amount_max,
        debtor=details(given.debtor),
    )


def details(given: pb.Debtor) -> BankDetails:
    """Who is to be debited."""
    return BankDetails(given.name, given.iban, given.bic, given.bank_account)


# -- answers


def terms(channel: Channel, text: str, revision: int) -> pb.DebitTerms:
    return pb.DebitTerms(channel=channel.channel, terms=text, revision=revision)


def debit_format(kept: Known[Pair]) -> pb.DebitFormat:
    made = kept.definition
    return pb.DebitFormat(format=made.format, definition=made.text, revision=kept.revision)


def mandate(row: MandateRow, codes: Codes, debtor: DebtorRow | None = None) -> pb.Mandate:
    fields = row._asdict() | {
        "channel": codes.get(row.channel_no, ""),
        "one_off": bool(row.one_off),
        "signed_day": iso(row.signed_day),
        "scheme": _name(pb.DebitScheme, row.scheme),
        "state": _name(pb.MandateState, row.state),
    }
    del fields["channel_no"]
    made = pb.Mandate(**fields)
    if debtor is not None:
        told = pb.Debtor(
            name=debtor.name,
            iban=masked(debtor.iban),
            bic=debtor.bic,
            bank_account=masked(debtor.bank_account),
        )
        made.debtor.CopyFrom(told)
    return made


def version(row: VersionRow) -> pb.MandateVersion:
    fields = row._asdict() | {"state": _name(pb.MandateState, row.state)}
    del fields["client_id"]
    return pb.MandateVersion(**fields)


def debit(row: DebitRow, codes: Codes) -> pb.Debit:
    return pb.Debit(
        debit_no=row.debit_no,
        end_to_end_id=row.end_to_end_id,
        mandate_no=row.mandate_no,
        account_id=row.account_id,
        channel=codes.get(row.channel_no, ""),
        scheme=_name(pb.DebitScheme, row.scheme),
        collection_day=iso(row.collection_day),
        state=_name(pb.DebitState, row.state),
        amount=row.amount,
        batch_no=row.batch_no,
        sequence=_name(pb.DebitSequence, row.sequence),
        code=row.code,
        day=iso(row.day),
        collected_day=iso_if_any(row.collected_day),
        contingent_until_day=iso_if_any(row.until_day),
        retry_of=row.retry_of,
        attempt=row.attempt,
        recorded_at=row.recorded_at,
    )


def step(row: StepRow) -> pb.DebitStep:
    return pb.DebitStep(
        step_no=row.step_no,
        state=_name(pb.DebitState, row.state),
        day=iso(row.day),
        amount=row.amount,
        batch_no=row.batch_no,
        code=row.code,
        result_no=row.result_no,
        line=row.line,
        recorded_at=row.recorded_at,
    )


def batch(row: BatchRow, codes: Codes) -> pb.DebitBatch:
    return pb.DebitBatch(
        batch_no=row.batch_no,
        channel=codes.get(row.channel_no, ""),
        scheme=_name(pb.DebitScheme, row.scheme),
        collection_day=iso(row.collection_day),
        message_id=row.message_id,
        state=_name(pb.DebitBatchState, row.state),
        format=row.format,
        debits=row.debits,
        amount=row.amount,
        digest=row.digest,
        file_bytes=row.bytes,
        sealed_at=row.sealed_at,
        sent_day=iso_if_any(row.sent_day),
    )


def result(row: ResultRow, codes: Codes, unknown: list[UnknownRow]) -> pb.DebitResult:
    return pb.DebitResult(
        result_no=row.result_no,
        channel=codes.get(row.channel_no, ""),
        name=row.name,
        digest=row.digest,
        format=row.format,
        lines=row.line_count,
        accepted=row.accepted,
        rejected=row.rejected,
        collected=row.collected,
        returned=row.returned,
        repeated_count=row.repeated,
        unknown_count=row.unknown,
        unknown=[_unknown(one) for one in unknown],
        recorded_at=row.recorded_at,
    )


def story(found: Story, codes: Codes) -> pb.GetDebitResponse:
    made = pb.GetDebitResponse(
        debit=debit(found.debit, codes),
        steps=[step(one) for one in found.steps],
        payment_id=found.payment_id,
        reversal_id=found.reversal_id,
        charged=found.charged,
        unauthorised_until_day=iso_if_any(found.unauthorised_until),
        earlier=[debit(one, codes) for one in found.earlier],
        later=[debit(one, codes) for one in found.later],
    )
    if found.batch is not None:
        made.batch.CopyFrom(batch(found.batch, codes))
    return made


def total(state: int, count: int, amount: int) -> pb.DebitSum:
    return pb.DebitSum(state=_name(pb.DebitState, state), debits=count, amount=amount)


def failure(code: str, count: int, amount: int) -> pb.DebitFailureSum:
    known = REASONS.get(code)
    meaning = known.meaning if known else ""
    return pb.DebitFailureSum(code=code, meaning=meaning, debits=count, amount=amount)


def _name(enum: Any, number: int) -> Any:
    """What the value of a number is called; fields of enums take names."""
    return enum.Name(number)


def _unknown(row: UnknownRow) -> pb.UnknownDebit:
    return pb.UnknownDebit(
        line=row.line, end_to_end_id=row.end_to_end_id, amount=row.amount, why=row.code
    )
