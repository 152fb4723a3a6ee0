"""Tariff text (YAML or JSON) to a tree of located nodes, every scalar still text.

Goals: a place (line, column, path) for every node; nothing guessed: `no` is not
false, `10-01` is not a date, `0.1` is one tenth. Non-goals: meaning (`loader`).

A failsafe schema on PyYAML's composer; aliases, merge keys, tags, duplicate keys, keys
of { } without a value, and documents beyond the named limits are refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import yaml

from billcore.core.errors import Finding, TariffInvalid

DOCUMENT_BYTES_MAX = 1_000_000
DEPTH_MAX = 24
NODES_MAX = 100_000

QUOTE = "inside { } and [ ] a formula with , or [ or ] needs quotes, as 'max(a, b)'"
"""What to do about the commonest slip of all."""

HINTS = (
    ("'\\t'", "indent and separate with spaces, not with tabs"),
    ("<stream end>", "a { or [ or quotation mark is never closed"),
    ("but got ':'", "a { or [ is not closed before this, or a comma is missing"),
    ("flow ", QUOTE),
    ("<block end>", "what belongs together has the same indentation"),
    ("'%'", "a percentage ends with %, as 8%"),
    ("find expected ':'", "a key is followed by a colon and a space"),
    ("mapping values are not allowed", "check the indentation, or quote a text that holds ': '"),
    ("another document", "a file holds one document: remove the line ---"),
)
"""A word of PyYAML's complaint -> what to do."""


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

    def refusal(self, rule: str, message: str) -> TariffInvalid:
        """The error of a document in which this one thing is wrong."""
        return TariffInvalid([self.finding(rule, message)])

    def moved(self, columns: int) -> "Place":
        """The place so many columns to the right, in the same line."""
        return replace(self, column=self.column + columns)

    @property
    def told(self) -> str:
        """The place inside a message about another one: versions[1].fee (line 18)."""
        return f"{self.path} (line {self.line})"


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

    def __init__(self, text: str, top: Place) -> None:
        super().__init__(text)
        self.top = top
        self.depth = 0
        self.nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]  # not in the stubs
        self.depth += 1
        self.nodes += 1
        place = _marked(self.top, event.start_mark)
        what = self.forbidden(event)
        if what is not None:
            raise place.refusal("NOT_YAML", f"A document may not hold {what}.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise place.refusal("TAG", f"The tag {tag} is not allowed: remove it.")
        found = super().compose_node(parent, index)
        self.depth -= 1
        return found

    def forbidden(self, event: yaml.Event) -> str | None:
        if isinstance(event, yaml.AliasEvent):
            return "an alias (*name): write the value out, or quote a text that begins with *"
        if self.depth > DEPTH_MAX:
            return f"nesting deeper than {DEPTH_MAX}"
        return f"more than {NODES_MAX} nodes" if self.nodes > NODES_MAX else None


class _Mark(Protocol):
    """Where PyYAML stands: both 0-based."""

    line: int
    column: int


def _marked(top: Place, mark: _Mark | None) -> Place:
    return top if mark is None else Place(top.file, mark.line + 1, mark.column + 1, "")


def parse(text: str, file: str = "<document>", first: str = "tariff") -> Mapping:
    """The document's tree. first: the key that documents of its kind begin with.

    Raises TariffInvalid with the place of the first fault.
    """
    top = Place(file, 1, 1, "")
    if len(text.encode("utf-8", "replace")) > DOCUMENT_BYTES_MAX:
        message = f"The document has more than {DOCUMENT_BYTES_MAX} bytes."
        raise top.refusal("DOCUMENT_TOO_LARGE", message)
    root = _compose(text, top)
    if root is None:
        raise top.refusal("NOT_A_MAPPING", f"The document is empty: it begins with '{first}:'.")
    node = _Converter(file).convert(root, "")
    if not isinstance(node, Mapping):
        raise top.refusal("NOT_A_MAPPING", "A document is a mapping of keys to values.")
    return node


def _compose(text: str, top: Place) -> yaml.Node | None:
    loader = None
    try:
        loader = _Loader(text, top)
        root: yaml.Node | None = loader.get_single_node()
        return root
    except yaml.MarkedYAMLError as error:
        place = _marked(top, error.problem_mark or error.context_mark)
        raise place.refusal("NOT_YAML", _complaint(error)) from None
    except yaml.reader.ReaderError as error:
        place = replace(top, line=text.count("\n", 0, error.position) + 1)
        message = f"The character U+{int(error.character):04X} is not allowed: remove it."
        raise place.refusal("NOT_YAML", message) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise top.refusal("NOT_YAML", f"The text cannot be read: {error}.") from None
    finally:
        if loader is not None:
            loader.dispose()


def _complaint(error: yaml.MarkedYAMLError) -> str:
    """PyYAML's complaint as a sentence, and what to do where that is known."""
    what = (error.problem or error.context or "not YAML").rstrip(".")
    told = f"{error.context} {error.problem}"
    hints = (f" Hint: {hint}." for word, hint in HINTS if word in told)
    return f"{what[0].upper()}{what[1:]}.{next(hints, '')}"


def _nothing(node: yaml.Node) -> bool:
    """Whether nothing at all is written for a value, not even quotes."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and not node.value


class _Converter:
    """PyYAML's nodes to ours."""

    def __init__(self, file: str) -> None:
        self.file = file

    def place(self, node: yaml.Node, path: str) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1, path)

    def convert(self, node: yaml.Node, path: str) -> Node:
        place = self.place(node, path)
        if isinstance(node, yaml.ScalarNode):
            return Scalar(self.text(node, place), place)
        if isinstance(node, yaml.SequenceNode):
            items = (self.convert(n, f"{path}[{i}]") for i, n in enumerate(node.value))
            return Sequence(tuple(items), place)
        assert isinstance(node, yaml.MappingNode)
        return self.mapping(node, place)

    def mapping(self, node: yaml.MappingNode, place: Place) -> Mapping:
        items: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for key_node, value_node in node.value:
            at = self.place(key_node, place.path)
            key = self.key(key_node, at, keys)
            path = f"{place.path}.{key}" if place.path else key
            keys[key] = replace(at, path=path)
            items[key] = self.convert(value_node, path)
            if node.flow_style and _nothing(value_node):
                message = (
                    f"'{key}' is a key without a value. A comma ends a value: {QUOTE}; a list "
                    "needs [ ], and a number has a point."
                )
                raise keys[key].refusal("KEY", message)
        return Mapping(items, keys, place)

    def text(self, node: yaml.ScalarNode, place: Place) -> str:
        """A scalar's text; the halves of a character that JSON writes as two are joined."""
        text = str(node.value)
        if text.isascii():
            return text
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            message = "Half of a character (\\ud800 to \\udfff) stands here: write both halves."
            raise place.refusal("ENCODING", message) from None

    def key(self, node: yaml.Node, at: Place, before: dict[str, Place]) -> str:
        """A key that is a plain word and stands for the first time."""
        if not isinstance(node, yaml.ScalarNode):
            raise at.refusal("KEY", "A key must be a plain word.")
        key = self.text(node, at)
        if key == "<<":
            raise at.refusal("KEY", "Merge keys (<<) are not allowed: write it out.")
        if key in before:
            message = f"'{key}' stands twice; first in line {before[key].line}."
            raise at.refusal("DUPLICATE_KEY", message)
        return key
