"""Answers of the protocol as XML in UTF-8: the same answer has the same bytes."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from billcore.core.money import scaled_text
from billcore.core.payments.codes import Code
from billcore.server.adapters.osmp.outcomes import COMMENTS, result

MEDIA_TYPE = "text/xml"

DECIMALS = 2
"""Amounts have at least so many decimals, whatever the currency has."""

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for, escaped or not (section 2.2, Char)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is told. '' and None are left out; amount: minor units; comment '': that of
    the code; fields: labels and texts that the kiosk shows."""

    code: Code
    comment: str = ""
    txn_id: str = ""
    cancel_txn_id: str = ""
    prv_txn: str = ""
    amount: int | None = None
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def result(self) -> int:
        """The protocol's number."""
        return result(self.code)


def money(amount: int, digits: int) -> str:
    """An amount as the protocol writes it: 120.00."""
    return scaled_text(amount, digits, DECIMALS)


def encoded(answer: Answer, digits: int) -> bytes:
    """The document. digits: of the currency's minor unit."""
    root = ElementTree.Element("response")
    for name, text in (
        ("osmp_txn_id", answer.txn_id),
        ("cancel_txn_id", answer.cancel_txn_id),
        ("prv_txn", answer.prv_txn),
        ("sum", "" if answer.amount is None else money(answer.amount, digits)),
        ("result", str(answer.result)),
        ("comment", answer.comment or COMMENTS[answer.code]),
    ):
        if text:
            _add(root, name, text)
    if answer.fields:
        fields = ElementTree.SubElement(root, "fields")
        for number, (label, text) in enumerate(answer.fields, start=1):
            field = _add(fields, f"field{number}", text)
            field.set("name", _clean(label))
            field.set("type", "disp")
    document: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name)
    child.text = _clean(text)
    return child


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
