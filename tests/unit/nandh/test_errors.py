"""Failures carry the status and the code that /v1 answers."""

import pytest
from django.db import DataError, OperationalError
from rest_framework import exceptions as drf

from fulfillment.services import label_files
from oms.api.nandh import errors
from oms.api.v1 import urls  # noqa: F401 - loading its routes registers its refusals
from oms.api.v1.road import problems
from oms.kernel.contention import Busy


def instance(kind):
    """A refusal, whatever its class wants to be told."""
    refusal = kind.__new__(kind)
    Exception.__init__(refusal, "because")
    return refusal


@pytest.mark.parametrize("kind", errors.TABLE, ids=lambda kind: kind.__name__)
def test_refusals_of_the_core_are_those_of_v1(kind):
    known = problems._translations
    nearest = next(known[cls] for cls in kind.__mro__ if cls in known)
    if kind.__name__ == "SkuCodeTaken":  # /v1 makes no SKUs
        nearest = problems.Translation(409, "duplicate_external_id")

    refused = errors.refused_of(instance(kind), allowed=[])

    assert (refused.status, refused.code) == (nearest.status, nearest.code)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (drf.NotAuthenticated(), 401, "unauthenticated"),
        (drf.PermissionDenied(), 403, "insufficient_scope"),
        (drf.MethodNotAllowed("GET"), 405, "method_not_allowed"),
        (drf.Throttled(3), 429, "rate_limited"),
        (OperationalError(), 503, "service_unavailable"),
        (DataError(), 422, "validation_failed"),
        (Busy(), 503, "service_unavailable"),
        (label_files.LabelMissing(), 404, "not_found"),
    ],
)
def test_what_goes_wrong_has_a_code(error, status, code):
    refused = errors.refused_of(error, allowed=["POST"])

    assert (refused.status, refused.code) == (status, code)


def test_a_fault_of_ours_is_told_apart():
    assert errors.refused_of(KeyError("buyer"), allowed=[]) is None
