"""Scenarios as they are shown (contract 8.2, 8.3): the rules of the version that acts, in the words
of this language, with points and channels by their ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from channels_app.models import Channel
from fulfillment.choices import ScenarioKind, VersionState
from fulfillment.models import Scenario, ScenarioVersion
from fulfillment.services import ScenarioNotFound
from oms.api.akinon import filtering
from oms.api.akinon.filtering import Filter
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint

Shown = dict[str, Any]

STATIC, DYNAMIC = "static", "dynamic"
# The three conditions: our filter, the flag that binds it, and where a query of theirs is kept.
CONDITIONS: Mapping[str, tuple[str, str]] = {
    "channel": ("channels", "is_static_channel"),
    "shipping": ("shipping_options", "is_static_shipping"),
    "payment": ("payment_methods", "is_static_payment"),
}
LISTS: Mapping[str, str] = {"channel": "channels", "shipping": "shippings", "payment": "payments"}
# What conditions of points are called here (8.3), and in the core.
LOCATION_CONDITIONS: Mapping[str, str] = {
    "SELECT_BY_STOCK": "stock",
    "SELECT_BY_PRIORITY": "priority",
    "SELECT_BY_DISTANCE": "distance",
    "SELECT_BY_TAG": "tags",
    "SELECT_FULFILLMENT_CENTER": "fulfillment_center",
    "SELECT_BY_SUPPLIER_CODE": "supplier_code",
    "SELECT_BY_QUOTA": "quota",
}
_TOLD_CONDITIONS = {ours: theirs for theirs, ours in LOCATION_CONDITIONS.items()}
# Words of the core for the first state of packages, and their values here.
VALUE_OF_STATE = {"CREATED": "100", "WAITING_REMOTE": "150"}

FILTERS: Mapping[str, Filter] = {
    "id": filtering.of_whole("public_number"),
    "name": filtering.of_text("name"),
    "name__icontains": filtering.of_text("name__icontains"),
    "is_active": filtering.of_flag("is_active"),
}
SORTS: Mapping[str, str] = {"id": "public_number", "name": "name", "priority": "priority"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The codes of an organization's points and channels, and the ids they have here."""

    points: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, actor: Actor) -> "Directory":
        """Everything the actor may see: two statements."""
        points = FulfillmentPoint.objects.visible_to(actor).values_list("code", "number")
        channels = Channel.objects.visible_to(actor).values_list("code", "number")
        return cls(points=dict(points), channels=dict(channels))

    def point_code(self, number: int) -> str | None:
        """The code of a point; None for an id nobody has."""
        return next((code for code, known in self.points.items() if known == number), None)

    def channel_code(self, number: int) -> str | None:
        """The code of a channel; None for an id nobody has."""
        return next((code for code, known in self.channels.items() if known == number), None)


def feed(*, actor: Actor, kind: ScenarioKind) -> "QuerySet[Scenario]":
    """Scenarios of a kind with the version that acts; in no order yet."""
    acting = ScenarioVersion.objects.filter(state=VersionState.ACTIVE).order_by("-number")
    rows = Scenario.objects.filter(kind=kind).prefetch_related(
        Prefetch("versions", queryset=acting)
    )
    if actor.organization_id is None:
        return rows
    return rows.filter(organization_id=actor.organization_id)


def get(*, number: int, actor: Actor, kind: ScenarioKind) -> Scenario:
    """One scenario. Raises ScenarioNotFound, also for somebody else's."""
    found = feed(actor=actor, kind=kind).filter(public_number=number).first()
    if found is None:
        raise ScenarioNotFound("No such scenario")
    return found


def rules_of(scenario: Scenario) -> Mapping[str, Any]:
    """What the acting version says; nothing where none acts."""
    acting = next(iter(scenario.versions.all()), None)
    return acting.rules if acting else {}


def shown(scenario: Scenario, *, directory: Directory) -> Shown:
    """A scenario in full."""
    rules = rules_of(scenario)
    filters = rules.get("filters") or {}
    customer_types = filters.get("customer_types") or []
    state = rules.get("initial_state")
    return {
        "id": scenario.public_number,
        "code": scenario.code,
        "name": scenario.name,
        "description": scenario.description,
        "is_active": scenario.is_active,
        "priority": scenario.priority,
        **_conditions(rules, directory),
        "customer_type": customer_types[0] if customer_types else None,
        "default_stock_location": directory.points.get(rules.get("default_point") or ""),
        "initial_state": VALUE_OF_STATE.get(state, state) if state else None,
        "rules": _packaging_rules(rules.get("packaging_rules") or (), directory),
    }


def _conditions(rules: Mapping[str, Any], directory: Directory) -> Shown:
    """A static condition lists its values; a dynamic one has null, or the query it was given."""
    filters, queries = rules.get("filters") or {}, rules.get("queries") or {}
    told: Shown = {}
    for word, (name, flag) in CONDITIONS.items():
        values = list(filters.get(name) or ())
        if word == "channel":
            values = [directory.channels[code] for code in values if code in directory.channels]
        is_static = bool(rules.get(flag))
        told[f"{word}_condition_type"] = STATIC if is_static else DYNAMIC
        told[LISTS[word]] = values if is_static else queries.get(word) or values or None
    return told


def _packaging_rules(rules: Sequence[Mapping[str, Any]], directory: Directory) -> list[Shown]:
    return [
        {
            "id": rule.get("id", place + 1),
            "name": rule.get("name", ""),
            "order": rule.get("order", place),
            "product_condition": rule.get("product_condition", "all"),
            "products": rule.get("products") or [],
            "location_prerequisites": [
                directory.points[code]
                for code in rule.get("location_prerequisites") or ()
                if code in directory.points
            ],
            "location_conditions": [
                _TOLD_CONDITIONS[word] for word in rule.get("location_conditions") or ()
            ],
            "allow_split": bool(rule.get("allow_split")),
            "is_transferable": bool(rule.get("is_transferable")),
            "strategy": rule.get("strategy") or [],
        }
        for place, rule in enumerate(rules)
    ]
