"""`/v1/webhook-endpoints`."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.v1.road.paging import page
from oms.api.v1.road.problems import Problem
from oms.api.v1.road.schema import described, page_of
from oms.api.v1.road.views import V1View
from oms.api.v1.webhooks import drafting, examples, problems, reads, rendering
from oms.api.v1.webhooks.filters import DeliveryParameters, ReplayParameters, deliveries
from oms.api.v1.webhooks.inputs import (
    WebhookEndpointInput,
    WebhookEndpointPatch,
    WebhookReplayInput,
    WebhookRotationInput,
)
from oms.api.v1.webhooks.outputs import (
    WebhookDeliveryOutput,
    WebhookEndpointOutput,
    WebhookEndpointWithSecretOutput,
    WebhookReplayOutput,
)
from oms.events import queries, services
from oms.kernel.http import UrlRefused, check_url

_ = problems  # its table is registered by being imported

MANAGE = "webhooks:manage"
_BY_CREATION = {"created_at": "created_at"}
_BY_WRITING = {"created_at": "id"}  # written in this order, and indexed so


def _refusal_of(url: object) -> UrlRefused | None:
    """Why a URL may not be sent to, as far as its name can be looked up now. Uses the network."""
    if not isinstance(url, str):
        return None
    try:
        check_url(url, must_resolve=False)
    except UrlRefused as refusal:
        return refusal
    return None


class EndpointsView(V1View):
    """All endpoints, and new ones."""

    scopes: ClassVar = {"GET": MANAGE, "POST": MANAGE}
    url_refusal: UrlRefused | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look the URL up before the transaction begins in which the rest is done."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            self.url_refusal = _refusal_of(self._url())

    def _url(self) -> object:
        """What the body has as `url`; a body that cannot be read is the handler's to refuse."""
        try:
            document = self.document()
        except Problem:
            return None
        return document.get("url") if isinstance(document, dict) else None

    @described(
        operation_id="listWebhookEndpoints",
        request=None,
        responses={200: page_of(WebhookEndpointOutput)},
        sorts=tuple(_BY_CREATION),
    )
    def get(self, _request: Request) -> HttpResponse:
        """Endpoints of every format, those an operator has set up, too."""
        return page(
            self,
            queries.endpoints_of(actor=self.actor),
            render=rendering.endpoints,
            sorts=_BY_CREATION,
            filters_hash_of={},
        )

    @described(
        operation_id="createWebhookEndpoint",
        request=WebhookEndpointInput,
        responses={201: WebhookEndpointWithSecretOutput},
        examples=[examples.CREATED],
        problems=("validation_failed",),
    )
    def post(self, _request: Request) -> HttpResponse:
        """Subscribe a URL to news from now on. The secret is shown this once."""
        said = self.read(WebhookEndpointInput)
        if self.url_refusal is not None:
            raise self.url_refusal
        draft = drafting.draft_of(said, self.machine)
        made = services.create_endpoint(draft=draft, actor=self.actor, now=self.real_now)
        row = reads.endpoint(rendering.endpoint_id(made.endpoint), self.actor)
        return self.one(
            rendering.endpoint(row, secret=made.secret),
            version=row.version,
            status=201,
            location=f"/v1/webhook-endpoints/{rendering.endpoint_id(row)}",
        )


class _OneView(V1View):
    """Something about one endpoint."""

    def _shown(self, endpoint_id: str, *, secret: str | None = None) -> HttpResponse:
        row = reads.endpoint(endpoint_id, self.actor)
        return self.one(rendering.endpoint(row, secret=secret), version=row.version)


class EndpointView(_OneView):
    """One endpoint."""

    scopes: ClassVar = {"GET": MANAGE, "PATCH": MANAGE, "DELETE": MANAGE}

    @described(
        operation_id="getWebhookEndpoint",
        request=None,
        responses={200: WebhookEndpointOutput},
        problems=("not_found",),
    )
    def get(self, _request: Request, endpoint_id: str) -> HttpResponse:
        """One endpoint, without its secret."""
        return self._shown(endpoint_id)

    @described(
        operation_id="updateWebhookEndpoint",
        request=WebhookEndpointPatch,
        responses={200: WebhookEndpointOutput},
        examples=[examples.CHANGED],
        problems=("not_found", "validation_failed", "version_conflict"),
    )
    def patch(self, _request: Request, endpoint_id: str) -> HttpResponse:
        """Change the URL, the events or the description; news already recorded stays as it is."""
        row = reads.endpoint(endpoint_id, self.actor)
        said = self.read(WebhookEndpointPatch)
        refusal = _refusal_of(said.get("url")) if said.get("url") != row.url else None
        if refusal is not None:
            raise refusal
        services.update_endpoint(
            endpoint_id=row.pk,
            change=drafting.change_of(said, row),
            expected_version=self.expected_version(),
            actor=self.actor,
            now=self.real_now,
        )
        return self._shown(endpoint_id)

    @described(
        operation_id="deleteWebhookEndpoint",
        request=None,
        responses={204: None},
        problems=("not_found",),
    )
    def delete(self, _request: Request, endpoint_id: str) -> HttpResponse:
        """Send nothing more to it, and forget its secrets."""
        row = reads.endpoint(endpoint_id, self.actor)
        services.remove_endpoint(endpoint_id=row.pk, actor=self.actor, now=self.real_now)
        return self.nothing()


