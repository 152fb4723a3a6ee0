"""Every error of the domain: named after the broken rule, with its facts, in words that teach.

`reason` is stable: callers match on it, the edge maps it to a status. `retryable`
says whether the same call, unchanged, can succeed later. `fields` holds the facts
as text. The message says what, which, where and what to do.
Non-goals: wire statuses (the edge has one table), translations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

LISTED_MAX = 12
"""At most this many allowed values or findings are spelled out in a message."""

TEXT_MAX = 80
"""An offending text is quoted up to this many characters, however long it came in."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule at one place of a document; line and column count from 1."""

    path: str
    line: int
    column: int
    file: str
    rule: str
    message: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" + (f": {self.path}" if self.path else "")
        return f"{where}: {_taught(self.message, self.allowed)} [{self.rule}]"

    def as_dict(self) -> dict[str, object]:
        """The finding in JSON's types."""
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "file": self.file,
            "rule": self.rule,
            "message": self.message,
            "allowed": list(self.allowed),
        }


class BillcoreError(Exception):
    """A rule of billcore was broken; subclasses say which."""

    reason: ClassVar[str] = "BILLCORE_ERROR"
    retryable: ClassVar[bool] = False
    retry_seconds: int = 1
    """After so long, at the earliest, if it is retryable."""

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(message)
        self.message = message
        self.fields = {name: str(value) for name, value in fields.items() if value is not None}

    def as_dict(self) -> dict[str, object]:
        """The error in JSON's types: reason, message, retryable, fields (all text)."""
        return {
            "reason": self.reason,
            "message": self.message,
            "retryable": self.retryable,
            "fields": dict(self.fields),
        }

    def __reduce__(self) -> tuple[object, ...]:
        """Errors travel between worker processes whatever their constructors ask for."""
        return _revived, (type(self), self.args), dict(self.__dict__)


def _revived(kind: type[BillcoreError], args: tuple[object, ...]) -> BillcoreError:
    error = kind.__new__(kind)
    error.args = args
    return error


