"""What a line or a value is computed by: is, tiers, percent, sum, at_least, at_most."""

from billcore.core.tariff.language.document import (
    Basis,
    FillSplit,
    Form,
    Is,
    Limit,
    Members,
    Percent,
    Sum,
    Tiers,
)
from billcore.core.tariff.language.reading import Reader
from billcore.core.tariff.language.source import Mapping, Node, Scalar, Sequence

FORMS = ("is", "tiers", "percent", "sum", "at_least", "at_most")


def read_form(read: Reader, node: Mapping, what: str) -> Form | None:
    """The one form of a line or a value; None where it cannot be read."""
    found = [k for k in FORMS if k in node.items]
    if len(found) != 1:
        read.refuse(node.place, "FORM", f"{what} has exactly one of {', '.join(FORMS)}.", FORMS)
        return None
    key = found[0]
    at = node.items[key]
    if key == "is":
        formula = read.formula(at, f"{what}.is")
        return Is(formula) if formula else None
    if key == "sum":
        return _sum(read, node, at, what)
    spec = read.mapping(at, f"{what}.{key}")
    return None if spec is None else _spelled_out(read, spec, f"{what}.{key}", key)


def _spelled_out(read: Reader, node: Mapping, what: str, key: str) -> Form | None:
    match key:
        case "tiers":
            return _tiers(read, node, what)
        case "percent":
            return _percent(read, node, what)
    return _limit(read, node, what, lowest=key == "at_least")


def _sum(read: Reader, node: Mapping, at: Node, what: str) -> Sum | None:
    members = read_members(read, at, f"{what}.sum")
    return Sum(members, read_basis(read, node.get("basis"), what)) if members else None


def _tiers(read: Reader, node: Mapping, what: str) -> Tiers | None:
    read.keys(node, ("of", "by", "price", "scale", "bounds", "start", "whole", "split"), what)
    of = read.formula(read.require(node, "of", what), f"{what}.of")
    by = read.formula(read.require(node, "by", what), f"{what}.by")
    money, fill = _split(read, node.get("split"), what)
    if of is None or by is None:
        return None
    return Tiers(
        of=of,
        by=by,
        price=read.text(node.get("price"), f"{what}.price") or "rate",
        scale=read.formula(node.get("scale"), f"{what}.scale"),
        bounds=read.rounding(node.get("bounds"), f"{what}.bounds"),
        start=read.formula(node.get("start"), f"{what}.start"),
        whole=read.yes(node.get("whole"), f"{what}.whole"),
        split_money=money,
        split_fill=fill,
    )


def _split(read: Reader, node: Node | None, what: str) -> tuple[bool, FillSplit | None]:
    """(by money, by rounded quantities)."""
    text = read.text(node, f"{what}.split")
    if text is None or node is None:
        return False, None
    if text == "money":
        return True, None
    if not text.startswith("fill "):
        message = f"{what}.split is 'money' or 'fill <unit> <mode>'."
        read.refuse(node.place, "SPLIT", message, ("money", "fill 1 half_up"))
        return False, None
    rounding = read.rounding(Scalar(text.removeprefix("fill "), node.place), f"{what}.split")
    return False, FillSplit(rounding) if rounding else None


def _percent(read: Reader, node: Mapping, what: str) -> Percent | None:
    read.keys(node, ("rate", "of", "basis"), what)
    rate = read.formula(read.require(node, "rate", what), f"{what}.rate")
    members = read_members(read, read.require(node, "of", what), f"{what}.of")
    basis = read_basis(read, node.get("basis"), what, tiers=True)
    return Percent(rate, members, basis) if rate and members else None


def _limit(read: Reader, node: Mapping, what: str, *, lowest: bool) -> Limit | None:
    name = "least" if lowest else "most"
    read.keys(node, (name, "of", "basis"), what)
    limit = read.formula(read.require(node, name, what), f"{what}.{name}")
    members = read_members(read, read.require(node, "of", what), f"{what}.of")
    basis = read_basis(read, node.get("basis"), what)
    return Limit(limit, members, basis, lowest) if limit and members else None


def read_members(read: Reader, node: Node | None, what: str) -> Members | None:
    """The lines and groups that something is taken of."""
    if isinstance(node, Sequence):
        names = read.texts(node, what)
        if not names:
            read.refuse(node.place, "EMPTY", f"{what} names no line.")
            return None
        return Members(names, node.place)
    name = read.text(node, what)
    return Members((name,), node.place) if name and node else None


def read_basis(read: Reader, node: Node | None, what: str, *, tiers: bool = False) -> Basis:
    """Which figures of the members are taken; tiers: whether `basis: tiers` is allowed."""
    allowed = [b.value for b in Basis if tiers or b is not Basis.TIERS]
    return Basis(read.word(node, f"{what}.basis", allowed) or "whole")
