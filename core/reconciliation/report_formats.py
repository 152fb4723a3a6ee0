"""Formats of reports: those that are shipped, and a provider's own, which go first."""

from billcore.core.accounts.definitions import Definitions
from billcore.core.reconciliation.errors import ReportFormatUnknown
from billcore.core.reconciliation.files.definition import Definition, read_definition
from billcore.core.store.kept import REPORT_FORMATS

FORMATS: Definitions[Definition] = Definitions(
    kind="report format",
    read=read_definition,
    unknown=ReportFormatUnknown,
    package="billcore.core.reconciliation.files",
    folder="report_formats",
    table=REPORT_FORMATS,
)
