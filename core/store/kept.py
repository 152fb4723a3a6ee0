"""Texts of a provider that are kept with a revision: terms by channel, definitions by name."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from billcore.core.store.port import Reader, Session, Value

K = TypeVar("K", int, str)


@dataclass(frozen=True, slots=True)
class Kept(Generic[K]):
    """A table of such texts: its name, the column of its keys, the column of its texts."""

    table: str
    key: str
    text: str

    def one(self, reader: Reader, provider_id: int, key: K) -> tuple[str, int]:
        """A text and its revision; '' and 0 where there is none."""
        sql = f"""SELECT {self.text}, revision FROM {self.table}
WHERE provider_id = :provider_id AND {self.key} = :key"""  # noqa: S608 - names of our own
        row = reader.row(sql, provider_id=provider_id, key=key)
        return (str(row[0]), int(row[1])) if row else ("", 0)

    def every(self, reader: Reader, provider_id: int) -> dict[K, tuple[str, int]]:
        """The provider's texts with their revisions, by key, in its order."""
        sql = f"""SELECT {self.key}, {self.text}, revision FROM {self.table}
WHERE provider_id = :provider_id ORDER BY {self.key}"""  # noqa: S608 - names of our own
        rows = reader.rows(sql, provider_id=provider_id)
        return {key: (str(text), int(revision)) for key, text, revision in rows}  # type: ignore[misc]

    def put(
        self, session: Session, provider_id: int, key: K, text: str, revision: int, now: int
    ) -> bool:
        """Whether the text of this revision (0: none) was there, and is this one now."""
        given: dict[str, Value] = {"provider_id": provider_id, "key": key, "text": text, "now": now}
        if not revision:
            add = f"""INSERT INTO {self.table}
(provider_id, {self.key}, {self.text}, revision, recorded_at)
VALUES (:provider_id, :key, :text, 1, :now) ON CONFLICT DO NOTHING"""  # noqa: S608 - as above
            return session.run(add, **given) == 1
        change = f"""UPDATE {self.table}
SET {self.text} = :text, revision = revision + 1, recorded_at = :now
WHERE provider_id = :provider_id AND {self.key} = :key AND revision = :revision"""  # noqa: S608 - our own words
        return session.run(change, **given, revision=revision) == 1


CHANNEL_TERMS: Kept[int] = Kept("channel_terms", "channel_no", "terms")
REPORT_FORMATS: Kept[str] = Kept("report_format", "format", "definition")
DEBIT_TERMS: Kept[int] = Kept("debit_terms", "channel_no", "terms")
DEBIT_FORMATS: Kept[str] = Kept("debit_format", "format", "definition")
DUNNING_POLICIES: Kept[str] = Kept("dunning_policy", "policy", "definition")
