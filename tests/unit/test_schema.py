"""The JSON Schema of tariff documents says what the loader says, as far as a schema can see."""

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import pytest
from jsonschema import Draft202012Validator

from billcore.core.errors import TariffInvalid
from billcore.core.money import CURRENCY_DIGITS
from billcore.core.tariff.checks.check import check
from billcore.core.tariff.ir import MODE_BY_NAME
from billcore.core.tariff.language import expression, loader, source
from billcore.core.tariff.language.reading import LABELS, RESERVED, Reader
from billcore.core.tariff.language.schema import schema, text
from billcore.core.tariff.language.units import UNITS
from tests.golden.harness import ROOT, TARIFFS

SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)

SOUND = """
tariff: sound
label: {en: Every key of the language, fa: همه}
provider: own
service: [electricity, water]
currency: USD
calendar: gregorian
money: {decimals: 2, note: cents}
rounding: {line: 0.01 half_up, show: 0.01 half_up, total: 0.05 half_even}
period: {change: split, season_change: last, cut: 1, days_max: 93}
seasons:
  summer: {from: 06-01, until: 09-30}
  winter: {rest: yes}
inputs:
  kwh: {kind: quantity, unit: kWh, decimals: 3, min: 0, max: 100000, split: 1 half_up last}
  export: {kind: quantity, decimals: 0, max: 100, per: segment, default: 0, source: the meter}
  persons: {kind: number, unit: person, decimals: 0, min: 1, max: 99, per: bill, default: 1}
  class: {kind: choice, oneof: [home, shop, '10'], default: home}
  seal: {kind: flag, default: no}
  paid: {kind: money, min: -5, max: 5, default: 0.5}
state:
  used: {initial: 0, decimals: 3, min: 0, max: 1000000, next: used + kwh, resets: 07-01}
  peaks: {history: 11, push: persons, decimals: 0, max: 99}
versions:
  - from: 2024-01-01
    notes: [as, printed]
    fee: {home: 5, shop: 6, '10': 7}
    share_rate: 3%
    steps: [{upto: 5, base: 1}, {below: 9, base: 2, over: 1, rate: 1}, {rate: 4, reprice: yes}]
    slabs: [{upto: 100 * persons, rate: 'if(season == summer, 0.3, 0.2)'}, {rate: 0.4}]
  - {from: 2024-07-01, until: 2024-12-31, share_rate: 4%}
values:
  drawn: {is: kwh / 3, round: 0.01 down}
  priced: {tiers: {of: bill.kwh, by: steps}}
  double: 2 * drawn
lines:
  - {id: energy, label: Energy, group: [net, taxed], each: 0.01 half_up,
     tiers: {of: kwh, by: slabs, price: rate, scale: days / 30, bounds: 1 half_up, whole: no}}
  - {id: cycle, tiers: {of: kwh, by: slabs, start: used}, round_parts: 0.01 down, info: yes}
  - {id: money, tiers: {of: bill.kwh, by: slabs, split: money}, info: yes, zero: show}
  - {id: filled, tiers: {of: bill.kwh, by: slabs, split: fill 1 half_up}, info: yes, zero: hide}
  - {id: fixed, is: 'share(fee[class])', when: not seal, round: none, show: none, group: net}
  - {id: dated, is: share(paid + priced * 0), from: 2024-02-01, until: 2024-02-29}
  - {id: levy, percent: {rate: share_rate, of: [net], basis: parts}}
  - {id: quantity, is: double + export, info: yes, unit: kWh, decimals: 3}
  - {id: peak, is: highest(peaks), info: yes}
  - {id: subtotal, sum: all, basis: exact}
  - {id: lift, at_least: {least: 3, of: net, basis: exact}}
  - {id: cap, at_most: {most: 300, of: [energy, fixed], basis: whole}}
total: {of: all, basis: exact, at_least: 1, at_most: 100000, carry: kept}
"""

