import subprocess
import sys
from uuid import uuid4

import pytest
from django.db import Error, connection
from django.test import RequestFactory
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from oms.backoffice import health
from oms.backoffice.models import WorldApplication
from oms.kernel import metrics
from tests.factories import make_channel, place
from tests.integration.fulfillment.builders import SINGLE, routed

FIRST = ["oms.backoffice.health.HealthChecks", "django.middleware.common.CommonMiddleware"]


@pytest.fixture(autouse=True)
def _forget():
    health._remember_ready.cache_clear()
    yield
    health._remember_ready.cache_clear()


@pytest.fixture
def world(db):
    WorldApplication.objects.create(digest="x", files="world.yaml", changes=1)


def test_livez_needs_no_database(client):
    response = client.get("/livez")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_says_yes_when_everything_is_there(client, world):
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_waits_for_the_world_of_a_demonstration(client, settings):
    before = client.get("/readyz")
    settings.OMS_DEMO = False
    elsewhere = client.get("/readyz")

    assert (before.status_code, before.content) == (503, b"not ready\n")
    assert elsewhere.status_code == 200


def test_readyz_waits_for_migrations(client, world):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'backoffice'")

    assert client.get("/readyz").status_code == 503


def test_readyz_says_no_while_the_machine_is_drained(client, world, settings, tmp_path):
    settings.OMS_DRAIN_FILE = tmp_path / "draining"
    before = client.get("/readyz").status_code
    settings.OMS_DRAIN_FILE.touch()

    assert (before, client.get("/readyz").status_code) == (200, 503)


def test_readyz_remembers_a_yes_and_asks_the_database_each_time(world, django_assert_num_queries):
    health.is_ready()

    with django_assert_num_queries(1):
        assert health.is_ready() is True


@pytest.mark.django_db(transaction=True)
def test_readyz_says_no_without_a_database(settings):
    health.is_ready()
    connection.close()
    good = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "there_is_no_such_database"
    try:
        with pytest.raises(Error):
            connection.ensure_connection()

        assert health.is_ready() is False
    finally:
        connection.close()
        connection.settings_dict["NAME"] = good


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probes_are_answered_whatever_host_they_name(client, world, settings, path):
    settings.MIDDLEWARE = FIRST
    settings.ALLOWED_HOSTS = ["oms.example"]

    probe = client.get(path, headers={"host": "10.0.0.7"})
    other = client.get("/elsewhere", headers={"host": "10.0.0.7"})

    assert (probe.status_code, other.status_code) == (200, 400)


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_only_reading_is_allowed(client, path):
    assert client.post(path).status_code == 405


def test_the_front_door_leads_to_the_admin(client):
    response = client.get("/")

    assert (response.status_code, response.url) == (302, reverse("admin:index"))


def gauges(client) -> dict[str, float]:
    text = client.get("/metrics").content.decode()
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.labels
    }


@pytest.mark.django_db
def test_metrics_tell_what_waits(client):
    before = gauges(client)
    place(channel=make_channel(), lines=[("UNKNOWN", 1)])
    routed(delivery=SINGLE)

    after = gauges(client)

    assert before["oms_orders_waiting"] == before["oms_labels_pending"] == 0
    assert after["oms_database_up"] == 1
    assert after["oms_labels_pending"] == 1
    assert after["oms_events_unrelayed"] > before["oms_events_unrelayed"]
    assert after["oms_orders_waiting"] == 1
    assert after["oms_events_parked"] == 0


@pytest.mark.django_db
def test_calls_are_counted_over_processes(client):
    operation = f"counted-{uuid4()}"
    code = (
        "import django; django.setup(); from oms.kernel import metrics;"
        f"metrics.count_request(facade='oms4', operation='{operation}', code='0')"
    )
    metrics.count_request(facade="oms4", operation=operation, code="0")
    environment = {"DJANGO_SETTINGS_MODULE": "oms.settings.test"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)

    text = client.get("/metrics").content.decode()

    expected = f'oms_requests_total{{code="0",facade="oms4",operation="{operation}"}} 2.0'
    assert expected in text.splitlines()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "token", "given", "status"),
    [
        ("127.0.0.1", "", "", 200),
        ("::1", "", "", 200),
        ("10.1.2.3", "", "", 403),
        ("", "", "", 403),
        ("10.1.2.3", "s3cret", "Bearer s3cret", 200),
        ("127.0.0.1", "s3cret", "Bearer other", 403),
        ("127.0.0.1", "s3cret", "", 403),
    ],
)
def test_metrics_are_for_this_machine_or_with_the_token(settings, address, token, given, status):
    settings.OMS_METRICS_TOKEN = token
    request = RequestFactory().get(
        "/metrics", headers={"authorization": given}, REMOTE_ADDR=address
    )

    assert health.metrics(request).status_code == status
