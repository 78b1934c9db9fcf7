"""`GET /v1/events`."""

from typing import ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from oms.api.v1.events import problems
from oms.api.v1.events.filters import (
    FeedParameters,
    cursor_of,
    place_of,
    refuse_list_words,
    subject_of,
    types,
)
from oms.api.v1.events.outputs import event_list
from oms.api.v1.news.messages import messages_of
from oms.api.v1.road.paging import DEFAULT_LIMIT, MOST, limit_of, listed
from oms.api.v1.road.schema import described
from oms.api.v1.road.views import V1View
from oms.events.feed import FeedRequest, read_feed

_ = problems  # its table is registered by being imported

_LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
    description="Events looked for per page",
)


class EventsView(V1View):
    """The feed."""

    scopes: ClassVar[dict[str, str]] = {"GET": "events:read"}

    @described(
        operation_id="listEvents",
        request=None,
        responses={200: event_list()},
        parameters=[FeedParameters, _LIMIT],
        problems=("invalid_cursor",),
    )
    def get(self, _request: Request) -> HttpResponse:
        """What happened in the last 90 days, oldest first; no committed event is ever skipped.

        A page may hold fewer events than `limit`, and none, although `has_more` is true: events
        that changed nothing that is shown have no message.
        """
        refuse_list_words(self.request.query_params)
        asked = self.parameters(FeedParameters)
        subject = asked.get("subject")
        request = FeedRequest(
            types=types(asked.get("type", [])),
            after=place_of(asked.get("after")),
            subject=subject and subject_of(subject, organization_id=self.organization_id),
            limit=limit_of(self),
        )
        found = read_feed(request=request, actor=self.actor)
        told = messages_of(found.events)
        data = [told[event.pk] for event in found.events if event.pk in told]
        return listed(self, data, next_cursor=cursor_of(found.end), has_more=found.has_more)
