"""camt.053 (statements) and camt.054 (notifications) of ISO 20022, versions 02 to 13.

A booked entry is a line; an entry with the transactions that it stands for is a line for each.
What a file says twice must agree: balances and entries, counts and sums, entries and their
transactions, batches and theirs. Element names are those of the standard's message definitions.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from billcore.core.errors import MoneyInvalid, quoted
from billcore.core.money import minor_digits
from billcore.core.reconciliation.files import xml
from billcore.core.reconciliation.files.amounts import AmountForm
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.reconciliation.files.lines import LineKind, Statement, plain, table_of
from billcore.core.reconciliation.files.xml import Element

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.05([34])\.001\.(0[2-9]|1[0-3])")

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T.*|Z|[+-].*)?")

CREDIT, DEBIT = "CRDT", "DBIT"
BOOKED = "BOOK"
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
"""Codes of balances; what was closed before is an opening where no other is told."""

TEXT_MAX = 400


@dataclass(slots=True)
class _Account:
    """What was read of one statement before and among its entries. total: of booked entries."""

    currency: str
    form: AmountForm
    rows: list[dict[str, int | str]] = field(default_factory=list)
    entries: int = 0
    pending: int = 0
    total: int = 0
    credits: tuple[int, int] = (0, 0)
    debits: tuple[int, int] = (0, 0)


def read_camt(content: bytes, file: str) -> list[Statement]:
    """The statements or notifications of a file, in its order. Raises FileBroken."""
    made = _Reader(file)
    root = xml.read(content, file, lambda told: bool(_NAMESPACE.fullmatch(told)), "Ntry", made.take)
    body = root.find("BkToCstmrStmt") or root.find("BkToCstmrDbtCdtNtfctn")
    if root.name != "Document" or body is None:
        allowed = ["BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"]
        raise FileBroken(file, root.line, root.name, "no bank's message stands in it.", allowed)
    name, format_ = ("Stmt", "camt.053") if body.name == "BkToCstmrStmt" else ("Ntfctn", "camt.054")
    told = body.all(name)
    if not told:
        raise FileBroken(file, body.line, name, "there is none.")
    return [made.statement(one, format_) for one in told]


class _Reader:
    """Reads what stands in one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.accounts: dict[int, _Account] = {}

    def refusal(self, at: Element, message: str) -> FileBroken:
        return FileBroken(self.file, at.line, at.name, message)

    def account(self, of: Element, currency: str = "") -> _Account:
        """What is read of a statement so far; currency: of its first entry, if any."""
        key = id(of)
        if key not in self.accounts:
            balance = of.find("Bal/Amt")
            told = balance.attributes.get("Ccy", "") if balance else ""
            found = of.told("Acct/Ccy") or told or currency
            self.accounts[key] = _Account(found, self.form(of, found))
        return self.accounts[key]

    def form(self, at: Element, currency: str) -> AmountForm:
        try:
            return AmountForm(".", "", minor_digits(currency))
        except MoneyInvalid as error:
            raise self.refusal(at.find("Acct/Ccy") or at, error.detail) from None

    # -- entries

    def take(self, of: Element, entry: Element) -> None:
        """Takes an entry of a statement: its lines, and its part of the totals."""
        account = self.account(of, self.need(entry, "Amt").attributes.get("Ccy", ""))
        status = entry.told("Sts/Cd") or entry.told("Sts")
        account.entries += 1
        value = self.money(account, self.need(entry, "Amt"))
        signed = value * self.sign(entry)
        counted, summed = account.credits if signed >= 0 else account.debits
        totals = counted + 1, summed + value
        if signed >= 0:
            account.credits = totals
        else:
            account.debits = totals
        if status != BOOKED:
            account.pending += 1
            return
        account.total += signed
        self.lines(account, entry, signed)

    def lines(self, account: _Account, entry: Element, signed: int) -> None:
        """A line for each transaction of an entry, or one for the entry."""
        batches = entry.all("NtryDtls/Btch")
        details = entry.all("NtryDtls/TxDtls")
        count = sum(self.count(one) for one in batches if one.find("NbOfTxs"))
        common = self.common(entry, signed)
        common["batch"] = next((one.told("PmtInfId") for one in batches), "")
        amounts = [self.detail(account, one, entry) for one in details]
        if not details or any(amount is None for amount in amounts):
            # Nothing tells the entry apart; one transaction is all of it.
            told = self.transaction(details[0]) if len(details) == 1 else {}
            fee = self.charges(account, entry, included=True)
            whole: dict[str, int | str] = {
                "amount": signed + fee,
                "fee": fee,
                "count": count or len(details) or 1,
            }
            account.rows.append(common | told | whole)
            return
        if count and count != len(details):
            message = f"NbOfTxs tells {count} transactions, {len(details)} follow."
            raise self.refusal(entry.find("NtryDtls") or entry, message)
        fees = self.fees(account, entry, signed, [amount or 0 for amount in amounts])
        for one, amount, fee in zip(details, amounts, fees, strict=True):
            account.rows.append(
                common | self.transaction(one) | {"amount": amount or 0, "fee": fee}
            )

    def common(self, entry: Element, signed: int) -> dict[str, int | str]:
        """What an entry tells of each of its lines."""
        reversed_ = entry.told("RvslInd") in ("true", "1")
        kinds = (
            (LineKind.DEBIT, LineKind.CREDIT)
            if not reversed_
            else (LineKind.CREDIT_REVERSED, LineKind.DEBIT_REVERSED)
        )
        return {
            "line": entry.line,
            "kind": int(kinds[signed >= 0]),
            "reference": plain(entry.told("AcctSvcrRef") or entry.told("NtryRef")),
            "day": self.day(entry, "BookgDt"),
            "value_day": self.day(entry, "ValDt"),
            "count": 1,
            "text": plain(entry.told("AddtlNtryInf"), TEXT_MAX),
        }

    def transaction(self, one: Element) -> dict[str, int | str]:
        """What a transaction tells of its line; what it does not tell is its entry's."""
        remittance = " ".join(part.text for part in one.all("RmtInf/Ustrd"))
        structured = one.told("RmtInf/Strd/CdtrRefInf/Ref")
        payer = one.told("RltdPties/Dbtr/Nm") or one.told("RltdPties/Dbtr/Pty/Nm")
        told = {
            "reference": plain(one.told("Refs/AcctSvcrRef")),
            "batch": plain(one.told("Refs/PmtInfId")),
            "end_to_end": _end_to_end(one.told("Refs/EndToEndId")),
            "mandate": plain(one.told("Refs/MndtId")),
            "return_code": plain(one.told("RtrInf/Rsn/Cd") or one.told("RtrInf/Rsn/Prtry")),
            "payer": plain(payer),
            "target": plain(structured),
            "text": plain(remittance or one.told("AddtlTxInf"), TEXT_MAX),
        }
        found: dict[str, int | str] = {name: text for name, text in told.items() if text}
        return found | {"line": one.line}

    def detail(self, account: _Account, one: Element, entry: Element) -> int | None:
        """The signed amount of a transaction in the account's currency; None: not told in it."""
        sign = self.sign(one) if one.find("CdtDbtInd") else self.sign(entry)
        for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
            told = one.find(path)
            if told is not None and told.attributes.get("Ccy", "") == account.currency:
                return sign * self.money(account, told)
        return None

    def fees(self, account: _Account, entry: Element, signed: int, amounts: list[int]) -> list[int]:
        """What the bank kept of each transaction: an entry is what they come to, less that."""
        total, charges = sum(amounts), self.charges(account, entry)
        each = [self.charges(account, one) for one in entry.all("NtryDtls/TxDtls")]
        for fees in ([0] * len(each), each, [charges, *each[1:]]):
            if total - sum(fees) == signed:
                return fees
        at = entry.find("NtryDtls") or entry
        message = f"its transactions come to {total} minor units, the entry to {signed}."
        raise self.refusal(at, message)

    def charges(self, account: _Account, of: Element, *, included: bool = False) -> int:
        """The charges of an entry or transaction, in minor units; included: those that the file
        says its amount is less by."""
        records = of.all("Chrgs/Rcrd") or [
            one for one in of.all("Chrgs") if one.find("Amt") is not None
        ]
        found = 0
        for one in records:
            amount = self.need(one, "Amt")
            counts = not included or one.told("ChrgInclInd") in ("true", "1")
            ours = amount.attributes.get("Ccy") == account.currency
            if counts and ours and one.told("CdtDbtInd") != CREDIT:
                found += self.money(account, amount)
        return found

    # -- statements

    def statement(self, of: Element, format_: str) -> Statement:
        """A statement whose entries were all taken. Raises FileBroken where its sums differ."""
        account = self.account(of)
        self.check_summary(of, account)
        opening, closing = (self.balance(of, account, codes) for codes in (OPENING, CLOSING))
        if opening is not None and closing is not None and opening + account.total != closing:
            message = (
                f"the opening balance {opening} and the booked entries, {account.total}, come to "
                f"{opening + account.total} minor units, the closing balance is {closing}."
            )
            raise self.refusal(of.find("Bal") or of, message)
        if format_ == "camt.053" and (opening is None or closing is None):
            raise self.refusal(of, "a statement has the balances OPBD or PRCD, and CLBD.")
        acct = self.need(of, "Acct")
        return Statement(
            format=format_,
            account=plain(acct.told("Id/IBAN") or acct.told("Id/Othr/Id")),
            currency=account.currency,
            statement=plain(self.need(of, "Id").text),
            sequence_no=self.number(of.find("ElctrncSeqNb") or of.find("LglSeqNb")),
            from_day=self.day(of, "FrToDt/FrDtTm", itself=True),
            until_day=self.day(of, "FrToDt/ToDtTm", itself=True),
            opening=opening,
            closing=closing,
            pending=account.pending,
            lines=table_of(account.rows),
        )

    def check_summary(self, of: Element, account: _Account) -> None:
        """What the summary tells of entries is what stands in the file."""
        both = account.entries, account.credits[1] + account.debits[1]
        for path, (count, total) in (
            ("TxsSummry/TtlNtries", both),
            ("TxsSummry/TtlCdtNtries", account.credits),
            ("TxsSummry/TtlDbtNtries", account.debits),
        ):
            told = of.find(path)
            counted = told.find("NbOfNtries") if told else None
            if counted is not None and self.number(counted) != count:
                raise self.refusal(counted, f"it tells {counted.text} entries, there are {count}.")
            summed = told.find("Sum") if told else None
            if summed is not None and self.money(account, summed) != total:
                message = f"it tells {summed.text}, the entries come to {total} minor units."
                raise self.refusal(summed, message)

    def balance(self, of: Element, account: _Account, codes: tuple[str, ...]) -> int | None:
        """The first balance of these codes, in minor units below 0 for a debt."""
        found: dict[str, Element] = {}
        for one in of.all("Bal"):
            code = one.told("Tp/CdOrPrtry/Cd")
            found.setdefault(code, one)
        told = next((found[code] for code in codes if code in found), None)
        return self.money(account, self.need(told, "Amt")) * self.sign(told) if told else None

    # -- values

    def need(self, of: Element, path: str) -> Element:
        found = of.find(path)
        if found is None:
            raise self.refusal(of, f"{path} is missing.")
        return found

    def sign(self, of: Element) -> int:
        told = self.need(of, "CdtDbtInd")
        if told.text not in (CREDIT, DEBIT):
            allowed = [CREDIT, DEBIT]
            message = f"{quoted(told.text)} is not one of them."
            raise FileBroken(self.file, told.line, told.name, message, allowed)
        return 1 if told.text == CREDIT else -1

    def money(self, account: _Account, at: Element) -> int:
        """An amount, at least 0, of the account's currency."""
        currency = at.attributes.get("Ccy", account.currency)
        if currency != account.currency:
            message = f"it is in {currency}, the account in {account.currency}."
            raise self.refusal(at, message)
        value = account.form.one(at.text)
        if value is None or value < 0:
            message = f"{quoted(at.text)} is not an amount: {account.form.told}."
            raise self.refusal(at, message)
        return value

    def number(self, at: Element | None) -> int:
        if at is None:
            return 0
        if not re.fullmatch(r"[0-9]{1,18}", at.text):
            raise self.refusal(at, f"{quoted(at.text)} is not a whole number.")
        return int(at.text)

    def count(self, batch: Element) -> int:
        return self.number(batch.find("NbOfTxs"))

    def day(self, of: Element, path: str, *, itself: bool = False) -> int:
        """The day of a date or time as it is written, 0: not told."""
        at = of.find(path) if itself else (of.find(f"{path}/Dt") or of.find(f"{path}/DtTm"))
        if at is None:
            return 0
        found = _DAY.fullmatch(at.text)
        try:
            return date.fromisoformat(found.group(1)).toordinal() if found else self._no_day(at)
        except ValueError:
            return self._no_day(at)

    def _no_day(self, at: Element) -> int:
        raise self.refusal(at, f"{quoted(at.text)} is no day: write it as 2026-03-31.")


def _end_to_end(text: str) -> str:
    """An end-to-end id; the standard's word for none is none."""
    return "" if text in ("NOTPROVIDED", "NOT PROVIDED") else plain(text)
