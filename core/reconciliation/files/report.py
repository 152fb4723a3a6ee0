"""Reports of channels by their definitions: whole columns at once, or nothing of the file.

Goals: a million lines in seconds; every fault with its line, field and what is allowed. The lines
before and behind the payments are checked against them: how many there are and what they come to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from billcore.core.accounts.checks import Bools, Ints
from billcore.core.errors import quoted
from billcore.core.reconciliation.files.amounts import AmountForm
from billcore.core.reconciliation.files.decoding import decoded
from billcore.core.reconciliation.files.definition import Definition, Field
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.reconciliation.files.forms import LineForm
from billcore.core.reconciliation.files.lines import LineKind, Report, table
from billcore.core.reconciliation.files.times import instants, read_times

TEXT_MAX = 100
"""References, targets, terminals and batches have at most so many characters; texts four times."""

FORM_LINE_MAX = 1_000
"""A line before or behind the payments has at most so many bytes."""

BLOCK_BYTES = 2**26


@dataclass(frozen=True, slots=True)
class _Rows:
    """The payments of a file as texts. first: the line of the first one; by their fields."""

    file: str
    first: int
    texts: dict[str, pa.StringArray]
    count: int

    def refuse(self, bad: Bools, field: str, message: str, allowed: Sequence[str] = ()) -> None:
        """Raises FileBroken for the first bad row; {} in the message is its text."""
        if bad.any():
            row = int(np.argmax(bad))
            text = quoted(self.texts[field][row].as_py())
            raise FileBroken(
                self.file, self.first + row, field, message.replace("{}", text), allowed
            )


def read_report(definition: Definition, content: bytes, file: str, digits: int) -> Report:
    """The payments of a report. digits: decimals of the currency. Raises FileBroken."""
    plain = decoded(content, definition.encoding, file)
    head, rest = _before(definition, plain, file)
    body, tail = _behind(definition, rest, file, plain.count(b"\n", 0, len(plain) - len(rest)))
    first = plain.count(b"\n", 0, len(plain) - len(rest)) + 1
    rows = _rows(definition, body, file, first)
    report = _report(definition, rows, digits)
    for form, line_no, line in (*head, *tail):
        _check_totals(definition, form, line_no, line, report, file, digits)
    return report


# -- before and behind


_Line = tuple[LineForm, int, str]


def _before(definition: Definition, plain: bytes, file: str) -> tuple[list[_Line], bytes]:
    """The lines of the header, and what is behind them."""
    found, rest = [], plain
    for number, form in enumerate(definition.header, 1):
        line, _, rest = rest.partition(b"\n")
        found.append((form, number, _formed(form, line, number, file, "header")))
    return found, rest


def _behind(
    definition: Definition, rest: bytes, file: str, before: int
) -> tuple[bytes, list[_Line]]:
    """What is before the trailer, and the trailer's lines; empty lines at the end are nothing."""
    body, found = rest.rstrip(b"\n"), []
    for form in reversed(definition.trailer):
        body, _, line = body.rpartition(b"\n")
        number = before + body.count(b"\n") + bool(body) + 1
        found.append((form, number, _formed(form, line, number, file, "trailer")))
        body = body.rstrip(b"\n")
    return body, found


def _formed(form: LineForm, line: bytes, number: int, file: str, where: str) -> str:
    text = line.decode("utf-8") if len(line) <= FORM_LINE_MAX else ""
    if form.read(text) is None:
        said = quoted(text) if text.strip() else "nothing"
        message = f"{said} stands where the {where} is; is the file complete?"
        raise FileBroken(file, number, where, message, [form.text])
    return text


def _check_totals(
    definition: Definition,
    form: LineForm,
    number: int,
    line: str,
    report: Report,
    file: str,
    digits: int,
) -> None:
    found = form.read(line) or {}
    told = found.get("count")
    if told is not None and int(told) != len(report):
        message = f"it tells {told} payments, the file has {len(report)}."
        raise FileBroken(file, number, "count", message)
    said = found.get("sum")
    if said is None:
        return
    column = definition.column("amount")
    assert column is not None, "a report has amounts"
    values, bad = _amount_form(definition, column, digits).read(pa.array([said.strip()]))
    total = report.total
    if bad[0] or int(values[0]) != total:
        message = f"it tells the sum {quoted(said)}, the payments come to {total} minor units."
        raise FileBroken(file, number, "sum", message)