# Broken documents: a piece of SOUND and what stands there instead. Left of the rule is where.
BROKEN = (
    ("UNKNOWN_KEY", "tariff: sound", "tarif: sound\ntariff: sound"),
    ("MISSING_KEY", "currency: USD\n", ""),
    ("MISSING_KEY", "tariff: sound\n", ""),
    ("VALUE", "tariff: sound", "tariff: a sound"),
    ("CURRENCY", "currency: USD", "currency: usd"),
    ("NOT_ALLOWED", "calendar: gregorian", "calendar: lunar"),
    ("OUT_OF_RANGE", "money: {decimals: 2,", "money: {decimals: 10,"),
    ("NOT_A_MAPPING", "money: {decimals: 2, note: cents}", "money: 2"),
    ("UNKNOWN_KEY", "rounding: {line:", "rounding: {lines: 1 up, line:"),
    ("ROUNDING_MODE", "total: 0.05 half_even", "total: 0.05 halfeven"),
    ("ROUNDING_UNIT", "total: 0.05 half_even", "total: 0.00 half_even"),
    ("ROUNDING", "total: 0.05 half_even", "total: half_even"),
    ("NOT_ALLOWED", "change: split,", "change: cut,"),
    ("OUT_OF_RANGE", "cut: 1,", "cut: 13,"),
    ("OUT_OF_RANGE", "days_max: 93", "days_max: 4001"),
    ("OUT_OF_RANGE", "days_max: 93", "days_max: 0"),
    ("RESERVED_NAME", "cut: 1,", "cut: 1, named: days,"),
    ("UNKNOWN_KEY", "winter: {rest: yes}", "winter: {rest: yes, to: 05-31}"),
    ("MISSING_KEY", "summer: {from: 06-01, until: 09-30}", "summer: {from: 06-01}"),
    ("BORDER_FORM", "from: 06-01", "from: 6-1"),
    ("BORDER", "from: 06-01", "from: 13-01"),
    ("NAME", "  kwh: {kind", "  1kwh: {kind"),
    ("RESERVED_NAME", "  kwh: {kind", "  season: {kind"),
    ("UNKNOWN_KEY", "unit: kWh, decimals: 3, min", "units: kWh, decimals: 3, min"),
    ("NOT_ALLOWED", "unit: kWh, decimals: 3, min", "unit: kwh, decimals: 3, min"),
    ("NOT_ALLOWED", "kind: quantity, unit", "kind: amount, unit"),
    ("MISSING_KEY", "min: 0, max: 100000, split", "min: 0, split"),
    ("MISSING_KEY", "unit: person, decimals: 0,", "unit: person,"),
    ("DECIMAL", "max: 100000, split", "max: 1e5, split"),
    ("OUT_OF_RANGE", "decimals: 3, min: 0, max: 100000,", "decimals: 1.5, min: 0, max: 100000,"),
    ("SPLIT", "split: 1 half_up last", "split: 1 half_up"),
    ("NOT_ALLOWED", "per: segment", "per: month"),
    ("MISSING_KEY", "kind: choice, oneof: [home, shop, '10'], ", "kind: choice, "),
    ("ONEOF", "oneof: [home, shop, '10']", "oneof: [home, shop, shop, '10']"),
    ("KEY", "oneof: [home, shop, '10']", "oneof: [home, shop, '10'], max: 3"),
    ("KEY", "kind: flag, default: no", "kind: flag, default: no, unit: kWh"),
    ("NOT_ALLOWED", "kind: flag, default: no", "kind: flag, default: 0"),
    ("KEY", "kind: money, min", "kind: money, decimals: 2, min"),
    ("DECIMAL", "default: 0.5", "default: half"),
    ("MISSING_KEY", "initial: 0, decimals: 3, min", "initial: 0, min"),
    ("BORDER_FORM", "resets: 07-01", "resets: weekly"),
    ("STATE", "history: 11, push: persons,", "history: 11,"),
    ("STATE", "history: 11, push", "history: 11, next: peaks, push"),
    ("STATE", "next: used + kwh, resets: 07-01", "resets: 07-01"),
    ("OUT_OF_RANGE", "history: 11, push", "history: 121, push"),
    ("MISSING_KEY", "  - from: 2024-01-01\n    notes", "  - notes"),
    ("DATE_FORM", "from: 2024-01-01", "from: 1 January 2024"),
    ("RESERVED_NAME", "    share_rate: 3%", "    total: 4\n    share_rate: 3%"),
    ("NAME", "    share_rate: 3%", "    share-rate: 3%"),
    ("EMPTY", "    share_rate: 3%", "    none: {}\n    share_rate: 3%"),
    ("EMPTY", "    share_rate: 3%", "    none: []\n    share_rate: 3%"),
    ("NOT_A_FORMULA", "    share_rate: 3%", "    share_rate:"),
    ("TABLE_BOUND", "{upto: 5, base: 1}", "{upto: 5, below: 6, base: 1}"),
    ("TABLE_ROW", "{upto: 5, base: 1}", "{upto: 5, base: 1, reprice: yes}"),
    ("TABLE_ROW", "{upto: 5, base: 1}", "{upto: 5, over: 1}"),
    ("NOT_ALLOWED", "reprice: yes", "reprice: ja"),
    ("NOT_A_MAPPING", "{upto: 5, base: 1}", "5"),
    ("UNKNOWN_KEY", "{is: kwh / 3, round", "{is: kwh / 3, rounding"),
    ("FORM", "{is: kwh / 3, round: 0.01 down}", "{round: 0.01 down}"),
    ("FORM", "{is: kwh / 3, round: 0.01 down}", "{sum: all}"),
    ("NOT_A_LIST", "lines:\n", "lines: {}\nvaluess:\n"),
    ("MISSING_KEY", "{id: fixed, is", "{is"),
    ("RESERVED_NAME", "{id: fixed, is", "{id: total, is"),
    ("UNKNOWN_KEY", "{id: fixed, is", "{id: fixed, if: seal, is"),
    ("FORM", "{id: fixed, is", "{id: fixed, sum: all, is"),
    ("FORM", "is: 'share(fee[class])', ", ""),
    ("KEY", "{id: fixed, is", "{id: fixed, basis: exact, is"),
    ("KEY", "info: yes, unit: kWh, decimals: 3", "unit: kWh, decimals: 3"),
    ("NOT_ALLOWED", "info: yes, unit", "info: 1, unit"),
    ("NOT_ALLOWED", "zero: show", "zero: yes"),
    ("ROUNDING", "round: none, show", "round: never, show"),
    ("NAME", "group: [net, taxed]", "group: [net, vat-base]"),
    ("MISSING_KEY", "tiers: {of: kwh, by: slabs, start", "tiers: {of: kwh, start"),
    ("UNKNOWN_KEY", "start: used}, round_parts", "starts: used}, round_parts"),
    ("SPLIT", "split: money", "split: days"),
    ("SPLIT", "by: slabs, split: money", "by: slabs, start: used, split: money"),
    ("EACH", "round_parts: 0.01 down, info", "round_parts: 0.01 down, each: 1 up, info"),
    ("MISSING_KEY", "percent: {rate: share_rate, of: [net],", "percent: {rate: share_rate,"),
    ("NOT_ALLOWED", "of: [net], basis: parts", "of: [net], basis: rounded"),
    ("EMPTY", "of: [net], basis: parts", "of: [], basis: parts"),
    ("UNKNOWN_KEY", "at_least: {least: 3", "at_least: {most: 4, least: 3"),
    ("MISSING_KEY", "at_most: {most: 300", "at_most: {least: 300"),
    ("BASIS", "least: 3, of: net, basis: exact", "least: 3, of: net, basis: parts"),
    ("UNKNOWN_KEY", "total: {of: all, basis", "total: {if: all, basis"),
    ("FORM", "total: {of: all, basis", "total: {of: all, is: 3, basis"),
)  # fmt: skip

