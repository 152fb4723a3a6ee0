"""Files of channels and banks on both stores: taken in once, whole, whatever happens meanwhile."""

import pytest

from billcore.core.accounts.errors import PolicyInvalid, RevisionConflict
from billcore.core.payments.channels import by_code
from billcore.core.reconciliation import keeping, report_formats
from billcore.core.reconciliation.checks import files_agree
from billcore.core.reconciliation.errors import (
    FileConflict,
    ReconciliationFieldInvalid,
    ReportFormatUnknown,
)
from billcore.core.reconciliation.files.errors import FileBroken, ReportFormatInvalid
from billcore.core.reconciliation.keeping import FileState
from billcore.core.reconciliation.terms import terms_of
from tests.bank_files import MT940, camt053, camt054
from tests.payments_world import TODAY
from tests.recon_world import content, found

OWN = """format: mine
time_zone: UTC
separator: semicolon
columns: [{is: reference}, {is: target}, {is: amount}, {is: day, form: YYYY-MM-DD}]
"""


@pytest.fixture
def world(books):
    return found(books)


def test_a_report_is_kept(world):
    done = world.report("a.csv", ("r2", 50), ("r1", 100), ("r3", -20))
    assert not done.repeated
    assert (done.row.file_no, done.row.version, done.row.state) == (1, 1, FileState.COMPLETE)
    assert (done.row.line_count, done.row.amount, done.row.day) == (3, 130, TODAY)
    assert world.lines(1) == [("r1", 100), ("r2", 50), ("r3", -20)]
    assert world.events("channel_file.imported") == 1
    assert world.broken() == []


def test_the_same_file_again_changes_nothing(world):
    first = world.report("a.csv", ("r1", 100))
    again = world.report("a.csv", ("r1", 100))
    assert again.repeated
    assert again.row == first.row
    assert len(world.files()) == 1
    assert world.events("channel_file.imported") == 1
    with pytest.raises(FileConflict, match="2026-09-21"):
        world.report("a.csv", ("r1", 100), day=TODAY + 1)


def test_two_empty_days_have_the_same_content(world):
    """So content alone is no identity: a name and a number belong to it."""
    assert not world.report("a.csv", day=TODAY).repeated
    assert not world.report("b.csv", day=TODAY + 1).repeated
    assert not world.report("b.csv", day=TODAY + 2, sequence_no=2).repeated
    assert [one.day for one in world.files()] == [TODAY, TODAY + 1, TODAY + 2]


def test_other_content_under_a_name_is_refused_unless_it_replaces(world):
    world.report("a.csv", ("r1", 100))
    with pytest.raises(FileConflict, match="file 1 has the name"):
        world.report("a.csv", ("r1", 101))
    world.report("a.csv", ("r1", 102), sequence_no=2)  # another number is another file
    done = world.report("a.csv", ("r1", 103), replaces=True)
    assert (done.row.version, done.row.state) == (2, FileState.COMPLETE)
    states = [(one.file_no, one.state) for one in world.files()]
    assert states == [(1, FileState.REPLACED), (2, FileState.COMPLETE), (3, FileState.COMPLETE)]
    with pytest.raises(FileConflict, match="another one replaced"):
        world.report("a.csv", ("r1", 100), replaces=True)
    assert world.broken() == []


def test_a_broken_file_changes_nothing_but_is_told(world):
    with pytest.raises(FileBroken):
        world.send("a.csv", content(("r1", 100)) + b"r2,what\n")
    assert world.files() == []
    assert world.events("channel_file.refused") == 1
    assert world.events("channel_file.imported") == 0


def test_the_business_day(world):
    """That of the lines where it is one; else it must be told. The day ends at the cut-off."""
    lines = (("r1", 100, "N1", 3_600), ("r2", 100, "N1", 86_000))
    assert world.report("a.csv", *lines, day=0).row.day == TODAY
    world.terms('{"time_zone": "UTC", "cut_off_minute": 1380}', revision=1)  # 23:00
    with pytest.raises(ReconciliationFieldInvalid, match="2 business days"):
        world.report("b.csv", *lines, ("r4", 1), day=0)
    with pytest.raises(ReconciliationFieldInvalid, match="no lines"):
        world.report("c.csv", day=0)
    assert world.report("c.csv", day=TODAY - 1).row.day == TODAY - 1
    late = world.report("d.csv", ("r3", 100, "N1", 86_000), day=0)
    assert late.row.day == TODAY + 1


