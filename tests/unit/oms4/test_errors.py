import json

import pytest
from django.db import DataError, OperationalError
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated, Throttled

from oms.api.oms4 import errors
from oms.kernel.errors import Conflict, DomainError, Forbidden, InvalidInput, NotFound


@pytest.mark.parametrize(
    ("error", "status", "code", "message", "retry"),
    [
        (InvalidInput("x: is wrong"), 200, "400", "x: is wrong", None),
        (Forbidden("no"), 200, "403", "no", None),
        (NotFound("gone"), 200, "404", "gone", None),
        (Conflict("late"), 200, "409", "late", None),
        (DomainError("no"), 200, "409", "no", None),
        (NotAuthenticated("who"), 200, "401", "who", None),
        (MethodNotAllowed("PUT"), 200, "405", "method: is not allowed here", None),
        (Throttled(1.2), 429, "429", "api_key: too many requests", "2"),
        (DataError("x"), 200, "400", "body: holds a value that cannot be stored", None),
        (OperationalError("x"), 500, "500", "server: busy, repeat the call", "1"),
        (RuntimeError("secret"), 500, "500", "server: unexpected failure", None),
    ],
)
def test_every_exception_has_its_answer(error, status, code, message, retry):
    response = errors.answer(error, request_id="r")

    assert (response.status_code, response.headers.get("Retry-After")) == (status, retry)
    assert json.loads(response.content) == {
        "code": code,
        "message": message,
        "data": None,
        "request_id": "r",
    }


def test_the_switch_mirrors_every_code(settings):
    settings.OMS_OMS4_MIRROR_STATUS = True

    assert errors.answer(Conflict("late"), request_id="r").status_code == 409
