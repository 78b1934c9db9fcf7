"""Endpoints at a mailbox, through the services of the product."""

from collections.abc import Sequence

from django.utils import timezone

from channels_app.models import Channel
from demo.newsproof.mailbox import Mailbox
from oms.events.choices import EndpointFormat
from oms.events.services import EndpointDraft, register_endpoint, remove_endpoint
from oms.kernel.actors import SYSTEM

MOST_IN_FLIGHT = 10  # of each endpoint, which is what everybody gets


def any_channel() -> Channel:
    """One whose organization the endpoints belong to."""
    return Channel.objects.order_by("pk")[0]


def register(
    mailbox: Mailbox,
    name: str,
    *,
    organization_id: int,
    words: Sequence[str] = (),
    hangs: bool = False,
    rate: float = 50.0,
) -> int:
    """An active endpoint; its key."""
    draft = EndpointDraft(
        organization_id=organization_id,
        name=name,
        url=mailbox.url(name, hangs=hangs),
        format=EndpointFormat.STANDARD,
        words=words,
        secret=mailbox.secret,
        allow_private_network=True,
        max_in_flight=MOST_IN_FLIGHT,
        rate=rate,
    )
    made = register_endpoint(draft=draft, actor=SYSTEM, now=timezone.now())
    return made.endpoint.pk


def remove(endpoint_ids: Sequence[int]) -> None:
    """Forget them; what they still wait for is suppressed."""
    for endpoint_id in endpoint_ids:
        remove_endpoint(endpoint_id=endpoint_id, actor=SYSTEM, now=timezone.now())