@pytest.mark.parametrize(("name", "asked"), [("", {}), ("a\nb", {}), ("a", {"sequence_no": -1})])
def test_a_bad_name_is_refused(world, name, asked):
    with pytest.raises(ReconciliationFieldInvalid):
        world.send(name, content(("r", 1)), asked=asked)


def test_a_load_that_was_cut_off_goes_on(world, monkeypatch):
    """What is not complete does not count; the next call does the rest of it."""
    monkeypatch.setattr(keeping, "CHUNK_LINES", 10)
    lines = [(f"r{n:02}", n + 1) for n in range(35)]
    kept = keeping.rows.add_lines
    calls = []

    def cut_off(session, table, columns):
        calls.append(table)
        if len(calls) == 3:
            raise KeyboardInterrupt
        kept(session, table, columns)

    monkeypatch.setattr(keeping.rows, "add_lines", cut_off)
    with pytest.raises(KeyboardInterrupt):
        world.report("a.csv", *lines)
    (row,) = world.files()
    assert (row.state, row.loaded) == (FileState.LOADING, 20)
    assert world.broken() == []
    done = world.report("a.csv", *lines)
    assert not done.repeated
    assert len(calls) == 5  # two before, one that was cut off, two
    assert world.lines(1) == sorted(lines)
    assert world.broken() == []


def test_a_load_that_was_cut_off_is_read_anew_where_its_day_is_another(world, monkeypatch):
    """Nothing of the first reading is left."""
    monkeypatch.setattr(keeping, "CHUNK_LINES", 1)
    _cut_off_after(monkeypatch, 1)
    with pytest.raises(KeyboardInterrupt):
        world.report("a.csv", ("r1", 1), ("r2", 2))
    monkeypatch.undo()
    done = world.report("a.csv", ("r1", 1), ("r2", 2), day=TODAY - 1)
    assert (done.row.day, done.row.loaded) == (TODAY - 1, 2)
    assert world.lines(1) == [("r1", 1), ("r2", 2)]
    assert world.broken() == []


def test_a_load_that_never_ended_leaves_its_name(world, monkeypatch):
    """Another content takes it, and the first one does not count any more."""
    monkeypatch.setattr(keeping, "CHUNK_LINES", 1)
    _cut_off_after(monkeypatch, 1)
    with pytest.raises(KeyboardInterrupt):
        world.report("a.csv", ("r1", 1), ("r2", 2))
    monkeypatch.undo()
    done = world.report("a.csv", ("r1", 1), ("r2", 3))
    assert (done.row.file_no, done.row.version) == (2, 2)
    assert world.lines(1) == []
    with pytest.raises(FileConflict):
        world.report("a.csv", ("r1", 1), ("r2", 2))
    assert world.broken() == []


def _cut_off_after(monkeypatch, count):
    kept = keeping.rows.add_lines
    calls = []

    def cut_off(session, table, columns):
        if len(calls) == count:
            raise KeyboardInterrupt
        calls.append(table)
        kept(session, table, columns)

    monkeypatch.setattr(keeping.rows, "add_lines", cut_off)


def test_statements_are_kept(world, monkeypatch):
    """In the currency of the provider; the same statement in another file is refused."""
    monkeypatch.setattr(keeping, "CHUNK_LINES", 2)
    text = camt053().replace("EUR", "IRR").replace(".50", ".00")
    text = text.replace("638.00", "638").replace("665.00", "665").replace("605.00", "605")
    text = text.replace(">1.00<", ">2<")  # the charges
    done = world.statement("s.xml", text)
    assert (done.row.line_count, done.row.amount) == (4, 540)  # 2 of it were charged
    assert world.statement("s.xml", text).repeated
    for same in (text, text.replace("M1", "M2")):
        with pytest.raises(FileConflict, match="S-61"):
            world.statement("t.xml", same)
    replaced = world.statement("s.xml", text.replace("M1", "M2"), replaces=True)
    assert replaced.row.version == 2
    assert world.broken() == []


