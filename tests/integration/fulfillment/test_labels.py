import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from fulfillment import queries, services
from fulfillment.carriers import registry
from fulfillment.carriers.base import CarrierError, LabelDocument
from fulfillment.models import Document, Parcel, StoredContent
from fulfillment.services import fetching
from oms.kernel.actors import SYSTEM
from tests.factories import NOW
from tests.integration.fulfillment.builders import (
    MULTI,
    SINGLE,
    cancel,
    facts,
    milestone,
    pack,
    packed,
    routed,
)

pytestmark = pytest.mark.django_db


class ScriptedCarrier:
    """Answers from a list; remembers what was asked, and sold."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sold = {}
        self.asked = []
        self.meanwhile = lambda: None

    def buy_label(self, request):
        self.asked.append(("buy", request.reference))
        answer = self.answers.pop(0) if self.answers else b"%PDF-fake"
        if isinstance(answer, Exception):
            raise answer
        label = LabelDocument(content=answer, tracking_number="TRK-9", carrier="Swift")
        self.sold[request.reference] = label
        self.meanwhile()
        return label

    def find_label(self, reference):
        self.asked.append(("find", reference))
        return self.sold.get(reference)


@pytest.fixture
def carrier():
    scripted = ScriptedCarrier()
    with registry.connected("oms", scripted):
        yield scripted


def busy(*, temporary=True):
    return CarrierError("busy", temporary=temporary)


def job():
    return Document.objects.get()


def fetch(now=NOW):
    return services.fetch_label(document_id=job().pk, now=now)


def test_a_planned_parcel_gets_its_label_before_it_is_packed():
    case = routed(delivery=SINGLE)

    assert services.fetch_due_labels(now=NOW) == 1

    parcel = Parcel.objects.get()
    document = job()
    assert (document.status, document.attempts, document.last_error) == ("READY", 1, "")
    assert (parcel.status, parcel.carrier) == ("PLANNED", "J&T")
    assert parcel.tracking_number.startswith(document.reference)
    assert facts(parcel) == ["parcel.planned", "label.requested", "label.ready"]
    assert case.status() == ("ALLOCATED", "CREATED")


def test_a_packed_parcel_becomes_labelled():
    case = routed(delivery=MULTI)
    [parcel] = pack(case)

    fetch()

    parcel.refresh_from_db()
    assert parcel.status == "LABELLED"
    assert facts(parcel)[-2:] == ["label.ready", "parcel.labelled"]
    assert case.status() == ("PACKED", "PACKED")


def test_a_parcel_on_its_way_stays_on_its_way():
    case = routed()
    [parcel] = pack(case)
    milestone(case, "SHIPPED")

    fetch()

    parcel.refresh_from_db()
    assert parcel.status == "SHIPPED"
    assert parcel.tracking_number != ""


def test_what_the_point_said_of_carrier_and_tracking_stands(carrier):
    case = routed()
    [parcel] = pack(case, packed("PK-1", case.lines, carrier="J&T", tracking_number="T-1"))

    fetch()

    parcel.refresh_from_db()
    assert (parcel.carrier, parcel.tracking_number) == ("J&T", "T-1")


def test_bytes_lie_under_their_hash_and_come_back(carrier):
    routed(delivery=SINGLE)
    fetch()

    sha256 = hashlib.sha256(b"%PDF-fake").hexdigest()
    content = StoredContent.objects.get()
    assert (content.pk, content.size, content.media_type) == (sha256, 9, "application/pdf")
    assert content.file.name == f"{sha256[:2]}/{sha256[2:4]}/{sha256}.pdf"
    assert queries.label_bytes(job()) == b"%PDF-fake"


def test_present_bytes_are_not_written_again(carrier):
    routed(delivery=SINGLE)
    fetch()
    path = Path(default_storage.path(StoredContent.objects.get().file.name))
    written = path.stat().st_mtime_ns
    routed(delivery=SINGLE)

    services.fetch_due_labels(now=NOW)

    assert path.stat().st_mtime_ns == written
    assert Document.objects.filter(content__file=StoredContent.objects.get().file).count() == 2
    assert list(Path(settings.MEDIA_ROOT).rglob(".new-*")) == []


def test_a_label_is_not_due_twice(carrier):
    routed(delivery=SINGLE)

    assert (fetch(), fetch()) == (True, False)
    assert len(carrier.asked) == 1


def test_a_temporary_failure_waits_longer_each_time(carrier):
    routed(delivery=SINGLE)
    carrier.answers = [busy() for _ in range(6)]
    due, waits = NOW, []

    for _ in fetching.BACKOFF:
        fetch(due)
        waits.append((job().not_before - due).total_seconds())
        assert (job().status, job().last_error) == ("PENDING", "busy")
        assert fetch(due) is False
        due = job().not_before

    assert tuple(waits) == fetching.BACKOFF
    fetch(due)
    assert (job().status, job().attempts) == ("FAILED", 6)
    assert facts(Parcel.objects.get())[-1] == "label.failed"


def test_a_permanent_failure_is_final_at_once(carrier):
    routed(delivery=SINGLE)
    carrier.answers = [busy(temporary=False)]

    fetch()

    assert (job().status, job().attempts) == ("FAILED", 1)


def test_a_carrier_that_breaks_does_not_stop_the_others(carrier):
    routed(delivery=SINGLE)
    routed(delivery=SINGLE)
    carrier.answers = [ZeroDivisionError("secret detail")]

    assert services.fetch_due_labels(now=NOW) == 2

    first, second = Document.objects.order_by("id")
    assert (first.status, first.last_error) == ("PENDING", "Internal: ZeroDivisionError")
    assert second.status == "READY"


def test_after_a_crash_the_carrier_is_asked_before_buying_again(carrier):
    routed(delivery=SINGLE)
    carrier.meanwhile = lambda: 1 / 0  # the label is bought, and we never hear of it
    fetch()
    carrier.meanwhile = lambda: None

    fetch(job().not_before)

    reference = job().reference
    assert carrier.asked == [("buy", reference), ("find", reference)]
    assert (job().status, Parcel.objects.get().tracking_number) == ("READY", "TRK-9")


def test_a_claimed_label_is_nobody_elses_until_its_lease_ends(carrier):
    routed(delivery=SINGLE)
    seen = []
    carrier.meanwhile = lambda: seen.append(fetch(NOW + fetching.LEASE - timedelta(seconds=1)))

    fetch()

    assert seen == [False]


def test_who_comes_back_after_the_lease_changes_nothing(carrier):
    routed(delivery=SINGLE)

    def overtake():
        carrier.meanwhile = lambda: None
        carrier.sold.clear()
        fetch(NOW + fetching.LEASE)

    carrier.answers = [b"%PDF-slow", b"%PDF-quick"]
    carrier.meanwhile = overtake

    fetch()

    assert queries.label_bytes(job()) == b"%PDF-quick"
    assert job().attempts == 2
    assert facts(Parcel.objects.get()).count("label.ready") == 1


def test_a_label_voided_meanwhile_stays_void(carrier):
    case = routed(delivery=SINGLE)
    carrier.meanwhile = lambda: cancel(case)

    fetch()

    assert (job().status, job().content) == ("VOID", None)
    assert facts(Parcel.objects.get())[-2:] == ["parcel.voided", "label.voided"]


def test_a_failed_label_can_be_tried_again(carrier):
    routed(delivery=SINGLE)
    carrier.answers = [busy(temporary=False)]
    fetch()

    services.retry_label(document_id=job().pk, actor=SYSTEM, now=NOW)
    fetch()

    assert job().status == "READY"
    assert [kind for kind, _ in carrier.asked] == ["buy", "find", "buy"]


def test_only_a_failed_label_is_tried_again_by_hand(carrier):
    routed(delivery=SINGLE)

    with pytest.raises(services.LabelNotFailed):
        services.retry_label(document_id=job().pk, actor=SYSTEM, now=NOW)
    with pytest.raises(services.DocumentNotFound):
        services.retry_label(document_id=0, actor=SYSTEM, now=NOW)


def test_a_parcel_has_one_live_label_and_each_label_its_reference():
    case = routed()
    [parcel] = pack(case)

    with transaction.atomic():
        services.request_label(parcels=[parcel], actor=SYSTEM, now=NOW)
        services.void_labels(parcels=[parcel], actor=SYSTEM, now=NOW)
        services.request_label(parcels=[parcel], actor=SYSTEM, now=NOW)

    first = f"OMS{parcel.number:010d}"
    assert list(Document.objects.order_by("id").values_list("reference", "status")) == [
        (first, "VOID"),
        (f"{first}-2", "PENDING"),
    ]


def test_due_labels_are_listed_longest_first():
    routed(delivery=SINGLE)
    routed(delivery=SINGLE)
    first, second = Document.objects.order_by("id")
    Document.objects.filter(pk=first.pk).update(not_before=NOW + timedelta(seconds=5))

    assert queries.due_label_ids(now=NOW, limit=10) == [second.pk]
    later = NOW + timedelta(minutes=1)
    assert queries.due_label_ids(now=later, limit=10) == [second.pk, first.pk]


def test_there_are_no_bytes_before_there_is_a_label():
    routed(delivery=SINGLE)

    with pytest.raises(services.DocumentNotFound):
        queries.label_bytes(job())