# -- rows


def _rows(definition: Definition, body: bytes, file: str, first: int) -> _Rows:
    names = [one.name or f"column {at}" for at, one in enumerate(definition.columns, 1)]
    if definition.names:
        line, _, body = body.partition(b"\n")
        columns, places = _named(definition, line, file, first)
        first += 1
    else:
        columns, places = names, dict(enumerate(definition.columns))
    if not body.strip(b"\n"):
        empty = pa.array([], pa.string())
        return _Rows(file, first, {one.field: empty for one in places.values()}, 0)
    made = _parsed(definition, body, columns, file, first)
    texts = {
        one.field: made.column(at).combine_chunks()
        for at, one in places.items()
        if one.field != "skip"
    }
    if definition.quote:
        texts = {name: pc.utf8_trim_whitespace(column) for name, column in texts.items()}
    return _Rows(file, first, texts, made.num_rows)


def _named(
    definition: Definition, line: bytes, file: str, number: int
) -> tuple[list[str], dict[int, Field]]:
    """The names that stand in a file, and where each column is; others are left unread."""
    said = line.decode("utf-8").split(definition.separator)
    plain = [name.strip().strip(definition.quote or None).strip() for name in said]
    places = {}
    for one in definition.columns:
        if plain.count(one.name) == 1:
            places[plain.index(one.name)] = one
        elif one.name in plain:
            raise FileBroken(file, number, one.name, "two columns have this name.")
        elif not one.optional:
            message = f"the column is missing; the file has {', '.join(map(quoted, plain))}."
            raise FileBroken(file, number, one.name, message)
    return [f"{at} {name}" for at, name in enumerate(plain)], places


def _parsed(
    definition: Definition, body: bytes, columns: Sequence[str], file: str, first: int
) -> pa.Table:
    broken: list[tuple[int, int]] = []

    def refuse(row: pacsv.InvalidRow) -> str:
        broken.append((row.number, row.actual_columns))
        return "skip"

    options = pacsv.ParseOptions(
        delimiter=definition.separator,
        quote_char=definition.quote or False,
        double_quote=bool(definition.quote),
        ignore_empty_lines=False,
        invalid_row_handler=refuse,
    )
    texts = pacsv.ConvertOptions(
        column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
    )
    reading = pacsv.ReadOptions(
        column_names=list(columns), use_threads=False, block_size=BLOCK_BYTES
    )
    try:
        made = pacsv.read_csv(pa.BufferReader(body), reading, options, texts)
    except pa.ArrowInvalid as error:
        raise FileBroken(file, first, "line", f"it cannot be read: {error}.") from None
    if broken:
        number, there = broken[0]
        message = f"it has {there} columns, not {len(columns)}."
        raise FileBroken(file, first + number - 1, "columns", message, [", ".join(columns)])
    if made.num_rows != body.count(b"\n") + 1 - body.endswith(b"\n"):
        raise FileBroken(file, first, "line", "a line end stands inside of quotation marks.")
    return made


# -- fields


def _report(definition: Definition, rows: _Rows, digits: int) -> Report:
    lines: dict[str, Ints | pa.StringArray] = {
        "line": np.arange(rows.first, rows.first + rows.count, dtype=np.int64),
        "count": np.ones(rows.count, dtype=np.int64),
    }
    for name, least, most in (
        ("reference", 1, TEXT_MAX),
        ("target", 1, TEXT_MAX),
        ("terminal", 0, TEXT_MAX),
        ("batch", 0, TEXT_MAX),
        ("text", 0, 4 * TEXT_MAX),
    ):
        if name in rows.texts:
            lines[name] = _text(rows, name, least, most)
    lines |= _amounts(definition, rows, digits) | _times(definition, rows)
    return Report(definition.format, table(rows.count, lines))