def test_a_statement_in_another_currency_is_refused(world):
    for text in (camt053(), camt054(), MT940):
        with pytest.raises(FileBroken, match="Allowed: IRR") as refused:
            world.statement("s", text)
        assert refused.value.field == "currency"


def test_several_statements_of_a_file(world):
    text = MT940.replace("EUR", "IRR")
    for decimals in (",50", ",10", ",40"):
        text = text.replace(decimals, ",00")
    done = world.statement("s.sta", text)
    assert done.row.line_count == 3
    with world.store.read() as reader:
        sums = reader.rows("SELECT statement_no, closing - opening FROM bank_statement ORDER BY 1")
    assert [tuple(map(int, row)) for row in sums] == [(1, 247), (2, 5)]
    assert world.broken() == []


def test_definitions_of_a_provider(world):
    """Kept by revision, found before those that are shipped."""
    with pytest.raises(ReportFormatUnknown, match="csv, osmp"):
        world.send("a.csv", b"x", format_name="mine")
    with pytest.raises(ReportFormatInvalid):
        world.write(lambda write: report_formats.FORMATS.set(write, OWN + "colour: red", 0))
    world.write(lambda write: report_formats.FORMATS.set(write, OWN, 0))
    done = world.send("a.csv", b"r1;N1;100;2026-09-21\n", format_name="mine")
    assert (done.row.format, done.row.day) == ("mine", TODAY)
    with pytest.raises(RevisionConflict):
        world.write(lambda write: report_formats.FORMATS.set(write, OWN, 0))
    world.write(lambda write: report_formats.FORMATS.set(write, OWN.replace("mine", "osmp"), 0))
    with world.store.read() as reader:
        found = report_formats.FORMATS.every(reader, 1)
    kept = {one.definition.format: one.revision for one in found}
    assert kept == {"csv": 0, "mine": 1, "osmp": 1}
    assert world.broken() == []


WRONG_TERMS = [
    ('{"report_formt": "csv"}', "terms.report_formt"),
    ('{"report_format": 1}', "terms.report_format"),
    ('{"time_zone": "Mars"}', "terms.time_zone"),
    ('{"cut_off_minute": 1440}', "terms.cut_off_minute"),
    ('{"prevails": "bank"}', "terms.prevails"),
    ('{"match_documents": 1}', "terms.match_documents"),
    ('{"fees": {"per_10000": 10001}}', "terms.fees.per_10000"),
    ('{"fees": {"least": 5, "most": 4}}', "terms.fees.most"),
    ("[]", "terms"),
]


@pytest.mark.parametrize(("text", "place"), WRONG_TERMS)
def test_wrong_terms_are_refused(world, text, place):
    with pytest.raises(PolicyInvalid) as refused:
        world.terms(text, revision=1)
    assert refused.value.fields["field"] == place


def test_terms_have_revisions(world):
    made = world.terms('{"fees": {"per_10000": 80}, "bank_text": "Київ"}', revision=1)
    with world.store.read() as reader:
        channel = by_code(reader, 1, "kiosk")
        assert terms_of(reader, 1, channel) == (made, 2)
    with pytest.raises(RevisionConflict):
        world.terms("{}", revision=1)
    assert world.broken() == []


def test_verify_finds_lines_that_are_altered(world):
    world.report("a.csv", ("r1", 100), ("r2", 50))
    with world.store.write() as session:
        session.run("UPDATE report_line SET amount = 51 WHERE reference = 'r2'")
    with world.store.read() as reader:
        (found_,) = files_agree(reader, 1)
    assert found_["file_no"] == 1
    assert "2 lines of 150, and has 2 of 151" in str(found_["message"])


def test_another_provider_sees_nothing(world):
    """Numbers and names are a provider's own."""
    world.report("a.csv", ("r1", 100))
    with world.store.read() as reader:
        assert keeping.rows.listed(reader, 2, 0, 10) == []
