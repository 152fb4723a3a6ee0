"""`billcore load` on a store of its own: what is unusable, what is refused, what is resumed."""

import csv

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billcore.core.errors import BillcoreError
from billcore.core.loading.kinds import kind_of
from billcore.core.store.open import open_store
from billcore.server import cli, load_files
from tests.loading_world import count, open_provider, tables
from tests.stores import migrated


@pytest.fixture
def url(tmp_path):
    """A store with the provider `water`."""
    found = f"sqlite:///{tmp_path / 'store.db'}"
    store = migrated(found)
    with store.write() as session:
        open_provider(session)
    store.close()
    return found


@pytest.fixture
def load(monkeypatch, capfd, url):
    """Runs `billcore load` into the store: (exit status, standard error)."""

    def command(*words: object) -> tuple[int, str]:
        options = ["--store", url, "--provider", "water"]
        monkeypatch.setattr("sys.argv", ["billcore", "load", *map(str, words), *options])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code or 0, capfd.readouterr().err

    return command


def points(url):
    store = open_store(url)
    found = count(store, "service_point")
    store.close()
    return found


def write(folder, *lines, name="points.csv"):
    file = folder / name
    file.write_bytes(
        b"".join(line if isinstance(line, bytes) else f"{line}\n".encode() for line in lines)
    )
    return file


def test_a_good_file_is_loaded_once(load, tmp_path, url):
    """0; the same file again is told to be loaded, and changes nothing."""
    file = write(tmp_path, "number,service", *(f"P{n},water" for n in range(9)))
    status, err = load("points", file, "--chunk-rows", 4)
    assert (status, points(url)) == (0, 9)
    assert "9 rows accepted, 0 refused" in err
    status, err = load("points", file)
    assert status == 0
    assert "is loaded already" in err
    assert points(url) == 9


def test_a_file_is_loaded_again_where_its_rows_lacked_something(load, tmp_path, url):
    """Accounts before their customers: refused, and accepted when the file is loaded again."""
    accounts = write(tmp_path, "number,customer,opened_day", "A1,C1,2020-01-01", name="a.csv")
    customers = write(tmp_path, "number,name,kind", "C1,Mary,person", name="c.csv")
    status, err = load("accounts", accounts)
    assert (status, "[CUSTOMER_UNKNOWN]" in err) == (1, True)
    assert load("customers", customers)[0] == 0
    status, err = load("accounts", accounts)
    assert (status, "is loaded already" in err) == (1, True)
    status, err = load("accounts", accounts, "--again", "customers are there")
    assert (status, "1 rows accepted, 0 refused" in err) == (0, True)


def test_refused_rows_are_listed_with_their_rows(load, tmp_path, url):
    """1; twenty are listed, all are in --refused, broken lines among them."""
    file = write(
        tmp_path,
        "number,service",
        "P1,water",
        "P2,water,more",
        b"P3,\xff\xfe\n",
        "P4,Water",
        "",
        "P5,water",
        *("P5,water" for _ in range(30)),
    )
    out = tmp_path / "out.csv"
    status, err = load("points", file, "--refused", out, "--chunk-rows", 3)
    assert (status, points(url)) == (1, 2)
    assert "row 2: the line has 3 columns, the header 2: 'P2,water,more'" in err
    assert "row 3: column service is not UTF-8" in err
    assert "row 4: service: 'Water' is not a service" in err
    assert "row 5: number: '' has 0 characters" in err
    assert err.count("ALREADY_TAKEN") == 16
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [int(row["row_no"]) for row in rows] == [2, 3, 4, 5, *range(7, 37)]
    assert {row["reason"] for row in rows} == {"ROW_UNREADABLE", "FIELD_REFUSED", "ALREADY_TAKEN"}
    assert load("points", file)[0] == 1
    assert points(url) == 2


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["number,colour", "1,2"], "colour"),
        (["number", "1"], "'service' is missing"),
        (["number,service,number", "1,2,3"], "stands twice"),
        ([""], "empty"),
        ([b"\xff\xfe\x00,x\n"], "not UTF-8"),
        (["number,service", "P1,water", 'P2,"water', "P3,water"], "never closed"),
        (["number,service", "P1,water", '"P2,water', "P3,water"], "never closed"),
    ],
)
def test_an_unusable_file_is_refused_whole(load, tmp_path, url, lines, words):
    """2, with what is wrong; nothing is kept, of the files beside it neither."""
    good = write(tmp_path, "number,service", "G1,water", name="good.csv")
    status, err = load("points", good, write(tmp_path, *lines))
    assert status == 2
    assert words in err
    assert points(url) == 0


def test_parquet_is_loaded(load, tmp_path, url):
    """Texts and days of Parquet; floats are refused, a broken file too."""
    file = tmp_path / "points.parquet"
    pa.parquet.write_table(pa.table(tables(5)["points"]), file)
    assert load("points", file)[0] == 0
    assert points(url) == 5
    pa.parquet.write_table(pa.table({"number": [1.5], "service": ["water"]}), file)
    status, err = load("points", file)
    assert (status, "not exact" in err) == (2, True)
    file.write_bytes(file.read_bytes()[:-9])
    assert load("points", file)[0] == 2


