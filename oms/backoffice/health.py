"""Health for machines: is the process alive, may it get traffic, and how much work waits.

The answers tell nothing but yes or no. `HealthChecks` belongs first among the middleware, so that
probes are answered whatever host they name and before any redirect.
"""

import ipaddress
import secrets
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from oms.backoffice.gauges import Gauges
from oms.backoffice.models import WorldApplication
from oms.kernel import metrics as counters
from oms.kernel import walls

_PLAIN = "text/plain; charset=utf-8"


class HealthChecks:
    """Answers the probes before anything else looks at the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = _PROBES.get(request.path_info)
        return self._get_response(request) if view is None else view(request)


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type=_PLAIN)


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """It may get traffic: the database answers and is up to date, and it is not draining.

    An installation made by `make run` also waits for its world file. Redis is not needed: what
    was not hinted is found by the sweeps.
    """
    if is_ready():
        return HttpResponse("ok\n", content_type=_PLAIN)
    return HttpResponse("not ready\n", content_type=_PLAIN, status=HTTPStatus.SERVICE_UNAVAILABLE)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters and gauges for Prometheus: from this machine, or with the token of the settings."""
    if not _may_read_metrics(request):
        return HttpResponse("forbidden\n", content_type=_PLAIN, status=HTTPStatus.FORBIDDEN)
    registry = counters.registry()
    registry.register(Gauges())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def is_ready() -> bool:
    """Whether this process may get traffic now."""
    if _is_draining():
        return False
    try:
        walls.outside()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return _became_ready()
    except Error:
        return False


class _NotYet(Exception):
    """Keeps a `no` out of the cache."""


@cache
def _remember_ready() -> None:
    """Asked until the answer is yes; a migration or a world is not undone under a running web."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _NotYet
    if settings.OMS_DEMO and not WorldApplication.objects.exists():
        raise _NotYet


def _became_ready() -> bool:
    try:
        _remember_ready()
    except _NotYet:
        return False
    return True


def _is_draining() -> bool:
    """Whether somebody put the file there that takes this machine out of service."""
    path = settings.OMS_DRAIN_FILE
    return bool(path) and Path(path).exists()


def _may_read_metrics(request: HttpRequest) -> bool:
    token = settings.OMS_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return secrets.compare_digest(given.encode(), str(token).encode())
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


_PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/livez": livez, "/readyz": readyz}
