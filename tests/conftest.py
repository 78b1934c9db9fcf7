"""The test run: servers of its own, named before Django reads its settings."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import suppress

import django
import pytest
import pytest_django
from django.conf import settings
from django.core.signals import request_finished
from django.db import DatabaseError, connection

from oms.kernel import walls
from tests import servers

if settings.configured:
    raise pytest.UsageError(
        "Django's settings were read before the test servers had names: remove "
        "DJANGO_SETTINGS_MODULE from the environment and from the configuration of pytest."
    )
servers.name()
django.setup()
# pytest-xdist's workers inherit the environment; with this in it they would read the settings
# before they come here and choose the Valkey databases of their own.
del os.environ["DJANGO_SETTINGS_MODULE"]


def leave_the_wall(**_: object) -> None:
    """A test goes on after its request on the same thread, where a server would wait for the next.

    A transaction that failed refuses this; its end takes the wall down.
    """
    with suppress(DatabaseError):
        walls.outside()


request_finished.connect(leave_the_wall)


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers in the process that was called, not in pytest-xdist's workers."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    # A cancelled CI job gets SIGTERM; as an interrupt, it still ends with the servers stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    servers.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them, also after a failure or Ctrl-C."""
    if not hasattr(config, "workerinput"):
        servers.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Make the test database as its owner: the application's role may not, and is not there yet."""
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] = re.sub(r"-c role=\S+ ?", "", options.get("options", ""))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """Run the tests under the application's role, so that a missing grant fails here first."""
    described = connection.settings_dict["OPTIONS"]
    as_owner = described["options"]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # Tests that commit empty the tables afterwards; the application never does.
        cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO oms_app")
    connection.close()
    described["options"] = f"{as_owner} -c role=oms_app"
    yield
    connection.close()
    described["options"] = as_owner
