"""A provider that collects by direct debit: mandates, debits, and the files of its bank."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from billcore.core.accounts.days import iso
from billcore.core.accounts.policies import parse_policies
from billcore.core.collections.direct_debit import (
    mandates,
    planning,
    results,
    reversing,
    sealing,
    sweeping,
)
from billcore.core.collections.direct_debit.bank_details import BankDetails
from billcore.core.collections.direct_debit.desk import desk
from billcore.core.collections.direct_debit.mandates import Asked
from billcore.core.collections.direct_debit.states import DebitState, MandateState, Scheme
from billcore.core.collections.direct_debit.terms import set_terms
from billcore.core.events import sequencer
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.kinds import EntryKind
from billcore.core.payments.autopay.agreed import Terms, set_autopay
from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.channels import by_code
from billcore.core.store import channels as channel_rows
from billcore.core.store import debit_batches as batch_rows
from billcore.core.store import debit_results as result_rows
from billcore.core.store import debits as rows
from billcore.core.store import events as event_rows
from billcore.core.store.channels import Channel
from billcore.core.store.debits import DebitRow
from billcore.core.store.kept import DEBIT_TERMS
from tests import payments_world
from tests.payments_world import DAY, TODAY, World

CREDITOR = "DE98ZZZ09999999999"
BANK = "DE02120300000000202051"
IBANS = ("DE89370400440532013000", "FR1420041010050500013M02606", "NL91ABNA0417164300")

CHANNEL = "debit"

COLLECTION = TODAY + 14
"""A collection day that can be planned on TODAY with the default notice; a Monday (2026-10-05)."""

TERMS = {"creditor": {"id": CREDITOR, "name": "Wasserwerk Süd", "iban": BANK, "bic": "BYLADEM1001"}}

PAIN002 = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.{}"
CAMT054 = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"


@dataclass
class Debits:
    """Works on the world; `days` moves its clock."""

    world: World
    days: int = 0

    @property
    def today(self) -> int:
        return TODAY + self.days

    @property
    def now(self) -> int:
        return self.world.now + self.days * DAY

    @property
    def store(self):
        return self.world.store

    def write(self, act):
        return self.world.at(self.days * DAY // payments_world.SECOND).write(act)

    def on(self, day: int) -> "Debits":
        """The same, on a day (an ordinal)."""
        self.days = day - TODAY
        return self

    def desk(self, enabled: bool = True):
        with self.store.read() as reader:
            return desk(reader, self.world.caller, CHANNEL, self.now, enabled=enabled)

    def terms(self, **more) -> None:
        def act(write):
            channel = by_code(write.session, 1, CHANNEL)
            revision = DEBIT_TERMS.one(write.session, 1, channel.channel_no)[1]
            return set_terms(write, channel, json.dumps(TERMS | more), revision)

        self.write(act)

    # -- mandates

    def mandate(
        self, count: int = 1, scheme: Scheme = Scheme.CORE, active: bool = True, **more
    ) -> str:
        """The reference of a new mandate, active, of an account by its count that is paid so."""
        domestic = scheme is Scheme.DOMESTIC
        details = BankDetails(
            f"Ada Payer {count}",
            "" if domestic else IBANS[count % len(IBANS)],
            bank_account=f"62220000{count}" if domestic else "",
        )
        values = {"umr": "", "one_off": False, "signed_day": TODAY - 10, "amount_max": 0} | more
        values.setdefault("debtor", details)
        asked = Asked(self.world.account(count), CHANNEL, scheme=scheme, **values)
        row = self.write(lambda write: mandates.create(write, asked, self.today))
        if active:
            if scheme is not Scheme.CORE:
                self.go(row.umr, MandateState.PENDING_BANK)
            self.go(row.umr, MandateState.ACTIVE)
        return row.umr

    def go(self, umr: str, state: MandateState, version: int = 0):
        return self.write(lambda write: mandates.go(write, umr, state, version, "asked"))

    def mandate_row(self, umr: str):
        with self.store.read() as reader:
            return mandates.found(reader, 1, umr)

    def agree(self, count: int = 1, most: int = 0, revision: int = 0) -> None:
        account = self.world.account(count)
        self.write(lambda write: set_autopay(write, account, Terms(CHANNEL, 5, most), revision))

    def payer(self, count: int = 1, owes: int = 0, **more) -> str:
        """An account that is paid by direct debit and owes something."""
        umr = self.mandate(count, **more)
        self.agree(count)
        if owes:
            self.owe(count, owes)
        return umr

    def owe(self, count: int, amount: int, day: int = TODAY) -> None:
        entries = AccountEntries(
            account_id=np.array([self.world.account(count)]),
            kind=np.array([int(EntryKind.ADJUSTMENT)]),
            day=np.array([day]),
            amount=np.array([amount]),
            reference=pa.array(["owed"]),
            reverses=np.array([0]),
        )
        number = self.world.count("entry")
        self.write(
            lambda w: post_account_entries(
                w.session, entries, Posting(1, f"owed {number}", 1, w.now)
            )
        )

    # -- debits

    def plan(self, day: int = COLLECTION, scheme: Scheme = Scheme.CORE) -> int:
        """How many debits were planned."""
        after, total = 0, 0
        while True:
            done = planning.plan(self.store, self.desk(), scheme, day, after)
            total, after = total + done.debits, done.last
            if not after:
                return total

    def notify(self, day: int = 0) -> tuple[int, int]:
        done = planning.notify(self.store, self.desk(), day or self.today)
        return done.debits, done.withdrawn

    def seal(self, day: int = COLLECTION, scheme: Scheme = Scheme.CORE):
        return sealing.seal(self.store, self.desk(), scheme, day).batch

    def file(self, batch_no: int) -> bytes:
        return b"".join(sealing.content(self.store, 1, batch_no))

    def sent(self, batch_no: int, day: int = 0):
        where = self.desk()

        def act(write):
            batch = sealing.found(write.session, 1, batch_no)
            return sealing.mark_sent(write.session, where, batch, day or self.today, "by hand")

        return self.write(act)

    def submitted(self, *owes: int, day: int = COLLECTION) -> list[DebitRow]:
        """The debits of a batch that the bank has, of accounts 1, 2, … that owe these amounts."""
        for count, amount in enumerate(owes, start=1):
            self.payer(count, amount)
        self.plan(day)
        self.notify()
        batch = self.seal(day)
        self.sent(batch.batch_no)
        return self.of_batch(batch.batch_no)

    def collected(self, *owes: int) -> list[DebitRow]:
        """Debits whose money came on their collection day."""
        debits = self.submitted(*owes)
        self.on(COLLECTION)
        self.results(camt054(*(credit(one) for one in debits)))
        return [self.debit(one.end_to_end_id) for one in debits]

    def results(self, content: bytes | str, name: str = "results", format_: str = ""):
        told = content.encode() if isinstance(content, str) else content
        return results.import_results(
            self.store, self.world.caller, self.now, CHANNEL, name, told, format_
        )

    def reverse(self, end_to_end_id: str, day: int = 0):
        return self.write(
            lambda write: reversing.reverse_debit(write, end_to_end_id, day, "by mistake")
        )

    def sweep(self):
        return sweeping.sweep(self.store, self.world.caller, lambda: self.now)

    # -- what is there

    def debit(self, end_to_end_id: str) -> DebitRow:
        with self.store.read() as reader:
            found = rows.by_end_to_end_id(reader, 1, end_to_end_id)
        assert found is not None
        return found

    def every(self) -> list[DebitRow]:
        with self.store.read() as reader:
            return rows.listed(reader, 1, 0, 10_000)

    def states(self) -> list[str]:
        return [DebitState(one.state).name for one in self.every()]

    def of_batch(self, batch_no: int) -> list[DebitRow]:
        with self.store.read() as reader:
            return rows.rows_of(rows.of_batch(reader, 1, batch_no))

    def batch(self, batch_no: int):
        with self.store.read() as reader:
            return batch_rows.batch(reader, 1, batch_no)

    def steps(self, end_to_end_id: str) -> list[str]:
        with self.store.read() as reader:
            found = rows.steps(reader, 1, self.debit(end_to_end_id).debit_no)
        return [DebitState(one.state).name for one in found]

    def unknown(self, result_no: int):
        with self.store.read() as reader:
            return result_rows.unknown(reader, 1, result_no, 100)

    def events(self, kind: str) -> list[dict]:
        with self.store.write() as session:
            sequencer.number(session, 1)
        with self.store.read() as reader:
            found = event_rows.events(reader, 1, 0, 10_000)
        return [json.loads(one.payload) for one in found if one.kind == kind]

    def broken(self) -> list[object]:
        return self.world.broken()


def found(store, accounts: int = 6, **terms) -> Debits:
    """A provider in euros, with a channel of direct debit and terms."""
    world = payments_world.found(store, accounts)
    text = parse_channel_policies('{"late_days": 400}').text
    fees = parse_policies('{"reversal_fees": {"returned": 350}}').text
    with store.write() as session:
        channel_rows.add(session, Channel(1, 4, CHANNEL, "direct_debit", CHANNEL, 1, text, 1, 0))
        session.run(
            "UPDATE provider SET currency = 'EUR', time_zone = 'UTC', policies = :policies",
            policies=fees,
        )
    made = Debits(world)
    made.terms(**terms)
    return made


# -- files of banks


def euros(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"


def pain002(
    message_id: str,
    *told: tuple[str, str, str],
    group: str = "",
    blocks: Iterable[tuple[str, str, str]] = (),
    version: str = "10",
    more: str = "",
) -> str:
    """A report. told: (end-to-end id, status, code), in the first block; blocks: (PmtInfId,
    status, code)."""
    reason = "<StsRsnInf><Rsn><Cd>{}</Cd></Rsn></StsRsnInf>"
    listed = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        f"{reason.format(code) if code else ''}{more}</TxInfAndSts>"
        for name, status, code in told
    )
    given = list(blocks) or ([(f"{message_id}-FRST", "", "")] if told else [])
    inner = "".join(
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{name}</OrgnlPmtInfId>"
        f"{f'<PmtInfSts>{status}</PmtInfSts>' if status else ''}"
        f"{reason.format(code) if code else ''}{listed if place == 0 else ''}</OrgnlPmtInfAndSts>"
        for place, (name, status, code) in enumerate(given)
    )
    status = f"<GrpSts>{group}</GrpSts>" if group else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{PAIN002.format(version)}"><CstmrPmtStsRpt>
 <GrpHdr><MsgId>S-1</MsgId><CreDtTm>2026-10-01T08:00:00</CreDtTm></GrpHdr>
 <OrgnlGrpInfAndSts><OrgnlMsgId>{message_id}</OrgnlMsgId>
  <OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId>{status}</OrgnlGrpInfAndSts>{inner}
</CstmrPmtStsRpt></Document>"""


