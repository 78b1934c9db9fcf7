"""Which of our channels an order belongs to (contract 12a.3 and 12a.4)."""

from collections.abc import Sequence

from django.db import transaction

from channels_app.choices import ChannelType, DeliveryScenario, RemoteKind
from channels_app.models import Channel
from oms.accounts.models import Organization
from oms.api.akinon.sync import keys, words
from oms.api.akinon.sync.words import Row
from oms.kernel import errors
from oms.locations.models import ChannelPoint, FulfillmentPoint

REQUIRES_STATIC = "require_static_channel"  # a member of `connector`
TYPES = (ChannelType.OMNITRON, ChannelType.SELLER_CENTER)


class ChannelNotFound(errors.NotFound):
    """No channel of this code stands for one of the other side, or several do."""

    code = "channel_not_found"


def organization_of(*, channel: str = "", organization: str = "") -> int:
    """Whose connection is meant, by the code of a channel of it, of the organization, or both.

    Codes of channels are unique within an organization. Raises ChannelNotFound.
    """
    if not channel:
        found = list(Organization.objects.filter(code=organization).values_list("pk", flat=True))
    else:
        rows = Channel.objects.filter(code=channel, type__in=TYPES).order_by("organization_id")
        rows = rows.filter(organization__code=organization) if organization else rows
        found = list(rows.values_list("organization_id", flat=True)[:2])
    if len(found) != 1:
        raise ChannelNotFound("No connection is meant by these codes, or more than one")
    return found[0]


def remote_channels(organization_id: int) -> list[Channel]:
    """Channels that stand for one of the other side, oldest first."""
    found = Channel.objects.filter(organization_id=organization_id, type__in=TYPES)
    return list(found.order_by("pk"))


def key_of_channel(channel: Channel) -> str:
    """The other side's key: `connector.pk`, or where that is not set a code that is one."""
    told = words.key_of(channel.connector.get("pk"))
    return told or (channel.code if channel.code.isdigit() else "")


def channel_of(key: str, among: Sequence[Channel]) -> Channel | None:
    """The channel of this key."""
    return next((each for each in among if key and key_of_channel(each) == key), None)


@transaction.atomic
def open_channel(*, organization_id: int, said: Row | None, key: str, kind: ChannelType) -> Channel:
    """Make the channel of this key, served by every active point; static in mode B.

    A second call finds the first one's.
    """
    is_static = kind == ChannelType.SELLER_CENTER
    channel, is_new = Channel.objects.get_or_create(
        organization_id=organization_id,
        code=key,
        defaults={
            "name": words.text((said or {}).get("name"), 255) or f"{kind.label} {key}",
            "type": kind,
            "delivery": DeliveryScenario.OWN_CARRIER,
            "connector": {"pk": int(key) if key.isdigit() else key, "is_static": is_static},
        },
    )
    if is_new:
        points = FulfillmentPoint.objects.filter(organization_id=organization_id, is_active=True)
        ChannelPoint.objects.bulk_create(
            ChannelPoint(channel=channel, point=point, location_code=point.code)
            for point in points.order_by("pk")
        )
    keys.remember(
        organization_id=organization_id,
        kind=RemoteKind.CHANNEL,
        key=key,
        local_id=channel.pk,
        local_code=channel.code,
    )
    return channel


def align_static(*, organization_id: int, is_required: bool) -> None:
    """Routing reads on the channel whether it asks for a scenario that names it (contract 10)."""
    for channel in remote_channels(organization_id):
        if channel.type != ChannelType.SELLER_CENTER:
            continue
        if channel.connector.get(REQUIRES_STATIC, True) is not is_required:
            channel.connector[REQUIRES_STATIC] = is_required
            channel.save(update_fields=["connector", "updated_at"])
