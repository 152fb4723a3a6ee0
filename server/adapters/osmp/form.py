"""Requests of the protocol: parameters read strictly, each with its own refusal.

Every parameter stands once, in UTF-8; those that the protocol knows and we have no use for are left
alone. A request that is refused here was never sent to the server.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from billcore.core.errors import MoneyInvalid
from billcore.core.money import minor, parse_decimal
from billcore.core.payments.codes import Code
from billcore.core.payments.intake.form import AMOUNT_MAX
from billcore.server.adapters.osmp.settings import ACCOUNT_MAX, Settings
from billcore.server.times import EPOCH

TXN_ID = re.compile(r"[0-9]{1,20}", re.ASCII)
SUM = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?", re.ASCII)
TXN_DATE = re.compile(r"[0-9]{14}", re.ASCII)
TERMINAL_MAX = 40


class Unfit(Exception):
    """A request breaks a rule of the protocol, or of the settings. code: what it is told."""

    def __init__(self, code: Code, comment: str) -> None:
        super().__init__(comment)
        self.code = code
        self.comment = comment


@dataclass(frozen=True, slots=True)
class Order:
    """A payment as a kiosk tells it.

    amount: minor units; paid_at: microseconds since 1970 in UTC; terminal: '' for none.
    """

    txn_id: str
    account: str
    amount: int
    paid_at: int
    terminal: str


def parameters(*sources: bytes, most: int) -> dict[str, str]:
    """The parameters of a query and a body, url-encoded. Raises Unfit."""
    found: dict[str, str] = {}
    for source in sources:
        for name, value in _pairs(source, most):
            if name in found:
                raise Unfit(Code.INVALID, f"{_shown(name)} is given twice")
            found[name] = value
    if len(found) > most:
        raise Unfit(Code.INVALID, f"more than {most} parameters")
    return found


def _pairs(source: bytes, most: int) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            source.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=most
        )
    except UnicodeError:
        raise Unfit(Code.INVALID, "the parameters are not url-encoded UTF-8") from None
    except ValueError:
        raise Unfit(Code.INVALID, f"more than {most} parameters") from None


def _shown(name: str) -> str:
    return name if re.fullmatch(r"\w{1,20}", name, re.ASCII) else "a parameter"


def txn_id(form: Mapping[str, str], name: str = "txn_id") -> str:
    """The payment system's own number. Raises Unfit."""
    found = form.get(name, "")
    if not TXN_ID.fullmatch(found):
        raise Unfit(Code.INVALID, f"{name} has 1 to 20 digits")
    return found


def order(form: Mapping[str, str], settings: Settings) -> Order:
    """The payment of a request, but for the format of its account. Raises Unfit."""
    return Order(
        txn_id(form),
        form.get("account", "").strip(),
        amount(form, settings),
        paid_at(form, settings),
        terminal(form, settings),
    )


def check_account(account: str, settings: Settings) -> None:
    """Raises Unfit where an account is not written as the settings say."""
    fits = 1 <= len(account) <= ACCOUNT_MAX and account.isprintable()
    if not fits or not re.fullmatch(settings.account_pattern, account):
        raise Unfit(Code.ACCOUNT_FORMAT, "the account is not written as it should be")


def check_amount(given: int) -> None:
    """Raises Unfit for what no payment comes to."""
    if given <= 0:
        raise Unfit(Code.AMOUNT_LOW, "a payment is above 0")
    if given > AMOUNT_MAX:
        raise Unfit(Code.AMOUNT_HIGH, "no payment is as large")


def amount(form: Mapping[str, str], settings: Settings) -> int:
    """The sum in minor units, exactly. Raises Unfit."""
    given = form.get("sum", "")
    if not SUM.fullmatch(given):
        raise Unfit(Code.INVALID, "sum is a decimal with a point, as 200.00")
    try:
        return minor(parse_decimal(given), settings.digits)
    except MoneyInvalid:
        detail = f"sum has more decimals than {settings.currency}: {settings.digits}"
        raise Unfit(Code.INVALID, detail) from None


def paid_at(form: Mapping[str, str], settings: Settings) -> int:
    """`txn_date` in microseconds since 1970 in UTC. Raises Unfit.

    Of an hour that a clock shows twice the first is meant; one that it leaves out counts on from
    the hour before.
    """
    given = form.get("txn_date", "")
    try:
        if not TXN_DATE.fullmatch(given):
            raise ValueError
        local = datetime.strptime(given, "%Y%m%d%H%M%S").replace(tzinfo=settings.zone)
        found = micros(local)
    except (ValueError, OverflowError):
        raise Unfit(Code.INVALID, "txn_date is a time as YYYYMMDDhhmmss") from None
    if found <= 0:
        raise Unfit(Code.INVALID, "txn_date is before 1970")
    return found


def terminal(form: Mapping[str, str], settings: Settings) -> str:
    """The terminal of the channel; '' for none. Raises Unfit."""
    given = form.get("trm_id", "")
    if len(given) > TERMINAL_MAX or not given.isprintable():
        raise Unfit(Code.INVALID, f"trm_id has at most {TERMINAL_MAX} printable characters")
    if given in settings.terminals:
        return settings.terminals[given]
    return settings.terminal.format(trm_id=given) if given else ""


def check_currency(form: Mapping[str, str], settings: Settings) -> None:
    """Raises Unfit where `ccy` names another currency by its letters."""
    given = form.get("ccy", "")
    if given.isalpha() and given.upper() != settings.currency:
        raise Unfit(Code.INVALID, f"ccy: paid is in {settings.currency}")


def micros(moment: datetime) -> int:
    """A moment in microseconds since 1970 in UTC."""
    return (moment.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


def local_time(time: int, settings: Settings) -> datetime:
    """A time of the server on the clocks of the payment system."""
    return (EPOCH + timedelta(microseconds=time)).astimezone(settings.zone)