def credit(debit: DebitRow, amount: int = 0, day: int = 0) -> str:
    """An entry: the money of a debit came."""
    amount, day = amount or debit.amount, day or debit.collection_day
    return f"""<Ntry><Amt Ccy="EUR">{euros(amount)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
 <Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{iso(day)}</Dt></BookgDt>
 <NtryDtls><TxDtls><Refs><EndToEndId>{debit.end_to_end_id}</EndToEndId></Refs></TxDtls></NtryDtls>
</Ntry>"""


def block(name: str, count: int, amount: int, day: int = COLLECTION) -> str:
    """An entry: the money of a whole block came."""
    return f"""<Ntry><Amt Ccy="EUR">{euros(amount)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
 <Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{iso(day)}</Dt></BookgDt><NtryDtls><Btch>
 <PmtInfId>{name}</PmtInfId><NbOfTxs>{count}</NbOfTxs></Btch></NtryDtls></Ntry>"""


def back(debit: DebitRow, code: str, day: int, amount: int = 0) -> str:
    """An entry: the money of a debit went back."""
    reason = f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf>" if code else ""
    return f"""<Ntry><Amt Ccy="EUR">{euros(amount or debit.amount)}</Amt>
 <CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts><Cd>BOOK</Cd></Sts>
 <BookgDt><Dt>{iso(day)}</Dt></BookgDt><NtryDtls><TxDtls><Refs>
 <EndToEndId>{debit.end_to_end_id}</EndToEndId></Refs>{reason}</TxDtls></NtryDtls></Ntry>"""


def camt054(*entries: str, account: str = BANK) -> str:
    """A notification."""
    return f"""<Document xmlns="{CAMT054}"><BkToCstmrDbtCdtNtfctn><Ntfctn><Id>N</Id>
 <Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>{"".join(entries)}</Ntfctn>
</BkToCstmrDbtCdtNtfctn></Document>"""


def weekday(day: int) -> int:
    return date.fromordinal(day).isoweekday()
