"""`billcore report …`: what comes in of what is billed, from a running server.

Tables in the terminal, to CSV (money as decimals) or Parquet (minor units, as its metadata say),
and charts as SVG or PNG.
"""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, HouseProvider, Key, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.report_remote import Reports

app = typer.Typer(no_args_is_help=True, help="Collection, ageing, receipts, early warnings.")
cut_off = typer.Typer(no_args_is_help=True, help="The collection of months, fixed.")
app.add_typer(cut_off, name="cut-off")


class Dimension(StrEnum):
    """What figures are told by."""

    AREA = "area"
    CLASS = "class"
    CHANNEL = "channel"
    TERMINAL = "terminal"
    DAY = "day"
    MONTH = "month"


Day = Annotated[str, typer.Option("--day", help="The cut-off, at whose end; none: today.")]
KnownAt = Annotated[
    int, typer.Option(help="As recorded until then, microseconds since 1970; 0: now.")
]
By = Annotated[list[Dimension] | None, typer.Option("--by", help="What to tell it by; repeat it.")]
Ages = Annotated[list[int] | None, typer.Option("--age", help="The last day of an age; repeat it.")]
AreaLength = Annotated[int, typer.Option(help="Characters of the geographic code; 0: 2.")]
ClassAttribute = Annotated[str, typer.Option(help="The attribute whose words are classes.")]
Csv = Annotated[Path | None, typer.Option(dir_okay=False, help="Writes the figures to a CSV.")]
Parquet = Annotated[Path | None, typer.Option(dir_okay=False, help="Writes them to Parquet.")]
Chart = Annotated[
    Path | None, typer.Option(dir_okay=False, help="Draws them: a file .svg or .png.")
]
MonthText = Annotated[str, typer.Argument(metavar="MONTH", help="The month of bills, 2024-03.")]
DayText = Annotated[str, typer.Argument(metavar="DAY", help="The day, 2024-04-30.")]


@app.command()
def collection(
    day: Day = "",
    known_at: KnownAt = 0,
    from_month: Annotated[str, typer.Option(help="The first month of bills, 2024-01.")] = "",
    until_month: Annotated[str, typer.Option(help="The last one; none: that of the day.")] = "",
    by: By = None,
    area_length: AreaLength = 0,
    class_attribute: ClassAttribute = "",
    csv: Csv = None,
    parquet: Parquet = None,
    chart: Chart = None,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """How much of what was billed for each month has come in; by channel, through which."""
    from billcore.server.commands.report_files import Files

    reports = remote(address, key, provider)
    request = reports.request(day, known_at, by or [], area_length, class_attribute)
    request.from_month, request.until_month = from_month, until_month
    reports.collection(request, Files(csv, parquet, chart))


@app.command()
def ageing(
    day: Day = "",
    known_at: KnownAt = 0,
    by: By = None,
    age: Annotated[
        list[int] | None, typer.Option(help="The last day of an age; repeat it.")
    ] = None,
    area_length: AreaLength = 0,
    class_attribute: ClassAttribute = "",
    csv: Csv = None,
    parquet: Parquet = None,
    chart: Chart = None,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """What is owed, by how long it has been due."""
    from billcore.server.commands.report_files import Files

    reports = remote(address, key, provider)
    request = reports.request(day, known_at, by or [], area_length, class_attribute)
    request.ages.extend(age or [])
    reports.ageing(request, Files(csv, parquet, chart))


@app.command()
def receipts(
    day: Day = "",
    from_day: Annotated[str, typer.Option("--from", help="The first day; none: a year.")] = "",
    known_at: KnownAt = 0,
    by: By = None,
    area_length: AreaLength = 0,
    class_attribute: ClassAttribute = "",
    csv: Csv = None,
    parquet: Parquet = None,
    chart: Chart = None,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """What came in, by channel if nothing else is said."""
    from billcore.server.commands.report_files import Files

    reports = remote(address, key, provider)
    wanted = by or [Dimension.CHANNEL]
    request = reports.request(day, known_at, wanted, area_length, class_attribute)
    request.from_day = from_day
    reports.receipts(request, Files(csv, parquet, chart))


@app.command()
def warnings(
    day: Day = "",
    known_at: KnownAt = 0,
    by: By = None,
    area_length: AreaLength = 0,
    class_attribute: ClassAttribute = "",
    csv: Csv = None,
    parquet: Parquet = None,
    chart: Chart = None,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """How many accounts are in each band of early warning."""
    from billcore.server.commands.report_files import Files

    reports = remote(address, key, provider)
    request = reports.request(day, known_at, by or [], area_length, class_attribute)
    reports.warnings(request, Files(csv, parquet, chart))


@app.command()
def worklist(
    day: Day = "",
    least: Annotated[int, typer.Option(help="Scores of at least so much; 0: the first band.")] = 0,
    most: Annotated[int, typer.Option(min=1, help="So many accounts.")] = 50,
    csv: Csv = None,
    parquet: Parquet = None,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """The accounts to look at, the highest score first, each with its reasons."""
    from billcore.server.commands.report_files import Files

    remote(address, key, provider).worklist(day, least, most, Files(csv, parquet, None))


@app.command()
def warning(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The number of the account.")],
    day: Day = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """The score of an account, and why."""
    remote(address, key, provider).warning(account, day)


@cut_off.command("fix")
def fix(
    month: MonthText,
    day: DayText,
    area_length: Annotated[int, typer.Option(help="Characters of areas; 0: none.")] = 0,
    class_attribute: ClassAttribute = "",
    request_id: RequestId = "",
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Fixes the collection of a month's bills by a day that has ended."""
    reports = remote(address, key, provider)
    reports.fix(month, day, area_length, class_attribute, request_id)


@cut_off.command("show")
def show(
    month: MonthText,
    day: DayText,
    csv: Csv = None,
    parquet: Parquet = None,
    chart: Chart = None,
    provider: HouseProvider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """The figures of a cut-off."""
    from billcore.server.commands.report_files import Files

    remote(address, key, provider).cut_off(month, day, Files(csv, parquet, chart))


@cut_off.command("list")
def list_cut_offs(provider: HouseProvider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the cut-offs, those of the last months first."""
    remote(address, key, provider).cut_offs()


def remote(address: str, key: str, provider: str) -> "Reports":
    """The reports of a server."""
    from billcore.server.commands.report_remote import Reports  # gRPC is slow to import

    return Reports(address, key, provider)