class TextInvalid(BillcoreError):
    """A text is not what its place needs. Knows no place; a loader adds it by `finding`."""

    reason = "TEXT_INVALID"

    def __init__(self, detail: str, *, text: str, rule: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(_taught(detail, allowed), text=text[:TEXT_MAX], rule=rule)
        self.detail = detail
        self.rule = rule
        self.allowed = tuple(allowed)

    def finding(self, path: str, line: int, column: int, file: str) -> Finding:
        """This error at a place of a document; line and column count from 1."""
        return Finding(path, line, column, file, self.rule, self.detail, self.allowed)


class MoneyInvalid(TextInvalid):
    """A number, currency, rounding or amount of money is not exact or not known."""

    reason = "MONEY_INVALID"


class DateInvalid(TextInvalid):
    """A date or a yearly border is not a day of its calendar."""

    reason = "DATE_INVALID"


class PeriodInvalid(BillcoreError):
    """A billing period (previous, this] is reversed, empty, too long or out of range.

    `previous` and `this` are day ordinals; `row` counts from 0 when it is a column's.
    """

    reason = "PERIOD_INVALID"

    def __init__(
        self,
        message: str,
        *,
        rule: str,
        previous: int | None = None,
        this: int | None = None,
        row: int | None = None,
    ) -> None:
        super().__init__(message, rule=rule, previous=previous, this=this, row=row)
        self.rule = rule


class TariffInvalid(BillcoreError):
    """A tariff document breaks rules of the language; every finding has its place."""

    reason = "TARIFF_INVALID"

    def __init__(self, findings: Sequence[Finding]) -> None:
        found = tuple(findings)
        super().__init__(_refusal(found), findings=len(found))
        self.findings = found

    def as_dict(self) -> dict[str, object]:
        """As every error's, with `findings` as a list."""
        return {**super().as_dict(), "findings": [finding.as_dict() for finding in self.findings]}


class TariffUnknown(BillcoreError):
    """No tariff has this id at this provider."""

    reason = "TARIFF_UNKNOWN"

    def __init__(self, tariff: str) -> None:
        message = f"No tariff {tariff!r} is known here: load its document first, or list the ids."
        super().__init__(message, tariff=tariff)


class TariffVersionUnknown(BillcoreError):
    """The tariff is known, this version of it is not."""

    reason = "TARIFF_VERSION_UNKNOWN"

    def __init__(self, tariff: str, version: str, known: Sequence[str] = ()) -> None:
        message = f"Tariff {tariff!r} has no version {version!r}."
        super().__init__(_taught(message, known), tariff=tariff, version=version)


class TariffConflict(BillcoreError):
    """The id exists with other content for this version or request.

    `key` names what collides: "version 3", "request 9f2c".
    """

    reason = "TARIFF_CONFLICT"

    def __init__(self, tariff: str, key: str, digest_existing: str, digest_given: str) -> None:
        super().__init__(
            f"Tariff {tariff!r} already holds other content under {key}: stored "
            f"{digest_existing}, given {digest_given}. A stored document never changes: "
            "give the new content a new version.",
            tariff=tariff,
            key=key,
            digest_existing=digest_existing,
            digest_given=digest_given,
        )


class ColumnInvalid(BillcoreError):
    """A column of a batch, or one of its rows (counted from 0), breaks a rule."""

    reason = "COLUMN_INVALID"

    def __init__(self, column: str, message: str, *, rule: str, row: int | None = None) -> None:
        where = f"Column {column!r}" if row is None else f"Column {column!r}, row {row}"
        super().__init__(f"{where}: {message}", column=column, rule=rule, row=row)
        self.column = column
        self.rule = rule
        self.row = row


class ColumnMissing(BillcoreError):
    """A batch lacks a column that the tariff reads."""

    reason = "COLUMN_MISSING"

    def __init__(self, column: str, required: Sequence[str]) -> None:
        message = f"Column {column!r} is missing. Required: {_listed(required)}."
        super().__init__(message, column=column)


class ColumnUnknown(BillcoreError):
    """A batch has a column that the tariff does not read."""

    reason = "COLUMN_UNKNOWN"

    def __init__(self, column: str, allowed: Sequence[str]) -> None:
        message = f"Column {column!r} is not an input of this tariff."
        super().__init__(_taught(message, allowed), column=column)


class BatchTooLarge(BillcoreError):
    """A call carries more items than the named limit allows."""

    reason = "BATCH_TOO_LARGE"

    def __init__(self, limit: str, limit_max: int, given: int) -> None:
        message = f"The batch has {given} items, {limit} allows {limit_max}: send smaller batches."
        super().__init__(message, limit=limit, limit_max=limit_max, given=given)


class RequestInvalid(BillcoreError):
    """A field of a request breaks its rule."""

    reason = "REQUEST_INVALID"

    def __init__(self, field: str, message: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(f"Field {field!r}: {_taught(message, allowed)}", field=field)


class SettingsInvalid(BillcoreError):
    """A setting of the server or the command line breaks its rule."""

    reason = "SETTINGS_INVALID"

    def __init__(self, setting: str, message: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(f"Setting {setting!r}: {_taught(message, allowed)}", setting=setting)


def quoted(text: str) -> str:
    """An offending text in quotation marks, as much of it as tells which it is."""
    return f"'{text}'" if len(text) <= TEXT_MAX else f"'{text[:TEXT_MAX]}…'"


def _taught(message: str, allowed: Sequence[str]) -> str:
    return f"{message} Allowed: {_listed(allowed)}." if allowed else message


def _listed(values: Sequence[str]) -> str:
    rest = len(values) - LISTED_MAX
    return ", ".join(values[:LISTED_MAX]) + (f" and {rest} more" if rest > 0 else "")


def _refusal(findings: Sequence[Finding]) -> str:
    if not findings:
        raise ValueError("a refusal without a finding teaches nobody")
    rest = len(findings) - LISTED_MAX
    lines = [f"The tariff is refused, findings: {len(findings)}."]
    lines += [str(finding) for finding in findings[:LISTED_MAX]]
    lines += [f"and {rest} more"] if rest > 0 else []
    return "\n".join(lines)
