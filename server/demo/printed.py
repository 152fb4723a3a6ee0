"""Five bills of a customer of a water company in Kerman, as printed on its dashboard."""

from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from billcore.core.calendar import Calendar


@dataclass(frozen=True)
class PrintedBill:
    """A bill as the company printed it; amounts in rials, days only where the dates give others."""

    previous: str
    this: str
    days: int
    m3: int
    water: int
    subscription: int
    services: int
    levy: int
    vat: int
    total: int


LINES = ("water", "subscription", "services", "levy", "vat")

PRINTED = [
    PrintedBill("1397-06-03", "1397-07-30", 0, 45, 193500, 46400, 92510, 9972, 19945, 362327),
    PrintedBill("1397-01-31", "1397-06-03", 0, 35, 150500, 101600, 202565, 13640, 27280, 495585),
    PrintedBill("1396-02-24", "1397-01-31", 0, 10, 40311, 255333, 553283, 25468, 50936, 925331),
    PrintedBill("1395-10-06", "1396-02-24", 138, 10, 36000, 92000, 230000, 10740, 21480, 390220),
    PrintedBill("1395-01-29", "1395-10-06", 0, 22, 79200, 168667, 421667, 20086, 40172, 729792),
]
"""The company billed 138 days where the calendar counts 139, so the fourth states its days."""


def iso(jalali: str) -> str:
    """A Jalali date as an ISO text."""
    return date.fromordinal(Calendar.JALALI.parse(jalali)).isoformat()


def document(tariff: str = "ir-mehrab-water") -> str:
    """A tariff of the package; the company's."""
    return (files("billcore.tariffs") / f"{tariff}.yaml").read_text("utf-8")
