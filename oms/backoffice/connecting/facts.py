"""What the database knows of an organization's connection, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from channels_app.choices import ChannelType
from channels_app.connectors.omnitron.settings import (
    ClientSettings,
    SettingsUnreadable,
    read_settings,
)
from channels_app.models import Channel, HeldOrder, Seller, SyncMark
from fulfillment.models import Scenario, ScenarioVersion
from oms.accounts.models import ApplicationSetting, Organization
from oms.backoffice.connecting.steps import Mode
from oms.locations.models import FulfillmentPoint

CONNECTION = "OMNITRON_CLIENT_SETTINGS"
FILTERS = "ORDER_FILTER_RULES"
SHIPPING = "SHIPPING_SETTINGS"
SUPPLIER_FIELD = "SUPPLIER_CODE_FIELD"
STATIC_CHANNEL = "REQUIRE_STATIC_CHANNEL"
# What the guide moves to Seller Center.
REDIRECTED = ("order_item_bulk_update", "orders", "orderitem_set", "cities", "districts")


@dataclass(frozen=True, slots=True)
class ActiveScenario:
    """A scenario that takes part, with the rules that act."""

    scenario: Scenario
    rules: Mapping[str, Any]

    @property
    def channels(self) -> Sequence[str]:
        """Codes of the channels it takes orders of; empty: all."""
        return tuple((self.rules.get("filters") or {}).get("channels") or ())


class Facts:
    """Read as they are asked for, each once."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """Stored settings by key, secrets masked."""
        rows = ApplicationSetting.objects.filter(organization=self.organization)
        return dict(rows.order_by("key").values_list("key", "value"))

    @cached_property
    def connection(self) -> ClientSettings | None:
        """The connection; None where none is set that can be read."""
        try:
            return read_settings(self.settings.get(CONNECTION))
        except SettingsUnreadable:
            return None

    @cached_property
    def channels(self) -> Sequence[Channel]:
        """Active channels of the other side."""
        kinds = (ChannelType.OMNITRON, ChannelType.SELLER_CENTER)
        rows = Channel.objects.filter(organization=self.organization, type__in=kinds)
        return list(rows.filter(is_active=True).order_by("name", "pk"))

    @cached_property
    def mode(self) -> Mode:
        """B as soon as orders come from elsewhere than Omnitron."""
        has_market = any(each.type == ChannelType.SELLER_CENTER for each in self.channels)
        moved = self.connection is not None and self.connection.is_seller_center
        return Mode.SELLER_CENTER if moved or has_market else Mode.OMNITRON

    @cached_property
    def marks(self) -> Mapping[str, SyncMark]:
        """How far each kind of thing was read."""
        rows = SyncMark.objects.filter(organization=self.organization).order_by("pk")
        return {row.kind: row for row in rows}

    @cached_property
    def points(self) -> Sequence[FulfillmentPoint]:
        """Active points, with the channels they serve."""
        rows = FulfillmentPoint.objects.filter(organization=self.organization, is_active=True)
        return list(rows.prefetch_related("channels").order_by("name", "pk"))

    @cached_property
    def sellers(self) -> Sequence[Seller]:
        return list(Seller.objects.filter(organization=self.organization).order_by("name", "pk"))

    @cached_property
    def scenarios(self) -> Sequence[ActiveScenario]:
        """Scenarios that take part, in the order they are asked."""
        rows = Scenario.objects.filter(organization=self.organization, is_active=True)
        found = list(rows.order_by("priority", "pk"))
        acting = ScenarioVersion.objects.filter(scenario__in=found, state="ACTIVE")
        rules = {row.scenario_id: row.rules for row in acting.order_by("scenario_id", "number")}
        return [ActiveScenario(row, rules[row.pk]) for row in found if row.pk in rules]

    @cached_property
    def held_orders(self) -> int:
        """Orders that were not taken in."""
        return HeldOrder.objects.filter(organization=self.organization).count()
