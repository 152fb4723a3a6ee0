"""`billcore tariff …`: documents checked, explained, compared; the schema that editors use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from billcore.core.errors import TariffInvalid
from billcore.core.rating import rate as rating
from billcore.core.tariff.catalog import read_document
from billcore.core.tariff.language import schema as schema_of_documents
from billcore.core.tariff.language.analysis import percentages
from billcore.core.tariff.language.document import Percent
from billcore.core.tariff.language.expression import figure_text
from billcore.core.tariff.tariff import Tariff
from billcore.server.commands.console import FAILED, UNUSABLE, complain, err, out, say
from billcore.server.differences import differences
from billcore.server.outline import day_of, outline, programs

PERCENTAGE_ODD = 1
"""From this rate on, `check` tells the percentage: who writes 10 for 10% takes 1000 %."""

app = typer.Typer(no_args_is_help=True, help="Tariff documents: check, explain, compare.")

TariffFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A tariff document, YAML or JSON.")
]


@app.command("check")
def check(files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Checks documents as publishing would: names, units, sorts, and that every bill is exact."""
    good = [_checks(file) for file in files]
    if not all(good):
        raise typer.Exit(UNUSABLE)


def _checks(file: Path) -> bool:
    try:
        tariff = load(file)
    except TariffInvalid as error:
        complain(error)
        return False
    for note in _notes(tariff):
        err.print(note, style="yellow", markup=False, soft_wrap=True)
    names = len(rating.line_names(tariff))
    out.print(
        f"{file}: {tariff.id} is fine: versions {len(tariff.document.versions)}, "
        f"output columns {names}, hash {tariff.hash[:12]}",
        markup=False,
        soft_wrap=True,
    )
    return True


def _notes(tariff: Tariff) -> Iterator[str]:
    """What is allowed, but seldom meant: percentages of PERCENTAGE_ODD and more."""
    for line in tariff.document.lines:
        if isinstance(line.form, Percent):
            for rate in dict.fromkeys(percentages(tariff.document, line.form)):
                if rate >= PERCENTAGE_ODD:
                    place, shown = line.form.rate.place, figure_text(100 * rate)
                    where = f"{place.file}:{place.line}:{place.column}: {place.path}"
                    yield (
                        f"{where}: note: this is {shown} % of the members. A percentage ends "
                        "with %, as 10%."
                    )


def load(file: Path) -> Tariff:
    """The tariff of a file. Raises TariffInvalid."""
    return Tariff.load(read_document(file), str(file))


@app.command("explain")
def explain_tariff(
    file: TariffFile,
    program: Annotated[bool, typer.Option(help="Also the compiled programs.")] = False,
    at: Annotated[
        str | None, typer.Option(help="Only what is in force on this day, in either calendar.")
    ] = None,
) -> None:
    """Prints a tariff: inputs, versions, lines, total; with --program what the kernel runs."""
    tariff = load(file)
    day = None if at is None else day_of(at)
    for part in outline(tariff, day):
        out.print(part)
    if program:
        for part in programs(tariff, day):
            out.print(part, soft_wrap=True)


@app.command("diff")
def diff(
    before: TariffFile,
    after: TariffFile,
    exit_code: Annotated[bool, typer.Option(help="End with 1 if they differ.")] = False,
) -> None:
    """Lists what differs in meaning; labels, comments and layout do not count."""
    texts = read_document(before), read_document(after)
    found = differences(*texts, names=(str(before), str(after)))
    for difference in found:
        say(str(difference))
    if found and exit_code:
        raise typer.Exit(FAILED)


def schema() -> None:
    """Prints the JSON Schema of tariff documents, for editors."""
    typer.echo(schema_of_documents.text(), nl=False)
