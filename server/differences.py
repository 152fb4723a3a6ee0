"""What differs in meaning between two tariff documents; labels, layout, order of keys do not.

Lines and versions are matched by their id or first day, so that an inserted line is one difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from billcore.core.tariff.language import source
from billcore.core.tariff.language.loader import canonical

KEYS = ("id", "from", "upto", "below")
"""What names an item of a list, the first that all items have."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place and what stands there; None: it is not there."""

    path: str
    before: object | None
    after: object | None

    def __str__(self) -> str:
        if self.before is None:
            return f"+ {self.path}: {shown(self.after)}"
        if self.after is None:
            return f"- {self.path}: {shown(self.before)}"
        return f"~ {self.path}: {shown(self.before)} -> {shown(self.after)}"


def differences(before: str, after: str, names: tuple[str, str] = ("a", "b")) -> list[Difference]:
    """The differences of two documents' texts. Raises TariffInvalid if one is no document."""
    a, b = (canonical(source.parse(t, n)) for t, n in zip((before, after), names, strict=True))
    return list(_different("", a, b))


def _different(path: str, a: object, b: object) -> Iterator[Difference]:
    if a == b:
        return
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        yield from _by_key(path, a, b, "." if path else "")
        return
    if isinstance(a, Sequence) and isinstance(b, Sequence) and not isinstance(a, str):
        keyed = _keyed(a, b)
        if keyed is not None:
            yield from _by_key(path, *keyed, "")
            yield from _order(path, *map(list, keyed))
            return
    yield Difference(path, a, b)


def _by_key(
    path: str, a: Mapping[str, object], b: Mapping[str, object], dot: str
) -> Iterator[Difference]:
    for key in dict.fromkeys([*a, *b]):
        yield from _different(f"{path}{dot}{key}", a.get(key), b.get(key))


def _order(path: str, a: list[str], b: list[str]) -> Iterator[Difference]:
    both = [key for key in a if key in b], [key for key in b if key in a]
    if both[0] != both[1]:
        yield Difference(f"{path} (order)", " ".join(both[0]), " ".join(both[1]))


def _keyed(
    a: Sequence[object], b: Sequence[object]
) -> tuple[dict[str, object], dict[str, object]] | None:
    """The items by "[name]", if every item has a name and none stands twice."""
    found = _named(a), _named(b)
    return (found[0], found[1]) if found[0] is not None and found[1] is not None else None


def _named(items: Sequence[object]) -> dict[str, object] | None:
    found: dict[str, object] = {}
    for item in items:
        if not isinstance(item, Mapping):
            return None
        name = next((str(item[key]) for key in KEYS if key in item), "rest")
        if f"[{name}]" in found:
            return None
        found[f"[{name}]"] = item
    return found


def shown(value: object) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {shown(v)}" for key, v in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(shown, value)) + "]"
    return str(value)