# What only the schema refuses: the loader takes it and it means nothing, or nothing good.
SCHEMA_ONLY = (
    ("a season with rest and dates", "winter: {rest: yes}", "winter: {rest: yes, from: 13-01}"),
    ("a name that the hash leaves out", "  double: 2 * drawn", "  note: 2 * drawn"),
    ("a basis of a value", "{is: kwh / 3, round", "{is: kwh / 3, basis: exact, round"),
    ("a total of parts", "total: {of: all, basis: exact", "total: {of: all, basis: parts"),
    ("a carry without a name", "carry: kept", "carry: what is kept"),
)


def plain(node: source.Node) -> Any:
    """The loader's tree as JSON's types, every scalar a text."""
    match node:
        case source.Scalar(text=found):
            return found
        case source.Sequence():
            return [plain(item) for item in node]
    return {key: plain(item) for key, item in node}


def complaints(document: str) -> list[str]:
    tree = plain(source.parse(document))
    return [f"{e.json_path}: {e.message}" for e in VALIDATOR.iter_errors(tree)]


def rules(document: str) -> set[str]:
    """The rules by which loader and checker refuse a document."""
    try:
        check(loader.load(document))
    except TariffInvalid as error:
        return {finding.rule for finding in error.findings}
    return set()


def changed(old: str, new: str) -> str:
    assert SOUND.count(old) == 1, f"{old!r} stands {SOUND.count(old)} times"
    return SOUND.replace(old, new)


def objects(node: Any, path: str = "$") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every subschema that lists properties of its own."""
    if isinstance(node, dict):
        if "properties" in node and "type" in node:
            yield path, node
        for key, inner in node.items():
            yield from objects(inner, f"{path}.{key}")
    if isinstance(node, list):
        for n, inner in enumerate(node):
            yield from objects(inner, f"{path}[{n}]")


# -- the schema itself


def test_it_is_a_schema() -> None:
    """Valid under JSON Schema 2020-12, and short enough in every line to be read."""
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert max(len(line) for line in text().splitlines()) <= 320


def test_every_key_has_help() -> None:
    """An editor can say something about every key."""

    def described(found: Any) -> bool:
        if "description" in found:
            return True
        return "$ref" in found and described(SCHEMA["$defs"][found["$ref"].rpartition("/")[2]])

    silent = [
        f"{path}.{key}"
        for path, node in objects(SCHEMA)
        for key, found in node["properties"].items()
        if not described(found)
    ]
    assert not silent


def test_labels_stand_anywhere() -> None:
    """Every object takes the loader's labels, and no other unknown key."""
    open_to_names = {"$.$defs.record", "$.$defs.row", "$.$defs.version"}
    for path, node in objects(SCHEMA):
        assert node["properties"].keys() >= LABELS, path
        assert node["additionalProperties"] is False or path in open_to_names, path


