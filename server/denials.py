"""Calls that are turned away: which refusals those are, and their trace in the audit log.

Goals: every denied call is in the audit log of the provider that it was for, whoever it is from; a
flood of them does not fill the store: denials are added up by client, method and cause, and
written once a minute, at most ROWS_MAX rows of them in each process. What is not known of a caller
is not written: a call without a good key has neither client nor method, and none has the actor or
the provider that it names, for these are texts of anybody's. A server that dies loses its last
minute; the log and `billcore_calls_not_allowed_total` have each call at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

import grpc

from billcore.core.caller import HOUSE, Caller
from billcore.core.client_errors import KeyInvalid, ProviderForbidden
from billcore.core.durations import MINUTE
from billcore.core.enquiries.documents.errors import ReceiptLocked
from billcore.core.errors import BillcoreError
from billcore.core.events.audit import audit
from billcore.core.payments.vouchers.errors import VoucherLocked
from billcore.core.store.port import Store
from billcore.server.backend import CALLER
from billcore.server.codes import code_of
from billcore.server.refusals import ClientCallsExhausted, ClientCallsOpen, LookUpsExhausted

ACTION = "call.denied"
"""What the audit log calls it; its subject is the method."""

ANY_METHOD = "any method"

WAIT_MAX = MINUTE
"""Denials are written so long after the first of them, at the latest."""

METHODS_MAX = 10
"""So many kinds of denials of a client are told apart in a minute; the others by cause alone."""

ROWS_MAX = 200
"""So many kinds of denials are told apart in a minute; of the others not even the client."""

DENYING = frozenset([grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED])

THROTTLES = (
    ClientCallsExhausted,
    ClientCallsOpen,
    LookUpsExhausted,
    ReceiptLocked,
    VoucherLocked,
)
"""Refusals of callers who did too much."""


def is_denial(error: BillcoreError) -> bool:
    """Whether a refusal turns its caller away: who they are, what they may, how much they did."""
    return isinstance(error, THROTTLES) or code_of(error) in DENYING


def cause(error: BillcoreError) -> str:
    """Why, for ourselves; the caller is told the reason."""
    return error.cause if isinstance(error, KeyInvalid) else error.reason


class Denial(NamedTuple):
    """A kind of denials. client_id 0: of nobody whom we know."""

    provider_id: int
    client_id: int
    method: str
    cause: str


@dataclass(slots=True)
class Sum:
    """How many, from when to when: microseconds since 1970 in UTC."""

    calls: int
    first_at: int
    last_at: int


class Denials:
    """The denials of the last minute. Safe for threads."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now
        self._sums: dict[Denial, Sum] = {}
        self._lock = Lock()

    def note(self, method: str, error: BillcoreError) -> None:
        """Counts a denied call of the caller of the running call."""
        now = self._now()
        provider_id, client_id = _whose(error)
        denial = Denial(provider_id, client_id, method if client_id else ANY_METHOD, cause(error))
        with self._lock:
            self._add(denial, Sum(1, now, now))

    def write_due(self) -> None:
        """Writes them if the first of them is a minute old."""
        with self._lock:
            oldest = min((one.first_at for one in self._sums.values()), default=None)
        if oldest is not None and self._now() - oldest >= WAIT_MAX:
            self.write_all()

    def write_all(self) -> None:
        """Writes all of them; where the store fails they are kept for the next time."""
        with self._lock:
            sums, self._sums = self._sums, {}
        try:
            self._write(sums)
        except BaseException:
            with self._lock:
                for denial, counted in sums.items():
                    self._add(denial, counted)
            raise

    def _write(self, sums: dict[Denial, Sum]) -> None:
        if not sums:
            return
        now = self._now()
        with self._store.write() as session:
            for denial, counted in sums.items():
                caller = Caller(denial.client_id, denial.provider_id, frozenset())
                detail = {
                    "cause": denial.cause,
                    "calls": counted.calls,
                    "first_at": counted.first_at,
                    "last_at": counted.last_at,
                }
                audit(session, caller, ACTION, denial.method, "", detail, now)

    def _add(self, denial: Denial, more: Sum) -> None:
        if denial not in self._sums:
            denial = self._coarser(denial)
        there = self._sums.setdefault(denial, Sum(0, more.first_at, more.last_at))
        there.calls += more.calls
        there.first_at = min(there.first_at, more.first_at)
        there.last_at = max(there.last_at, more.last_at)

    def _coarser(self, denial: Denial) -> Denial:
        """As what a new kind of denial is counted."""
        if sum(one.client_id == denial.client_id for one in self._sums) >= METHODS_MAX:
            denial = denial._replace(method=ANY_METHOD)
        if denial not in self._sums and len(self._sums) >= ROWS_MAX:
            return Denial(HOUSE, 0, ANY_METHOD, denial.cause)
        return denial


def _whose(error: BillcoreError) -> tuple[int, int]:
    """The provider in whose log a denial belongs, and the client; (HOUSE, 0): of nobody we know."""
    caller = CALLER.get(None)
    if caller is not None:
        return caller.provider_id, caller.client_id
    if isinstance(error, KeyInvalid | ProviderForbidden):
        return error.provider_id, error.client_id
    return HOUSE, 0
