"""The `billcore` command: what it prints, where, and with which exit status."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from billcore.core.rating import rate as rating
from billcore.core.tariff.tariff import Tariff
from billcore.server import cli
from billcore.server.differences import differences
from tests.api.documents import BROKEN, OTHER, RUNNING, WATER


@pytest.fixture
def run(monkeypatch, capfdbinary):
    """Runs the command in this process: (exit status, standard output, standard error)."""

    def command(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["billcore", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfdbinary.readouterr()
        return ended.value.code or 0, out.decode(), err.decode()

    return command


@pytest.fixture
def folder(tmp_path):
    """A folder with two good documents and a broken one."""
    for name, text in (("water", WATER), ("other", OTHER), ("broken", BROKEN)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def table(folder, *rows: str, head: str = "previous,this,m3", name: str = "bills.csv"):
    file = folder / name
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file


GOOD = "2020-03-01,2020-03-31,10"


# -- documents


def test_check_tells_what_is_fine(run, folder):
    """0, and a line a file."""
    status, out, err = run("tariff", "check", folder / "water.yaml", folder / "other.yaml")
    assert (status, err) == (0, "")
    assert [line.split(": ")[1] for line in out.splitlines()] == [
        "test-water is fine",
        "test-other is fine",
    ]


def test_check_tells_what_is_wrong(run, folder):
    """2; the finding with its place on standard error, the good file on standard output."""
    status, out, err = run("tariff", "check", folder / "broken.yaml", folder / "other.yaml")
    assert status == 2
    assert err.startswith(f"{folder / 'broken.yaml'}:18:")
    assert "test-other is fine" in out


PERCENT = """\
tariff: percent
currency: USD
inputs:
  fee: {kind: money, min: 0, max: 100}
versions:
  - {from: 2020-01-01, tax: 10}
  - {from: 2021-01-01, tax: 12.5%}
lines:
  - {id: fee_due, is: share(fee)}
  - {id: tax_due, percent: {rate: tax, of: fee_due, basis: parts}}
