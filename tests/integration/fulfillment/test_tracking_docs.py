"""What a channel hands over for a parcel: carrier, tracking number, and a waybill of its own."""

import datetime as dt
import hashlib

import pytest
from django.core.files.storage import default_storage

from fulfillment import queries, services, tasks
from fulfillment.models import Document, Parcel
from fulfillment.services import contents, fetching
from oms.kernel import http
from tests.factories import NOW, channel_actor, make_channel
from tests.integration.fulfillment.builders import MULTI, OWN, SINGLE, cancel, facts, pack, routed
from tests.simulators.document_store import document_store

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\nthe channel's waybill"
LATER = NOW + dt.timedelta(minutes=1)


@pytest.fixture
def store():
    with document_store() as store:
        yield store


def labelled(**overrides):
    """An order with a planned parcel that has a label of ours."""
    case = routed(delivery=SINGLE, **overrides)
    services.fetch_due_labels(now=NOW)
    return case


def trusting(case):
    """The operator lets this channel's documents come from the local network."""
    case.channel.connector = {"allow_private_network": True}
    case.channel.save()
    return case


def hand_over(case, **said):
    docs = services.TrackingDocs(parcel_id=Parcel.objects.get(task=case.task).pk, **said)
    services.record_tracking_docs(docs=docs, actor=channel_actor(case.channel), now=LATER)


def parcel_of(case):
    return Parcel.objects.get(task=case.task)


def labels():
    rows = Document.objects.order_by("pk").values_list("carrier", "status")
    return [f"{carrier} {status}" for carrier, status in rows]


def label_facts(case):
    return facts(parcel_of(case), "label.")


def shown(case):
    """The bytes the point is given."""
    parcel = queries.labels_feed(actor=case.actor).get(task=case.task)
    return queries.label_bytes(queries.label_of(parcel))


def test_the_channels_waybill_replaces_our_label():
    case = labelled()

    hand_over(case, carrier="J&T", delivery_type="Premium", tracking_number="TRK-9", waybill=PDF)

    parcel = parcel_of(case)
    assert (parcel.carrier, parcel.delivery_type, parcel.tracking_number) == (
        "J&T",
        "Premium",
        "TRK-9",
    )
    assert labels() == ["oms VOID", "channel READY"]
    assert label_facts(case) == [
        "label.requested",
        "label.ready",
        "label.voided",
        "label.updated",
    ]
    assert shown(case) == PDF


def test_the_first_document_is_told_as_ready():
    case = routed(delivery=OWN)
    pack(case)

    hand_over(case, waybill=PDF)

    assert label_facts(case) == ["label.ready"]
    assert facts(parcel_of(case))[-1] == "parcel.labelled"
    assert parcel_of(case).status == "LABELLED"


def test_a_label_that_was_not_made_yet_is_not_made():
    case = routed(delivery=SINGLE)

    hand_over(case, waybill=PDF)

    assert labels() == ["oms VOID", "channel READY"]
    assert services.fetch_due_labels(now=LATER) == 0
    assert label_facts(case) == ["label.requested", "label.voided", "label.ready"]


def test_the_same_again_changes_nothing():
    case = labelled()
    said = {"carrier": "J&T", "tracking_number": "TRK-9", "waybill": PDF}
    hand_over(case, **said)
    before = label_facts(case)

    hand_over(case, **said)

    assert (label_facts(case), Document.objects.count()) == (before, 2)


def test_another_waybill_replaces_the_first():
    case = labelled()
    hand_over(case, waybill=PDF)

    hand_over(case, waybill=PDF + b"2")

    assert labels() == ["oms VOID", "channel VOID", "channel READY"]
    assert label_facts(case)[-2:] == ["label.voided", "label.updated"]
    assert shown(case) == PDF + b"2"


def test_our_label_is_made_again_for_another_tracking_number():
    case = labelled()

    hand_over(case, tracking_number="TRK-9")

    assert labels() == ["oms VOID", "oms PENDING"]
    services.fetch_due_labels(now=LATER)
    assert label_facts(case)[2:] == ["label.voided", "label.requested", "label.updated"]
    assert parcel_of(case).tracking_number == "TRK-9"


