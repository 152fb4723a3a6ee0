"""The catalog of published tariffs: numbered, immutable, idempotent, all or nothing."""

import threading

import pytest

from billcore.core.errors import (
    RequestInvalid,
    TariffConflict,
    TariffInvalid,
    TariffUnknown,
    TariffVersionUnknown,
)
from billcore.core.tariff.catalog import Catalog, CatalogFull, content_digest, examine

DOCUMENT = """\
tariff: t
currency: USD
inputs:
  kwh: {kind: quantity, unit: kWh, decimals: 0, max: 1000}
versions:
  - {from: 2020-01-01, rate: PRICE}
lines:
  - {id: energy, label: LABEL, is: kwh * rate, round: 0.01 half_up}
total: {of: all}
"""


def document(price: str = "1", label: str = "Energy", name: str = "t") -> str:
    text = DOCUMENT.replace("PRICE", price).replace("LABEL", label)
    return text.replace("tariff: t\n", f"tariff: {name}\n")


@pytest.mark.parametrize(
    ("text", "version", "created", "why"),
    [
        (document(), 1, False, "the same text"),
        ("# a comment\n" + document(), 1, False, "comments say nothing"),
        (document().replace("{of: all}", "\n  of:   all"), 1, False, "layout says nothing"),
        (document("2"), 2, True, "another price"),
        (document(label="Power"), 2, True, "a label is printed"),
    ],
)
def test_content_makes_a_version(text, version, created, why):
    """Publishing is by content: what says the same is the same version."""
    catalog = Catalog()
    catalog.publish(document(), "first")
    publication = catalog.publish(text, "second")
    assert (publication.published.version, publication.created) == (version, created), why


def test_a_label_changes_the_content_and_not_the_hash():
    """The hash is over what decides amounts."""
    catalog = Catalog()
    first = catalog.publish(document(), "1").published
    second = catalog.publish(document(label="Power"), "2").published
    assert first.tariff.hash == second.tariff.hash
    assert first.content != second.content
    assert catalog.get("t", digest=first.tariff.hash) is second


def test_going_back_is_the_old_version_again():
    """The price of version 1, published after version 2, is version 1; the newest stays 2."""
    catalog = Catalog()
    for n, price in enumerate(("1", "2", "1")):
        catalog.publish(document(price), f"r{n}")
    assert catalog.get("t").version == 2


def test_a_request_id_is_bound_to_its_content():
    """The same id with other content is refused, for every tariff."""
    catalog = Catalog()
    catalog.publish(document(), "r")
    assert not catalog.publish(document(), "r").created
    for other in (document("2"), document(name="u")):
        with pytest.raises(TariffConflict):
            catalog.publish(other, "r")
    assert catalog.count() == 1


@pytest.mark.parametrize("request_id", ["", "x" * 101, "a\tb"])
def test_a_request_id_is_a_name(request_id):
    """1 to 100 printable characters."""
    with pytest.raises(RequestInvalid):
        Catalog().publish(document(), request_id)


def test_a_refused_document_leaves_nothing():
    """Neither a tariff nor the request id is kept."""
    catalog = Catalog()
    with pytest.raises(TariffInvalid):
        catalog.publish(document("rat"), "r")
    assert catalog.count() == 0
    assert catalog.publish(document(), "r").created


def test_versions_are_found_by_number_and_by_hash():
    """0 is the newest; a number and a hash must agree."""
    catalog = Catalog()
    first = catalog.publish(document(), "1").published
    second = catalog.publish(document("2"), "2").published
    assert catalog.get("t") is second
    assert catalog.get("t", 1) is first
    assert catalog.get("t", 0, first.tariff.hash) is first
    assert catalog.get("t", 1, first.tariff.hash.upper()) is first
    for version, digest in [(3, ""), (2, first.tariff.hash), (0, "00"), (-1, "")]:
        with pytest.raises(TariffVersionUnknown):
            catalog.get("t", version, digest)
    with pytest.raises(TariffUnknown):
        catalog.get("u")


def test_pages_follow_the_ids():
    """A page starts behind an id, whether it exists or not."""
    catalog = Catalog()
    for name in "cab":
        catalog.publish(document(name=name), name)
    page = catalog.tariffs("", 2)
    assert ([p.tariff.id for p in page.items], page.more) == (["a", "b"], True)
    page = catalog.tariffs("b", 2)
    assert ([p.tariff.id for p in page.items], page.more) == (["c"], False)
    assert catalog.tariffs("zz", 2).items == ()
    assert [p.version for p in catalog.versions("a", 0, 9).items] == [1]
    assert catalog.versions("a", 1, 9).items == ()


def test_a_catalog_has_its_limits():
    """More tariffs or versions than allowed are refused and named."""
    catalog = Catalog(tariffs_max=1, versions_max=1)
    catalog.publish(document(), "1")
    with pytest.raises(CatalogFull, match="versions_max"):
        catalog.publish(document("2"), "2")
    with pytest.raises(CatalogFull, match="tariffs_max"):
        catalog.publish(document(name="u"), "3")
    assert catalog.publish(document(), "4").published.version == 1


def test_examining_keeps_nothing():
    """A checked document has version 0, or findings."""
    assert examine(document()).published.version == 0
    assert examine(document("rat")).published is None
    assert examine(document("rat")).findings


def test_a_folder_is_taken_whole(tmp_path):
    """One bad file, and none is published; every file's findings are told."""
    (tmp_path / "a.yaml").write_text(document(), encoding="utf-8")
    (tmp_path / "b.yml").write_text(document("rat", name="u"), encoding="utf-8")
    (tmp_path / "c.json").write_bytes(b'{"tariff": "\xff"}')
    (tmp_path / "notes.txt").write_text("not a document", encoding="utf-8")
    catalog = Catalog()
    with pytest.raises(TariffInvalid) as caught:
        catalog.publish_folder(tmp_path)
    files = {finding.file for finding in caught.value.findings}
    assert files == {str(tmp_path / "b.yml"), str(tmp_path / "c.json")}
    assert catalog.count() == 0
    (tmp_path / "b.yml").unlink()
    (tmp_path / "c.json").unlink()
    assert [p.tariff.id for p in catalog.publish_folder(tmp_path)] == ["t"]


def test_a_folder_names_each_tariff_once(tmp_path):
    """Two files with one id are a conflict, whatever they say."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(document(), encoding="utf-8")
    with pytest.raises(TariffConflict, match=r"a\.yaml, b\.yaml"):
        Catalog().publish_folder(tmp_path)


def test_threads_publish_one_version_each():
    """Many threads, the same four contents: four versions, each created once."""
    catalog, created = Catalog(), []

    def publish(n: int) -> None:
        made = [catalog.publish(document(p), f"{n} {p}").created for p in ("1", "2", "3", "4")]
        created.extend(made)

    threads = [threading.Thread(target=publish, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert created.count(True) == 4
    assert [p.version for p in catalog.versions("t", 0, 9).items] == [1, 2, 3, 4]


def test_a_digest_hears_every_word():
    """Two documents have one digest if, and only if, they say the same."""
    texts = [document(), document("2"), document(label="x"), document(name="u")]
    assert len({content_digest(text) for text in texts}) == len(texts)
    assert content_digest(document()) == content_digest(document() + "# end\n")
