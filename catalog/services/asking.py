"""Asking a channel to tell what it lists."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from channels_app.choices import ChannelType
from channels_app.models import Channel
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.kernel import errors
from oms.kernel.actors import Actor


class ListingsNotAsked(errors.Conflict):
    """Only General channels tell us what they list; the others are read by their connectors."""

    code = "listings_not_asked"


@transaction.atomic
def request_spus(
    *, channel_id: int, external_ids: Sequence[str], actor: Actor, now: dt.datetime
) -> None:
    """Ask for these products of a channel, or for all of them when none is named.

    Asking is only news: the channel answers with its products. Raises ListingsNotAsked.
    """
    visible = Channel.objects.visible_to(actor)
    channel = visible.select_for_update(no_key=True).get(pk=channel_id)
    if channel.type != ChannelType.GENERAL:
        raise ListingsNotAsked(f"{channel} is not of type General", channel=channel.code)
    fact = outbox.Fact(
        organization_id=channel.organization_id,
        type=EventType.SPU_REQUESTED,
        subject_type=SubjectType.CHANNEL,
        subject_id=channel.pk,
        channel_id=channel.pk,
        data={"channel": channel.code, "spus": list(external_ids)},
    )
    outbox.record([fact], actor=actor, now=now)