def test_a_tracking_number_alone_is_told_to_a_point_with_its_own_label():
    case = routed(delivery=OWN)
    pack(case)

    hand_over(case, tracking_number="TRK-9")

    assert (labels(), label_facts(case)) == ([], ["label.updated"])


def test_the_channels_number_of_the_parcel_is_kept_and_not_changed():
    case = labelled()
    hand_over(case, channel_parcel_no="USP-1")

    with pytest.raises(services.ChannelParcelMismatch):
        hand_over(case, channel_parcel_no="USP-2", tracking_number="TRK-9")

    assert parcel_of(case).channel_parcel_no == "USP-1"
    assert labels() == ["oms READY"]


def test_a_voided_parcel_gets_nothing():
    case = labelled()
    cancel(case)

    with pytest.raises(services.ParcelVoided):
        hand_over(case, waybill=PDF)


def test_another_channels_parcel_does_not_exist():
    case = labelled()
    docs = services.TrackingDocs(parcel_id=parcel_of(case).pk, waybill=PDF)
    stranger = channel_actor(make_channel(organization=case.channel.organization))

    with pytest.raises(services.ParcelNotFound):
        services.record_tracking_docs(docs=docs, actor=stranger, now=LATER)

    assert labels() == ["oms READY"]


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [
        (PDF, "application/pdf", "pdf"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png", "png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg", "jpg"),
        (b"\r\n^XA^FO50,50^FDx^FS^XZ", "application/zpl", "zpl"),
        (b"~DG000.GRF,1,1,FF\n^xa^xz", "application/zpl", "zpl"),
    ],
)
def test_documents_are_known_by_their_bytes(content, media_type, ending):
    case = labelled()

    hand_over(case, waybill=content)

    stored = Document.objects.get(status="READY").content
    sha256 = hashlib.sha256(content).hexdigest()
    assert (stored.media_type, stored.size, stored.pk) == (media_type, len(content), sha256)
    assert stored.file.name.endswith(f"{sha256}.{ending}")
    assert default_storage.size(stored.file.name) == len(content)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"<html>not found</html>", services.DocumentKindUnknown),
        (b"^no label", services.DocumentKindUnknown),
        (b"%PDF-" + b"x" * contents.MOST_BYTES, services.DocumentTooLarge),
    ],
)
def test_other_documents_are_refused(content, refusal):
    case = labelled()

    with pytest.raises(refusal):
        hand_over(case, waybill=content, tracking_number="TRK-9")

    assert labels() == ["oms READY"]
    assert parcel_of(case).tracking_number != "TRK-9"


def test_a_waybill_is_fetched_from_where_the_channel_keeps_it(store):
    case = trusting(labelled())
    url = store.keep("/w/1.pdf?key=secret", PDF)

    hand_over(case, waybill_url=url)

    assert labels() == ["oms READY", "channel PENDING"]
    ours = Document.objects.get(carrier="oms")
    assert shown(case) == queries.label_bytes(ours)
    assert services.fetch_due_waybills(now=LATER) == 1
    assert store.asked == ["/w/1.pdf?key=secret"]
    assert labels() == ["oms VOID", "channel READY"]
    assert label_facts(case)[2:] == ["label.requested", "label.voided", "label.updated"]
    assert shown(case) == PDF


def test_the_address_is_sealed_and_comes_back_to_the_channel(store):
    case = trusting(labelled())
    url = store.keep("/w/1.pdf?key=secret", PDF)

    hand_over(case, waybill_url=url)

    row = Document.objects.get(carrier="channel")
    assert b"secret" not in bytes(row.source_url)
    [parcel] = queries.parcels_feed(actor=channel_actor(case.channel))
    assert queries.waybill_url_of(parcel) == url


def test_the_same_address_again_is_not_fetched_again(store):
    case = trusting(labelled())
    url = store.keep("/w/1.pdf", PDF)
    hand_over(case, waybill_url=url)
    services.fetch_due_waybills(now=LATER)

    hand_over(case, waybill_url=url)

    assert services.fetch_due_waybills(now=LATER) == 0
    assert labels() == ["oms VOID", "channel READY"]