total: {of: all, round: 0.01 half_up}
"""


def test_percentages_are_shown_and_odd_ones_noted(run, folder):
    """10 where 10% was meant is 1000 %: the outline says so, and `check` with the place."""
    (folder / "percent.yaml").write_text(PERCENT, encoding="utf-8")
    _, out, _ = run("tariff", "explain", folder / "percent.yaml")
    assert "tax = 1000 %, 12.5 % of fee_due" in " ".join(out.split())
    text = PERCENT.replace("  - {from: 2021-01-01, tax: 12.5%}\n", "")
    (folder / "percent.yaml").write_text(text, encoding="utf-8")
    status, out, err = run("tariff", "check", folder / "percent.yaml")
    assert (status, "percent is fine" in out) == (0, True)
    assert err.startswith(f"{folder / 'percent.yaml'}:9:35: lines[1].percent.rate: note: ")
    assert "1000 % of the members" in err
    (folder / "percent.yaml").write_text(text.replace("tax: 10", "tax: 10%"), encoding="utf-8")
    assert run("tariff", "check", folder / "percent.yaml")[2] == ""


def test_explain_prints_the_tariff(run, folder):
    """Inputs, every version, the lines in words, the total."""
    status, out, _ = run("tariff", "explain", folder / "water.yaml")
    assert status == 0
    for words in ("m3 * rate", "from 2020-01-01", "from 2021-01-01", "north | south", "total: "):
        assert words in out


@pytest.mark.parametrize("day", ["2020-06-01", "1399-03-12"])
def test_explain_at_a_day_shows_what_is_in_force(run, folder, day):
    """The day may be written in either calendar."""
    _, out, _ = run("tariff", "explain", folder / "water.yaml", "--at", day, "--program")
    assert "from 2020-01-01" in out
    assert "from 2021-01-01" not in out
    assert "path" in out


def test_explain_shows_the_programs(run, folder):
    """--program lists a program for every version and choice, with its path."""
    _, out, _ = run("tariff", "explain", folder / "water.yaml", "--program")
    heads = [line for line in out.splitlines() if line.endswith(" path")]
    assert len(heads) == 2 * 2 * 2  # versions, zones, exempt or not
    assert all(line.split(": ")[-1] in ("fast path", "general path") for line in heads)


def test_explain_wants_a_date(run, folder):
    """2, and what a date looks like."""
    status, _, err = run("tariff", "explain", folder / "water.yaml", "--at", "soon")
    assert status == 2
    assert "'soon' is not a date" in err


DIFFERENCES = [
    # change                                                     difference
    ("rate: 2.5", "rate: 2.6", "~ versions[2020-01-01].rate: 2.5 -> 2.6"),
    ("max: 1000}", "max: 2000}", "~ inputs.m3.max: 1000 -> 2000"),
    ("is: m3 * 1, ", "is: m3 * 2, ", "~ lines[extra].is: m3 * 1 -> m3 * 2"),
    (
        "  - {id: before, is: arrears, info: yes}\n",
        "",
        "- lines[before]: {id: before, info: yes, is: arrears}",
    ),
    (", when: not exempt", "", "- lines[fee].when: not exempt"),
    ("{en: Water}", "{en: Wasser}", None),
    ("m3 * rate", "m3  *  rate", None),
]


@pytest.mark.parametrize(("before", "after", "difference"), DIFFERENCES)
def test_diff_tells_what_differs_in_meaning(before, after, difference):
    """Lines and versions are matched by name; labels and layout do not count."""
    assert before in WATER
    found = [str(d) for d in differences(WATER, WATER.replace(before, after))]
    assert found == ([difference] if difference else [])


def test_diff_tells_a_new_order():
    """Lines in another order are another bill."""
    lines = WATER.splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if "id: fee" in line)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    (found,) = differences(WATER, "".join(lines))
    assert (
        str(found)
        == "~ lines (order): [water] [fee] [extra] [before] -> [water] [extra] [fee] [before]"
    )


def test_diff_ends_as_asked(run, folder):
    """0, unless --exit-code asks for 1."""
    files = folder / "water.yaml", folder / "other.yaml"
    assert run("tariff", "diff", *files)[0] == 0
    assert run("tariff", "diff", *files, "--exit-code")[0] == 1
    assert run("tariff", "diff", files[0], files[0], "--exit-code") == (0, "", "")


def test_schema_is_json(run):
    """The schema is printed for editors."""
    status, out, _ = run("schema")
    assert status == 0
    assert "$schema" in json.loads(out)


# -- files of bills


def test_rate_writes_a_column_a_line(run, folder):
    """0; amounts as decimals of the currency, then total and status."""
    status, out, err = run("rate", folder / "water.yaml", table(folder, GOOD))
    assert status == 0
    head, row = (line.replace('"', "").split(",") for line in out.splitlines())
    assert head == ["row", "water", "fee", "extra", "before", "rounding", "total", "status"]
    assert row == ["1", "25.00", "3.00", "0.00", "0.00", "0.00", "28.00", "OK"]
    assert "1 bills rated" in err


def test_rate_lists_the_bills_that_fail(run, folder):
    """1; each failed row with its status, the others rated."""
    rows = [
        GOOD,
        "2020-03-01,2020-03-31,-1",
        "2020-03-31,2020-03-01,1",
        "2020-03-01,2020-03-31,0.0001",
        "2020-03-01,2020-03-31,99999999999999999999999999",
        "2019-03-01,2019-03-31,1",
    ]
    status, out, err = run("rate", folder / "water.yaml", table(folder, *rows))
    assert status == 1
    statuses = [line.rsplit(",", 1)[1].strip('"') for line in out.splitlines()[1:]]
    wanted = "OK OUT_OF_RANGE BAD_PERIOD UNREPRESENTABLE OUT_OF_RANGE NOT_IN_FORCE".split()
    assert statuses == wanted
    for row, name in enumerate(wanted[1:], start=2):
        assert f"row {row}: {name}: " in err


def test_rate_says_why_a_bill_failed(run, folder):
    """The list names the input, the text that was given, and what is allowed."""
    rows = [
        "2020-03-01,2020-03-31,-1,north,no",
        "2020-03-01,2020-03-31,0.0001,north,no",
        "2020-03-01,2020-03-31,99999999999999999999999999,north,no",
        "2020-03-01,2020-03-31,1,west,no",
        "2020-03-01,2020-03-31,1,north,perhaps",
        "2019-03-01,2019-03-31,1,north,no",
    ]
    wanted = [
        "OUT_OF_RANGE: input m3: -1 is outside 0..1000.",
        "UNREPRESENTABLE: input m3: '0.0001' has more than 3 decimals.",
        "OUT_OF_RANGE: input m3: '99999999999999999999999999' is outside 0..1000.",
        "UNKNOWN_CHOICE: input zone: 'west' is not one of north, south.",
        "UNKNOWN_CHOICE: input exempt: 'perhaps' is not one of yes, no, true, false, 1, 0.",
        "NOT_IN_FORCE: No version of test-water is in force on 2019-03-02; the first starts "
        "2020-01-01.",
    ]
    file = table(folder, *rows, head="previous,this,m3,zone,exempt")
    _, _, err = run("rate", folder / "water.yaml", file)
    assert [line for line in err.splitlines() if line.startswith("row")] == [
        f"row {n}: {told}" for n, told in enumerate(wanted, start=1)
    ]
    for n, told in enumerate(wanted, start=1):
        _, out, err = run("rate", folder / "water.yaml", file, "--explain", n)
        assert (out, err) == ("", f"row {n}: {told}\n")


UNREADABLE = [
    # head                      row                          what is told
    ("previous,this,m3", "2020-02-30,2020-03-31,1", ":2: column previous: 2020-02-30 is not"),
    ("previous,this,m3", "1399-01-01,2020-03-31,1", ":2: column previous: 1399-01-01 is outside"),
    ("previous,this,m3", "2020-03-01,2020-03-31,1e3", ":2: column m3: '1e3' is not a plain"),
    ("previous,this,m3", "2020-03-01,2020-03-31,", ":2: column m3: it is empty"),
    ("previous,this,m3", "2020-03-01,2020-03-31", "CSV parse error"),
    ("previous,this,m3,m3", f"{GOOD},1", "column 'm3' stands twice"),
    ("previous,this", "2020-03-01,2020-03-31", "Column 'm3' is missing"),
    ("previous,this,m3,name", f"{GOOD},x", "Column 'name' is not an input"),
    ("", "", "it is empty"),
]


@pytest.mark.parametrize(("head", "row", "told"), UNREADABLE)
def test_rate_refuses_what_it_cannot_read(run, folder, head, row, told):
    """2; file, line, column, value and rule; no output is left behind."""
    output = folder / "out.csv"
    file = table(folder, row, head=head)
    status, _, err = run("rate", folder / "water.yaml", file, "-o", output)
    assert status == 2
    assert told in err
    assert sorted(p.name for p in folder.iterdir() if "out" in p.name) == []


def test_rate_reads_every_kind_of_input(run, folder):
    """Choices by word, flags by yes and no, money and defaults; a wrong word fails its bill."""
    head = "account,previous,this,m3,zone,exempt,arrears,persons"
    rows = [
        f"A-1,{GOOD},south,no,1.50,",
        f'"A,2",{GOOD},,yes,,2',
        f"A-3,{GOOD},west,no,0,1",
    ]
    file = table(folder, *rows, head=head)
    status, out, _ = run("rate", folder / "water.yaml", file, "--key", "account")
    assert status == 1
    assert out.splitlines()[1:] == [
        '"A-1",25.00,3.00,10.00,1.50,0.00,38.00,"OK"',
        '"A,2",25.00,0.00,0.00,0.00,0.00,25.00,"OK"',
        '"A-3",0.00,0.00,0.00,0.00,0.00,0.00,"UNKNOWN_CHOICE"',
    ]


def test_rate_reads_and_writes_parquet(run, folder):
    """Typed columns in, exact decimals out; the same amounts as CSV."""
    days = pa.array([18_322, 18_322], pa.int32()).cast(pa.date32())
    columns = {
        "previous": days,
        "this": pa.array([18_352, 18_352], pa.int32()).cast(pa.date32()),
        "m3": pa.array(["10.000", "0.002"]).cast(pa.decimal128(9, 3)),
        "exempt": pa.array([False, True]),
    }
    pa.parquet.write_table(pa.table(columns), folder / "bills.parquet")
    output = folder / "out.parquet"
    status, _, _ = run("rate", folder / "water.yaml", folder / "bills.parquet", "-o", output)
    found = pa.parquet.read_table(output)
    assert status == 0
    assert [str(v) for v in found["total"].to_pylist()] == ["28.00", "0.01"]
    assert found["status"].to_pylist() == ["OK", "OK"]


def test_rate_refuses_binary_floats(run, folder):
    """A Parquet column of doubles is not exact: 2."""
    columns = {"previous": ["2020-03-01"], "this": ["2020-03-31"], "m3": [0.1]}
    pa.parquet.write_table(pa.table(columns), folder / "bills.parquet")
    status, _, err = run("rate", folder / "water.yaml", folder / "bills.parquet")
    assert status == 2
    assert "column m3 holds binary floats" in err


def test_rate_explains_one_row(run, folder):
    """--explain tells the bill of a row; a failed bill is 1, no such row 2."""
    file = table(folder, GOOD, "2020-03-01,2020-03-31,-1")
    status, out, _ = run("rate", folder / "water.yaml", file, "--explain", 1)
    assert status == 0
    assert "Total: 28.00" in out
    status, out, err = run("rate", folder / "water.yaml", file, "--explain", 2)
    assert (status, out) == (1, "")
    assert "row 2: OUT_OF_RANGE" in err
    assert run("rate", folder / "water.yaml", file, "--explain", 3)[0] == 2


def test_states_go_round_through_files(run, folder):
    """The running value of one file's output is a column of the next file."""
    (folder / "running.yaml").write_text(RUNNING, encoding="utf-8")
    head = "previous,this,kwh,used,left"
    file = table(folder, "2020-03-01,2020-03-31,13,4,1.00", head=head)
    status, out, _ = run("rate", folder / "running.yaml", file)
    assert status == 0
    found = dict(zip(*(line.replace('"', "").split(",") for line in out.splitlines()), strict=True))
    assert (found["used"], found["total"], found["carried_out"]) == ("17", "10.00", "4.00")


def test_many_rows_are_those_of_one_batch(run, folder, monkeypatch):
    """Chunks of a file come out as one call of rate on all of it."""
    monkeypatch.setattr("billcore.server.tables.CHUNK_ROWS", 7)
    m3 = np.arange(40) * 1237 % 1_000_000
    rows = [f"2020-03-01,2020-03-31,{n // 1000}.{n % 1000:03}" for n in m3.tolist()]
    output = folder / "out.csv"
    assert run("rate", folder / "water.yaml", table(folder, *rows), "-o", output)[0] == 0
    previous = np.full(40, np.datetime64("2020-03-01", "D").astype(int) + 719_163)
    columns = {"previous": previous, "this": previous + 30, "m3": m3}
    rated = rating.rate(Tariff.load(WATER), columns)
    totals = [line.split(",")[-2] for line in output.read_text("utf-8").splitlines()[1:]]
    assert totals == [f"{t // 100}.{t % 100:02}" for t in rated.total.tolist()]


def test_help_is_for_everyone():
    """Every command explains itself."""
    for words in (["--help"], ["rate", "--help"], ["tariff", "--help"], ["serve", "--help"]):
        assert CliRunner().invoke(cli.app, words).exit_code == 0
