"""A world of payments with reports of its kiosk and statements of its bank."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.channels import by_code
from billcore.core.payments.intake.place import asked_place
from billcore.core.reconciliation import closing, importing
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.computing import BreakState, Decision, Matched
from billcore.core.reconciliation.keeping import Asked, Imported
from billcore.core.reconciliation.matching import match_day
from billcore.core.reconciliation.terms import Terms, parse_terms, set_terms
from billcore.core.reconciliation.treating import Treated, treat_day
from billcore.core.store import channel_files as file_rows
from billcore.core.store import channels as channel_rows
from billcore.core.store import recon as recon_rows
from billcore.core.store import settlements
from billcore.core.store.channels import Channel
from billcore.core.store.recon import DayRow
from billcore.core.store.settlements import SettlementRow
from tests.bank_files import camt053
from tests.payments_world import DAY, NOW, SECOND, TODAY, World
from tests.payments_world import found as found_payments

HEAD = "reference,paid_at,target,amount"

Line = tuple[object, ...]
"""reference, amount; target ('N1'); seconds behind the beginning of today's UTC day (3600)."""


ACCOUNT = "DE02120300000000202051"

CREDIT = """
   <Ntry><Amt Ccy="IRR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{back}<Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef>{charge}
    <NtryDtls><Btch><PmtInfId>{batch}</PmtInfId><NbOfTxs>{count}</NbOfTxs></Btch>
    {named}</NtryDtls>
    <AddtlNtryInf>{text}</AddtlNtryInf></Ntry>"""

CHARGE = """<Chrgs><Rcrd><Amt Ccy="IRR">{}</Amt><CdtDbtInd>DBIT</CdtDbtInd>
     <ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>"""

NAMED = "<TxDtls><Refs><EndToEndId>{}</EndToEndId></Refs></TxDtls>"

BACK = "<RvslInd>true</RvslInd>"


class Credit(NamedTuple):
    """An entry of the bank, as booked; below 0: a debit, taken_back: of a credit before."""

    amount: int
    day: int = TODAY + 1
    text: str = "KIOSK AG"
    reference: str = ""
    batch: str = ""
    count: int = 1
    charge: int = 0
    taken_back: bool = False
    end_to_end: str = ""


@dataclass(frozen=True)
class Recon(World):
    """A world whose channel kiosk sends reports as CSV in UTC, whose days are those of UTC."""

    def terms(self, text: str, channel: str = "kiosk", revision: int = 0) -> Terms:
        def act(write):
            found = by_code(write.session, self.provider_id, channel)
            return set_terms(write, found, text, revision)

        return self.write(act)

    def report(self, name: str, *lines: Line, day: int = TODAY, **more) -> Imported:
        """Imports a report of the kiosk."""
        asked = {key: more.pop(key) for key in ("sequence_no", "replaces") if key in more}
        return self.send(name, content(*lines), day=day, asked=asked, **more)

    def send(self, name: str, sent: bytes, channel: str = "kiosk", asked=None, **more) -> Imported:
        wanted = Asked(name, **(asked or {}))
        clock = self.clock
        return importing.import_report(
            self.store, self.caller, clock, channel, wanted, sent, **more
        )

    def statement(self, name: str, sent: str, **asked) -> Imported:
        """Imports a bank's file."""
        wanted = Asked(name, **asked)
        return importing.import_statement(
            self.store, self.caller, self.clock, wanted, sent.encode()
        )

    def bank(self, name: str, *credits: Credit, channel: str = "main", **asked) -> Imported:
        """Imports a statement of the bank account, with these credits."""
        return self.statement(name, statement_of(name, *credits), **asked)

    def settle_terms(self, text: str = "", channel: str = "kiosk", revision: int = 1) -> None:
        """A channel pays into the bank account by terms, whose channel is main."""
        more = json.loads(text or "{}")
        told = {"time_zone": "UTC", "bank_account": ACCOUNT, "bank_text": "KIOSK AG"} | more
        self.terms(json.dumps(told), channel, revision)

    def bank_day(self, day: int, today: int = TODAY) -> Matched:
        """Matches a day of the bank account."""
        return match_day(self.store, self.caller, self.clock, "main", day, today)

    def bank_breaks(self, day: int, today: int = TODAY) -> list[tuple[BreakKind, int]]:
        """What stands of a day of the bank account: kinds and what they differ by, sorted."""
        found = self.bank_day(day, today).breaks
        columns = (found[name].tolist() for name in ("kind", "ledger_amount", "report_amount"))
        stands = (found["state"] != BreakState.RESOLVED).tolist()
        rows = zip(*columns, stands, strict=True)
        return sorted((BreakKind(kind), a - b) for kind, a, b, there in rows if there)

    def decide_bank(self, day: int, decision: Decision, reason: str = "agreed") -> None:
        """Decides about all breaks of a day of the bank account."""
        with self.store.read() as reader:
            found = recon_rows.breaks(reader, (self.provider_id, 4), day)["break_id"].tolist()
        for one in found:
            told = "main", day, one, decision, reason
            self.write(lambda write, told=told: closing.decide(write, *told))

    def close_bank(self, day: int, today: int = TODAY) -> DayRow:
        return closing.close_day(self.store, self.caller, self.clock, "main", day, today)

    def reopen_bank(self, day: int) -> DayRow:
        return self.write(lambda write: closing.reopen_day(write, "main", day, "more came"))

    def place_of(self, channel: str):
        with self.store.read() as reader:
            return asked_place(reader, self.caller, channel)

    def settlements(self, channel_no: int = 1) -> list[SettlementRow]:
        with self.store.read() as reader:
            key = self.provider_id, channel_no
            found = settlements.listed(reader, key, 0, 0, 1_000, 0, open_=False)
        return sorted(found, key=lambda one: (one.last_day, one.batch))

    def clock(self) -> int:
        return self.now

    def pay(self, reference: str, amount: int, account: int = 1, seconds: int = 3_600, **more):
        """Posts a payment that was made so many seconds into TODAY in UTC."""
        at = midnight() + seconds * SECOND
        posted = self.post(self.told(reference, account, amount, taken=True, paid_at=at, **more))
        assert posted.refusals.good.all()

    def match(self, day: int = TODAY, today: int = TODAY) -> Matched:
        return match_day(self.store, self.caller, self.clock, "kiosk", day, today)

    def breaks(self, day: int = TODAY, today: int = TODAY) -> dict[str, BreakKind]:
        """The breaks that stand after matching, by reference; a day's own is ''."""
        found = self.match(day, today).breaks
        rows = zip(
            found["reference"].to_pylist(), found["kind"].tolist(), found["state"].tolist(),
            strict=True,
        )  # fmt: skip
        return {ref: BreakKind(kind) for ref, kind, state in rows if state != BreakState.RESOLVED}

    def treat(self, day: int = TODAY, channel: str = "kiosk") -> Treated:
        return treat_day(self.store, self.caller, self.clock, channel, day)

    def treat_bank(self, day: int) -> Treated:
        """Treats a day of the bank account, on the day behind it."""
        return self.at((day + 1 - TODAY) * 86_400).treat(day, "main")

    def decide(self, reference: str, decision: Decision, reason: str = "seen", day: int = TODAY):
        """Decides about the break of a reference; '' is the day's own."""
        with self.store.read() as reader:
            found = recon_rows.breaks(reader, (self.provider_id, 1), day)
        at = found["reference"].to_pylist().index(reference)
        break_id = int(found["break_id"][at])
        return self.write(
            lambda write: closing.decide(write, "kiosk", day, break_id, decision, reason)
        )

    def close(self, day: int = TODAY, today: int = TODAY) -> DayRow:
        return closing.close_day(self.store, self.caller, self.clock, "kiosk", day, today)

    def reopen(self, reason: str = "late lines", day: int = TODAY) -> DayRow:
        return self.write(lambda write: closing.reopen_day(write, "kiosk", day, reason))

    def files(self) -> list[file_rows.FileRow]:
        with self.store.read() as reader:
            return file_rows.listed(reader, self.provider_id, 0, 1_000)

    def lines(self, file_no: int) -> list[tuple[str, int]]:
        """(reference, amount) of a report's lines, sorted."""
        with self.store.read() as reader:
            found = file_rows.lines(reader, self.provider_id, file_no)
        return sorted(zip(found["reference"].to_pylist(), found["amount"].tolist(), strict=True))

    def events(self, kind: str) -> int:
        with self.store.read() as reader:
            sql = "SELECT COUNT(*) FROM event_pending WHERE kind = :kind"
            return int(reader.row(sql, kind=kind)[0])


