"""TariffService on a real port: check, publish, get, list."""

import pytest

from billcore.v1 import common_pb2
from billcore.v1 import tariff_service_pb2 as pb
from tests.api.client import plan, refused
from tests.api.documents import BROKEN, OTHER, WATER


def test_a_good_document_is_described(client):
    """Validate tells hash, inputs and lines, and publishes nothing."""
    document = WATER.replace("test-water", "test-never")
    answer = client.tariffs.ValidateTariff(pb.ValidateTariffRequest(document=document))
    assert not answer.findings
    assert (answer.tariff.tariff_id, answer.tariff.version) == ("test-never", 0)
    assert [c.name for c in answer.columns][:4] == ["previous", "this", "days", "m3"]
    assert [line.name for line in answer.lines] == ["water", "fee", "extra", "before", "rounding"]
    with refused("NOT_FOUND", "TARIFF_UNKNOWN"):
        client.tariffs.GetTariff(pb.GetTariffRequest(plan=plan("test-never")))


@pytest.mark.parametrize(
    ("document", "rule", "line"),
    [
        ("", "NOT_A_MAPPING", 1),
        ("tariff: [", "NOT_YAML", 1),
        (BROKEN, "UNKNOWN_NAME", 18),
        (WATER.replace("is: m3 * rate", "is: 0.1.2"), "FORMULA", 18),
        (WATER.replace("max: 1000}", "max: 1e3}"), "DECIMAL", 6),
    ],
)
def test_a_bad_document_gets_findings(client, document, rule, line):
    """Validate answers findings with rule and place; it is no error."""
    answer = client.tariffs.ValidateTariff(pb.ValidateTariffRequest(document=document))
    assert (answer.findings[0].rule, answer.findings[0].line) == (rule, line)
    assert answer.findings[0].message
    assert not answer.HasField("tariff")


def test_publishing_a_bad_document_is_refused_whole(client):
    """A refused document leaves no version behind; every finding is a field violation."""
    document = BROKEN.replace("test-water", "test-broken")
    with refused("INVALID_ARGUMENT", "TARIFF_INVALID") as found:
        client.publish(document)
    assert any("rat" in text and ":18:" in text for text in found[0].fields.values())
    with refused("NOT_FOUND"):
        client.tariffs.GetTariff(pb.GetTariffRequest(plan=plan("test-broken")))


def test_a_refusal_fits_the_trailers(client):
    """A document with thousands of faults is refused with the first of them."""
    document = WATER + "".join(f"unknown_key_{n}: {'x' * 100}\n" for n in range(3000))
    with refused("INVALID_ARGUMENT", "TARIFF_INVALID") as found:
        client.publish(document)
    assert 1 <= len(found[0].fields) < 3000
    assert int(found[0].facts["findings"]) >= 3000


def test_publishing_again_answers_the_same_version(client):
    """The same content is the same version, under whatever request id."""
    document = OTHER.replace("test-other", "test-again")
    first = client.publish(document, "again-1")
    assert client.publish(document, "again-1") == first
    assert client.publish("# a comment\n" + document, "again-2") == first
    listed = client.tariffs.ListTariffVersions(pb.ListTariffVersionsRequest(tariff_id="test-again"))
    assert list(listed.versions) == [first]


def test_created_tells_a_new_version_from_an_old_one(client):
    """created is true for the call that made the version, and only for it."""
    request = pb.PublishTariffRequest(
        document=OTHER.replace("test-other", "test-created"), request_id="created"
    )
    answers = [client.tariffs.PublishTariff(request).created for _ in range(3)]
    assert answers == [True, False, False]


def test_a_request_id_names_one_content(client):
    """Another content under the same request id is refused and not published."""
    document = OTHER.replace("test-other", "test-request")
    client.publish(document, "request-1")
    with refused("ALREADY_EXISTS", "TARIFF_CONFLICT") as found:
        client.publish(document.replace("0.25", "0.26"), "request-1")
    assert found[0].facts["key"] == "request request-1"
    listed = client.tariffs.ListTariffVersions(
        pb.ListTariffVersionsRequest(tariff_id="test-request")
    )
    assert [v.version for v in listed.versions] == [1]


@pytest.mark.parametrize("request_id", ["", "x" * 101, "line\nbreak"])
def test_a_request_id_is_required(client, request_id):
    """Publishing without a usable request id names the field."""
    request = pb.PublishTariffRequest(document=OTHER, request_id=request_id)
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as found:
        client.tariffs.PublishTariff(request)
    assert list(found[0].fields) == ["request_id"]


