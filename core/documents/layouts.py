"""Documents laid out: which facts stand where, under which label."""

from collections.abc import Iterator

from billcore.core.documents.blocks import Block, Head, Mark, Page, Pair, Qr, Rows, Rule, Title
from billcore.core.documents.facts import (
    Bill,
    Charge,
    Document,
    Money,
    Notice,
    Payer,
    Price,
    Receipt,
    Seller,
    Statement,
    Supply,
)
from billcore.core.documents.wording import Wording
from billcore.core.documents.words import in_words


def page(document: Document, wording: Wording) -> Page:
    """A document as blocks, in the words of a language."""
    match document:
        case Bill():
            title, blocks = _title(document), _bill(document, wording)
        case Notice():
            title, blocks = "notice", _notice(document, wording)
        case Receipt():
            title, blocks = "receipt", _receipt(document, wording)
        case Statement():
            title, blocks = "statement", _statement(document, wording)
    told = wording.title(title)
    head = _head(document, told, wording)
    return Page(told, wording.language, wording.rtl, (*head, *blocks))


def _title(bill: Bill) -> str:
    return "bill" if bill.kind == "regular" else bill.kind


def _head(document: Document, title: str, wording: Wording) -> Iterator[Block]:
    seller = document.bill.seller if isinstance(document, Notice) else document.seller
    yield from _seller(seller, wording)
    yield Title(title)


def _seller(seller: Seller, wording: Wording) -> Iterator[Block]:
    yield Title(seller.name, small=True)
    told = (
        ("tax_code", wording.code(seller.tax_code)),
        ("address", seller.address),
        ("phone", wording.code(seller.phone)),
    )
    yield from _pairs(told, wording)
    yield Rule()


def _payer(payer: Payer, wording: Wording) -> Iterator[Block]:
    told = (
        ("account", wording.code(payer.number)),
        ("customer", payer.name),
        ("address", payer.address),
        ("phone", wording.code(payer.phone)),
    )
    yield from _pairs(told, wording)


def _pairs(told: tuple[tuple[str, str], ...], wording: Wording) -> Iterator[Block]:
    yield from (Pair(wording.field(name), value) for name, value in told if value)


# -- bills and notices


def _bill(bill: Bill, wording: Wording) -> Iterator[Block]:
    if bill.cancelled:
        yield Mark(wording.mark("cancelled"))
    yield Pair(wording.field("bill_number"), wording.code(str(bill.bill_id)))
    yield Pair(wording.field("issued"), wording.day(bill.issued_day))
    if bill.reference:
        yield Pair(wording.field("reference"), wording.code(bill.reference))
    yield from _payer(bill.payer, wording)
    yield from _charges(bill, wording)
    yield Rule()
    yield from _owed(bill, wording)
    yield from _to_pay(bill, bill.payable, wording)


def _charges(bill: Bill, wording: Wording) -> Iterator[Block]:
    for supply in bill.supplies:
        yield Rule()
        yield from _supply(supply, wording)
        rows = tuple(row for line in supply.charges for row in _lines(line, bill.money, wording))
        if rows:
            sign = wording.sign(bill.money.currency)
            yield Rows((wording.field("charges"), sign), rows)


def _lines(line: Charge, money: Money, wording: Wording) -> Iterator[tuple[str, str]]:
    """A charge, and below it the prices that it is made of."""
    yield wording.named(line.labels, line.name), wording.amount(line.amount, money.digits)
    for price in line.prices:
        yield f"\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{_price(price, wording)}", ""


def _price(price: Price, wording: Wording) -> str:
    rate = wording.number(price.rate)
    if price.unit == "%":
        return wording.percent(price.rate)
    used = f"{wording.number(price.quantity)} {wording.unit(price.unit)}".strip()
    return f"{used} × {rate}"


def _supply(supply: Supply, wording: Wording) -> Iterator[Block]:
    if supply.service:
        yield Head(wording.service(supply.service))
    if supply.place:
        yield Pair(wording.field("place"), wording.code(supply.place))
    if supply.address:
        yield Pair(wording.field("address"), supply.address)
    if supply.days:
        days = wording.day(supply.previous_day + 1), wording.day(supply.this_day)
        yield Pair(wording.field("period"), " – ".join(days))
        yield Pair(wording.field("days"), wording.number(str(supply.days)))
    for dial in supply.dials:
        yield Pair(wording.field("previous_reading"), wording.number(dial.previous))
        current = wording.number(dial.current)
        note = f" ({wording.field('estimated')})" if dial.estimated else ""
        yield Pair(wording.field("this_reading"), f"{current}{note}")
    for _, used, unit in supply.quantities:
        value = f"{wording.number(used)} {wording.unit(unit)}".strip()
        yield Pair(wording.field("used"), value, strong=True)


def _owed(bill: Bill, wording: Wording) -> Iterator[Block]:
    yield _amount("total", bill.total, bill.money, wording, strong=True)
    if bill.taxes:
        yield _amount("taxes", bill.taxes, bill.money, wording)
    if bill.opening:
        name = "before" if bill.opening > 0 else "credit_before"
        yield _amount(name, abs(bill.opening), bill.money, wording)
    if bill.opening and bill.closing > 0:
        yield _amount("owed", bill.closing, bill.money, wording)
    for due_day, amount in bill.instalments:
        name = f"{wording.field('instalment')} {wording.day(due_day)}"
        yield Pair(name, wording.amount(amount, bill.money.digits), number=True)
    if bill.deferred:
        yield _amount("deferred", bill.deferred, bill.money, wording)


