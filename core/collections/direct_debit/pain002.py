"""pain.002 (customer payment status report) of ISO 20022, versions 03 to 14: what a bank thinks of
a file before any money moves.

A status of the file or of a block is that of every debit in it that is not told of itself; of a
file or block that is accepted in part, what is not told is accepted. Statuses are those of the
external code sets ExternalPaymentGroupStatus1 and ExternalPaymentTransactionStatus1.
"""

import re
from dataclasses import dataclass

from billcore.core.collections.direct_debit.states import Told
from billcore.core.collections.direct_debit.told import Outcome
from billcore.core.errors import quoted
from billcore.core.money import minor_digits
from billcore.core.reconciliation.files import xml
from billcore.core.reconciliation.files.amounts import AmountForm
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.reconciliation.files.lines import plain
from billcore.core.reconciliation.files.xml import Element

NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.(0[3-9]|1[0-4])")

ACCEPTED = ("ACCP", "ACTC", "ACSP", "ACSC", "ACWC", "ACFC", "ACCC")
REJECTED = ("RJCT",)
PENDING = ("PDNG", "RCVD", "ACWP", "PATC")
PARTLY = ("PART",)
STATUSES = ACCEPTED + REJECTED + PENDING + PARTLY

NO_REASON = "MS03"
"""Where a bank tells none."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What a file says: of which message of ours, of debits, of blocks and of the whole."""

    message_id: str
    outcomes: tuple[Outcome, ...]


def read_pain002(content: bytes, file: str, currency: str) -> StatusReport:
    """The report of a file. currency: of its amounts. Raises FileBroken."""
    return _Reader(file, currency).report(content)


class _Reader:
    """Reads what stands in one file."""

    def __init__(self, file: str, currency: str) -> None:
        self.file = file
        self.currency = currency
        self.form = AmountForm(".", "", minor_digits(currency))
        self.outcomes: list[Outcome] = []

    def report(self, content: bytes) -> StatusReport:
        root = xml.read(
            content, self.file, lambda told: bool(NAMESPACE.fullmatch(told)), "TxInfAndSts",
            self.take,
        )  # fmt: skip
        body = root.find("CstmrPmtStsRpt")
        if root.name != "Document" or body is None:
            allowed = ["CstmrPmtStsRpt"]
            raise FileBroken(self.file, root.line, root.name, "no report stands in it.", allowed)
        group = self.need(body, "OrgnlGrpInfAndSts")
        message_id = plain(self.need(group, "OrgnlMsgId").text)
        whole = self.status(group, "GrpSts")
        blocks = body.all("OrgnlPmtInfAndSts")
        for block in blocks:
            name = plain(self.need(block, "OrgnlPmtInfId").text)
            status = self.status(block, "PmtInfSts") or whole
            self.add(block, status, "", block=name, code=self.code(block) or self.code(group))
        if not blocks:
            self.add(group, whole, "", code=self.code(group))
        return StatusReport(message_id, tuple(self.outcomes))

    def take(self, of: Element, one: Element) -> None:
        """Takes what is told of one debit."""
        status = self.status(one, "TxSts") or self.status(of, "PmtInfSts")
        told = self.need(one, "OrgnlEndToEndId")
        amount = one.find("OrgnlTxRef/Amt/InstdAmt")
        money = self.money(amount) if amount is not None else 0
        self.add(one, status, plain(told.text), amount=money, code=self.code(one))

    def add(
        self, at: Element, status: str, end_to_end_id: str, amount: int = 0, code: str = "",
        block: str = "",
    ) -> None:  # fmt: skip
        if not status or status in PENDING:
            return
        if status in PARTLY and end_to_end_id:
            raise FileBroken(self.file, at.line, at.name, f"{status} is no status of one debit.")
        rejected = status in REJECTED
        told = Told.REJECTED if rejected else Told.ACCEPTED
        reason = (code or NO_REASON) if rejected else ""
        self.outcomes.append(Outcome(at.line, end_to_end_id, told, amount, reason, block=block))

    def status(self, of: Element, name: str) -> str:
        at = of.find(name)
        if at is not None and at.text not in STATUSES:
            message = f"{quoted(at.text)} is no status."
            raise FileBroken(self.file, at.line, name, message, STATUSES)
        return at.text if at is not None else ""

    def code(self, of: Element) -> str:
        return plain(of.told("StsRsnInf/Rsn/Cd") or of.told("StsRsnInf/Rsn/Prtry"), 35)

    def money(self, at: Element) -> int:
        if at.attributes.get("Ccy") != self.currency:
            message = f"it is in {at.attributes.get('Ccy')}."
            raise FileBroken(self.file, at.line, at.name, message, [self.currency])
        value = self.form.one(at.text)
        if value is None or value <= 0:
            message = f"{quoted(at.text)} is not an amount: {self.form.told}."
            raise FileBroken(self.file, at.line, at.name, message)
        return value

    def need(self, of: Element, path: str) -> Element:
        found = of.find(path)
        if found is None:
            raise FileBroken(self.file, of.line, of.name, f"{path} is missing.")
        return found
