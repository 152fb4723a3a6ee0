"""EventService on a real server: read from any place, followed, resumed after its end."""

import threading
import time
import urllib.request

import grpc
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from billcore.core.errors import SettingsInvalid
from billcore.v1 import admin_service_pb2, event_service_pb2, tariff_service_pb2
from tests.api import stored
from tests.api.client import Client, refusal, refused
from tests.api.documents import OTHER

SECONDS = 20


@pytest.fixture
def keys(tmp_path):
    return stored.fill(tmp_path)


@pytest.fixture
def app(tmp_path, keys):
    server = stored.server(tmp_path)
    yield server
    server.drain()


@pytest.fixture
def client(app, keys):
    """A client of the provider north with every role."""
    found = Client(app.port, keys["north"])
    yield found
    found.channel.close()


def publish(client: Client, count: int, first: int = 0) -> None:
    for n in range(first, first + count):
        client.publish(OTHER.replace("0.25", f"0.{n + 1}"), f"publish {n}")


def streamed(client: Client, request, told) -> list[event_service_pb2.StreamEventsResponse]:
    """The answers up to the first after which `told` of them is true; then the stream is left.

    A stream that was left just now may still count: as clients do, it is opened again.
    """
    end = time.monotonic() + SECONDS
    while True:
        call, answers = client.events.StreamEvents(request, timeout=SECONDS), []
        try:
            for answer in call:
                answers.append(answer)
                if told(answers):
                    call.cancel()
                    return answers
        except grpc.RpcError as error:
            if refusal(error).reason != "STREAMS_EXHAUSTED" or time.monotonic() > end:
                raise
            time.sleep(0.01)


def follow(client: Client, after: int, count: int) -> list[event_service_pb2.Event]:
    """The next events behind a sequence, as they come."""
    request = event_service_pb2.StreamEventsRequest(after=after)
    answers = streamed(client, request, lambda some: sum(len(a.events) for a in some) >= count)
    return [event for answer in answers for event in answer.events]


def test_events_are_read_from_any_place(client):
    """Numbered from 1 without a gap; the same rows however often they are read."""
    publish(client, 5)
    found = follow(client, 0, 5)
    assert [e.sequence for e in found] == [1, 2, 3, 4, 5]
    assert {e.kind for e in found} == {"tariff.published"}
    request = event_service_pb2.ListEventsRequest(after=2, limit=2)
    assert list(client.events.ListEvents(request).events) == found[2:4]
    request = event_service_pb2.ListEventsRequest(after=5)
    assert not client.events.ListEvents(request).events
    for wrong in ({"after": -1}, {"limit": -1}):
        with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as said:
            client.events.ListEvents(event_service_pb2.ListEventsRequest(**wrong))
        assert list(said[0].fields) == list(wrong)


def test_a_stream_follows_what_is_new(client):
    """Events that are written while the stream is open come through it."""
    publish(client, 1)
    writer = threading.Timer(1.0, publish, (client, 2, 1))
    writer.start()
    assert [e.sequence for e in follow(client, 0, 3)] == [1, 2, 3]
    writer.join()


def filtered(client: Client, after: int = 0, **wanted: object) -> list[int]:
    """The sequences that a stream with a filter tells up to the end of the log."""
    request = event_service_pb2.StreamEventsRequest(
        after=after, filter=event_service_pb2.EventFilter(**wanted)
    )
    answers = streamed(client, request, lambda some: some[-1].through == some[-1].last_sequence)
    return [event.sequence for answer in answers for event in answer.events]