def _amount(name: str, minor: int, money: Money, wording: Wording, *, strong: bool = False) -> Pair:
    return Pair(wording.field(name), wording.amount(minor, money.digits), strong, number=True)


def _asked(name: str, minor: int, money: Money, wording: Wording) -> Pair:
    """An amount with its currency, which the document is about."""
    value = wording.money(minor, money.digits, money.currency)
    return Pair(wording.field(name), value, strong=True, number=True)


def _to_pay(bill: Bill, payable: int, wording: Wording) -> Iterator[Block]:
    money = bill.money
    if payable <= 0:
        yield Pair(wording.field("nothing_to_pay"), "", strong=True)
        return
    yield _asked("payable", payable, money, wording)
    yield Pair(wording.field("due"), wording.day(bill.due_day), strong=True, number=True)
    codes = bill.codes
    if codes.payer_code:
        yield Pair(wording.field("payer_code"), wording.code(codes.payer_code))
        yield Pair(wording.field("payment_code"), wording.code(codes.payment_code))
    if codes.qr:
        yield Qr(codes.qr, wording.field("scan_to_pay"))


def _notice(notice: Notice, wording: Wording) -> Iterator[Block]:
    bill = notice.bill
    yield Mark(wording.mark("not_a_receipt"))
    yield Pair(wording.field("printed"), wording.time(notice.at))
    yield Pair(wording.field("bill_number"), wording.code(str(bill.bill_id)))
    yield from _payer(bill.payer, wording)
    yield from _charges(bill, wording)
    yield Rule()
    yield from _owed(bill, wording)
    if notice.balance != bill.closing:
        yield _amount("balance", notice.balance, bill.money, wording)
    yield from _to_pay(bill, notice.payable, wording)
    if notice.collector_name:
        yield Rule()
        yield Pair(wording.field("collector"), notice.collector_name)
        yield Pair(wording.field("phone"), wording.code(notice.collector_phone))
    yield Mark(wording.mark("not_a_receipt"))


# -- receipts


def _receipt(receipt: Receipt, wording: Wording) -> Iterator[Block]:
    money = receipt.money
    if receipt.copy_no:
        yield Mark(wording.mark("copy", receipt.copy_no))
    if receipt.reversed:
        yield Mark(wording.mark("cancelled"))
    yield Pair(wording.field("receipt_number"), wording.code(str(receipt.number)))
    yield Pair(wording.field("paid_at"), wording.time(receipt.paid_at))
    yield from _payer(receipt.payer, wording)
    for bill in receipt.bills:
        yield from _charged(bill, wording)
    yield Rule()
    rows = tuple(
        (wording.day(paid.day), wording.kind(paid.kind), wording.amount(paid.amount, money.digits))
        for paid in receipt.pays
    )
    if rows:
        header = (wording.field("day"), wording.field("pays"), wording.sign(money.currency))
        yield Rows(header, rows)
        yield Rule()
    yield _asked("paid", receipt.amount, money, wording)
    words = in_words(receipt.amount, money.digits, money.currency, wording.language)
    yield Pair(wording.field("in_words"), words)
    if receipt.fee:
        yield _amount("fee", receipt.fee, money, wording)
    name = "balance_after" if receipt.balance >= 0 else "credit_after"
    yield _amount(name, abs(receipt.balance), money, wording)
    yield Pair(wording.field("channel"), receipt.channel)
    yield Pair(wording.field("reference"), wording.code(receipt.reference))
    yield Rule()
    yield Pair(wording.field("verification_code"), wording.code(receipt.code), strong=True)
    if receipt.signed:
        yield Qr(receipt.signed, wording.field("scan_to_verify"))


def _charged(bill: Bill, wording: Wording) -> Iterator[Block]:
    """What a bill that is paid charged, as an invoice says it."""
    yield Rule()
    yield Pair(wording.field("bill_number"), wording.code(str(bill.bill_id)))
    yield Pair(wording.field("issued"), wording.day(bill.issued_day))
    yield from _charges(bill, wording)
    yield Rule()
    if bill.taxes:
        yield _amount("net", bill.net, bill.money, wording)
        yield _amount("all_taxes", bill.taxes, bill.money, wording)
    yield _amount("total", bill.total, bill.money, wording, strong=True)


# -- statements


def _statement(statement: Statement, wording: Wording) -> Iterator[Block]:
    digits = statement.money.digits
    yield from _payer(statement.payer, wording)
    if statement.first_day:
        yield Pair(wording.field("first_day"), wording.day(statement.first_day))
    yield Pair(wording.field("last_day"), wording.day(statement.last_day))
    yield Pair(wording.field("printed"), wording.time(statement.known_at))
    yield Rule()
    yield _amount("opening", statement.opening, statement.money, wording, strong=True)
    names = ("day", "document", "amount", "balance")
    rows = tuple(
        (
            wording.day(entry.day),
            wording.kind(entry.kind, entry.reversal),
            wording.amount(entry.amount, digits),
            wording.amount(entry.balance, digits),
        )
        for entry in statement.entries
    )
    if rows:
        yield Rows(tuple(wording.field(name) for name in names), rows, numbers=2)
    yield Rule()
    yield _asked("closing", statement.closing, statement.money, wording)
