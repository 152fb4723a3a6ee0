"""The benchmarks, small: what they time is exact, and what they report is what they measured."""

import functools
import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import (
    allocation,
    analytics_world,
    bills,
    exact,
    payments_bulk,
    payments_calls,
    payments_posting,
    payments_world,
    rating,
    reconciliation_world,
    report,
    runs_limits,
    runs_memory,
    runs_race,
    runs_world,
    store_books,
    store_engines,
    store_limits,
    store_reads,
    store_world,
    timing,
)
from benchmarks import analytics as analytics_suite
from benchmarks import documents as documents_suite
from benchmarks import enquiries as enquiries_suite
from benchmarks import field as field_suite
from benchmarks import grpc as grpc_suite
from benchmarks import payments as payments_suite
from benchmarks import reconciliation as reconciliation_suite
from benchmarks import recovery as recovery_suite
from benchmarks import runs as runs_suite
from benchmarks.__main__ import main
from benchmarks.codegen import fast_limit, reciprocal
from benchmarks.kernel import Kernel, KernelMixed, Path, levels
from benchmarks.peers import (
    GeneratedC,
    GeneratedCPlans,
    MemoryOnly,
    NumpyBlocks,
    PythonDecimal,
    Work,
    expected_columns,
)
from benchmarks.race import Entry, Judge, NotExact, race, race_table
from benchmarks.standard import (
    TIERS,
    exact_bill,
    exact_totals,
    grouped,
    plan_ir,
    random_data,
    random_plans,
    standard_plan,
    with_out_of_bound,
)
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.tariff.ir import run as run_model

ROWS = 2_000
KINDS = ("random", "tie")
GRPC_PLANS = random_plans(7)
PEERS = (GeneratedC, NumpyBlocks, PythonDecimal)


def exact_columns(work):
    rows = [exact_bill(work.plans[k], c, d, p) for c, d, p, k in work.data.rows()]
    return np.array(rows, dtype=np.int64).T


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tiers", TIERS)
def test_128_bit_c_is_the_exact_bill(kind, tiers):
    """What peers are compared with is, line by line, what Fractions say."""
    data = with_out_of_bound(random_data(500, kind), 0.01)
    work = Work((standard_plan(tiers, kind),), data, itemised=True)
    assert (expected_columns(work) == exact_columns(work)).all()


def test_tie_data_has_ties():
    """Whole units at two-decimal rates meet exact halves, so the rounding rule shows."""
    plan, data = standard_plan(kind="tie"), random_data(ROWS, "tie")
    assert np.count_nonzero(data.consumption_milli * plan.rider_rate % 10**7 == 5 * 10**6) > 5


