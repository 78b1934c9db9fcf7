"""Facts about endpoints, in one shape."""

from oms.events.choices import EventType, SubjectType
from oms.events.models import Endpoint
from oms.events.outbox import Fact


def endpoint_fact(endpoint: Endpoint, event_type: EventType, **data: object) -> Fact:
    """What happened to an endpoint. The caller holds its row; `data` names, never secrets."""
    return Fact(
        organization_id=endpoint.organization_id,
        type=event_type,
        subject_type=SubjectType.ENDPOINT,
        subject_id=endpoint.pk,
        channel_id=endpoint.channel_ref,
        point_id=endpoint.point_ref,
        status=endpoint.state,
        data={"endpoint": endpoint.name, "format": endpoint.format, **data},
    )
