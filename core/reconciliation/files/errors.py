"""What refuses a file, or the definition of one: where it is wrong and what would be right."""

from collections.abc import Sequence

from billcore.core.errors import LISTED_MAX, BillcoreError, Finding


class FileBroken(BillcoreError):
    """A file is not what its format says; nothing of it is taken.

    line counts from 1; 0: the file as a whole. field: which part of the line, or of the file.
    """

    reason = "FILE_BROKEN"

    def __init__(
        self, file: str, line: int, field: str, message: str, allowed: Sequence[str] = ()
    ) -> None:
        where = f"{file}:{line}" if line else file
        told = f" Allowed: {', '.join(allowed[:LISTED_MAX])}." if allowed else ""
        super().__init__(
            f"{where}: {field}: {message}{told} Nothing of the file is taken.",
            file=file,
            line=line or None,
            field=field,
        )
        self.file = file
        self.line = line
        self.field = field
        self.detail = message
        self.allowed = tuple(allowed)


class DefinitionInvalid(BillcoreError):
    """A definition breaks rules; every finding has its place."""

    reason = "DEFINITION_INVALID"

    def __init__(self, findings: Sequence[Finding]) -> None:
        found = tuple(findings)
        rest = len(found) - LISTED_MAX
        lines = [f"The definition is refused, findings: {len(found)}."]
        lines += [str(finding) for finding in found[:LISTED_MAX]]
        lines += [f"and {rest} more"] if rest > 0 else []
        super().__init__("\n".join(lines), findings=len(found))
        self.findings = found

    def as_dict(self) -> dict[str, object]:
        """As every error's, with `findings` as a list."""
        return {**super().as_dict(), "findings": [finding.as_dict() for finding in self.findings]}


class ReportFormatInvalid(DefinitionInvalid):
    """The definition of a report is refused."""

    reason = "REPORT_FORMAT_INVALID"
