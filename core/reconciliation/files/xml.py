"""XML of banks, read as a stream: no document type, so no entities; named limits.

Goals: every fault with its line; memory for one record at a time, however many a file has.
Non-goals: schemas, whose hundred optional parts banks fill as they like.

expat is what defusedxml wraps, too: a document type declaration is refused before anything in it
is looked at, and with it every entity but the five of XML itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from billcore.core.reconciliation.files.decoding import check_size
from billcore.core.reconciliation.files.errors import FileBroken

DEPTH_MAX = 40
TEXT_MAX = 10_000
"""An element has at most so many characters of its own."""

ATTRIBUTES_MAX = 20

_BAR = "|"


@dataclass(slots=True)
class Element:
    """An element: its name without the namespace, its line from 1."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: "list[Element]" = field(default_factory=list)

    def all(self, path: str) -> "list[Element]":
        """The elements at a path of names, as Refs/EndToEndId."""
        found = [self]
        for name in path.split("/"):
            found = [child for one in found for child in one.children if child.name == name]
        return found

    def find(self, path: str) -> "Element | None":
        """The first of them."""
        return next(iter(self.all(path)), None)

    def told(self, path: str) -> str:
        """The text of the first of them, or ''."""
        found = self.find(path)
        return found.text if found else ""


Take = Callable[[Element, Element], None]
"""Is told a record and its parent, of which that is there what stands before the record."""


def read(
    content: bytes, file: str, namespace: Callable[[str], bool], record: str, take: Take
) -> Element:
    """The root, without its records: those are told one by one and forgotten.

    namespace: whether the root's is one that is read; elements of others are left out. Raises
    FileBroken.
    """
    check_size(content, file)
    made = _Made(file, namespace, record, take)
    try:
        made.parser.Parse(content, True)
    except expat.ExpatError as error:
        message = f"the XML is broken: {expat.ErrorString(error.code)}."
        raise FileBroken(file, error.lineno, "XML", message) from None
    except (LookupError, ValueError) as error:  # of an encoding that is not read
        raise FileBroken(file, 1, "XML", f"it cannot be read: {error}.") from None
    assert made.root is not None, "what is well formed has a root"
    return made.root


class _Made:
    """The elements that are open, from the root."""

    def __init__(
        self, file: str, namespace: Callable[[str], bool], record: str, take: Take
    ) -> None:
        self.file, self.known, self.record, self.take = file, namespace, record, take
        self.namespace = ""
        self.root: Element | None = None
        self.open: list[Element] = []
        self.parts: list[list[str]] = []
        self.foreign = 0  # how deep inside of an element of another namespace
        self.parser = expat.ParserCreate(namespace_separator=_BAR)
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    def refusal(self, name: str, message: str) -> FileBroken:
        return FileBroken(self.file, self.parser.CurrentLineNumber, name, message)

    def doctype(self, *_: object) -> None:
        message = "a document type is not read, nor any entity that it declares: remove it."
        raise self.refusal("DOCTYPE", message)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, plain = name.rpartition(_BAR)
        if self.root is None:
            self.begin(namespace, plain)
        if self.foreign or namespace != self.namespace:
            self.foreign += 1
            return
        if len(self.open) >= DEPTH_MAX or len(attributes) > ATTRIBUTES_MAX:
            raise self.refusal(plain, f"there are at most {DEPTH_MAX} levels of elements.")
        made = Element(plain, self.parser.CurrentLineNumber, attributes)
        if self.open:
            self.open[-1].children.append(made)
        else:
            self.root = made
        self.open.append(made)
        self.parts.append([])

    def begin(self, namespace: str, name: str) -> None:
        if not self.known(namespace):
            said = namespace or "none"
            raise self.refusal(name, f"the namespace is {said!r}, which is not read here.")
        self.namespace = namespace

    def end(self, _: str) -> None:
        if self.foreign:
            self.foreign -= 1
            return
        made, parts = self.open.pop(), self.parts.pop()
        made.text = "".join(parts).strip()
        if len(made.text) > TEXT_MAX:
            raise self.refusal(made.name, f"it has more than {TEXT_MAX} characters.")
        if made.name == self.record and self.open:
            parent = self.open[-1]
            parent.children.pop()
            self.take(parent, made)

    def characters(self, text: str) -> None:
        if not self.foreign and self.parts:
            self.parts[-1].append(text)
