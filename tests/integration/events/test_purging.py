import datetime as dt

import pytest

from oms.events import services
from oms.events.choices import DeliveryState
from oms.events.models import Delivery, DeliveryAttempt, EndpointTally, Event, MessageBody
from oms.kernel.actors import SYSTEM
from tests.factories import NOW
from tests.integration.events.builders import happen, make_receiving, send

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def test_what_is_older_than_thirty_days_goes_and_events_stay(clock, receiver):
    endpoint = make_receiving(receiver)
    happen(endpoint.organization_id, 1)
    send(clock)
    MessageBody.objects.update(created_at=NOW)
    events = Event.objects.count()

    kept = services.purge(now=NOW + 30 * DAY)
    gone = services.purge(now=NOW + 30 * DAY + dt.timedelta(seconds=1))

    assert (kept["attempts"], kept["deliveries"]) == (0, 0)
    assert (gone["attempts"], gone["deliveries"]) == (1, 1)
    assert not Delivery.objects.exists()
    assert not DeliveryAttempt.objects.exists()
    assert not MessageBody.objects.exists()
    assert Event.objects.count() == events


def test_what_still_waits_is_kept_with_its_message(clock, receiver):
    endpoint = make_receiving(receiver, "/down")
    other = make_receiving(receiver, "/up", organization_id=endpoint.organization_id)
    receiver.behaviours["/down"].status = 500
    happen(endpoint.organization_id, 1)
    send(clock)

    services.purge(now=NOW + 400 * DAY)

    [waiting] = Delivery.objects.all()
    assert (waiting.endpoint, waiting.state) == (endpoint, DeliveryState.PENDING)
    assert MessageBody.objects.get().pk == waiting.body_id
    assert not other.deliveries.exists()


def test_statistics_are_kept_for_eight_days(clock, receiver):
    endpoint = make_receiving(receiver)
    happen(endpoint.organization_id, 1)
    send(clock)

    services.purge(now=NOW + 8 * DAY)
    kept = EndpointTally.objects.count()
    services.purge(now=NOW + 8 * DAY + dt.timedelta(seconds=1))

    assert (kept, EndpointTally.objects.count()) == (1, 0)


def test_what_slipped_through_while_an_endpoint_was_disabled_is_suppressed(receiver):
    endpoint = make_receiving(receiver)
    services.disable_endpoint(endpoint_id=endpoint.pk, reason="x", actor=SYSTEM, now=NOW)
    happen(endpoint.organization_id, 1)
    Delivery.objects.update(state=DeliveryState.PENDING, finished_at=None)

    done = services.purge(now=NOW)

    assert done["suppressed"] == 1
    assert Delivery.objects.get().state == DeliveryState.SUPPRESSED
