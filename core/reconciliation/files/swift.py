"""MT940 statements of SWIFT, through the mt-940 package, which knows the variants of many banks.

What the package lets pass is checked here: every statement and entry of the file is read, and the
opening balance and the entries come to the closing balance.
"""

import io
import logging
import re
from datetime import date
from decimal import Decimal
from typing import Any

import mt940

from billcore.core.errors import MoneyInvalid
from billcore.core.money import minor_digits
from billcore.core.reconciliation.files.amounts import AMOUNT_MAX
from billcore.core.reconciliation.files.decoding import decoded
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.reconciliation.files.lines import LineKind, Statement, plain, table_of

FORMAT = "mt940"

KINDS = {
    "C": LineKind.CREDIT,
    "D": LineKind.DEBIT,
    "RC": LineKind.CREDIT_REVERSED,
    "RD": LineKind.DEBIT_REVERSED,
}

TEXT_MAX = 400

_TAGGED = re.compile(r"/(EREF|MARF|RTRN|REMI|NAME|IREF)/")
"""The words of the structured :86: of Dutch and other banks."""

_CODE = re.compile(r"\b[A-Z]{2}[0-9]{2}\b")
"""A reason of ISO 20022 for a return, as AC04."""

# The package logs what it cannot read, names and account numbers included.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)


def read_mt940(content: bytes, file: str, encoding: str = "utf-8") -> list[Statement]:
    """The statements of a file, in its order. Raises FileBroken."""
    text = decoded(content, encoding, file).decode("utf-8")
    entries = [no for no, line in enumerate(text.split("\n"), 1) if line.startswith(":61:")]
    begun = [no for no, line in enumerate(text.split("\n"), 1) if line.startswith(":20:")]
    try:
        # A handle, for of a text the package would ask whether a file has that name.
        made = mt940.parse_statements(io.StringIO(text), options=mt940.Options.all())
    except Exception as error:
        message = f"it cannot be read as MT940: {str(error).splitlines()[0][:200]}."
        raise FileBroken(file, 0, "MT940", message) from None
    if not made or len(made) != len(begun):
        message = f"{len(begun)} statements begin with :20:, {len(made)} could be read."
        raise FileBroken(file, 0, ":20:", message)
    if sum(len(one.transactions) for one in made) != len(entries):
        message = f"{len(entries)} entries begin with :61:, others could be read."
        raise FileBroken(file, 0, ":61:", message)
    found, at = [], 0
    for line, one in zip(begun, made, strict=True):
        own = entries[at : at + len(one.transactions)]
        found.append(_statement(file, line, one, own))
        at += len(own)
    return found


def _statement(file: str, line: int, told: Any, entries: list[int]) -> Statement:
    data = told.data
    opening = data.get("final_opening_balance") or data.get("intermediate_opening_balance")
    closing = data.get("final_closing_balance") or data.get("intermediate_closing_balance")
    account = data.get("account_identification", "")
    for field, value in ((":60F:", opening), (":62F:", closing), (":25:", account)):
        if not value:
            raise FileBroken(file, line, field, "the statement lacks it.")
    currency = str(opening.amount.currency)
    if str(closing.amount.currency) != currency:
        raise FileBroken(file, line, ":62F:", f"it is not in {currency}, as :60F: is.")
    rows = [
        _row(file, at, one.data, currency)
        for at, one in zip(entries, told.transactions, strict=True)
    ]
    first = _minor(file, line, ":60F:", opening.amount.amount, currency)
    last = _minor(file, line, ":62F:", closing.amount.amount, currency)
    total = sum(int(row["amount"]) for row in rows)
    if first + total != last:
        message = (
            f"the opening balance {first} and the entries, {total}, come to {first + total} minor "
            f"units, the closing balance is {last}."
        )
        raise FileBroken(file, line, ":62F:", message)
    number = str(data.get("statement_number") or "")
    return Statement(
        format=FORMAT,
        account=plain(account),
        currency=currency,
        statement=plain(str(data.get("transaction_reference") or "")),
        sequence_no=int(number) if number.isdigit() else 0,
        from_day=_day(opening.date),
        until_day=_day(closing.date),
        opening=first,
        closing=last,
        pending=0,
        lines=table_of(rows),
    )


def _row(file: str, line: int, data: Any, currency: str) -> dict[str, int | str]:
    kind = KINDS[str(data["status"]).upper()]
    details = str(data.get("transaction_details") or "")
    tagged = _tags(details)
    remittance = data.get("purpose") or tagged.get("REMI") or details
    returned = kind in (LineKind.CREDIT_REVERSED, LineKind.DEBIT_REVERSED)
    codes = _CODE.findall(f"{data.get('return_debit_notes') or ''} {tagged.get('RTRN', '')}")
    told = {
        "reference": data.get("bank_reference"),
        "end_to_end": data.get("end_to_end_reference") or tagged.get("EREF"),
        "mandate": data.get("additional_position_reference") or tagged.get("MARF"),
        "return_code": codes[0] if codes and (returned or "RTRN" in tagged) else "",
        "payer": data.get("applicant_name") or tagged.get("NAME"),
        "target": _reference(str(data.get("customer_reference") or "")),
    }
    row: dict[str, int | str] = {name: plain(str(text or "")) for name, text in told.items()}
    return row | {
        "line": line,
        "kind": int(kind),
        "amount": _minor(file, line, ":61:", data["amount"].amount, currency),
        "day": _day(data.get("entry_date") or data["date"]),
        "value_day": _day(data["date"]),
        "count": 1,
        "text": plain(str(remittance or ""), TEXT_MAX),
    }


def _reference(text: str) -> str:
    """The customer's reference; the standard's word for none is none."""
    return text.removeprefix("NONREF").strip()


def _tags(text: str) -> dict[str, str]:
    """What stands behind /EREF/ and its like."""
    joined = text.replace("\n", "")
    found = list(_TAGGED.finditer(joined))
    ends = [one.start() for one in found[1:]] + [len(joined)] * bool(found)
    return {
        one.group(1): joined[one.end() : end].strip("/ ")
        for one, end in zip(found, ends, strict=True)
    }


def _minor(file: str, line: int, field: str, amount: Decimal, currency: str) -> int:
    """Minor units, exactly."""
    try:
        digits = minor_digits(currency)
    except MoneyInvalid as error:
        raise FileBroken(file, line, field, error.detail) from None
    scaled = amount.scaleb(digits)
    whole = int(scaled)
    if scaled != whole or abs(whole) > AMOUNT_MAX:
        message = f"{amount} is not an amount of {currency}: it has at most {digits} decimals."
        raise FileBroken(file, line, field, message)
    return whole


def _day(told: Any) -> int:
    return date(told.year, told.month, told.day).toordinal()
