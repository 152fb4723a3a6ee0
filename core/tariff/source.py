"""Tariff text (YAML or JSON) to a tree of located nodes, every scalar still text.

Goals: a place (line, column, path) for every node; nothing guessed: `no` is not
false, `10-01` is not a date, `0.1` is one tenth. Non-goals: meaning (`loader`).

A failsafe schema on PyYAML's composer; aliases, merge keys, tags, duplicate keys,
and documents beyond the named limits are refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from billcore.core.errors import Finding, TariffInvalid

DOCUMENT_BYTES_MAX = 1_000_000
DEPTH_MAX = 24
NODES_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, 1-based line and column, and the path to it."""

    file: str
    line: int
    column: int
    path: str

    def finding(self, rule: str, message: str, allowed: tuple[str, ...] = ()) -> Finding:
        return Finding(
            path=self.path,
            line=self.line,
            column=self.column,
            file=self.file,
            rule=rule,
            message=message,
            allowed=allowed,
        )


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    items: dict[str, "Node"]
    keys: dict[str, Place]
    place: Place

    def __iter__(self) -> Iterator[tuple[str, "Node"]]:
        return iter(self.items.items())

    def get(self, key: str) -> "Node | None":
        return self.items.get(key)


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple["Node", ...]
    place: Place

    def __iter__(self) -> Iterator["Node"]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


Node = Scalar | Mapping | Sequence


class _Loader(yaml.SafeLoader):
    """PyYAML's composer with named limits; no aliases."""

    depth = 0
    nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise _refused(self.peek_event(), "an alias (*name): write the value out")
        self.depth += 1
        self.nodes += 1
        if self.depth > DEPTH_MAX:
            raise _refused(self.peek_event(), f"nesting deeper than {DEPTH_MAX}")
        if self.nodes > NODES_MAX:
            raise _refused(self.peek_event(), f"more than {NODES_MAX} nodes")
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def _refused(event: yaml.Event, what: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(
        problem=f"a tariff document may not hold {what}", problem_mark=event.start_mark
    )


def parse(text: str, file: str = "<document>") -> Mapping:
    """The document's tree. Raises TariffInvalid with the place of the first fault."""
    top = Place(file, 1, 1, "")
    if len(text.encode("utf-8", "replace")) > DOCUMENT_BYTES_MAX:
        raise TariffInvalid(
            [
                top.finding(
                    "DOCUMENT_TOO_LARGE", f"The document has more than {DOCUMENT_BYTES_MAX} bytes."
                )
            ]
        )
    root = _compose(text, top)
    node = _Converter(file).convert(root, "") if root is not None else None
    if not isinstance(node, Mapping):
        raise TariffInvalid(
            [top.finding("NOT_A_MAPPING", "A tariff document is a mapping of keys to values.")]
        )
    return node


def _compose(text: str, top: Place) -> yaml.Node | None:
    loader = None
    try:
        loader = _Loader(text)
        root: yaml.Node | None = loader.get_single_node()
        return root
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(top.file, mark.line + 1, mark.column + 1, "") if mark else top
        what = (error.problem or error.context or "not YAML").rstrip(".")
        raise TariffInvalid([place.finding("NOT_YAML", f"{what[0].upper()}{what[1:]}.")]) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise TariffInvalid(
            [top.finding("NOT_YAML", f"The text cannot be read: {error}.")]
        ) from None
    finally:
        if loader is not None:
            loader.dispose()


class _Converter:
    def __init__(self, file: str) -> None:
        self.file = file

    def place(self, node: yaml.Node, path: str) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1, path)

    def convert(self, node: yaml.Node, path: str) -> Node:
        place = self.place(node, path)
        if not node.tag.startswith("tag:yaml.org,2002:"):
            raise TariffInvalid([place.finding("TAG", f"The tag {node.tag} is not allowed.")])
        if isinstance(node, yaml.ScalarNode):
            return Scalar(node.value, place)
        if isinstance(node, yaml.SequenceNode):
            items = (self.convert(n, f"{path}[{i}]") for i, n in enumerate(node.value))
            return Sequence(tuple(items), place)
        return self.mapping(node, place)

    def mapping(self, node: yaml.Node, place: Place) -> Mapping:
        items: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for key_node, value_node in node.value:
            at = self.place(key_node, place.path)
            if not isinstance(key_node, yaml.ScalarNode):
                raise TariffInvalid([at.finding("KEY", "A key must be a plain word.")])
            key = key_node.value
            if key == "<<":
                raise TariffInvalid(
                    [at.finding("KEY", "Merge keys (<<) are not allowed: write it out.")]
                )
            if key in items:
                first = keys[key].line
                raise TariffInvalid(
                    [at.finding("DUPLICATE_KEY", f"'{key}' stands twice; first in line {first}.")]
                )
            path = f"{place.path}.{key}" if place.path else key
            keys[key] = Place(self.file, at.line, at.column, path)
            items[key] = self.convert(value_node, path)
        return Mapping(items, keys, place)