def test_a_stream_tells_what_is_wanted(client):
    """By kind, subject, account; how far it has read is told though nothing was found."""
    publish(client, 4)
    assert len(follow(client, 0, 4)) == 4
    subject = (
        client.events.ListEvents(event_service_pb2.ListEventsRequest(after=2)).events[0].subject
    )
    assert filtered(client, kinds=["tariff.published"]) == [1, 2, 3, 4]
    assert filtered(client, kinds=["tariff.published"], after=3) == [4]
    assert filtered(client, subjects=[subject], after=1) == [2, 3, 4]
    assert filtered(client, subjects=[subject + " "]) == []
    assert filtered(client, kinds=["bills.issued"]) == []
    assert filtered(client, account_ids=[7]) == []
    request = event_service_pb2.ListEventsRequest(limit=2)
    request.filter.kinds.append("bills.issued")
    answer = client.events.ListEvents(request)
    assert (len(answer.events), answer.through, answer.last_sequence) == (0, 4, 4)
    request.filter.account_ids.append(-1)
    for call in (
        client.events.ListEvents,
        lambda r: list(
            client.events.StreamEvents(event_service_pb2.StreamEventsRequest(filter=r.filter))
        ),
    ):
        with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as said:
            call(request)
        assert list(said[0].fields) == ["filter.account_ids[0]"]


def test_a_filtered_stream_goes_on_with_what_is_new(client):
    """What does not fit moves the place only; what fits comes behind it."""
    publish(client, 2)
    follow(client, 0, 2)
    request = event_service_pb2.StreamEventsRequest()
    request.filter.kinds.append("client.disabled")
    call = client.events.StreamEvents(request, timeout=SECONDS)
    first = next(call)
    assert (len(first.events), first.through) == (0, 2)
    publish(client, 1, 2)
    second = next(call)
    assert (len(second.events), second.through) == (0, 3)
    call.cancel()


FIRST = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
SECOND = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"


def spelled(event: event_service_pb2.Event) -> bytes:
    """What is signed, as the contract says it, without any code of ours."""
    texts = ["billcore.event.v1", event.provider_id, event.sequence, event.event_id]
    texts += [event.kind, event.subject, event.recorded_at, event.payload]
    content = [str(text).encode() for text in texts]
    return b"".join(str(len(one)).encode() + b":" + one + b"," for one in content)


def test_events_are_signed_and_keys_rotate(tmp_path, keys):
    """By the newest key, over what is told; old signatures verify by keys that no longer sign."""
    file, told = tmp_path / "signing.keys", []
    for text in (f"2025 {FIRST}", f"2025 {FIRST}\n2026 {SECOND}"):
        file.write_text(text)
        server = stored.server(tmp_path, signing_keys=file)
        client = Client(server.port, keys["north"])
        publish(client, 1, len(told))
        told.append(follow(client, 0, len(told) + 1))
        request = event_service_pb2.ListSigningKeysRequest()
        found = {key.key_id: key for key in client.events.ListSigningKeys(request).keys}
        client.channel.close()
        server.drain()
    assert {name: key.signs for name, key in found.items()} == {"2025": False, "2026": True}
    assert [[event.key_id for event in events] for events in told] == [["2025"], ["2026"] * 2]
    for event in (*told[0], *told[1]):
        key = Ed25519PublicKey.from_public_bytes(found[event.key_id].public_key)
        assert event.provider_id == 1
        key.verify(event.signature, spelled(event))
        for name in ("payload", "subject", "kind", "recorded_at"):
            other = event_service_pb2.Event()
            other.CopyFrom(event)
            setattr(other, name, getattr(event, name) + " ")
            with pytest.raises(InvalidSignature):
                key.verify(event.signature, spelled(other))


def test_without_keys_nothing_is_signed(client, tmp_path):
    publish(client, 1)
    (event,) = follow(client, 0, 1)
    assert (event.key_id, event.signature) == ("", b"")
    assert not client.events.ListSigningKeys(event_service_pb2.ListSigningKeysRequest()).keys
    with pytest.raises(SettingsInvalid, match="signing_keys"):
        stored.server(tmp_path, signing_keys=tmp_path / "none")


def test_another_provider_s_events_are_not_told(app, keys, client):
    """South sees its own empty log; the house its own."""
    publish(client, 1)
    assert len(follow(client, 0, 1)) == 1
    for name in ("south", "house"):
        other = Client(app.port, keys[name])
        listed = other.events.ListEvents(event_service_pb2.ListEventsRequest())
        audit = other.events.ListAudit(event_service_pb2.ListAuditRequest())
        assert not listed.events
        assert all("tariff" not in row.subject for row in audit.rows)
        other.channel.close()