def statement_of(name: str, *credits: Credit, account: str = ACCOUNT) -> str:
    """A camt.053 that opens with 1,000 rial."""
    told = [_entry(one) for one in credits]
    closing = 1_000 + sum(one.amount for one in credits)
    made = camt053("".join(told)).replace("EUR", "IRR").replace("S-61", name)
    made = made.replace("<ElctrncSeqNb>61</ElctrncSeqNb>", "").replace(ACCOUNT, account)
    made = re.sub(r"<TxsSummry>.*</TxsSummry>", "", made, flags=re.DOTALL)
    return made.replace("100.00", "1000").replace("638.50", str(closing))


def _entry(one: Credit) -> str:
    return CREDIT.format(
        amount=abs(one.amount),
        sign="CRDT" if one.amount > 0 else "DBIT",
        back=BACK if one.taken_back else "",
        day=date.fromordinal(one.day).isoformat(),
        reference=one.reference,
        charge=CHARGE.format(one.charge) if one.charge else "",
        batch=one.batch,
        count=one.count,
        named=NAMED.format(one.end_to_end) if one.end_to_end else "",
        text=one.text,
    )


def content(*lines: Line) -> bytes:
    """A report as CSV."""
    return "\n".join([HEAD, *(_line(*line) for line in lines), ""]).encode()


def _line(reference: str, amount: int, target: str = "N1", seconds: int = 3_600) -> str:
    at = datetime.fromtimestamp(midnight() // SECOND + seconds, UTC)
    return f"{reference},{at:%Y-%m-%dT%H:%M:%S},{target},{amount}"


def midnight() -> int:
    """When TODAY begins in UTC, in microseconds."""
    return NOW - NOW % DAY


def found(store, accounts: int = 5) -> Recon:
    """Founds a world of payments; the days of its kiosk are those of UTC."""
    made = found_payments(store, accounts)
    world = Recon(made.store, made.provider_id, made.now)
    with store.write() as session:
        told = Channel(1, 4, "main", "bank_account", "Main account", 1, "{}", 1, 0)
        channel_rows.add(session, told._replace(policies=parse_channel_policies("").text))
    world.terms(json.dumps({"time_zone": "UTC", "bank_account": ACCOUNT}), "main")
    world.terms('{"time_zone": "UTC"}')
    assert parse_terms('{"time_zone": "UTC"}').report_format == "csv"
    return world