def test_lists_agree() -> None:
    """Units, currencies, modes and reserved words are those of the code."""
    defs = SCHEMA["$defs"]
    assert defs["unit"]["enum"] == list(UNITS)
    assert set(SCHEMA["properties"]["currency"]["enum"]) == set(CURRENCY_DIGITS)
    assert set(defs["name"]["not"]["enum"]) == RESERVED | LABELS
    assert "|".join(MODE_BY_NAME) in defs["rounding"]["pattern"]
    assert defs["formula"]["maxLength"] == expression.TEXT_CHARS_MAX
    assert SCHEMA["properties"]["lines"]["maxItems"] == loader.LINES_MAX


PLACES = {
    r"A tariff": (),
    r"rounding": ("properties", "rounding"),
    r"money": ("properties", "money"),
    r"input \w+": ("$defs", "input"),
    r"period": ("$defs", "period"),
    r"season \w+": ("$defs", "season"),
    r"(line|value) \w+\.tiers": ("$defs", "tiers"),
    r"line \w+\.percent": ("$defs", "percent"),
    r"line \w+\.at_least": ("$defs", "at_least"),
    r"line \w+\.at_most": ("$defs", "at_most"),
    r"value \w+": ("$defs", "value_form"),
    r"line \w+": ("$defs", "line"),
    r"total": ("$defs", "total"),
    r"state \w+": ("$defs", "state"),
}
"""What the loader calls a mapping -> where the schema has it."""


def test_keys_agree_with_the_loader() -> None:
    """Wherever the loader lists the keys of a mapping, the schema lists the same."""
    asked: dict[str, set[str]] = {}

    def note(self: object, node: source.Mapping, allowed: Any, what: str) -> None:
        (place,) = [p for p in PLACES if re.fullmatch(p, what)]
        asked[place] = set(allowed)

    with patch.object(Reader, "keys", note):
        loader.load(SOUND)
    assert asked.keys() == PLACES.keys()
    for place, keys in asked.items():
        node: Any = SCHEMA
        for step in PLACES[place]:
            node = node[step]
        assert node["properties"].keys() - LABELS == keys, place


def test_no_list_of_keys_is_forgotten() -> None:
    """Every call of `keys` in the loader was asked above (one serves at_least and at_most)."""
    modules = (ROOT / "core" / "tariff" / "language").glob("*.py")
    calls = [
        node
        for module in modules
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "keys"
        and node.args
    ]
    assert len(calls) == len(PLACES) - 1


# -- documents


@pytest.mark.parametrize("path", sorted(TARIFFS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_tariff_is_valid(path: Any) -> None:
    """What the loader takes, the schema takes."""
    assert not complaints(path.read_text(encoding="utf-8"))


def test_every_key_is_valid() -> None:
    """The document with every key loads, checks and is valid."""
    assert not rules(SOUND)
    assert not complaints(SOUND)


@pytest.mark.parametrize(("rule", "old", "new"), BROKEN, ids=[f"{r}: {n}" for r, _, n in BROKEN])
def test_broken_documents_are_refused_by_both(rule: str, old: str, new: str) -> None:
    """A mistake that a schema can see is seen while typing, and again when loading."""
    document = changed(old, new)
    assert rule in rules(document)
    assert complaints(document)


@pytest.mark.parametrize(("what", "old", "new"), SCHEMA_ONLY, ids=[w for w, _, _ in SCHEMA_ONLY])
def test_the_schema_is_stricter_in_few_places(what: str, old: str, new: str) -> None:
    """The schema warns of what the loader lets pass, though it means nothing good."""
    assert complaints(changed(old, new))


@pytest.mark.parametrize("mode", MODE_BY_NAME)
def test_every_rounding_is_valid(mode: str) -> None:
    """A unit of any positive decimal and any mode."""
    for old, unit in pairwise(("0.05", "0.00001", "10", "1000")):
        document = SOUND.replace("total: 0.05 half_even", f"total: {unit} {mode}")
        assert not complaints(document), old
