"""Who works in a soak: payers, a file of payments, portals, readers, billing, reconciliation.

Each is a thread that goes on until it is told to stop; every write has a name of its own, under
which it is sent again until it is answered. What was answered is kept in `Told` and compared with
the store at the end.
"""

import random
import threading
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from billcore.v1 import enquiry_service_pb2 as enquiries
from billcore.v1 import meter_service_pb2 as meters
from billcore.v1 import payment_service_pb2 as payments
from billcore.v1 import reconciliation_service_pb2 as recon
from billcore.v1 import runs_pb2 as runs
from tests.soak.figures import Figures
from tests.soak.line import CALL_SECONDS, Line
from tests.soak.town import BANK, Town, read_day

AMOUNT_MAX = 90_000
THINK_SECONDS = 0.004
LOOK_SECONDS = 0.2
REPORT_SECONDS = 6
FILE_SECONDS = 4
FILE_ROWS, FILE_BATCHES = 100, 3
READINGS_A_CALL = 200
AGAIN_EVERY = 25
"""Of so many payments one is sent twice."""

ACCOUNT = payments.TARGET_KIND_ACCOUNT
SETTLED = {payments.PAYMENT_CODE_OK, payments.PAYMENT_CODE_OK_REPLAYED}


@dataclass
class Told:
    """What was answered: payments by reference, not reported yet by day; months that are billed."""

    paid: dict[str, int] = field(default_factory=dict)
    unreported: dict[str, list[tuple[str, str, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    days: set[str] = field(default_factory=set)
    months_read: int = 0
    runs: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, reference: str, number: str, amount: int, paid_at: int) -> None:
        """A payment that was answered. paid_at: microseconds since 1970."""
        day = datetime.fromtimestamp(paid_at / 1e6, UTC).date().isoformat()
        with self.lock:
            assert reference not in self.paid
            self.paid[reference] = amount
            self.unreported[day].append((reference, number, amount))
            self.days.add(day)

    def take(self) -> dict[str, list[tuple[str, str, int]]]:
        """The payments that no report has told, by day; from now on they are reported."""
        with self.lock:
            taken, self.unreported = self.unreported, defaultdict(list)
            return taken


@dataclass
class Worker(ABC):
    """What every worker has."""

    town: Town
    line: Line
    figures: Figures
    told: Told
    stop: threading.Event
    name: str

    def __post_init__(self) -> None:
        self.draw = random.Random(self.name)

    @abstractmethod
    def work(self) -> None:
        """Goes on until `stop`."""

    def some_account(self) -> str:
        return self.town.number(self.draw.randint(1, self.town.accounts))


class Payer(Worker):
    """A till: one payment after the other, some of them sent twice."""

    def work(self) -> None:
        count = 0
        while not self.stop.wait(THINK_SECONDS):
            count += 1
            number, amount = self.some_account(), self.draw.randint(1_000, AMOUNT_MAX)
            request = payments.PostPaymentRequest(
                channel=BANK,
                reference=f"{self.name}-{count}",
                target=payments.Target(kind=ACCOUNT, text=number),
                amount=amount,
                paid_at=_now(),
            )
            answer = self._post(request)
            self.told.add(request.reference, number, amount, request.paid_at)
            if count % AGAIN_EVERY == 0 and self._post(request) != answer:
                self.figures.fault(f"{request.reference}: another answer when it was sent again")

    def _post(self, request: payments.PostPaymentRequest) -> payments.PostPaymentResponse:
        return self.line.ask(
            "PostPayment", lambda to: to.payments.PostPayment(request, timeout=CALL_SECONDS)
        )


class FilePayer(Worker):
    """A bank that sends files: each a stream of batches, sent again whole when it is cut."""

    def work(self) -> None:
        count = 0
        while not self.stop.wait(FILE_SECONDS):
            count += 1
            at = _now()
            batches = [self._batch(f"{self.name}-{count}-{n}", at) for n in range(FILE_BATCHES)]
            messages = [_header(), *(message for message, _ in batches)]
            _, *answers = self.line.ask(
                "PostPayments, a file",
                lambda to: list(to.payments.PostPayments(iter(messages), timeout=CALL_SECONDS)),  # noqa: B023 - called now
            )
            if len(answers) != FILE_BATCHES:
                self.figures.fault(f"{self.name}-{count}: {len(answers)} answers")
            for (_, rows), answer in zip(batches, answers, strict=True):
                self._keep(rows, at, answer.posted)

    def _batch(
        self, name: str, at: int
    ) -> tuple[payments.PostPaymentsRequest, list[tuple[str, str, int]]]:
        rows = [
            (f"{name}-{row}", self.some_account(), self.draw.randint(1_000, AMOUNT_MAX))
            for row in range(FILE_ROWS)
        ]
        references, targets, amounts = zip(*rows, strict=True)
        batch = payments.PaymentsBatch(
            rows=FILE_ROWS,
            references="".join(references).encode(),
            reference_ends=_ends(references),
            target_kinds=[ACCOUNT],
            targets="".join(targets).encode(),
            target_ends=_ends(targets),
            amounts=amounts,
            paid_at=[at] * FILE_ROWS,
        )
        return payments.PostPaymentsRequest(batch=batch), rows

    def _keep(
        self, rows: list[tuple[str, str, int]], at: int, posted: payments.PaymentsPosted
    ) -> None:
        if not set(posted.codes) <= SETTLED:
            self.figures.fault(f"{rows[0][0]}: {posted.refused[:1]}")
            return
        for reference, number, amount in rows:
            self.told.add(reference, number, amount, at)


def _now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1_000


def _header() -> payments.PostPaymentsRequest:
    return payments.PostPaymentsRequest(header=payments.PaymentsHeader(channel=BANK))


def _ends(texts: tuple[str, ...]) -> list[int]:
    return list(np.cumsum([len(text) for text in texts]))


class Fetcher(Worker):
    """A kiosk that asks what is due."""

    def work(self) -> None:
        while not self.stop.wait(THINK_SECONDS):
            target = payments.Target(kind=ACCOUNT, text=self.some_account())
            request = payments.FetchBillRequest(channel=BANK, target=target)
            self.line.ask(
                "FetchBill",
                lambda to: to.payments.FetchBill(request, timeout=CALL_SECONDS),  # noqa: B023 - called now
            )


SCREENS = {
    "GetDashboard": enquiries.GetDashboardRequest,
    "GetStatement": enquiries.GetStatementRequest,
    "GetBalance": enquiries.GetBalanceRequest,
    "ListAccountBills": enquiries.ListAccountBillsRequest,
    "ListAccountPayments": enquiries.ListAccountPaymentsRequest,
    "GetConsumption": enquiries.GetConsumptionRequest,
}


class Portal(Worker):
    """A customer who looks at screens; what a dashboard tells must sum to its balance."""

    def work(self) -> None:
        while not self.stop.wait(THINK_SECONDS):
            name, request = self.draw.choice(list(SCREENS.items()))
            number = self.some_account()
            answer = self.line.ask(
                name,
                lambda to: getattr(to.enquiries, name)(  # noqa: B023 - called now
                    request(number=number),  # noqa: B023
                    timeout=CALL_SECONDS,
                ),
            )
            if name == "GetDashboard":
                owed = sum(item.open for item in answer.open_items)
                if owed != answer.summary.balance:
                    self.figures.fault(f"{number}: {answer.summary.balance} is not {owed}")


class Reader(Worker):
    """Meter readers: month by month, at most one month before billing."""

    def work(self) -> None:
        month = 1
        while not self.stop.is_set():
            if month > len(self.told.runs) + 2:
                self.stop.wait(LOOK_SECONDS)
                continue
            self._read(month)
            self.told.months_read = month
            month += 1

    def _read(self, month: int) -> None:
        for first in range(1, self.town.accounts + 1, READINGS_A_CALL):
            counts = range(first, min(first + READINGS_A_CALL, self.town.accounts + 1))
            request = meters.SubmitReadingsRequest(
                request_id=f"{self.name} {month} {first}",
                readings=[self._reading(count, month) for count in counts],
            )
            answer = self.line.ask(
                "SubmitReadings",
                lambda to: to.meters.SubmitReadings(request, timeout=CALL_SECONDS),  # noqa: B023 - called now
            )
            held = [one for one in answer.results if one.status != meters.READING_STATUS_ACCEPTED]
            if held:
                self.figures.fault(f"month {month}: {len(held)} readings held, such as {held[0]}")

    def _reading(self, count: int, month: int) -> meters.NewReading:
        return meters.NewReading(
            meter_id=self.town.meter_id(count),
            register_no=1,
            day=read_day(month).isoformat(),
            value=self.town.dial(count, month),
            source=meters.READING_SOURCE_OFFICER,
        )


class Biller(Worker):
    """Month-end after month-end: rated, approved, frozen, published; resumed where it was cut.

    What has begun is brought to its end when it is told to stop.
    """

    def work(self) -> None:
        while not self.stop.wait(LOOK_SECONDS):
            month = len(self.told.runs) + 1
            if month <= self.told.months_read:
                self._bill(month)

    def _bill(self, month: int) -> None:
        day = read_day(month)
        order = runs.RunOrder(
            first_day=_later(day, -5),
            last_day=_later(day, 5),
            issued_day=_later(day, 6),
            straggler_day=_later(day, 15),
            chunk_accounts=max(self.town.accounts // 12, 1),
        )
        run_id = self._ask("CreateRun", month, order=order).run.run_id
        self._ask("StartRun", month, run_id=run_id)
        self._done(run_id, runs.RUN_STATE_OUTSORTED)
        self._ask("ApproveRun", month, run_id=run_id, reason="soaked")
        self._ask("FreezeRun", month, run_id=run_id)
        found = self._done(run_id, runs.RUN_STATE_FROZEN)
        self._ask("PublishRun", month, run_id=run_id)
        billed = sum(one.bills for one in found.passes if one.phase == runs.RUN_PHASE_FREEZE)
        left_out = {rule.rule: rule.accounts for rule in found.rules}
        if billed + sum(left_out.values()) != self.town.accounts:
            self.figures.fault(f"month {month}: {billed} bills, left out: {left_out}")
        self.figures.happened("runs")
        self.figures.happened("bills", billed)
        self.told.runs.append(run_id)

    def _done(self, run_id: int, state: int) -> runs.Run:
        """Waits until a run has come to a state, and resumes it where nobody drives it."""
        while True:
            found = self._ask("GetRun", 0, run_id=run_id).run
            if found.state == state and not found.under_way:
                return found
            if found.under_way and not found.driven:
                self._resume(run_id)
            time.sleep(LOOK_SECONDS)

    def _resume(self, run_id: int) -> None:
        self.figures.happened("runs resumed")
        name = f"resume {time.time_ns()}"
        self._ask("ResumeRun", 0, request_id=name, run_id=run_id)

    def _ask(self, method: str, month: int, **fields: object):
        request = getattr(runs, f"{method}Request")
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            fields.setdefault("request_id", f"{self.name} {method} {month}")
        return self.line.ask(
            method,
            lambda to: getattr(to.billing, method)(request(**fields), timeout=CALL_SECONDS),
        )


def _later(day, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


class Reconciler(Worker):
    """The bank's reports of what was answered: imported, matched; nothing may differ."""

    def work(self) -> None:
        while not self.stop.wait(REPORT_SECONDS):
            self.report()

    def report(self) -> None:
        """Reports what was not reported yet, and matches its days."""
        for day, rows in self.told.take().items():
            name = f"{self.name} {day} {time.time_ns()}"
            self.line.ask(
                "ImportChannelReport",
                lambda to: to.reconciliation.ImportChannelReport(
                    _report(name, day, rows),  # noqa: B023 - called now
                    timeout=CALL_SECONDS,
                ),
            )
            self.figures.happened("reports")
            self._match(day)

    def _match(self, day: str) -> recon.ReconciliationDay:
        asked = {"channel": BANK, "day": day}
        found = self.line.ask(
            "MatchDay",
            lambda to: to.reconciliation.MatchDay(
                recon.MatchDayRequest(**asked), timeout=CALL_SECONDS
            ),
        ).day
        listed = self.line.ask(
            "ListBreaks",
            lambda to: to.reconciliation.ListBreaks(
                recon.ListBreaksRequest(page_size=100, **asked), timeout=CALL_SECONDS
            ),
        )
        odd = [one for one in listed.breaks if one.kind != recon.BREAK_KIND_IN_TRANSIT]
        if odd:
            self.figures.fault(f"{day}: {len(odd)} breaks, such as {odd[0]}")
        return found

    def settle(self) -> None:
        """At the end, while nobody pays: each day is matched whole, and says what was answered."""
        self.report()
        reported = matched = 0
        for day in sorted(self.told.days):
            found = self._match(day)
            if found.break_count or found.ledger_amount != found.report_amount:
                self.figures.fault(f"{day} does not agree: {found}")
            reported += found.report_amount
            matched += found.ledger_count
        if (matched, reported) != (len(self.told.paid), sum(self.told.paid.values())):
            told = len(self.told.paid), sum(self.told.paid.values())
            self.figures.fault(f"reconciled {matched}, {reported}; answered {told}")


def _report(
    name: str, day: str, rows: list[tuple[str, str, int]]
) -> Iterator[recon.ImportChannelReportRequest]:
    """A file of a channel: VND has no decimals."""
    told = [f"{reference},{day}T12:00:00,{number},{amount}" for reference, number, amount in rows]
    sent = "\n".join(["reference,paid_at,target,amount", *told, ""]).encode()
    yield recon.ImportChannelReportRequest(header=recon.FileHeader(name=name, channel=BANK))
    for start in range(0, len(sent), 1 << 16):
        yield recon.ImportChannelReportRequest(part=sent[start : start + (1 << 16)])