def test_a_dry_run_keeps_nothing(load, tmp_path, url):
    """1 and the refused rows, but no row in the store."""
    file = write(tmp_path, "number,service", "P1,water", "P2,")
    status, err = load("points", file, "--dry-run")
    assert (status, points(url)) == (1, 0)
    assert "1 rows would be accepted, 1 refused" in err
    assert load("points", file)[0] == 1
    assert points(url) == 1


def test_a_broken_load_goes_on(load, tmp_path, url, monkeypatch):
    """What is told when the same command is run again, whatever the chunks are now."""
    file = write(tmp_path, "number,service", *(f"P{n},water" for n in range(9)))
    real = load_files.chunks

    def two(*args):
        yield from list(real(*args))[:2]
        raise KeyboardInterrupt

    monkeypatch.setattr(load_files, "chunks", two)
    load("points", file, "--chunk-rows", 2)
    monkeypatch.setattr(load_files, "chunks", real)
    assert points(url) == 4
    status, err = load("points", file, "--chunk-rows", 3)
    assert (status, points(url)) == (0, 9)
    assert "going on with row 5 of 9" in err
    assert "9 rows accepted" in err


def test_what_is_missing_is_named(load, tmp_path, monkeypatch, capfd):
    """An unknown provider, and a server without a key."""
    file = write(tmp_path, "number,service", "P1,water")
    monkeypatch.delenv("BILLCORE_KEY", raising=False)
    monkeypatch.setattr("sys.argv", ["billcore", "load", "points", str(file)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "BILLCORE_KEY" in capfd.readouterr().err
    assert load("bills", file)[0] == 2


def test_chunks_are_bounded_in_bytes(tmp_path, monkeypatch):
    """Long texts make small chunks; every row is in one, in order."""
    file = write(tmp_path, "number,service", *(f"P{n},{'w' * n}" for n in range(200)))
    monkeypatch.setattr(load_files, "CHUNK_BYTES_MAX", 1_000)
    facts = load_files.checked(file, kind_of("points"))
    found = list(load_files.chunks(facts, 3, 11, 50))
    numbers = [text for chunk in found for text in chunk.columns["number"].to_pylist()]
    assert numbers == [f"P{n}" for n in range(10, 200)]
    assert [chunk.number for chunk in found] == list(range(3, 3 + len(found)))
    assert max(map(len, found)) <= 50
    assert len(found) > 10


@pytest.mark.parametrize("utf8", [True, False])
def test_broken_lines_keep_the_numbers_of_the_others(tmp_path, monkeypatch, utf8):
    """Wherever lines are broken, also at the ends of blocks, the others keep their places."""
    monkeypatch.setattr("billcore.server.files.CSV_BLOCK_BYTES", 64)
    lines = [f"P{n},water" if n % 3 else f"P{n},water,x" for n in range(60)]
    for wanted in (lines, lines[1:], lines[:-2]):
        file = write(tmp_path, "number,service", *wanted)
        first, places = 0, []
        for block in load_files.blocks(file, ["number", "service"], utf8=utf8):
            places += [first + u.row for u in block.unreadable]
            texts = block.texts.column("number").to_pylist()
            assert texts == [
                "" if line.endswith("x") else line.split(",")[0]
                for line in wanted[first : first + len(texts)]
            ]
            first += len(texts)
        assert first == len(wanted)
        assert places == [n for n, line in enumerate(wanted) if line.endswith("x")]


HEADS = st.sampled_from(
    [b"number,service\n", b"\xef\xbb\xbfnumber,service\r\n", b'"number",service\n']
)
PIECES = st.sampled_from([b"P1", b"water", b",", b"\n", b"\r\n", b"\r", b'"', b"\0", b"\xff", b" "])


@given(
    head=st.one_of(HEADS, st.binary(max_size=12)),
    body=st.lists(st.one_of(PIECES, st.binary(max_size=6)), max_size=30).map(b"".join),
    block=st.integers(24, 80),
)
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_bytes_never_crash(tmp_path, head, body, block):
    """A file is refused whole, or every row of it is a row of some chunk, in order."""
    file = tmp_path / "random.csv"
    file.write_bytes(head + body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("billcore.server.files.CSV_BLOCK_BYTES", block)
        try:
            facts = load_files.checked(file, kind_of("points"))
        except BillcoreError:
            return
        found = list(load_files.chunks(facts, 1, 1, 3))
    assert sum(map(len, found)) == facts.rows
    for chunk in found:
        assert set(chunk.columns) == {"number", "service"}
        places = [row for row, _ in chunk.unreadable]
        assert places == sorted(set(places))
        assert all(0 <= place < len(chunk) for place in places)
        assert all(chunk.columns["number"][place].as_py() is not None for place in places)