@pytest.mark.parametrize("tiers", TIERS)
def test_the_standard_program_is_the_exact_bill(tiers):
    """The Ir of the standard plan, run by the plain model, gives its lines and total."""
    plan = standard_plan(tiers)
    ir = plan_ir(plan)
    for c, d, p, _ in random_data(50).rows():
        outputs, status = run_model(ir, {"consumption": c, "days": d, "previous": p})
        assert (tuple(outputs.values()), status) == (exact_bill(plan, c, d, p), 0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_is_exact(benchmark, peer, kind):
    """A peer that counts as exact gives the exact totals."""
    work = Work((standard_plan(kind=kind),), random_data(ROWS, kind))
    contender = peer()
    contender.prepare(work)
    benchmark(contender.run)
    assert (contender.totals() == exact_totals(work.plans, work.data)).all()


@pytest.mark.parametrize("peer", [NumpyBlocks, PythonDecimal, KernelMixed])
def test_a_peer_is_exact_with_many_plans(benchmark, peer):
    """Plans looked up by row, in random order."""
    work = Work(random_plans(10), random_data(ROWS, plans=10))
    contender = peer()
    contender.prepare(work)
    benchmark(contender.run)
    assert (contender.totals() == exact_totals(work.plans, work.data)).all()


@pytest.mark.parametrize("peer", [GeneratedCPlans, KernelMixed])
def test_grouped_plans_are_exact(benchmark, peer):
    """Columns stored by plan, one program per plan."""
    work = Work(random_plans(10), grouped(random_data(ROWS, plans=10)))
    contender = peer()
    contender.prepare(work)
    benchmark(contender.run)
    assert (contender.totals() == exact_totals(work.plans, work.data)).all()


@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize("kind", KINDS)
def test_the_kernel_is_exact(benchmark, kind, level):
    """Every line and the total, at each dispatch level, with rows beyond the fast bound."""
    data = with_out_of_bound(random_data(ROWS, kind), 0.01)
    work = Work((standard_plan(kind=kind),), data, itemised=True)
    kernel = Kernel(level)
    kernel.prepare(work)
    benchmark(kernel.run)
    assert (kernel.columns == exact_columns(work)).all()


def test_memory_only_moves_the_same_columns(benchmark):
    """The bound reads every input and writes every output."""
    work = Work((standard_plan(),), random_data(ROWS), itemised=True)
    bound = MemoryOnly()
    bound.prepare(work)
    benchmark(bound.run)
    data = work.data
    moved = data.consumption_milli + data.days + data.previous_minor
    assert (bound.columns[-1] == moved).all()
    assert bound.columns[:-1].all(axis=1).all()


@pytest.mark.parametrize("divisor", [2, 3, 100, 10_000, 625_000, 10**6, 10**7])
def test_the_reciprocal_lies_above(divisor):
    """Generated C rounds by a reciprocal strictly above 1 / D, below a bound that it proves."""
    from fractions import Fraction

    assert Fraction(reciprocal(divisor)) > Fraction(1, divisor)
    assert 2**50 < fast_limit(divisor) < 2**51


class _OffByOne(NumpyBlocks):
    name = "off by one"

    def run(self):
        super().run()
        self.out[7] += 1


def test_a_wrong_peer_is_not_timed():
    """An exact contender with one wrong total stops the race."""
    work = Work((standard_plan(),), random_data(ROWS))
    with pytest.raises(NotExact, match="off by one: 1 of 2000"):
        race([Entry("off by one", _OffByOne(), work)], 1, Judge())


def test_a_race_is_tabled():
    """Each contender has a row, and the reference a ratio of one."""
    work = Work((standard_plan(),), random_data(ROWS))
    entries = [Entry("kernel", Kernel(), work), Entry("numpy", NumpyBlocks(), work)]
    table = race_table("Small", race(entries, 2, Judge()), "kernel")
    assert [row[0] for row in table.rows] == ["kernel", "numpy"]
    assert table.rows[0][4] == "1.00"


@pytest.fixture(scope="module")
def every_case():
    """Every document; of random documents and programs only some."""
    return list(exact.cases(random_irs=20, random_documents=4))


def test_the_exact_suite_finds_no_difference(benchmark, every_case):
    """All paths agree on small samples of every document and program."""
    assert {case.kind for case in every_case} == {
        "documents",
        "random documents",
        "random programs",
        "standard plans",
    }
    run = functools.partial(exact.compare, 4_000, 500, lambda _: None, every_case)
    comparison = benchmark.pedantic(run, rounds=1)
    assert {name: c.different for name, c in comparison.counts.items()} == dict.fromkeys(
        comparison.counts, 0
    )
    assert all(c.refused < c.bills // 2 for c in comparison.counts.values())


@pytest.mark.parametrize("kind", ["documents", "random programs"])
def test_the_exact_suite_sees_a_difference(every_case, kind, monkeypatch):
    """A value off by one in one row, or a status, is counted, and the run ends with 1."""
    case = next(case for case in every_case if case.kind == kind)
    runner = case.runner()
    columns = runner.draw(500, np.random.default_rng(1))
    right = runner.run(columns, Path.WIDE)
    wrong = (right[0].copy(), right[1].copy())
    fine = np.flatnonzero(right[1] == 0)[:2]
    wrong[0][0, fine[0]] += 1
    wrong[1][fine[1]] = 2
    assert bills.different(right, wrong).tolist() == fine.tolist()
    monkeypatch.setattr(type(runner), "run", _off_by_one(type(runner).run))
    comparison = exact.compare(500, 0, lambda _: None, [case])
    assert {c.different for c in comparison.counts.values()} == {500}
    monkeypatch.setattr(exact, "cases", lambda seed: [case])
    assert exact.main(["--rows=500", "--reference-rows=0", "--processes=1"]) == 1


def _off_by_one(run):
    """The same, but the fast path adds one to every first output."""

    def wrong(self, columns, path, level=None):
        outputs, status = run(self, columns, path, level)
        outputs[0] += path is Path.AUTO
        return outputs, status

    return wrong


def test_the_reference_sample_sees_a_difference(every_case, monkeypatch):
    """What the kernel says is compared with the model of a program and the reference of a bill."""
    program = next(case for case in every_case if case.kind == "standard plans").runner()
    monkeypatch.setattr(bills.IrRunner, "run", _off_by_one(bills.IrRunner.run))
    found = {path: len(wrong) for path, wrong, _ in program.by_reference(50, 1)}
    assert found == {Path.AUTO: 50, Path.WIDE: 0}
    document = next(case for case in every_case if case.kind == "documents").runner()
    monkeypatch.setattr(bills, "row", lambda rated, i: bills.Expected(rated.status[i], {}))
    for _, wrong, refused in document.by_reference(50, 1):
        assert len(wrong) == 50 - refused


def test_random_programs_use_every_instruction():
    """The random programs of the exact suite reach all codes and modes (but those of tariffs)."""
    ops = [op for case in exact.ir_cases() for op in case.ir.ops]
    assert {op.code.name for op in ops} >= {c.name for c in exact_codes()}
    assert {op.mode for op in ops if op.code.name == "DIVK"} == set(range(8))


@pytest.fixture(scope="module")
def streams():
    """A server process with the standard bill published, and bills on the wire."""
    data = random_data(ROWS, plans=len(GRPC_PLANS))
    with grpc_suite.connected(standard_plan(), GRPC_PLANS, data, 50) as connected:
        yield connected


@pytest.mark.parametrize("asked", [*grpc_suite.OUTPUTS, grpc_suite.MIXED])
def test_rate_batch_is_exact(benchmark, streams, asked):
    """Every total of RateBatch, and of single calls, is the exact one; a wrong one stops it."""
    benchmark(streams.rated, asked)
    one = exact_totals((standard_plan(),), random_data(ROWS))
    many = exact_totals(GRPC_PLANS, streams.data)
    exact = dict.fromkeys(grpc_suite.OUTPUTS, one) | {grpc_suite.MIXED: many}
    assert set(grpc_suite.checked(streams, exact)) == set(exact)
    exact[asked] = exact[asked].copy()
    exact[asked][7] += 1
    with pytest.raises(NotExact, match=f"RateBatch, {asked}: 1 of {ROWS}"):
        grpc_suite.checked(streams, exact)


def test_an_echo_answers_as_many_bytes(benchmark, streams):
    """The echo returns the requests, or as many bytes as RateBatch answers."""
    batches = streams.batches(grpc_suite.MIXED)
    assert benchmark(streams.echoed, grpc_suite.MIXED, 0) == sum(map(len, batches))
    assert streams.echoed(grpc_suite.MIXED, 77) == 77 * len(batches)


def test_the_grpc_suite_runs_small(streams):
    """A table and goals that a small run cannot judge."""
    table, goals = grpc_suite.timed(
        streams, {"totals": 100, "itemised": 1_000, grpc_suite.MIXED: 100}, 1
    )
    assert len(table.rows) == 8
    assert {g.holds for g in goals} == {None}
    assert f"RateBatch, {grpc_suite.MIXED}" in table.markdown()


@pytest.mark.parametrize("peer", rating.PEERS)
def test_every_peer_is_whole(peer):
    """A peer whose package only the bench extra brings can at least be made."""
    assert peer().name


def test_a_wrong_total_ends_the_run(monkeypatch, tmp_path):
    """Exit status 1, and no report."""
    monkeypatch.setattr(rating, "PEERS", (_OffByOne,))
    monkeypatch.setattr(rating, "PARTS", (rating._peers,))
    assert main(["rating", "--rows=2000", "--rounds=1", f"--report={tmp_path}"]) == 1
    assert list(tmp_path.iterdir()) == []


def exact_codes():
    from billcore.core.tariff.ir import Code

    return set(Code) - {Code.POWER_FACTOR}


def test_allocations_are_the_same_before_they_are_timed(monkeypatch):
    """The suite reports its ways; a way that leaves another amount open stops it."""
    section = allocation.run([500], 1, print)
    assert [row[0] for row in section.tables[0].rows] == [
        allocation.KERNEL, allocation.SPANS, allocation.DIVIDED]  # fmt: skip
    assert [goal.holds for goal in section.goals] == [None]
    spans = allocation._spans
    monkeypatch.setattr(allocation, "_spans", lambda given: spans(given) + 1)
    with pytest.raises(NotExact):
        allocation.run([500], 1, print)


def test_rounds_are_interleaved():
    """Every job runs once to warm up and once per round; ratios are of the same round."""
    ran = []
    jobs = {name: lambda name=name: ran.append(name) for name in "ab"}
    timings = timing.interleaved(jobs, {"a": 10, "b": 10}, rounds=3)
    assert ran == ["a", "b", "a", "b", "b", "a", "a", "b"]
    assert timing.Timings({"a": (4.0, 9.0), "b": (2.0, 3.0)}).ratio("a", "b") == 2.5
    assert len(timings.seconds["a"]) == 3


def test_pinning_is_undone():
    """After a race the process may use the cores that it could use before."""
    before = timing.cores()
    with timing.pinned():
        assert timing.cores() == 1
    assert timing.cores() == before


GOALS = [
    # value  target  better    judged  holds
    (0.80,   0.75,   "higher", True,   True),
    (0.75,   0.75,   "higher", True,   True),
    (0.70,   0.75,   "higher", True,   False),
    (1.30,   1.25,   "lower",  True,   False),
    (0,      0,      "lower",  True,   True),
    (0.80,   0.75,   "higher", False,  None),
    (None,   0.75,   "higher", True,   None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "target", "better", "judged", "holds"), GOALS)
def test_a_goal_is_judged(value, target, better, judged, holds):
    """A goal holds, is missed, or is not judged."""
    assert report.goal("rating/x", value, target, better, judged).holds is holds


def _section(suite, value):
    table = report.Table("Times, ns", ("who", "ns"), [["a", str(value)]])
    return report.Section(suite, [table], [report.goal(f"{suite}/speed", value, 1.0, "lower")])


def test_a_suite_replaces_only_its_own_goals(tmp_path):
    """Running one suite again leaves the other's goals and page in the report."""
    report.write(_section("rating", 1), tmp_path)
    report.write(_section("grpc", 1), tmp_path)
    report.write(_section("rating", 2), tmp_path)
    goals = json.loads((tmp_path / "report.json").read_text())
    assert {g["goal"]: g["holds"] for g in goals} == {"grpc/speed": True, "rating/speed": False}
    assert set(goals[0]) == {"goal", "value", "target", "better", "holds", "machine", "date"}
    text = (tmp_path / "report.md").read_text()
    assert "## rating" in text
    assert "## grpc" in text


@pytest.mark.parametrize(
    "part", [rating._totals, rating._itemised, rating._out_of_bound, rating._threads]
)
def test_a_part_of_the_rating_suite_runs_small(part):
    """The parts that need no bench extra give a table and goals that a small run cannot judge."""
    table, goals = part(ROWS, 2)
    assert table.rows
    assert goals
    assert {g.holds for g in goals} == {None}


@pytest.fixture(scope="module")
def stores():
    """Both engines, for the store suite small."""
    with store_engines.engines() as pair:
        yield pair


@pytest.fixture(scope="module")
def towns(stores):
    """A company in both stores, in several chunks, with its bills."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (store_engines, store_world):
            patch.setattr(module, "CHUNK", 400)
        found = [store_world.founded(engine, 1_000) for engine in stores]
        for town in found:
            store_world.loaded(town, _quiet)
        billed = store_books.billed(found, _quiet)
        yield found, billed


def _quiet(_):
    """Says nothing."""


def test_bulk_inserts_are_compared(stores, monkeypatch):
    """Every contender leaves the same rows, several transactions each; small runs judge nothing."""
    monkeypatch.setattr(store_engines, "CHUNK", 400)
    table, goals = store_limits.measured(stores, 1_000, 1, judged=False)
    assert {row[0].rpartition(": ")[2] for row in table.rows} >= {
        store_limits.INSERT,
        store_limits.COPY,
        store_limits.MANY,
    }
    assert len(goals) == 4
    assert {g.holds for g in goals} == {None}


@pytest.mark.parametrize("which", [0, 1])
def test_other_rows_are_not_timed(stores, which):
    """A row that is missing, or another value, ends the run."""
    store, rows = stores[which].fresh(), store_limits.readings(20)
    with store.write() as session:
        session.open_month(store_limits.MONTH)
        session.insert("reading", rows)
    store_limits.check_rows(store, "reading", rows)
    other = {**rows, "value": rows["value"] + (np.arange(20) == 7)}
    with pytest.raises(NotExact, match=r"reading\.value"):
        store_limits.check_rows(store, "reading", other)
    with pytest.raises(NotExact, match="reading"):
        store_limits.check_rows(store, "reading", store_limits.readings(21))
    store.close()


def test_books_that_are_restored_are_compared(towns):
    """What comes back has the digest of what was backed up, and breaks no invariant."""
    found, _ = towns
    measured = [recovery_suite.recovered(town, _quiet) for town in found]
    table = recovery_suite.table_of(1_000, measured)
    assert [row[0] for row in table.rows][:2] == ["PostgreSQL, backup", "PostgreSQL, restore"]
    assert len({one.manifest.tables["reading"].digest for one in measured}) == 1
    assert measured[0].manifest.tables["reading"].rows == 12_000


def test_loading_is_compared_and_told(towns):
    """All rows of a load are in the store, and inserted raw beside; what differs is noticed."""
    found, _ = towns
    table = store_world.table(found)
    assert len(table.rows) == 2 * len(store_world.LOADS)
    for town in found:
        assert town.spent["readings"].rows == 1_000 * store_world.RECORDED
        with town.bare.read() as reader:
            counts = {
                name: reader.row(f"SELECT COUNT(*) FROM {name}")[0] for name in store_world.TABLES
            }
        assert counts["reading"] == 1_000 * (1 + store_world.RECORDED)
        assert {counts[name] for name in ("customer", "account", "agreement", "meter")} == {1_000}
    chunk = store_world.Chunk(found[0], *next(found[0].ranges()))
    given = store_world.readings_given(chunk)
    with pytest.raises(NotExact, match="'value'"):
        store_world._check_same("readings", given, {**given, "value": given["value"] + 1}, chunk)


def test_determinants_are_compared(towns):
    """The usage of every account is that of its given readings."""
    found, _ = towns
    assert len(store_reads.determined(found).rows) == 4
    first, last = next(found[0].ranges())
    chunk = store_world.Chunk(found[0], first, last)
    with found[0].store.read() as reader:
        read = store_reads._ours(reader, first, last)
    read.usage.usage[7] += 1
    with pytest.raises(NotExact, match="usage"):
        store_reads._check_usage(read, chunk)


def test_the_books_are_compared(towns):
    """Both stores have the same bills, every phase is told, and verify finds nothing."""
    found, billed = towns
    assert len(billed.rows) == 2 * (len(store_books.PHASES) + 2)
    table, goals = store_books.verified(found, judged=False, say=_quiet)
    assert len(table.rows) == 2 * (len(store_books.CHECKS) + 1)
    assert {g.holds for g in goals} == {None}


def test_single_accounts_are_compared(towns, monkeypatch):
    """Balances and statements of accounts with many documents."""
    monkeypatch.setattr(store_reads, "CALLS", 20)
    found, _ = towns
    assert len(store_reads.single(found).rows) == 6


@pytest.mark.parametrize("which", [0, 1])
def test_a_run_is_compared_and_told(stores, monkeypatch, which):
    """Chunks, workers and phases come to the same bills, which go in raw; small is not judged."""
    monkeypatch.setattr(store_engines, "CHUNK", 100)
    monkeypatch.setattr(runs_race, "WORKERS", (2,))
    month = runs_suite._month(stores[which], 250, 1, _quiet)
    assert month.cost.bills == 250
    assert [done for done, _ in month.cost.curve] == [100, 200, 250]
    assert min(month.raw.rows_in, month.raw.rows_out) >= 0
    assert set(month.races.cpu) == set(runs_race.VARIANTS)
    tables, goals = runs_suite._told([month, month], 250)
    assert len(tables[0].rows) == 2 * (len(runs_world.PHASES) + 4)
    assert len(tables[2].rows) == 2 * len(runs_race.VARIANTS)
    assert {g.holds for g in goals} == {None}


def test_other_bills_are_not_compared(stores, monkeypatch):
    """A bill that a store lacks, or of another amount, ends the run."""
    monkeypatch.setattr(store_engines, "CHUNK", 100)
    town = runs_world.founded(stores[1], 30, 1, _quiet)
    runs_world.ran(town, runs_world.order(town, 1), stores[1].clock)
    with pytest.raises(NotExact, match="went in raw"):
        runs_limits._check_same(town, town.bare, runs_limits._months(town)["billed"])


def test_the_memory_of_runs_is_told(monkeypatch):
    """Each size has its most memory and its curve, from a process of its own; small sizes are not
    judged."""
    monkeypatch.setattr(store_engines, "CHUNK", 100)
    found = {n: runs_memory.measured(n) for n in (100, 250)}
    assert [len(one.curve) for one in found.values()] == [1, 3]
    assert [row[0] for row in runs_memory.table(found).rows] == ["100", "250"]
    assert all(1 << 20 < one.own < one.peak for one in found.values())
    assert runs_memory.memory_goal(found).holds is None
    monkeypatch.setenv("BILLCORE_BENCH", "full")
    assert max(runs_memory.sizes()) == 10_000_000


@pytest.mark.parametrize("which", [0, 1])
def test_payments_are_compared_and_told(stores, monkeypatch, which):
    """A file, loops, a server and its calls: what was told is in the books; small is not judged."""
    monkeypatch.setattr(store_engines, "CHUNK", 100)
    monkeypatch.setattr(payments_posting, "CLIENTS", (1, 4))
    monkeypatch.setattr(payments_suite, "CLIENTS", (1, 4))
    for name in ("payments_posting", "payments_suite"):
        monkeypatch.setattr(globals()[name], "MANY", 4)
    monkeypatch.setattr(payments_posting, "EXPLICIT", "4 clients, explicit")
    monkeypatch.setattr(payments_suite, "EXPLICIT", "4 clients, explicit")
    monkeypatch.setattr(payments_calls, "POSTING", 2)
    paid = payments_suite.measured(stores[which], 250, 1, _quiet, 0.2, 1.0, (20, 3))
    assert paid.bulk.payments == 250
    assert paid.bulk.raw > 0
    assert min(loop.posts for loops in paid.single.loops.values() for loop in loops) > 0
    assert sum(paid.seconds) <= paid.sustained.posts
    assert len(paid.waits.alone) == 20
    assert paid.waits.beside_run
    assert {len(some) for name, some in paid.waits.calls.items() if name != "ReservePayment"} == {3}
    tables = payments_suite.told([paid])
    assert len(tables[-1].rows) == len(paid.waits.calls) == 10
    assert {g.holds for g in payments_suite._goals(paid)} == {None}


def test_other_payments_are_not_compared(stores, monkeypatch):
    """A payment that is told and not posted, or posted and not told, ends the run."""
    monkeypatch.setattr(store_engines, "CHUNK", 100)
    payers = payments_world.billed(stores[1], 30, _quiet)
    payments_world.check_posted(payers)
    bulk = payments_bulk.bulk(payers)
    assert bulk.payments == payers.told == 30
    payers.amount += 1
    with pytest.raises(NotExact, match="told"):
        payments_world.check_posted(payers)
    payers.amount -= 1
    bill_ids = payments_world.newer_bills(payers.town)
    payments_posting.check_open(payers, bill_ids)
    with pytest.raises(NotExact, match="is open"):
        payments_posting.check_open(payers, bill_ids + 1)


@pytest.mark.parametrize("which", [0, 1], ids=["postgres", "sqlite"])
def test_a_day_is_reconciled_and_told(stores, monkeypatch, tmp_path, which):
    """As it was drawn, by a process of its own, beside a join of the same files."""
    monkeypatch.setattr(store_engines, "CHUNK", 700)
    made = reconciliation_world.files(tmp_path, 2_000)
    assert sum(made.breaks.values()) > 5
    done = reconciliation_suite.measured(stores[which], made, 2_000, _quiet)
    assert done.imported > 0 < done.matched
    joined = [reconciliation_suite.Joined(1.0, 1 << 20)]
    table = reconciliation_suite._told(2_000, [done], joined)
    assert table.rows[0][-1] == f"{done.whole:.2f}"
    assert {g.holds for g in reconciliation_suite._goals([done], joined, False)} == {None}


@pytest.mark.parametrize("which", [0, 1], ids=["postgres", "sqlite"])
def test_records_of_a_device_are_taken_beside_payments_in_bulk(stores, monkeypatch, which):
    monkeypatch.setattr(field_suite, "CALL", 40)
    done = field_suite.measured(stores[which], 100, _quiet)
    assert (done.records, done.payments) == (99, 49)
    table = field_suite._told(100, [done])
    assert table.rows[0][0] == stores[which].name
    assert {g.holds for g in field_suite._goals([done], False)} == {None}


def test_a_day_that_is_not_as_drawn_is_not_timed(stores, tmp_path):
    made = reconciliation_world.files(tmp_path, 2_000)
    wrong = replace(made, breaks={**made.breaks, BreakKind.AMOUNT_DIFF: 999})
    with pytest.raises(NotExact, match="drawn were"):
        reconciliation_suite.measured(stores[1], wrong, 2_000, _quiet)


def test_the_join_is_compared(tmp_path):
    made = reconciliation_world.files(tmp_path, 2_000)
    assert reconciliation_suite.join(tmp_path, made).seconds > 0
    with pytest.raises(NotExact):
        reconciliation_suite.join(tmp_path, replace(made, breaks={}))


def test_screens_wait_and_are_told(stores, monkeypatch):
    """Each call as often as asked, some beside a run; few accounts are not judged."""
    monkeypatch.setattr(store_engines, "CHUNK", 100)
    monkeypatch.setattr(enquiries_suite, "CALLS_A_ROUND", 2)
    monkeypatch.setattr(enquiries_suite, "WARMED", 1)
    waits = enquiries_suite.measured(stores[1], 250, 2, _quiet)
    assert {len(some) for some in waits.alone.values()} == {4}
    assert set(waits.beside) == set(enquiries_suite.JUDGED)
    table = enquiries_suite._told(250, [waits])
    assert len(table.rows) == len(waits.alone) == 6
    assert {g.holds for g in enquiries_suite._goals(waits, judged=False)} == {None}


def test_documents_are_rendered_and_told(stores, monkeypatch):
    """Bills as they are stored, in every format; an empty one is not taken for a fast one."""
    monkeypatch.setattr(documents_suite, "LANGUAGES", ("zh",))
    found = documents_suite.Rates()
    told = documents_suite._read(stores[1], 20, 1, found, _quiet)
    assert len(told) == 20
    assert all(
        bill.total == sum(c.amount for s in bill.supplies for c in s.charges) for bill in told
    )
    documents_suite._rendered(told, 1, found, _quiet)
    table = documents_suite._told(20, found)
    assert len(table.rows) == 1 + len(documents_suite.Format) + 1
    monkeypatch.setattr(documents_suite, "rendered", lambda *_: b"")
    with pytest.raises(NotExact, match="0 bytes"):
        documents_suite._render(told, "zh", documents_suite.Format.PDF, found)


@pytest.mark.parametrize("which", [0, 1], ids=["postgres", "sqlite"])
def test_a_report_is_made_and_told(stores, monkeypatch, which):
    """As its twin tells it; a twin that differs ends the run."""
    monkeypatch.setattr(analytics_suite, "alone", lambda act, *given: act(*given))
    monkeypatch.setattr(analytics_world, "CHUNK", 200)
    twin = analytics_suite.peer(300)
    done = analytics_suite.measured(stores[which], 300, 1, twin, _quiet)
    assert done.seconds > 0
    table = analytics_suite._table(300, [done], [twin])
    assert table.rows[0][-1] == f"{done.seconds / twin.seconds:.2f}"
    assert {g.holds for g in analytics_suite._goals([done], [twin], False)} == {None}
    wrong = replace(twin, figures={**twin.figures, "receipts": {}})
    with pytest.raises(NotExact, match="receipts"):
        analytics_suite.check_same(done, wrong)
