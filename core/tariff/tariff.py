"""A tariff ready to rate: document, analysis and the programs of its bill shapes.

Loading proves the document: names, sorts, and that every shape of one segment (and
of two neighbouring ones) compiles exactly. Immutable, usable from any thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product
from math import prod

from billcore.core.rating_kernel import KernelProgram, compile_program
from billcore.core.tariff.bill import Bill, Number, Segment, active_on
from billcore.core.tariff.checks.check import Analysis, check
from billcore.core.tariff.language import loader
from billcore.core.tariff.language.analysis import splits
from billcore.core.tariff.language.document import Document, InputSpec, Kind
from billcore.core.tariff.program.compiler import Binding, Compiled, Variant, compile_shape

VARIANTS_MAX = 4096
"""At most this many combinations of version, season and choices in one document."""

PROOF_OPS_MAX = 1_000_000
"""At most this many steps in all programs that are compiled when a document is loaded."""

SHAPES_KEPT = 1024

TEXTS_KEPT = 64
"""So many texts that were read last are known with what they said: each is read to check it, to
publish it, and to take it from the store."""


@dataclass(frozen=True, slots=True)
class Program:
    """A native program and where its columns come from."""

    native: KernelProgram
    bindings: tuple[Binding, ...]


class Tariff:
    """One immutable tariff text. `hash` identifies it (labels do not count)."""

    def __init__(self, document: Document, analysis: Analysis, text: str) -> None:
        self.document = document
        self.analysis = analysis
        self.text = text
        self.compiled = lru_cache(SHAPES_KEPT)(self._compiled)
        self.program = lru_cache(SHAPES_KEPT)(self._program)

    @classmethod
    @lru_cache(TEXTS_KEPT)
    def load(cls, text: str, file: str = "<document>") -> "Tariff":
        """The tariff of a YAML or JSON text. Raises TariffInvalid with located findings."""
        document = loader.load(text, file)
        try:
            tariff = cls(document, check(document), text)
            tariff.prove()
        except RecursionError:
            message = "Values and prices need one another in too long a chain: shorten it."
            raise document.versions[0].place.refusal("CYCLE", message) from None
        return tariff

    @property
    def id(self) -> str:
        return self.document.id

    @property
    def hash(self) -> str:
        return self.document.hash

    def _compiled(self, shape: tuple[Variant, ...]) -> Compiled:
        return compile_shape(self.document, self.analysis, shape)

    def _program(self, shape: tuple[Variant, ...], outputs: tuple[str, ...]) -> Program:
        compiled = self.compiled(shape)
        native = compile_program(compiled.ir, outputs)
        return Program(native, compiled.bindings)

    def prove(self) -> None:
        """Compiles every shape of one segment, and of two neighbours. Raises TariffInvalid."""
        ops = 0
        for shape in proof_shapes(self.document):
            ops += len(compile_shape(self.document, self.analysis, shape).ir.ops)
            if ops > PROOF_OPS_MAX:
                message = (
                    f"The programs of all its bills have more than {PROOF_OPS_MAX} steps: fewer "
                    "choices, lines or rows, or a choice as a number looked up in a table."
                )
                raise self.document.versions[0].place.refusal("TOO_MANY_VARIANTS", message)


def variant(document: Document, bill: Bill, segment: Segment) -> Variant:
    """What of a bill's segment folds into its program."""
    choices = []
    for spec in document.choosing():
        given = segment.inputs if spec.per_segment else bill.inputs
        choices.append((spec.name, choice_text(given.get(spec.name, spec.default))))
    return Variant(segment.version, segment.season, segment.active, segment.resets, tuple(choices))


def choice_text(value: Number | None) -> str:
    """A choice's word; a flag's 0 or 1."""
    return value if isinstance(value, str) else str(int(value or 0))


def choice_values(spec: InputSpec) -> tuple[str, ...]:
    """Every value that a choice or flag can have, as `Variant.choices` spells it."""
    return spec.oneof if spec.kind is Kind.CHOICE else ("0", "1")


def proof_shapes(document: Document) -> Iterator[tuple[Variant, ...]]:
    """The shapes that are compiled when a document is loaded.

    Raises TariffInvalid if there are more than VARIANTS_MAX of one segment.
    """
    specs, moments = document.choosing(), list(_moments(document))
    count = len(moments) * prod(len(choice_values(s)) for s in specs)
    if count > VARIANTS_MAX:
        message = (
            f"Versions, seasons and choices combine in {count} ways, more than {VARIANTS_MAX}: "
            "make a choice a number and look it up in a table."
        )
        raise document.versions[0].place.refusal("TOO_MANY_VARIANTS", message)
    for values in product(*(choice_values(s) for s in specs)):
        choices = tuple((s.name, v) for s, v in zip(specs, values, strict=True))
        yield from _shapes(document, [replace(moment, choices=choices) for moment in moments])


def _shapes(document: Document, singles: Sequence[Variant]) -> Iterator[tuple[Variant, ...]]:
    """Every variant alone, and neighbours in time, as far as a bill can be cut."""
    cut = document.period.cut
    yield from ((single,) * cut for single in singles)
    if cut == 1 and splits(document).any:
        yield from pairwise(singles)
        if splits(document).attributes or len(singles) == 1:
            yield singles[-1], singles[-1]


def _moments(document: Document) -> Iterator[Variant]:
    """The variants, choices aside, at the start of every stretch of the document."""
    starts = {v.start for v in document.versions} | document.line_borders()
    resetting = frozenset(n for n, s in document.states.items() if s.resets)
    for day in sorted(starts):
        version = document.version_on(day)
        if version is None:
            continue
        for season in document.seasons or ("",):
            for resets in {frozenset[str](), resetting}:
                yield Variant(version, season, active_on(document, day), resets, ())
