"""Tariff text -> `Document`: the whole of it, top to bottom.

Collects every finding of a document before it refuses it. Names and meaning are
the business of `check`.
"""

import hashlib
import json
import re
from fractions import Fraction

from billcore.core.calendar import Calendar
from billcore.core.errors import TariffInvalid, TextInvalid
from billcore.core.money import Rounding, minor_digits
from billcore.core.tariff.language import source
from billcore.core.tariff.language.document import (
    Document,
    Is,
    Line,
    Members,
    State,
    Sum,
    Total,
    Value,
)
from billcore.core.tariff.language.forms import FORMS, read_basis, read_form, read_members
from billcore.core.tariff.language.inputs import read_inputs
from billcore.core.tariff.language.reading import DECIMALS_MAX, LABELS, Reader, label
from billcore.core.tariff.language.source import Mapping, Node, Scalar, Sequence
from billcore.core.tariff.language.versions import read_period, read_seasons, read_versions

LINES_MAX = 200
HISTORY_MAX = 120
"""Entries of a state's history."""

TARIFF_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)

KEYS = tuple(
    "tariff provider service currency calendar money inputs period seasons versions values lines "
    "total state rounding".split()
)
LINE_KEYS = tuple(
    "when group each round_parts round show info unit decimals zero from until basis".split()
)
STATE_KEYS = ("initial", "next", "resets", "decimals", "min", "max", "history", "push")
TOTAL_KEYS = ("of", "is", "basis", "at_least", "at_most", "round", "carry")


def load(text: str, file: str = "<document>") -> Document:
    """The document that a YAML or JSON text states.

    Raises TariffInvalid with every finding: file, line, column, path, what is allowed.
    """
    tree = source.parse(text, file)
    read = Reader()
    document = _document(read, tree)
    if read.findings or document is None:
        raise TariffInvalid(list(dict.fromkeys(read.findings)))
    return document


def canonical(node: Node) -> object:
    """The tree without labels, keys sorted: what the hash is over."""
    if isinstance(node, Scalar):
        return " ".join(node.text.split())
    if isinstance(node, Sequence):
        return [canonical(n) for n in node]
    return {k: canonical(n) for k, n in sorted(node.items.items()) if k not in LABELS}