def test_another_address_replaces_the_first(store):
    case = trusting(labelled())
    hand_over(case, waybill_url=store.keep("/1", PDF))
    services.fetch_due_waybills(now=LATER)

    hand_over(case, waybill_url=store.keep("/2", PDF + b"2"))
    services.fetch_due_waybills(now=LATER)

    assert labels() == ["oms VOID", "channel VOID", "channel READY"]
    assert shown(case) == PDF + b"2"


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (404, b"", "The channel's server answered 404"),
        (302, b"", "The channel's server answered 302"),
        (200, b"<html>", "The document is no PDF, PNG, JPEG or ZPL"),
        (200, b"%PDF-" + b"x" * contents.MOST_BYTES, "The document has more than 5242880 bytes"),
    ],
)
def test_what_cannot_get_better_fails_at_once(store, status, content, error):
    case = trusting(labelled())
    hand_over(case, waybill_url=store.keep("/1", content, status=status))

    services.fetch_due_waybills(now=LATER)

    failed = Document.objects.get(carrier="channel")
    assert (failed.status, failed.last_error) == ("FAILED", error)
    assert labels() == ["oms READY", "channel FAILED"]
    assert label_facts(case)[-1] == "label.failed"


def test_a_busy_server_is_asked_again_later(store):
    case = trusting(labelled())
    url = store.keep("/1", b"", status=503)
    hand_over(case, waybill_url=url)

    services.fetch_due_waybills(now=LATER)
    waiting = Document.objects.get(carrier="channel")
    store.keep("/1", PDF)

    assert (waiting.status, waiting.not_before - LATER) == (
        "PENDING",
        dt.timedelta(seconds=fetching.BACKOFF[0]),
    )
    assert services.fetch_due_waybills(now=LATER) == 0
    assert services.fetch_due_waybills(now=waiting.not_before) == 1
    assert labels() == ["oms VOID", "channel READY"]


def test_a_failed_address_is_fetched_when_it_is_said_again(store):
    case = trusting(labelled())
    url = store.keep("/1", b"", status=404)
    hand_over(case, waybill_url=url)
    services.fetch_due_waybills(now=LATER)
    store.keep("/1", PDF)

    hand_over(case, waybill_url=url)
    services.fetch_due_waybills(now=LATER)

    assert labels() == ["oms VOID", "channel VOID", "channel READY"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/w.pdf",
        "https://127.0.0.1/w.pdf",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "nonsense",
    ],
)
def test_private_networks_are_out_of_reach(url):
    case = labelled()

    with pytest.raises(http.UrlRefused):
        hand_over(case, waybill_url=url)

    assert labels() == ["oms READY"]


def test_permission_that_was_withdrawn_counts_when_it_is_fetched(store):
    case = trusting(labelled())
    hand_over(case, waybill_url=store.keep("/1", PDF))
    case.channel.connector = {}
    case.channel.save()

    services.fetch_due_waybills(now=LATER)

    assert store.asked == []
    assert labels() == ["oms READY", "channel FAILED"]


def test_labels_of_ours_are_not_fetched_as_waybills(store):
    case = trusting(routed(delivery=MULTI))
    pack(case)

    assert services.fetch_due_waybills(now=LATER) == 0
    assert labels() == ["oms PENDING"]


def test_with_the_buyers_data_goes_the_address(store):
    case = trusting(labelled())
    hand_over(case, waybill_url=store.keep("/1", PDF))

    services.erase_documents(order_id=case.order.pk, actor=case.actor, now=LATER)

    row = Document.objects.get(carrier="channel")
    assert (row.status, row.source_url) == ("VOID", None)


@pytest.mark.django_db(transaction=True)
def test_the_job_fetches_what_is_due_and_may_run_twice(store):
    case = trusting(labelled())
    url = store.keep("/1", PDF)
    docs = services.TrackingDocs(parcel_id=parcel_of(case).pk, waybill_url=url)
    services.record_tracking_docs(docs=docs, actor=channel_actor(case.channel), now=NOW)

    for _ in range(2):
        tasks.fetch_due_waybills(is_sweep=True)

    assert (store.asked, labels()) == (["/1"], ["oms VOID", "channel READY"])
