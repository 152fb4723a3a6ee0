"""Requests and their first answers."""

from typing import NamedTuple

from billcore.core.store.port import Session, Value

CLAIM = """INSERT INTO request (client_id, method, request_id, fingerprint, answer, recorded_at)
VALUES (:client_id, :method, :request_id, :fingerprint, :answer, :recorded_at)
ON CONFLICT DO NOTHING"""

FINISH = """UPDATE request SET answer = :answer
WHERE client_id = :client_id AND method = :method AND request_id = :request_id"""

FIND = """SELECT fingerprint, answer FROM request
WHERE client_id = :client_id AND method = :method AND request_id = :request_id"""


class Key(NamedTuple):
    """What a request id is unique in."""

    client_id: int
    method: str
    request_id: str


def claim(session: Session, key: Key, fingerprint: bytes, now: int) -> bool:
    """Whether the request is new; waits for a transaction that has it."""
    own: dict[str, Value] = {"fingerprint": fingerprint, "answer": b"", "recorded_at": now}
    return session.run(CLAIM, **key._asdict(), **own) == 1


def finish(session: Session, key: Key, answer: bytes) -> None:
    """Keeps the answer of a claimed request."""
    session.run(FINISH, **key._asdict(), answer=answer)


def find(session: Session, key: Key) -> tuple[bytes, bytes]:
    """(fingerprint, answer) of a request that is there."""
    row = session.row(FIND, **key._asdict())
    if row is None:
        raise LookupError(key)
    fingerprint, answer = row
    return bytes(fingerprint), bytes(answer)  # type: ignore[arg-type]
