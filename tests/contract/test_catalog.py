"""The catalog on a store: the answers of the one in memory, kept, shared and told."""

import threading

import pytest

from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.errors import TariffConflict, TariffUnknown
from billcore.core.events.sequencer import number
from billcore.core.store import events as rows
from billcore.core.tariff.catalog import Catalog, CatalogFull
from billcore.core.tariff.shelves import Memory, Stored
from tests.unit.test_catalog import document

ANALYST = Caller(4, 9, frozenset([Role.ANALYST]))


def catalog(store, **limits: int) -> Catalog:
    found = Catalog(Stored(store, lambda: 77), **limits)
    found.refresh()
    return found


def both(store) -> tuple[Catalog, Catalog]:
    return catalog(store), Catalog(Memory())


def test_it_answers_as_the_one_in_memory(books):
    """The same calls, the same versions, in every order of content and request ids."""
    calls = [
        (document(), "a"),
        (document("2"), "b"),
        (document(), "a"),
        ("# said again\n" + document("2"), "b"),
        (document(), "c"),
        (document(name="u"), "d"),
        (document(label="x"), "e"),
    ]
    stored, memory = both(books)
    for text, request_id in calls:
        found, wanted = (c.publish(text, request_id) for c in (stored, memory))
        assert (found.published.version, found.published.number, found.created, found.replayed) == (
            wanted.published.version,
            wanted.published.number,
            wanted.created,
            wanted.replayed,
        )
    told = []
    for one in (stored, memory):
        with pytest.raises(TariffConflict) as caught:
            one.publish(document("3"), "a")
        told.append(caught.value.message)
    assert told[0] == told[1]
    assert [p.version for p in stored.versions("t", 0, 9).items] == [1, 2, 3]
    assert stored.count() == 2


def test_it_is_there_after_a_restart(books):
    """Versions, hashes, texts and request ids."""
    first = catalog(books)
    for price in ("1", "2"):
        first.publish(document(price), f"r{price}")
    second = catalog(books)
    for version in (1, 2):
        assert second.get("t", version).tariff.text == first.get("t", version).tariff.text
        assert second.get("t", version).content == first.get("t", version).content
    again = second.publish(document("1"), "r1")
    assert (again.published.version, again.created, again.replayed) == (1, False, True)


def test_other_processes_are_noticed(books):
    """At once where a tariff is missing; else at the next look."""
    one, other = catalog(books), catalog(books)
    one.publish(document(), "1")
    assert other.get("t").version == 1
    one.publish(document("2"), "2")
    assert other.get("t", 2).version == 2
    one.publish(document("3"), "3")
    assert other.get("t").version == 2
    assert other.refresh() == 1
    assert other.get("t").version == 3
    assert other.publish(document("4"), "4").published.version == 4


def test_processes_share_their_numbers(books):
    """Threads with a catalog each publish the same contents: each is made once."""
    catalogs, created = [catalog(books) for _ in range(3)], []

    def publish(one: Catalog, n: int) -> None:
        made = [one.publish(document(p), f"{n} {p}").created for p in "1234"]
        created.extend(made)

    threads = [threading.Thread(target=publish, args=(c, n)) for n, c in enumerate(catalogs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert created.count(True) == 4
    for one in catalogs:
        one.refresh()
        assert [p.version for p in one.versions("t", 0, 9).items] == [1, 2, 3, 4]


def test_a_provider_sees_its_own_and_the_house_s(books):
    """Of one id its own stands first; a stranger sees neither it nor its versions."""
    for one in both(books):
        one.publish(document(), "1")
        own = one.publish(document("2"), "2", caller=ANALYST).published
        one.publish(document(name="u"), "3", caller=ANALYST)
        assert (own.version, own.provider_id) == (1, 9)
        assert one.get("t", provider_id=9) is own
        assert one.get("t", provider_id=8).provider_id == HOUSE
        assert own.number != one.get("t").number
        assert [p.tariff.id for p in one.tariffs("", 9, 9).items] == ["t", "u"]
        assert [p.tariff.id for p in one.tariffs("", 9, 8).items] == ["t"]
        with pytest.raises(TariffUnknown):
            one.get("u", provider_id=8)


def test_limits_hold_on_the_store(books):
    """More tariffs or versions than allowed are refused, and nothing is kept."""
    one = catalog(books, tariffs_max=1, versions_max=1)
    one.publish(document(), "1")
    with pytest.raises(CatalogFull, match="versions_max"):
        one.publish(document("2"), "2")
    with pytest.raises(CatalogFull, match="tariffs_max"):
        one.publish(document(name="u"), "3")
    assert catalog(books).count() == 1
    assert catalog(books).publish(document("2"), "2").created


def test_a_publication_is_told(books):
    """An event and an audit row for each new version, none for what was there."""
    one = catalog(books)
    for request_id in ("1", "2"):
        one.publish(document(), request_id, caller=ANALYST)
    with books.write() as session:
        number(session, 9)
    with books.read() as reader:
        (event,) = rows.events(reader, 9, 0, 9)
        (row,) = rows.audits(reader, 9, 0, 9)
    assert (event.kind, event.subject) == ("tariff.published", "tariff t")
    assert (row.client_id, row.action) == (4, "tariff.publish")


def test_a_folder_is_the_house_s(books, tmp_path):
    """Published at every start, made once."""
    (tmp_path / "a.yaml").write_text(document(), encoding="utf-8")
    for _ in range(2):
        (published,) = catalog(books).publish_folder(tmp_path)
        assert (published.version, published.provider_id) == (1, HOUSE)