def test_versions_are_numbered_and_stay(client):
    """A changed price is version 2; version 1 is still there, by number and by hash."""
    document = OTHER.replace("test-other", "test-versions")
    first, second = client.publish(document), client.publish(document.replace("0.25", "0.3"))
    assert (first.version, second.version) == (1, 2)
    for wanted, version in [
        (plan("test-versions"), 2),
        (plan("test-versions", 1), 1),
        (common_pb2.Plan(tariff_id="test-versions", hash=first.hash), 1),
    ]:
        answer = client.tariffs.GetTariff(pb.GetTariffRequest(plan=wanted))
        assert answer.tariff.version == version
        assert ("0.3" in answer.document) == (version == 2)


def test_a_label_makes_a_version_and_no_other_hash(client):
    """Labels are printed, so they are published; they decide no amount, so the hash stays."""
    document = WATER.replace("test-water", "test-labels")
    first = client.publish(document)
    second = client.publish(document.replace("{en: Water}", "{en: Drinking water}"))
    assert (second.version, second.hash) == (2, first.hash)


@pytest.mark.parametrize(
    ("wanted", "code", "reason"),
    [
        (common_pb2.Plan(), "INVALID_ARGUMENT", "REQUEST_INVALID"),
        (
            plan("test-water", -1),
            "INVALID_ARGUMENT",
            "REQUEST_INVALID",
        ),
        (plan("nowhere"), "NOT_FOUND", "TARIFF_UNKNOWN"),
        (
            plan("test-water", 99),
            "NOT_FOUND",
            "TARIFF_VERSION_UNKNOWN",
        ),
        (common_pb2.Plan(tariff_id="test-water", hash="00"), "NOT_FOUND", "TARIFF_VERSION_UNKNOWN"),
    ],
)
def test_a_plan_that_is_not_there(client, wanted, code, reason):
    """Each way to miss a plan has its code and reason."""
    with refused(code, reason):
        client.tariffs.GetTariff(pb.GetTariffRequest(plan=wanted))


def test_lists_are_paged_without_gaps_while_they_grow(client):
    """Pages of one list every tariff once, although one is added in between."""
    seen, token, pages = [], "", 0
    while pages == 0 or token:
        answer = client.tariffs.ListTariffs(pb.ListTariffsRequest(page_size=1, page_token=token))
        seen += [v.tariff_id for v in answer.tariffs]
        token, pages = answer.next_page_token, pages + 1
        if pages == 1:
            client.publish(OTHER.replace("test-other", "zz-added-later"))
    assert seen == sorted(set(seen))
    assert {"test-water", "test-other", "zz-added-later"} <= set(seen)


def test_versions_are_paged(client):
    """Pages of one list every version once, oldest first."""
    for price in ("0.1", "0.2", "0.3"):
        client.publish(OTHER.replace("test-other", "test-paged").replace("0.25", price))
    seen, token = [], ""
    for _ in range(3):
        request = pb.ListTariffVersionsRequest(
            tariff_id="test-paged", page_size=1, page_token=token
        )
        answer = client.tariffs.ListTariffVersions(request)
        seen += [v.version for v in answer.versions]
        token = answer.next_page_token
    assert (seen, token) == ([1, 2, 3], "")


@pytest.mark.parametrize("fields", [{"page_token": "?"}, {"page_token": "eDpm"}, {"page_size": -1}])
def test_a_page_that_is_none(client, fields):
    """A token of our making is taken, nothing else; a size is not negative."""
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as found:
        client.tariffs.ListTariffs(pb.ListTariffsRequest(**fields))
    assert list(found[0].fields) == list(fields)


def test_a_token_belongs_to_its_list(client):
    """A token of one tariff's versions is refused by another tariff's."""
    for name in ("test-token-a", "test-token-b"):
        for price in ("0.1", "0.2"):
            client.publish(OTHER.replace("test-other", name).replace("0.25", price))
    first = client.tariffs.ListTariffVersions(
        pb.ListTariffVersionsRequest(tariff_id="test-token-a", page_size=1)
    )
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        client.tariffs.ListTariffVersions(
            pb.ListTariffVersionsRequest(tariff_id="test-token-b", page_token=first.next_page_token)
        )
