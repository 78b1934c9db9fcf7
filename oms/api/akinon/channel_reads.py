"""Sales channels and cancellation reasons as they are shown (contract 5.4, 12a.3)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from channels_app.choices import RemoteKind
from channels_app.models import Channel, ChannelQuerySet, RemoteKey
from oms.api.akinon import filtering
from oms.api.akinon.filtering import Filter
from oms.api.akinon.sync.channels import key_of_channel
from oms.kernel import errors
from oms.kernel.actors import Actor

Shown = dict[str, Any]

FILTERS: Mapping[str, Filter] = {
    "id": filtering.of_whole("number"),
    "id__in": filtering.of_wholes("number"),
    "name": filtering.of_text("name"),
    "name__icontains": filtering.of_text("name__icontains"),
}
SORTS: Mapping[str, str] = {"id": "number", "name": "name"}


class ChannelNotFound(errors.NotFound):
    """No such channel, or not this actor's."""

    code = "channel_not_found"


def feed(*, actor: Actor) -> ChannelQuerySet:
    """Active channels that orders come from; in no order yet."""
    return Channel.objects.visible_to(actor).selling()


def get(*, number: int, actor: Actor) -> Channel:
    """One channel. Raises ChannelNotFound, also for somebody else's."""
    found = feed(actor=actor).filter(number=number).first()
    if found is None:
        raise ChannelNotFound("No such channel")
    return found


def channel(row: Channel) -> Shown:
    """A channel. Its configuration is nobody's business: it may hold credentials."""
    key = key_of_channel(row)
    connector = row.connector if isinstance(row.connector, dict) else {}
    return {
        "id": row.number,
        "omnitron_id": int(key) if key.isdecimal() else None,
        "name": row.name,
        "channel_type": row.type.lower(),
        "is_static": bool(connector.get("is_static")),
    }


def reasons(*, actor: Actor) -> "QuerySet[RemoteKey]":
    """Cancellation reasons that were copied; in no order yet."""
    rows = RemoteKey.objects.filter(kind=RemoteKind.REASON)
    if actor.organization_id is None:
        return rows
    return rows.filter(organization_id=actor.organization_id)


def reason(row: RemoteKey) -> Shown:
    """A cancellation reason. It has no other id than Omnitron's."""
    told = row.data if isinstance(row.data, dict) else {}
    key = int(row.remote_key) if row.remote_key.isdecimal() else None
    return {
        "id": key,
        "omnitron_id": key,
        "subject": told.get("subject") or row.local_code or None,
        "cancellation_type": told.get("cancellation_type"),
        "order": told.get("order"),
        "is_active": bool(told.get("is_active", True)),
    }