def test_streams_are_bounded(client):
    """One more than event_streams_max is refused and may come again."""
    request = event_service_pb2.StreamEventsRequest()
    open_now = [client.events.StreamEvents(request) for _ in range(2)]
    time.sleep(0.5)
    with refused("RESOURCE_EXHAUSTED", "STREAMS_EXHAUSTED") as found:
        list(client.events.StreamEvents(request))
    assert found[0].facts["limit"] == "event_streams_max"
    for call in open_now:
        call.cancel()


def test_a_stream_ends_with_its_server(tmp_path, keys):
    """UNAVAILABLE at once; another server goes on behind the last sequence that was seen."""
    first = stored.server(tmp_path)
    client = Client(first.port, keys["north"])
    publish(client, 2)
    call = client.events.StreamEvents(event_service_pb2.StreamEventsRequest())
    seen = []
    drainer = threading.Timer(2.0, first.drain)
    drainer.start()
    with refused("UNAVAILABLE", "SERVER_DRAINING"):
        for answer in call:
            seen += [e.sequence for e in answer.events]
    drainer.join()
    client.channel.close()
    second = stored.server(tmp_path)
    client = Client(second.port, keys["north"])
    publish(client, 1, 2)
    assert [e.sequence for e in follow(client, seen[-1], 1)] == [3]
    client.channel.close()
    second.drain()


def test_a_stream_ends_with_its_key(app, keys, client):
    """A key that is disabled reads no further events."""
    call = Client(app.port, keys["viewer"]).events.StreamEvents(
        event_service_pb2.StreamEventsRequest()
    )
    clients = client.admin.ListClients(admin_service_pb2.ListClientsRequest()).clients
    number = next(c.client_id for c in clients if c.name == "viewer")
    client.admin.DisableClient(
        admin_service_pb2.DisableClientRequest(client_id=number, request_id="d")
    )
    with refused("UNAUTHENTICATED", "KEY_INVALID"):
        list(call)


def test_a_write_is_answered_once(tmp_path, keys):
    """After a restart the same request gets the first answer, byte for byte; another is refused."""
    request = admin_service_pb2.DisableClientRequest(client_id=4, reason="r", request_id="once")
    answers, marks = [], []
    for _ in range(2):
        server = stored.server(tmp_path)
        client = Client(server.port, keys["north"])
        call = client.channel.unary_unary("/billcore.v1.AdminService/DisableClient")
        answer, ended = call.with_call(request.SerializeToString())
        answers.append(answer)
        marks.append(dict(ended.trailing_metadata()).get("x-billcore-replayed", ""))
        publish = tariff_service_pb2.PublishTariffRequest(document=OTHER, request_id="p")
        published = client.tariffs.PublishTariff(publish)
        assert (published.tariff.version, published.created) == (1, len(answers) == 1)
        request.reason = "other"
        with refused("ALREADY_EXISTS", "REQUEST_CONFLICT"):
            client.admin.DisableClient(request)
        request.reason = "r"
        publish.document = OTHER.replace("0.25", "0.26")
        with refused("ALREADY_EXISTS", "TARIFF_CONFLICT"):
            client.tariffs.PublishTariff(publish)
        client.channel.close()
        server.drain()
    assert answers[0] == answers[1]
    assert marks == ["", "1"]


def test_the_figures_tell_of_the_store(app, client):
    """Transactions, refused keys, what waits for a number."""
    publish(client, 1)
    follow(client, 0, 1)
    with refused("UNAUTHENTICATED"):
        Client(app.port).events.ListEvents(event_service_pb2.ListEventsRequest())
    time.sleep(1.5)
    with urllib.request.urlopen(f"http://127.0.0.1:{app.metrics_port}/metrics") as page:
        lines = page.read().decode().splitlines()
    found = dict(line.rsplit(" ", 1) for line in lines if line.startswith("billcore_"))
    assert float(found['billcore_store_transaction_seconds_count{kind="write"}']) >= 1
    assert float(found['billcore_store_transaction_seconds_count{kind="read"}']) >= 1
    assert float(found['billcore_calls_not_allowed_total{reason="KEY_MISSING"}']) == 1
    assert float(found["billcore_events_pending"]) == 0
    assert float(found["billcore_sequencer_lag_seconds"]) == 0
