"""Who calls: the four headers, and the signature over the exact bytes (contract 1.3, 1.4)."""

import re
import time
from typing import Any

from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from oms.accounts import queries as accounts
from oms.accounts.choices import CredentialKind
from oms.accounts.queries import MachineIdentity
from oms.api.oms4 import signature
from oms.api.oms4.calls import WireCall

HEADERS = ("tenant_id", "api_key", "timestamp", "signature")
_ENVIRON = {name: f"HTTP_{name.upper()}" for name in HEADERS}
_TIMESTAMP = re.compile(r"[0-9]{1,18}")
_LONGEST = 128
_SECONDS_BELOW = 100_000_000_000
_NOBODY = "credentials: tenant_id, api_key and signature do not belong together"


class SignatureAuth(BaseAuthentication):
    """Lets in whoever signed the call with the secret of the key it names."""

    def authenticate(self, request: Request) -> tuple[MachineIdentity, MachineIdentity]:
        """Raises AuthenticationFailed before anything else of the call is looked at."""
        call: WireCall = request.parser_context["kwargs"]["call"]
        values = _headers(request.META)
        _check_clock(values["timestamp"])
        machine = accounts.machine(
            kind=CredentialKind.OMS4, tenant=values["tenant_id"], key=values["api_key"]
        )
        if machine is None or not signature.matches(
            call,
            headers=[(name, values[name]) for name in HEADERS[:3]],
            secret=machine.secret,
            signature=values["signature"],
        ):
            raise AuthenticationFailed(_NOBODY)
        return machine, machine

    def authenticate_header(self, _request: Request) -> str:
        return "Signature"


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    values = {name: str(environ.get(key, "")).strip() for name, key in _ENVIRON.items()}
    for name, value in values.items():
        if not value:
            raise AuthenticationFailed(f"{name}: is missing")
        if len(value) > _LONGEST or not (value.isascii() and value.isprintable()):
            raise AuthenticationFailed(f"{name}: is not printable text of at most {_LONGEST}")
    return values


def _check_clock(timestamp: str) -> None:
    if not _TIMESTAMP.fullmatch(timestamp):
        raise AuthenticationFailed("timestamp: is not an epoch time")
    sent = int(timestamp) if int(timestamp) < _SECONDS_BELOW else int(timestamp) / 1000
    tolerance = settings.OMS_OMS4_CLOCK_TOLERANCE_SECONDS
    if tolerance and abs(time.time() - sent) > tolerance:
        raise AuthenticationFailed("timestamp: is outside the tolerance")
