"""`whisperer/hooks/`, the log of what hooks were told, and telling by hand (contract 2.1, 3.4)."""

from typing import ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.akinon import errors, filtering, paging
from oms.api.akinon.hooks import (
    countdown,
    inputs,
    log_reading,
    publishing,
    reading,
    rendering,
    subscribing,
)
from oms.api.akinon.hooks.reading import Hook
from oms.api.akinon.hooks.words import WORDS
from oms.api.akinon.views.base import AkinonView
from oms.events import sending, services
from oms.kernel import walls

MANAGE = "webhooks:manage"
_LOG_SORTS = {"id": "id", "created_date": "created_at"}
# Refusals of the engine by the codes and words of the component.
_ALREADY = errors.rule("Event already delivered", code="event_100_3")
_RUNNING = errors.rule("Event is still in retry process", code="event_100_6")


class Hooks(AkinonView):
    """All hooks of the caller, and new ones."""

    scopes: ClassVar = {"GET": MANAGE, "POST": MANAGE}

    def get(self, request: Request) -> HttpResponse:
        """A page of them, in the envelope."""
        try:
            found = reading.hooks(self.machine, request.query_params)
        except filtering.Unreadable as error:
            raise errors.invalid_fields({"is_active": str(error)}) from error
        page = paging.Page.of(request.query_params)
        shown = [rendering.hook(one) for one in found[page.start : page.start + page.size]]
        return self.done(paging.envelope(request, shown, count=len(found), page=page))

    def post(self, _request: Request) -> HttpResponse:
        """Subscribe a URL to news from now on."""
        said = inputs.of_new(self.document())
        made = subscribing.subscribe(said=said, machine=self.machine, now=self.real_now)
        return self.done(rendering.hook(reading.as_now(Hook(made, said.word))), status=201)


class OneHook(AkinonView):
    """One hook."""

    scopes: ClassVar = {"GET": MANAGE, "PATCH": MANAGE, "PUT": MANAGE, "DELETE": MANAGE}

    def get(self, _request: Request, number: str) -> HttpResponse:
        """As it is."""
        return self.done(rendering.hook(reading.get_hook(self.machine, int(number))))

    def patch(self, _request: Request, number: str) -> HttpResponse:
        """Change what is said."""
        return self._changed(int(number), is_whole=False)

    def put(self, _request: Request, number: str) -> HttpResponse:
        """Change all of it."""
        return self._changed(int(number), is_whole=True)

    def delete(self, _request: Request, number: str) -> HttpResponse:
        """Send it nothing more; the row stays and is not active."""
        hook = reading.get_hook(self.machine, int(number))
        subscribing.deactivate(hook=hook, actor=self.actor, now=self.real_now)
        return self.empty()

    def _changed(self, number: int, *, is_whole: bool) -> HttpResponse:
        hook = reading.get_hook(self.machine, number)
        said = inputs.of_change(self.document(), hook, is_whole=is_whole)
        subscribing.change(hook=hook, said=said, machine=self.machine, now=self.real_now)
        after = reading.as_now(hook, said.word)
        return self.done(rendering.hook(after))


class Registry(AkinonView):
    """The event types there are."""

    scopes: ClassVar = {"GET": MANAGE}

    def get(self, _request: Request) -> HttpResponse:
        """All of them, as a list."""
        return self.done(list(WORDS))


class HookEvents(AkinonView):
    """The log of deliveries."""

    scopes: ClassVar = {"GET": MANAGE}

    def get(self, request: Request) -> HttpResponse:
        """A page of it, the newest first unless asked otherwise."""
        query = request.query_params
        rows = log_reading.log(self.machine, query)
        ordered = paging.ordered(rows, query, _LOG_SORTS, default="-id")
        return self.listed(ordered, rendering.entries)


class OneHookEvent(AkinonView):
    """One delivery."""

    scopes: ClassVar = {"GET": MANAGE}

    def get(self, _request: Request, number: str) -> HttpResponse:
        """As it is."""
        row = log_reading.get_logged(self.machine, int(number))
        return self.done(rendering.entries([row])[0])


class RetryHookEvent(AkinonView):
    """Sending once more, while the caller waits."""

    scopes: ClassVar = {"POST": MANAGE}

    def post(self, _request: Request, number: str) -> HttpResponse:
        """200 when it arrived; 406 when the receiver refused it, or it is not its time."""
        row = log_reading.get_logged(self.machine, int(number))
        walls.outside()  # what sending writes belongs to the engine; the entry was found inside
        is_forced = self.document().get("force") in (True, "true", "True", "1", 1)
        try:
            sending.send_at_once(
                delivery_id=row.pk,
                retries=countdown.RETRIES,
                is_forced=is_forced,
                actor=self.actor,
                now=self.real_now,
            )
        except sending.DeliveryArrived as refusal:
            raise _ALREADY from refusal
        except sending.DeliveryUnderWay as refusal:
            raise _RUNNING from refusal
        after = log_reading.get_logged(self.machine, int(number))
        told = rendering.answer(after, detail="Webhook event delivered successfully")
        if told["delivered"]:
            return self.done(told)
        return self.done({**told, "detail": "Webhook event could not be delivered"}, status=406)


class PublishEvent(AkinonView):
    """Telling a hook of something by hand."""

    scopes: ClassVar = {"POST": MANAGE}

    def post(self, _request: Request) -> HttpResponse:
        """Have it sent in the background: 202."""
        asked = inputs.publication(self.document())
        publishing.publish(asked=asked, machine=self.machine, now=self.real_now)
        return self.empty(202)


class ResendEvent(AkinonView):
    """Sending a message again, to everybody who was to get it."""

    scopes: ClassVar = {"POST": MANAGE}

    def post(self, _request: Request) -> HttpResponse:
        """Have it sent in the background: 202."""
        try:
            rows = log_reading.told_as(self.machine, inputs.event_uuid(self.document()))
        except filtering.Unreadable as error:
            raise errors.invalid_fields({"event": str(error)}) from error
        for row in rows:
            services.resend_delivery(delivery_id=row.pk, actor=self.actor, now=self.real_now)
        return self.empty(202)