class RotateSecretView(_OneView):
    """A new secret."""

    scopes: ClassVar = {"POST": MANAGE}
    needs_body = False

    @described(
        operation_id="rotateWebhookSecret",
        request=WebhookRotationInput,
        responses={200: WebhookEndpointWithSecretOutput},
        examples=[examples.ROTATED],
        problems=("not_found", "invalid_state", "validation_failed"),
    )
    def post(self, _request: Request, endpoint_id: str) -> HttpResponse:
        """Make a new secret and show it this once; the old one signs, too, for a while."""
        row = reads.endpoint(endpoint_id, self.actor)
        said = self.read(WebhookRotationInput) if self.raw_body else {}
        grace = said.get("grace_seconds", services.GRACE_SECONDS)
        secret = services.rotate_secret(
            endpoint_id=row.pk, grace_seconds=grace, actor=self.actor, now=self.real_now
        )
        return self._shown(endpoint_id, secret=secret)


class PauseView(_OneView):
    """A pause."""

    scopes: ClassVar = {"POST": MANAGE}

    @described(
        operation_id="pauseWebhookEndpoint",
        request=None,
        responses={200: WebhookEndpointOutput},
        problems=("not_found", "invalid_state"),
    )
    def post(self, _request: Request, endpoint_id: str) -> HttpResponse:
        """Send nothing for now; news waits."""
        row = reads.endpoint(endpoint_id, self.actor)
        services.pause_endpoint(endpoint_id=row.pk, actor=self.actor, now=self.real_now)
        return self._shown(endpoint_id)


class ResumeView(_OneView):
    """The end of a pause, or of being disabled."""

    scopes: ClassVar = {"POST": MANAGE}

    @described(
        operation_id="resumeWebhookEndpoint",
        request=None,
        responses={200: WebhookEndpointOutput},
        problems=("not_found", "invalid_state"),
    )
    def post(self, _request: Request, endpoint_id: str) -> HttpResponse:
        """Send again: what waited during a pause goes out; what was missed can be replayed."""
        row = reads.endpoint(endpoint_id, self.actor)
        services.restart_endpoint(endpoint_id=row.pk, actor=self.actor, now=self.real_now)
        return self._shown(endpoint_id)


class ReplayView(_OneView):
    """Sending again."""

    scopes: ClassVar = {"POST": MANAGE}

    @described(
        operation_id="replayWebhookDeliveries",
        request=WebhookReplayInput,
        parameters=[ReplayParameters],
        responses={202: WebhookReplayOutput},
        examples=[examples.REPLAYED],
        problems=("not_found", "invalid_parameter", "invalid_state", "validation_failed"),
    )
    def post(self, _request: Request, endpoint_id: str) -> HttpResponse:
        """Send again what was sent, given up or missed in the last 30 days, with the same ids.

        Answers how many messages that is, and sends them in the background; with `dry_run` it
        only counts.
        """
        row = reads.endpoint(endpoint_id, self.actor)
        asked = self.parameters(ReplayParameters)
        request = drafting.replay_of(self.read(WebhookReplayInput), row)
        if asked["dry_run"]:
            count = services.count_replay(request=request, actor=self.actor)
        else:
            count = services.request_replay(request=request, actor=self.actor, now=self.real_now)
        return self.one({"count": count}, status=202)


class DeliveriesView(_OneView):
    """How telling an endpoint went."""

    scopes: ClassVar = {"GET": MANAGE}

    @described(
        operation_id="listWebhookDeliveries",
        request=None,
        parameters=[DeliveryParameters],
        responses={200: page_of(WebhookDeliveryOutput)},
        problems=("not_found",),
        sorts=tuple(_BY_WRITING),
    )
    def get(self, _request: Request, endpoint_id: str) -> HttpResponse:
        """What an endpoint was told of in the last 30 days, and what waits."""
        row = reads.endpoint(endpoint_id, self.actor)
        asked = self.parameters(DeliveryParameters)
        return page(
            self,
            deliveries(queries.deliveries_to(endpoint_id=row.pk, actor=self.actor), asked),
            render=lambda rows: rendering.deliveries(rows, wire_format=row.format),
            sorts=_BY_WRITING,
            filters_hash_of={"endpoint": endpoint_id, **asked},
        )