def text_hash(node: Node) -> str:
    """SHA-256 (hex) of the canonical form."""
    text = json.dumps(canonical(node), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _document(read: Reader, tree: Mapping) -> Document | None:
    read.keys(tree, KEYS, "A tariff")
    read.calendar = _calendar(read, tree)
    name = read.parsed(read.require(tree, "tariff", "A tariff"), "tariff", _tariff_id)
    currency = read.parsed(read.require(tree, "currency", "A tariff"), "currency", _currency)
    defaults = read.mapping(tree.get("rounding"), "rounding")
    if defaults is not None:
        read.keys(defaults, ("line", "show", "total"), "rounding")
        for key, node in defaults:
            read.rounding(node, f"rounding.{key}")
    found = Document(
        id=name or "",
        provider=read.text(tree.get("provider"), "provider") or "",
        services=_services(read, tree),
        currency=currency or "",
        digits=_digits(read, tree, currency),
        calendar=read.calendar,
        inputs=read_inputs(read, tree),
        period=read_period(read, tree),
        seasons=read_seasons(read, tree),
        versions=read_versions(read, tree),
        values=_values(read, tree),
        lines=_lines(read, tree, defaults),
        total=_total(read, tree, defaults),
        states=_states(read, tree),
        hash=text_hash(tree),
        label=label(tree),
    )
    return None if read.findings else found


# -- heading


def _calendar(read: Reader, tree: Mapping) -> Calendar:
    names = {c.name.lower(): c for c in Calendar}
    found = read.word(tree.get("calendar"), "calendar", names)
    return names[found] if found else Calendar.GREGORIAN


def _tariff_id(text: str) -> str:
    if not TARIFF_ID.fullmatch(text):
        raise ValueError(
            f"'{text}' is not a tariff id: letters, digits, '.', '_' and '-', at most 100."
        )
    return text


def _currency(text: str) -> str:
    minor_digits(text)
    return text


def _services(read: Reader, tree: Mapping) -> tuple[str, ...]:
    node = tree.get("service")
    if isinstance(node, Sequence):
        return read.texts(node, "service")
    found = read.text(node, "service")
    return (found,) if found else ()


def _digits(read: Reader, tree: Mapping, currency: str | None) -> int:
    """Decimals of the unit of account: the currency's, or those that `money` states."""
    money = read.mapping(tree.get("money"), "money")
    usual = 0 if currency is None else minor_digits(currency)
    if money is None:
        return usual
    read.keys(money, ("decimals",), "money")
    found = read.integer(money.get("decimals"), "money.decimals", 0, DECIMALS_MAX)
    return usual if found is None else found


# -- values and lines


def _values(read: Reader, tree: Mapping) -> dict[str, Value]:
    spec = read.mapping(tree.get("values"), "values")
    if spec is None:
        return {}
    return {
        name: value
        for name, node in spec
        if read.name(name, spec.keys[name], "a value") and (value := _value(read, name, node))
    }


def _value(read: Reader, name: str, node: Node) -> Value | None:
    what = f"value {name}"
    if not isinstance(node, Mapping):
        formula = read.formula(node, what)
        return Value(name, Is(formula), None, node.place) if formula else None
    read.keys(node, (*FORMS, "round"), what)
    form = read_form(read, node, what)
    rounding = read.rounding(node.get("round"), f"{what}.round")
    return Value(name, form, rounding, node.place) if form else None


def _lines(read: Reader, tree: Mapping, defaults: Mapping | None) -> tuple[Line, ...]:
    nodes = read.sequence(read.require(tree, "lines", "A tariff"), "lines")
    if nodes is not None and not 1 <= len(nodes) <= LINES_MAX:
        read.refuse(nodes.place, "LINES", f"A tariff has 1 to {LINES_MAX} lines.")
    specs = read.mappings(nodes, "a line")
    return tuple(line for node in specs if (line := _line(read, node, defaults)))


def _line(read: Reader, node: Mapping, defaults: Mapping | None) -> Line | None:
    name = read.text(read.require(node, "id", "A line"), "line id")
    if name is None or not read.name(name, node.place, "a line"):
        return None
    what = f"line {name}"
    read.keys(node, ("id", *FORMS, *LINE_KEYS), what)
    form = read_form(read, node, what)
    if form is None:
        return None
    if "basis" in node.keys and not isinstance(form, Sum):
        read.refuse(node.keys["basis"], "KEY", f"{what}: 'basis' stands inside the form.")
    zero = read.word(node.get("zero"), f"{what}.zero", ("show", "hide"))
    info = read.yes(node.get("info"), f"{what}.info")
    money = None if node.keys.keys() & {"unit", "decimals"} else defaults
    start = read.date(node.get("from"), f"{what}.from")
    end = read.date(node.get("until"), f"{what}.until")
    if start is not None and end is not None and end < start:
        message = f"{what} ends {read.calendar.format(end)}, before it starts."
        read.refuse(node.keys["until"], "VERSION_ORDER", message)
    return Line(
        id=name,
        form=form,
        when=read.formula(node.get("when"), f"{what}.when"),
        groups=_groups(read, node.get("group"), what),
        each=read.rounding(node.get("each"), f"{what}.each"),
        round_parts=read.rounding(node.get("round_parts"), f"{what}.round_parts"),
        rounding=_rounding(read, node, "round", money, "line"),
        show=_rounding(read, node, "show", money, "show"),
        info=info,
        unit=read.unit(node, what),
        decimals=_line_decimals(read, node, what, info=info),
        show_zero=zero == "show",
        start=start,
        end=end,
        label=label(node),
        place=node.place,
    )


def _line_decimals(read: Reader, node: Mapping, what: str, *, info: bool) -> int | None:
    """Decimals of an information line that is a quantity."""
    if not info:
        for key in ("unit", "decimals"):
            if key in node.keys:
                message = f"{what}: only a line with info: yes is a quantity with '{key}'."
                read.refuse(node.keys[key], "KEY", message, ("info: yes",))
    return read.integer(node.get("decimals"), f"{what}.decimals", 0, DECIMALS_MAX)


def _groups(read: Reader, node: Node | None, what: str) -> tuple[str, ...]:
    if node is None:
        return ()
    names = read.texts(node if isinstance(node, Sequence) else (node,), f"{what}.group")
    return tuple(n for n in names if read.name(n, node.place, "a group"))


def _rounding(
    read: Reader, node: Mapping, key: str, defaults: Mapping | None, default: str
) -> Rounding | None:
    """The rounding that stands here, `none`, or the document's default."""
    own = node.get(key)
    if own is None and defaults is not None:
        return read.rounding(defaults.get(default), f"rounding.{default}")
    if isinstance(own, Scalar) and own.text.strip() == "none":
        return None
    return read.rounding(own, key)


# -- total and state


def _total(read: Reader, tree: Mapping, defaults: Mapping | None) -> Total:
    node = read.mapping(tree.get("total"), "total") or Mapping({}, {}, tree.place)
    read.keys(node, TOTAL_KEYS, "total")
    formula = read.formula(node.get("is"), "total.is")
    members = read_members(read, node.get("of"), "total.of")
    if formula and members:
        read.refuse(node.place, "FORM", "total has 'of' or 'is', not both.")
    if formula is None and members is None:
        members = Members(("all",), node.place)
    return Total(
        members=members,
        basis=read_basis(read, node.get("basis"), "total"),
        formula=formula,
        at_least=read.formula(node.get("at_least"), "total.at_least"),
        at_most=read.formula(node.get("at_most"), "total.at_most"),
        rounding=_rounding(read, node, "round", defaults, "total"),
        carry=_carry(read, node.get("carry")),
        place=node.place,
    )


def _carry(read: Reader, node: Node | None) -> str | None:
    name = read.text(node, "total.carry")
    fits = name is not None and node is not None and read.name(name, node.place, "a state")
    return name if fits else None


def _states(read: Reader, tree: Mapping) -> dict[str, State]:
    named = read.named(tree, "state", "state", "a state")
    return {name: _state(read, name, node) for name, node in named}


def _state(read: Reader, name: str, node: Mapping) -> State:
    what = f"state {name}"
    read.keys(node, STATE_KEYS, what)
    history = read.integer(node.get("history"), f"{what}.history", 1, HISTORY_MAX)
    push = read.formula(node.get("push"), f"{what}.push")
    _check_history(read, node, what, stores=history is not None, pushes=push is not None)
    lo = read.decimal(node.get("min"), f"{what}.min")
    hi = read.decimal(read.require(node, "max", what), f"{what}.max")
    decimals = read.require(node, "decimals", what)
    return State(
        name=name,
        decimals=read.integer(decimals, f"{what}.decimals", 0, DECIMALS_MAX) or 0,
        lo=lo or Fraction(0),
        hi=hi or Fraction(0),
        initial=read.decimal(node.get("initial"), f"{what}.initial") or Fraction(0),
        next=read.formula(node.get("next"), f"{what}.next"),
        resets=_resets(read, node.get("resets"), f"{what}.resets"),
        history=history,
        push=push,
        place=node.place,
    )


def _check_history(read: Reader, node: Mapping, what: str, *, stores: bool, pushes: bool) -> None:
    if stores != pushes:
        read.refuse(node.place, "STATE", f"{what}: 'history' and 'push' go together.")
    if stores and node.keys.keys() & {"next", "resets", "initial"}:
        message = f"{what}: a history has no 'next', 'resets' or 'initial'."
        read.refuse(node.place, "STATE", message)


def _resets(read: Reader, node: Node | None, what: str) -> str | None:
    def parse(text: str) -> str:
        if text in ("yearly", "monthly"):
            return text
        try:
            read.month_day(text)
        except TextInvalid as error:
            allowed = ("yearly", "monthly", "MM-DD")
            raise TextInvalid(error.detail, text=text, rule=error.rule, allowed=allowed) from None
        return text

    return read.parsed(node, what, parse)
