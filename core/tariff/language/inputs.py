"""Declarations of inputs: what a bill must bring, in which unit, within which limits."""

from fractions import Fraction

from billcore.core.money import exact_text
from billcore.core.tariff.language.document import COLUMN_MAX, InputSpec, Kind, Split, limits_text
from billcore.core.tariff.language.reading import DECIMALS_MAX, Reader
from billcore.core.tariff.language.source import Mapping, Node, Scalar

MONEY_LIMIT = Fraction(10) ** 10
"""A money input without limits stays within this many units of the currency."""

KEYS = ("kind", "unit", "decimals", "min", "max", "per", "split", "default", "oneof")


def read_inputs(read: Reader, tree: Mapping) -> dict[str, InputSpec]:
    """The inputs of a document by name."""
    named = read.named(tree, "inputs", "input", "an input")
    return {name: spec for name, node in named if (spec := _input(read, name, node))}


def _input(read: Reader, name: str, node: Mapping) -> InputSpec | None:
    what = f"input {name}"
    read.keys(node, KEYS, what)
    word = read.word(read.require(node, "kind", what), f"{what}.kind", [k.value for k in Kind])
    if word is None:
        return None
    kind = Kind(word)
    _keys_of_kind(read, kind, node, what)
    per = read.word(node.get("per"), f"{what}.per", ("bill", "segment"))
    lo, hi = _limits(read, kind, node, what)
    oneof = _oneof(read, kind, node, what)
    return InputSpec(
        name=name,
        kind=kind,
        unit=read.unit(node, what),
        decimals=read.integer(node.get("decimals"), f"{what}.decimals", 0, DECIMALS_MAX) or 0,
        lo=lo,
        hi=hi,
        per_segment=per == "segment",
        split=_split(read, node.get("split"), what) or Split(),
        oneof=oneof,
        default=_default(read, kind, node, what, oneof, (lo, hi)),
        place=node.place,
    )


def _keys_of_kind(read: Reader, kind: Kind, node: Mapping, what: str) -> None:
    """Refuses keys that a kind needs and lacks, or has and does not know."""
    numeric = kind in (Kind.QUANTITY, Kind.NUMBER)
    if numeric:
        for key in ("decimals", "max"):
            read.require(node, key, f"{what} ({kind}; they prove that no bill can overflow)")
    only = {
        "split": kind is Kind.QUANTITY,
        "oneof": kind is Kind.CHOICE,
        "unit": numeric,
        "decimals": numeric,
        "min": numeric or kind is Kind.MONEY,
        "max": numeric or kind is Kind.MONEY,
    }
    for key, fits in only.items():
        if not fits and key in node.keys:
            read.refuse(node.keys[key], "KEY", f"{what} is a {kind}: it has no '{key}'.")


def _limits(read: Reader, kind: Kind, node: Mapping, what: str) -> tuple[Fraction, Fraction]:
    lo = read.decimal(node.get("min"), f"{what}.min")
    hi = read.decimal(node.get("max"), f"{what}.max")
    money = kind is Kind.MONEY
    lo = lo if lo is not None else (-MONEY_LIMIT if money else Fraction(0))
    hi = hi if hi is not None else (MONEY_LIMIT if money else Fraction(1))
    if lo > hi:
        message = f"{what}: min {exact_text(lo)} is above max {exact_text(hi)}."
        read.refuse(node.place, "LIMITS", message)
    decimals = read.integer(node.get("decimals"), f"{what}.decimals", 0, DECIMALS_MAX) or 0
    if max(abs(lo), abs(hi)) * 10**decimals >= COLUMN_MAX:
        read.refuse(node.place, "LIMITS", f"{what}: min and max are beyond 64-bit columns.")
    return lo, hi


def _oneof(read: Reader, kind: Kind, node: Mapping, what: str) -> tuple[str, ...]:
    if kind is not Kind.CHOICE:
        return ()
    items = read.sequence(read.require(node, "oneof", what), f"{what}.oneof")
    names = read.texts(items or (), f"{what}.oneof")
    if len(set(names)) != len(names) or not names:
        read.refuse(node.place, "ONEOF", f"{what}.oneof lists each choice once, at least one.")
    return names


def _split(read: Reader, node: Node | None, what: str) -> Split | None:
    text = read.text(node, f"{what}.split")
    if text is None or node is None or text == "days":
        return None
    words = text.rsplit(None, 1)
    if len(words) != 2 or words[1] not in ("first", "last"):
        message = f"{what}.split is 'days' or '<unit> <mode> first|last'."
        read.refuse(node.place, "SPLIT", message, ("days", "1 half_up last"))
        return None
    rounding = read.rounding(Scalar(words[0], node.place), f"{what}.split")
    return Split(rounding, words[1] == "first") if rounding else None


def _default(
    read: Reader,
    kind: Kind,
    node: Mapping,
    what: str,
    oneof: tuple[str, ...],
    limits: tuple[Fraction, Fraction],
) -> Fraction | str | None:
    found = node.get("default")
    if found is None:
        return None
    if kind is Kind.CHOICE:
        return read.word(found, f"{what}.default", oneof)
    if kind is Kind.FLAG:
        return Fraction(read.yes(found, f"{what}.default"))
    value = read.decimal(found, f"{what}.default")
    if value is not None and not limits[0] <= value <= limits[1]:
        message = f"{what}.default {exact_text(value)} is outside {limits_text(*limits)}."
        read.refuse(found.place, "OUT_OF_RANGE", message)
    return value
