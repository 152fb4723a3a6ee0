"""Documents of five companies, one a language: facts as they would be gathered from the books."""

from dataclasses import replace
from datetime import date

from billcore.core.calendar import Calendar
from billcore.core.documents.facts import (
    Bill,
    Charge,
    Dial,
    Entry,
    Money,
    Notice,
    Paid,
    Payer,
    PaymentCodes,
    Price,
    Receipt,
    Seller,
    Statement,
    Supply,
)
from billcore.core.documents.wording import Wording

AT = 1_540_197_300_000_000
"""2018-10-22 08:35 in UTC."""


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


WORDINGS = {
    "fa": Wording("fa", Calendar.JALALI, "Asia/Tehran", local_digits=True),
    "zh": Wording("zh", Calendar.GREGORIAN, "Asia/Shanghai"),
    "ru": Wording("ru", Calendar.GREGORIAN, "Europe/Moscow"),
    "vi": Wording("vi", Calendar.GREGORIAN, "Asia/Ho_Chi_Minh"),
    "en": Wording("en", Calendar.GREGORIAN, "UTC"),
}

MONIES = {
    "fa": Money("IRR", 0),
    "zh": Money("CNY", 2),
    "ru": Money("RUB", 2),
    "vi": Money("VND", 0),
    "en": Money("USD", 2),
}

SELLERS = {
    "fa": Seller(
        "شرکت آب مهرآب ماهان", "10101234567", "کرمان، هفت‌باغ علوی، بلوار آزادی", "034-3123"
    ),
    "zh": Seller("滨江供电公司", "91330100MA2XXXXX1X", "浙江省杭州市滨江区江南大道588号", "95598"),
    "ru": Seller("МУП «Водоканал»", "5406010000", "г. Барнаул, ул. Ленина, 5", "8 800 100-00-01"),
    "vi": Seller(
        "Công ty Điện lực Cà Mau", "0300942001-021", "Số 22 Ngô Quyền, Cà Mau", "1900 1006"
    ),
    "en": Seller("Seymour Electric & Water", "", "12 Main Street, Seymour", "555 0100"),
}

PAYERS = {
    "fa": Payer(268435457, "1421", "مریم کریمی", "دهکده زیتون، قطعه 420/71", "0913 123 4567"),
    "zh": Payer(
        268435457, "3301 0067 42", "王小明", "江南大道1888号3幢2单元501室", "138 0013 8000"
    ),
    "ru": Payer(268435457, "77 0001 442", "Иванов Пётр Сергеевич", "ул. Молодёжная, д. 12, кв. 7"),
    "vi": Payer(
        268435457, "PB09010012345", "Nguyễn Thị Hồng Đào", "Ấp 3, xã Tân Lộc", "0912 345 678"
    ),
    "en": Payer(268435457, "N-1001", "Ann O'Neill", "7 Short Street", "555 0123"),
}

QR = {
    "fa": "00000774831780014000001770160",
    "zh": "",
    "ru": 'ST00012|Name=МУП «Водоканал»|PersonalAcc=40702810138250123017|BankName=ОАО "БАНК"|'
    "BIC=044525225|CorrespAcc=30101810400000000225|Sum=154021|PersAcc=77 0001 442",
    "vi": "00020101021238540010A00000072701240006970403011001136668880208QRIBFTTA53037045405"
    "32000580",
    "en": "",
}

SEED_CHARGES = (
    Charge("water", 193_500, {"fa": "آب‌بها", "en": "Water"}),
    Charge("standing", 46_400, {"fa": "آبونمان", "en": "Standing charge"}),
    Charge("service", 92_510, {"fa": "جبران بخشی از هزینه خدمات", "en": "Service"}),
    Charge("levy", 9_972, {"fa": "عوارض آب‌بها", "en": "Levy"}, True, (Price("", "%", "3"),)),
    Charge("vat", 19_945, {"fa": "مالیات بر ارزش افزوده", "en": "VAT"}, is_tax=True),
)

CHARGES = {
    "fa": SEED_CHARGES,
    "zh": (
        Charge("step1", 11_440, {"zh": "第一档电费"}),
        Charge("step2", 5_031, {"zh": "第二档电费（每千瓦时加价0.05元）"}),
    ),
    "ru": (
        Charge("cold", 98_250, {"ru": "Холодное водоснабжение"}),
        Charge("drain", 55_771, {"ru": "Водоотведение"}),
    ),
    "vi": (
        Charge(
            "tiers",
            290_909,
            {"vi": "Điện sinh hoạt"},
            False,
            (Price("50", "kWh", "1806"), Price("107.3", "kWh", "1869.6")),
        ),
        Charge("vat", 29_091, {"vi": "Thuế GTGT"}, True, (Price("", "%", "10"),)),
    ),
    "en": (
        Charge("energy", 4_512, {"en": "Energy"}),
        Charge("credit", -250, {"en": "Solar credit"}),
        Charge("sales_tax", 298, {}, is_tax=True),
    ),
}

