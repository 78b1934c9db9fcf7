from dataclasses import dataclass, field
from typing import cast

from channels_app.models import Channel
from oms.accounts.models import Organization
from oms.backoffice.world.directory import Directory
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World
from oms.backoffice.world.sections import owned
from oms.backoffice.world.shapes import Record
from oms.backoffice.world.syncing import Rows, Table
from oms.locations.models import ChannelPoint, FulfillmentPoint

SECTION = "channels"
_MEMBERS = ("name", "type", "stock_policy", "delivery", "connector", "is_active")


def table() -> Table[Channel]:
    return Table(
        model=Channel,
        what="channel",
        columns={member: member for member in _MEMBERS},
        required=("name",),
    )


def apply(world: World, directory: Directory, plan: Plan) -> None:
    """Create and update channels, and which points serve them under which code."""
    if SECTION not in world.sections:
        return
    known = set(directory.channels)
    rows = cast("Rows", directory.channels)
    keyed = owned.apply(SECTION, table(), rows, world, directory, plan)
    links = _Links.of_database()
    for key, entry in keyed:
        links.sync(directory.channels[key], entry, directory, plan if key in known else Plan())


@dataclass(slots=True)
class _Links:
    """The points of each channel, by channel and point."""

    by_channel: dict[int, dict[int, ChannelPoint]] = field(default_factory=dict)

    @classmethod
    def of_database(cls) -> "_Links":
        links = cls()
        for link in ChannelPoint.objects.select_related("point").order_by("pk"):
            links.by_channel.setdefault(link.channel_id, {})[link.point_id] = link
        return links

    def sync(self, channel: Channel, entry: Record, directory: Directory, plan: Plan) -> None:
        """Make the channel's links be what the record says, as far as it says something."""
        if "fulfillment_points" not in entry and "location_codes" not in entry:
            return
        present = self.by_channel.get(channel.pk, {})
        wanted = self._wanted(channel, entry, directory)
        before = {link.point.code: link.location_code for link in present.values()}
        after = {point.code: code for point, code in wanted.values()}
        if before == after:
            return
        for gone in set(present) - set(wanted):
            present[gone].delete()
        self._write(channel, wanted, present)
        plan.changed(
            f"channel {channel.code}", {"fulfillment_points": (_shown(before), _shown(after))}
        )

    def _wanted(
        self, channel: Channel, entry: Record, directory: Directory
    ) -> dict[int, tuple[FulfillmentPoint, str]]:
        present = self.by_channel.get(channel.pk, {})
        points = [link.point for link in present.values()]
        if "fulfillment_points" in entry:
            points = _points(entry, directory)
        codes = _codes(entry, points)
        wanted = {}
        for point in points:
            kept = present[point.pk].location_code if point.pk in present else point.code
            code = kept if codes is None else codes.get(point.code, point.code)
            wanted[point.pk] = (point, code)
        _refuse_same_code(entry, [code for _, code in wanted.values()])
        return wanted

    @staticmethod
    def _write(
        channel: Channel,
        wanted: dict[int, tuple[FulfillmentPoint, str]],
        present: dict[int, ChannelPoint],
    ) -> None:
        """Changed links are made anew, so that two points can exchange their codes."""
        kept = {
            point_id
            for point_id, (_, code) in wanted.items()
            if point_id in present and present[point_id].location_code == code
        }
        stale = [present[point_id].pk for point_id in set(present) & set(wanted) - kept]
        ChannelPoint.objects.filter(pk__in=stale).delete()
        ChannelPoint.objects.bulk_create(
            ChannelPoint(channel=channel, point=point, location_code=code)
            for point_id, (point, code) in wanted.items()
            if point_id not in kept
        )


def _points(entry: Record, directory: Directory) -> list[FulfillmentPoint]:
    organization: Organization = directory.organization(entry)
    at = entry.place("fulfillment_points")
    return [
        directory.point_named(code, organization, at) for code in entry.texts("fulfillment_points")
    ]


def _codes(entry: Record, points: list[FulfillmentPoint]) -> dict[str, str] | None:
    """What the channel calls its points; None when the file does not say."""
    if "location_codes" not in entry:
        return None
    codes = cast("dict[str, str]", entry.values["location_codes"])
    if unknown := sorted(set(codes) - {point.code for point in points}):
        at = entry.place("location_codes")
        raise WorldRefused(at, f"`{unknown[0]}` is not among the channel's fulfillment_points")
    return codes


def _refuse_same_code(entry: Record, codes: list[str]) -> None:
    if len(set(codes)) < len(codes):
        raise WorldRefused(entry.place("location_codes"), "two points have the same code")


def _shown(links: dict[str, str]) -> list[str]:
    return [point if point == code else f"{point} as {code}" for point, code in links.items()]


def remove_absent(world: World, directory: Directory, plan: Plan) -> None:
    """Remove channels that nothing refers to."""
    owned.remove_absent(SECTION, table(), world, directory, plan)
