"""Reads of channels."""

from channels_app.models import Channel, ChannelQuerySet
from oms.kernel.actors import Actor


def channels_feed(*, actor: Actor) -> ChannelQuerySet:
    """Active channels of orders the actor may see, in the order they were made."""
    return Channel.objects.visible_to(actor).selling().order_by("pk")


def channel_by_code(*, actor: Actor, code: str) -> Channel | None:
    """The active channel of this code, whatever its letter case, if the actor may see it."""
    return channels_feed(actor=actor).filter(code__iexact=code).first()


def channel_by_key(*, actor: Actor, key: int) -> Channel | None:
    """The active channel with this key, if the actor may see it."""
    return channels_feed(actor=actor).filter(pk=key).first()