SERVICES = {
    "fa": "water",
    "zh": "electricity",
    "ru": "water",
    "vi": "electricity",
    "en": "electricity",
}
COUNTERS = {
    "fa": "باجه بانک ملت",
    "zh": "营业厅",
    "ru": "Касса № 2",
    "vi": "Thu ngân lưu động",
    "en": "Counter 2",
}
UNITS = {"fa": "m3", "zh": "kWh", "ru": "m3", "vi": "kWh", "en": "kWh"}


def bill(language: str) -> Bill:
    """58 days, 45 units, an opening debt of 17 minor units."""
    charges = CHARGES[language]
    total = sum(charge.amount for charge in charges)
    closing = total + 17
    codes = PaymentCodes(
        "7748317800142" if language == "fa" else "",
        "36220160" if language == "fa" else "",
        closing,
        QR[language],
    )
    supply = Supply(
        agreement_no=1,
        service=SERVICES[language],
        place="420/71",
        address="",
        previous_day=day("2018-08-25"),
        this_day=day("2018-10-22"),
        days=58,
        dials=(Dial("used", UNITS[language], "1175", "1220", "45", language == "ru"),),
        quantities=(("used", "45", UNITS[language]),),
        charges=charges,
    )
    return Bill(
        seller=SELLERS[language],
        payer=PAYERS[language],
        money=MONIES[language],
        bill_id=2251799847239936,
        kind="regular",
        issued_day=day("2018-10-22"),
        due_day=day("2018-11-06"),
        supplies=(supply,),
        opening=17,
        total=total,
        closing=closing,
        payable=closing,
        codes=codes,
    )


def notice(language: str) -> Notice:
    """Of the bill, of which something was paid."""
    one = bill(language)
    balance = one.closing - 1_000
    names = {
        "fa": "علی رضایی", "zh": "李建国", "ru": "Петрова А. И.", "vi": "Trần Văn Bảy",
        "en": "B. Collins",
    }  # fmt: skip
    return Notice(one, balance, balance, AT, names[language], "0900 111 222")


def receipt(language: str, copy_no: int = 0) -> Receipt:
    """Of the whole bill."""
    one = bill(language)
    return Receipt(
        seller=one.seller,
        payer=one.payer,
        money=one.money,
        number=128,
        copy_no=copy_no,
        channel=COUNTERS[language],
        reference="2018-10-22/0045",
        amount=one.closing,
        fee=0,
        paid_at=AT,
        day=day("2018-10-22"),
        balance=0,
        pays=(
            Paid("opening", 5, day("2018-08-25"), 17),
            Paid("regular", one.bill_id, one.issued_day, one.total),
        ),
        code="7K3F-Q0ZD-5",
        signed="R1/K26/1/128/1540197300/268435457/362344/IRR/0A1B2C3D/" + "A" * 103,
    )  # fmt: skip


def statement(language: str) -> Statement:
    one = bill(language)
    entries = (
        Entry(day("2018-08-25"), "opening", "", 17, 17),
        Entry(day("2018-10-22"), "regular", "", one.total, one.closing),
        Entry(day("2018-10-23"), "payment", "2018-10-22/0045", -one.closing, 0),
        Entry(day("2018-10-25"), "payment", "2018-10-22/0045", one.closing, one.closing, True),
        Entry(day("2018-11-20"), "late_fee", "", 1_250, one.closing + 1_250),
    )
    return Statement(
        seller=one.seller,
        payer=one.payer,
        money=one.money,
        first_day=day("2018-08-01"),
        last_day=day("2018-11-30"),
        known_at=AT,
        opening=0,
        closing=one.closing + 1_250,
        entries=entries,
    )


def long_receipt(language: str) -> Receipt:
    """A copy, reversed, of an amount with many words."""
    return replace(receipt(language, copy_no=2), amount=123_456_789_017, reversed=True)


def invoice(language: str) -> Receipt:
    """The same receipt of a provider whose receipts say what the bills charged."""
    one = bill(language)
    plain = tuple(replace(supply, dials=()) for supply in one.supplies)
    return replace(receipt(language), bills=(replace(one, supplies=plain),))


MAKERS = {
    "bill": bill,
    "notice": notice,
    "receipt": receipt,
    "invoice": invoice,
    "statement": statement,
}