def _text(rows: _Rows, name: str, least: int, most: int) -> pa.StringArray:
    plain = pc.utf8_trim_whitespace(rows.texts[name])
    length = np.asarray(pc.utf8_length(plain))
    shown = np.asarray(pc.utf8_is_printable(plain))
    message = f"{{}} is not {least} to {most} printable characters."
    rows.refuse((length < least) | (length > most) | ~shown, name, message)
    return plain


def _amount_form(definition: Definition, column: Field, digits: int) -> AmountForm:
    marks = definition.decimal_mark, definition.thousands_mark
    return AmountForm(*marks, 0 if column.minor else digits)


def _amounts(definition: Definition, rows: _Rows, digits: int) -> dict[str, Ints | pa.StringArray]:
    """amount, fee and kind; what a reversal comes to is below 0."""
    column = definition.column("amount")
    assert column is not None, "a report has amounts"
    values = _money(definition, rows, column, digits)
    rows.refuse(values == 0, "amount", "{} is nothing: a payment has an amount.")
    told = definition.column("kind")
    if told is not None:
        kind = _kinds(rows, told)
        wrong = (kind == LineKind.PAYMENT) & (values < 0)
        rows.refuse(wrong, "amount", "{} is below 0, and the kind is that of a payment.")
    else:
        kind = np.where(values < 0, LineKind.REVERSAL.value, LineKind.PAYMENT.value)
        if not column.negative_reverses:
            rows.refuse(values < 0, "amount", "{} is below 0: this report has payments only.")
    amount = np.where(kind == LineKind.REVERSAL, -np.abs(values), values)
    found: dict[str, Ints | pa.StringArray] = {"kind": kind, "amount": amount}
    fee = definition.column("fee")
    if fee is not None and "fee" in rows.texts:
        unsaid = np.asarray(pc.equal(rows.texts["fee"], ""))
        fees = _money(definition, _blanks_as_zero(rows, "fee"), fee, digits)
        rows.refuse(~unsaid & (fees < 0), "fee", "{} is below 0.")
        found["fee"] = fees
    return found


def _blanks_as_zero(rows: _Rows, field: str) -> _Rows:
    plain = pc.utf8_trim_whitespace(rows.texts[field])
    return replace(rows, texts={**rows.texts, field: pc.if_else(pc.equal(plain, ""), "0", plain)})


def _money(definition: Definition, rows: _Rows, column: Field, digits: int) -> Ints:
    form = _amount_form(definition, column, digits)
    values, bad = form.read(rows.texts[column.field])
    rows.refuse(bad, column.field, f"{{}} is not an amount: {form.told}.")
    return values


def _kinds(rows: _Rows, column: Field) -> Ints:
    encoded = pc.utf8_trim_whitespace(rows.texts["kind"]).dictionary_encode()
    known = dict(column.kinds)
    values = np.array([known.get(word, 0) for word in encoded.dictionary.to_pylist()] or [0])
    kind: Ints = values[np.asarray(encoded.indices)].astype(np.int64)
    rows.refuse(kind == 0, "kind", "{} is not a kind of this report.", list(known))
    return kind


def _times(definition: Definition, rows: _Rows) -> dict[str, Ints | pa.StringArray]:
    """day, paid_at and value_day; without a time of day paid_at is 0."""
    found: dict[str, Ints] = {}
    for column in definition.columns:
        if column.forms and column.field in rows.texts:
            plain = pc.utf8_trim_whitespace(rows.texts[column.field])
            day, second, bad = read_times(column.forms, plain)
            allowed = [form.text for form in column.forms]
            rows.refuse(bad, column.field, "{} is no such day or time.", allowed)
            if column.field != "time":
                found["value_day" if column.field == "value_day" else "day"] = day
            if column.field in ("time", "at"):
                found["second"] = second
    if "second" in found:
        found["paid_at"] = instants(found["day"], found.pop("second"), definition.time_zone)
    return dict(found)
