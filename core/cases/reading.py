"""What is known of a case's payment, read once: what is issued, posted, in suspense, in reports."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import ints
from billcore.core.accounts.policies import parse_policies
from billcore.core.cases.facts import Ids, Known, Line
from billcore.core.cases.searching import Payments
from billcore.core.cases.sources import Said, Sources
from billcore.core.identifiers import bulk
from billcore.core.ids import COUNT_BITS
from billcore.core.payments.intake.post import days, payment_ids
from billcore.core.payments.intake.resolve import COMPANY_AT, FILE_AT
from billcore.core.reconciliation.files.lines import LineKind
from billcore.core.reconciliation.keeping import FileState
from billcore.core.reconciliation.terms import terms_of
from billcore.core.store import channel_files, issued
from billcore.core.store import providers as provider_rows
from billcore.core.store.case_evidence import EvidenceRow
from billcore.core.store.channels import Channel
from billcore.core.store.port import OPEN_DAY, Reader
from billcore.core.store.providers import Provider

PROVIDERS_PAGE = 1_000


def known_of(
    reader: Reader,
    provider: Provider,
    account_id: int,
    evidence: Sequence[EvidenceRow],
    today: int,
) -> Known:
    """All that the case of an account is judged from; today: an ordinal."""
    of = Sources(reader, provider, account_id)
    said = [_said(one, provider.time_zone) for one in evidence]
    every = tuple(_ids(of, *one) for one in dict.fromkeys(one.ids for one in said) if all(one))
    return Known(
        account_id=account_id,
        paid=Payments(of).found(said, every),
        lines=tuple(_lines(of, said)),
        ids=every,
        transit_until=max((_transit_until(of, one) for one in said), default=0),
        today=today,
    )


def _said(row: EvidenceRow, time_zone: str) -> Said:
    day = int(days(np.array([row.paid_at]), time_zone)[0]) if row.paid_at else 0
    codes = row.payer_code, row.payment_code
    return Said(*codes, row.trace, row.paid_channel, row.amount, day)


def _ids(of: Sources, payer_code: int, payment_code: int) -> Ids:
    """What a pair of ids is."""
    payer, payment = np.array([payer_code]), np.array([payment_code])
    word = int(bulk.pair_faults(payer, payment)[0])
    if word:
        why = ", ".join(f"{field} {reason.name.lower()}" for field, reason in bulk.told(word))
        return Ids(payer_code, payment_code, wrong=why)
    company = f"{payer_code // COMPANY_AT % 1000:03}"
    if int(company) != of.policies.payment_ids.company:
        owner = _owner(of.reader, int(company), of.provider_id)
        return Ids(payer_code, payment_code, company=company, foreign=True, owner=owner)
    account_id = of.provider_id << COUNT_BITS | payer_code // FILE_AT
    table = issued.of_accounts(of.reader, np.array([account_id]))
    mine = np.flatnonzero(
        (ints(table["account_id"]) == account_id)
        & (ints(table["payer_code"]) == payer_code)
        & (ints(table["payment_code"]) == payment_code)
    )
    if not mine.size:
        return Ids(payer_code, payment_code, company=company)
    at = int(mine[-1])
    return Ids(
        payer_code,
        payment_code,
        company=company,
        account_id=account_id,
        number=of.number(account_id),
        bill_id=int(ints(table["bill_id"])[at]),
        amount=int(ints(table["amount"])[at]),
    )


# -- on the way


def _lines(of: Sources, said: Sequence[Said]) -> Iterator[Line]:
    """Lines of reports that tell a trace of which no payment is posted."""
    for one in said:
        if not (one.trace and one.paid_day):
            continue
        for channel in of.asked(one):
            if of.order(channel, one.trace) is None:
                yield from _told(of, channel, one)


def _told(of: Sources, channel: Channel, said: Said) -> Iterator[Line]:
    number, reader = of.provider_id, of.reader
    terms, _ = terms_of(reader, number, channel)
    span = said.paid_day - terms.reach, said.paid_day + terms.reach
    numbers = np.array([channel.channel_no])
    (payment_id,) = payment_ids(number, numbers, pa.array([said.trace])).tolist()
    complete = int(FileState.COMPLETE)
    files = channel_files.of_days(reader, number, channel.channel_no, span, complete)
    for file in files:
        told = channel_files.told_line(
            reader, number, file.file_no, payment_id, int(LineKind.PAYMENT)
        )
        if told is not None and told[0] == said.trace:
            yield Line(channel.channel, *told)
            return


def _transit_until(of: Sources, said: Said) -> int:
    """The last day on which money may be on its way, by the channel's terms; 0: not told."""
    if not said.paid_day:
        return 0
    channel = of.channels.get(said.channel)
    if channel is None:
        return said.paid_day + of.policies.cases.transit_days + 1
    terms, _ = terms_of(of.reader, of.provider_id, channel)
    return said.paid_day + terms.reach


def _owner(reader: Reader, company: int, provider_id: int) -> str:
    """The name of the provider here that issues ids of a company; '': none does."""
    after = 0
    while page := provider_rows.providers(reader, after, OPEN_DAY, PROVIDERS_PAGE):
        for one in page:
            own = parse_policies(one.policies).payment_ids.company
            if own == company and one.provider_id != provider_id:
                return one.name
        after = page[-1].provider_id
    return ""
