from datetime import timedelta

import pytest
from django.utils import timezone

from fulfillment import handlers, tasks
from fulfillment.models import Document
from oms.events.models import Event
from tests.factories import NOW, make_point, place
from tests.integration.fulfillment.builders import SINGLE, cancel, routed

pytestmark = pytest.mark.django_db


def test_one_message_fetches_every_due_label():
    routed(delivery=SINGLE)
    routed(delivery=SINGLE)

    tasks.fetch_due_labels()

    assert list(Document.objects.values_list("status", flat=True)) == ["READY", "READY"]


def test_a_label_can_be_fetched_by_itself_and_twice_does_no_harm():
    routed(delivery=SINGLE)
    document = Document.objects.get()

    tasks.fetch_label(document_id=document.pk, some_later_argument=1)
    tasks.fetch_label(document_id=document.pk)

    document.refresh_from_db()
    assert (document.status, document.attempts) == ("READY", 1)


def test_late_tasks_hop():
    case = routed(point=make_point(accept_within=10))
    case.task.accept_by = timezone.now() - timedelta(minutes=1)
    case.task.save(update_fields=["accept_by"])

    tasks.hop_due()

    assert case.status()[1] == "CANCELLED"


def test_units_given_back_wake_the_orders_that_wait_for_them():
    case = routed(quantities=(2,), on_hand=2)
    waiting = place(channel=case.channel, lines=[(case.skus[0], 2)])
    tasks.services.allocate_due(now=NOW)
    cancel(case)

    handlers.wake_waiting_orders(Event.objects.get(type="cancellation.created"))
    tasks.services.allocate_due(now=NOW + timedelta(seconds=1))

    waiting.refresh_from_db()
    assert waiting.status == "ALLOCATED"
