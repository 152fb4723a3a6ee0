"""The methods whose streams hold a thread each, and calls that hold theirs as long.

Goals: one table; the settings are checked against it, the services are limited by it, and a new
stream is another line. It imports nothing, so that settings are read without the services.
"""

from collections.abc import Iterator
from typing import NamedTuple


class Streams(NamedTuple):
    """How many streams of a method are open at most: its setting, and the gauge of those open.

    stored: only a server with a store has the method.
    """

    method: str
    setting: str
    gauge: str
    stored: bool = True


RATE_BATCH = "RatingService/RateBatch"
STREAM_EVENTS = "EventService/StreamEvents"
LOAD = "LoadService/Load"
WATCH_RUN = "BillingService/WatchRun"
EXPORT_RUN = "BillingService/ExportRun"
POST_PAYMENTS = "PaymentService/PostPayments"
IMPORT_CHANNEL_REPORT = "ReconciliationService/ImportChannelReport"
IMPORT_STATEMENT = "ReconciliationService/ImportStatement"
IMPORT_DEBIT_RESULTS = "DirectDebitService/ImportDebitResults"
GET_REPORT = "ReportService/GetReport"
LIST_WARNINGS = "ReportService/ListWarnings"
FIX_CUT_OFF = "ReportService/FixCutOff"
ASSESS_LATE_FEES = "CollectionService/AssessLateFees"

STREAMS = (
    Streams(RATE_BATCH, "streams_max", "streams", stored=False),
    Streams(STREAM_EVENTS, "event_streams_max", "followers"),
    Streams(LOAD, "load_streams_max", "loads"),
    Streams(WATCH_RUN, "run_streams_max", "watchers"),
    Streams(POST_PAYMENTS, "payment_streams_max", "payment_streams"),
    Streams(IMPORT_CHANNEL_REPORT, "import_streams_max", "imports"),
    Streams(IMPORT_STATEMENT, "import_streams_max", "imports"),
    Streams(IMPORT_DEBIT_RESULTS, "import_streams_max", "imports"),
    Streams(EXPORT_RUN, "export_streams_max", "exports"),
    Streams(GET_REPORT, "reports_max", "reports"),
    Streams(LIST_WARNINGS, "reports_max", "reports"),
    Streams(FIX_CUT_OFF, "reports_max", "reports"),
    Streams(ASSESS_LATE_FEES, "assessment_streams_max", "assessments"),
)


def of_server(stored: bool) -> Iterator[Streams]:
    """Those that a server has, with a store or without."""
    return (one for one in STREAMS if stored or not one.stored)
