"""Each write once: the first answer to a request id is kept and answered again.

The row of a request is written in the transaction of its write, so there is an answer exactly when
there is the write. A second call with the same id waits for the first, whichever process has it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from billcore.core.caller import Caller
from billcore.core.errors import BillcoreError, RequestInvalid
from billcore.core.store import requests as rows
from billcore.core.store.port import Session

REQUEST_ID_MAX = 100
"""A request id has 1 to this many characters."""


class RequestConflict(BillcoreError):
    """The request id was used for another request of this method."""

    reason = "REQUEST_CONFLICT"

    def __init__(self, method: str, request_id: str) -> None:
        super().__init__(
            f"Request id {request_id!r} of {method} was used for another request: a new request "
            "needs a new id.",
            method=method,
            request_id=request_id,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer in bytes; replayed: it is that of an earlier call."""

    content: bytes
    replayed: bool


def once(
    session: Session,
    caller: Caller,
    method: str,
    request_id: str,
    content: bytes,
    now: int,
    act: Callable[[], bytes],
) -> Answer:
    """What `act` answers, or what it answered to the same content under this id.

    content: the canonical bytes of the request; now: microseconds since 1970 in UTC. `act` writes
    in this session. Raises RequestInvalid, RequestConflict and what `act` raises.
    """
    check_request_id(request_id)
    fingerprint = hashlib.sha256(content).digest()
    key = rows.Key(caller.client_id, method, request_id)
    if rows.claim(session, key, fingerprint, now):
        answer = act()
        rows.finish(session, key, answer)
        return Answer(answer, replayed=False)
    stored, answer = rows.find(session, key)
    if stored != fingerprint:
        raise RequestConflict(method, request_id)
    return Answer(answer, replayed=True)


def check_request_id(request_id: str) -> None:
    """Raises RequestInvalid unless it is 1 to REQUEST_ID_MAX characters."""
    if not 1 <= len(request_id) <= REQUEST_ID_MAX:
        raise RequestInvalid(
            "request_id", f"every write needs one of 1 to {REQUEST_ID_MAX} characters."
        )
