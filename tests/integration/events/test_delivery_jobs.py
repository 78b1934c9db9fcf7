"""The jobs: who is told that something is due, and that one at a time of a lane works."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from oms import celery
from oms.events import hints, services, tasks
from oms.events.choices import DeliveryState
from oms.kernel.actors import SYSTEM
from oms.kernel.drains import slot
from tests.factories import NOW, make_organization, relay_everything
from tests.integration.events.builders import happen, make_receiving, states


class Told:
    """A job that counts how often it was started."""

    def __init__(self) -> None:
        self.name = f"told {uuid4()}"  # hints of one name are left out for a moment
        self.times = 0

    def delay(self, **_: object) -> None:
        self.times += 1

    def apply_async(self, *, expires: float) -> None:
        assert expires > 0
        self.times += 1


@pytest.fixture
def told():
    job = Told()
    hints.DELIVERIES.plug(job)
    yield job
    hints.DELIVERIES.plug(tasks.deliver_due)


@pytest.mark.django_db
def test_relaying_news_for_somebody_tells_the_workers(
    told, receiver, django_capture_on_commit_callbacks
):
    endpoint = make_receiving(receiver, words=["order.*"])
    happen(endpoint.organization_id, 1, 2)

    with django_capture_on_commit_callbacks(execute=True):
        relay_everything()

    assert told.times == 1


@pytest.mark.django_db
def test_relaying_news_for_nobody_tells_nobody(told, django_capture_on_commit_callbacks):
    happen(make_organization(), 1, 2)

    with django_capture_on_commit_callbacks(execute=True):
        relay_everything()

    assert told.times == 0


@pytest.mark.django_db
def test_resuming_tells_the_workers(told, receiver, django_capture_on_commit_callbacks):
    endpoint = make_receiving(receiver)
    services.pause_endpoint(endpoint_id=endpoint.pk, actor=SYSTEM, now=NOW)

    with django_capture_on_commit_callbacks(execute=True):
        services.resume_endpoint(endpoint_id=endpoint.pk, actor=SYSTEM, now=NOW)

    assert told.times == 1


@pytest.mark.django_db(transaction=True)
def test_the_job_sends_what_is_due_by_the_clock(receiver):
    endpoint = make_receiving(receiver, words=["order.*"])
    happen(endpoint.organization_id, 1, 2)

    tasks.deliver_due(is_sweep=True)

    assert states() == [DeliveryState.DELIVERED] * 2


@pytest.mark.django_db(transaction=True)
def test_a_job_without_a_slot_leaves_the_work_to_others(receiver, settings):
    settings.OMS_WEBHOOK_SLOTS = 1
    endpoint = make_receiving(receiver, words=["order.*"])
    happen(endpoint.organization_id, 1)

    def rival() -> None:
        try:
            tasks.deliver_due(is_sweep=True)
        finally:
            connection.close()

    with slot("events.deliver", 1) as number, ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(rival).result()

    assert number == 0
    assert states() == [DeliveryState.PENDING]


@pytest.mark.django_db(transaction=True)
def test_run_twice_it_sends_once(receiver):
    endpoint = make_receiving(receiver, words=["order.*"])
    happen(endpoint.organization_id, 1)

    tasks.deliver_due(is_sweep=True)
    tasks.deliver_due(is_sweep=True)

    assert len(receiver.calls) == 1


@pytest.mark.django_db
def test_the_purge_goes_by_the_clock(receiver):
    endpoint = make_receiving(receiver)
    services.rotate_secret(endpoint_id=endpoint.pk, actor=SYSTEM, now=NOW)  # long ago by now

    tasks.purge_due()

    assert [secret.expires_at for secret in endpoint.secrets.all()] == [None]


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("events.deliver_due", "webhooks"),
        ("events.relay_due", "events"),
        ("events.purge_due", "default"),
    ],
)
def test_each_job_has_its_queue(task, queue):
    route = celery.app.amqp.router.route({}, task)

    assert route["queue"].name == queue


def test_every_beat_sweep_is_a_job_that_exists():
    celery.app.loader.import_default_modules()
    entries = settings.CELERY_BEAT_SCHEDULE.values()

    assert {entry["task"] for entry in entries} <= set(celery.app.tasks)
