"""A machine that speaks this language, and its calls."""

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from oms.accounts import services as accounts
from oms.accounts.choices import CredentialKind
from oms.accounts.models import Credential, Organization
from oms.kernel.actors import SYSTEM
from tests import factories

PREFIX = "/api/v1/oms/"


class Akinon:
    """Calls of one machine with a fixed token, below the prefix unless a path begins with `/`."""

    def __init__(self, organization: Organization, **bound: Any) -> None:
        self.organization = organization
        self.machine = factories.make_api_client(organization, **bound)
        self.credential, self.token = self.credential_of(CredentialKind.TOKEN)
        self._http = Client(raise_request_exception=False)

    def credential_of(self, kind: CredentialKind) -> tuple[Credential, str]:
        """One more credential of the machine, and its secret."""
        return accounts.issue_credential(
            client=self.machine, kind=kind, actor=SYSTEM, now=timezone.now()
        )

    def get(self, path: str, **options: Any):
        return self.call("GET", path, **options)

    def post(self, path: str, body: object = None, **options: Any):
        return self.call("POST", path, body, **options)

    def put(self, path: str, body: object, **options: Any):
        return self.call("PUT", path, body, **options)

    def patch(self, path: str, body: object, **options: Any):
        return self.call("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any):
        return self.call("DELETE", path, **options)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        authorization: str | None = None,
        **options: Any,
    ):
        """`body` is JSON, or the very bytes; `authorization` replaces the machine's own token."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = f"Token {self.token}" if authorization is None else authorization
        return self._http.generic(
            method,
            path if path.startswith("/") else f"{PREFIX}{path}",
            b"" if body is None else content,
            content_type="application/json",
            headers={"Authorization": sent} if sent else {},
            **options,
        )

    def results(self, path: str) -> list[dict[str, Any]]:
        """The rows of a list's first page."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]
