"""The form of a scenario's rules: its schema, with what the organization has to choose from."""

from collections.abc import Mapping
from typing import Any

from channels_app.models import Channel
from fulfillment.models import Scenario
from fulfillment.routing.schema import SCHEMA
from oms.backoffice.schema_forms import Kind, SchemaForm
from oms.backoffice.schema_forms.drawing import Options
from oms.backoffice.schema_forms.reading import Posted
from oms.locations.models import FulfillmentPoint

MOST_TICKS = 60  # points; more are typed as codes, one a line
RANKINGS: Options = (
    ("priority", "Priority of the point"),
    ("distance", "Distance"),
    ("cost", "Cost of the parcel"),
    ("fewest_parcels", "Fewest parcels"),
    ("load", "Load of the point"),
)
_STRATEGIES: Options = (
    ("least_packages", "Fewest parcels"),
    ("priority", "Priority of the point"),
    ("distance", "Distance"),
    ("cost", "Cost of the parcel"),
    ("load", "Load of the point"),
)
_IN_STOCK = ("stock", "It has stock")
_IN_QUOTA = ("quota", "Its quota is not used up")
_OF_SELLER = ("supplier_code", "It ships for the seller")
_TAGGED = ("tags", "It has the tags below")
_CENTER = ("fulfillment_center", "It is a fulfillment center")
_WORDS: Mapping[str, Options] = {
    "ranking": RANKINGS,
    "packaging_rules.*.strategy": _STRATEGIES,
    "packaging_rules.*.location_conditions": (
        _IN_STOCK,
        _IN_QUOTA,
        _OF_SELLER,
        _TAGGED,
        _CENTER,
        ("priority", "By priority"),
        ("distance", "By distance"),
    ),
    "hard_rules": (
        _IN_STOCK,
        _IN_QUOTA,
        ("calendar", "Its calendar says it works now"),
        ("carrier", "A carrier of it serves the address"),
        _OF_SELLER,
        _TAGGED,
        _CENTER,
    ),
    "quota": (("day", "Tasks of a day"), ("open", "Open tasks"), ("none", "Nothing")),
    "split": (
        ("never", "Never"),
        ("if_allowed", "If the order allows it"),
        ("always", "Always, by line"),
        ("by_line", "By line"),
        ("by_unit", "By unit"),
    ),
    "initial_state": (("CREATED", "Waiting"), ("WAITING_REMOTE", "Waiting for remote action")),
}
_TICKED = (
    "is_static_channel",
    "is_static_shipping",
    "is_static_payment",
    "is_transferable",
    "packaging_rules.*.allow_split",
    "packaging_rules.*.is_transferable",
)
_OF_POINTS = ("points", "packaging_rules.*.location_prerequisites")
_WIRE_STATES = {"100": "CREATED", "150": "WAITING_REMOTE"}


def rules_form(
    scenario: Scenario, *, rules: Mapping[str, Any] | None = None, posted: Posted | None = None
) -> SchemaForm:
    """The form of these rules, or of what was posted."""
    channels, points = _channels(scenario), _points(scenario)
    kinds = {
        "ranking": Kind.ORDER,
        "packaging_rules.*.strategy": Kind.ORDER,
        "filters.channels": Kind.CHOICES,
        "default_point": Kind.CHOICE,
        **dict.fromkeys(_TICKED, Kind.YES_NO),
    }
    options = {**_WORDS, "filters.channels": channels, "default_point": points}
    if len(points) <= MOST_TICKS:
        kinds |= dict.fromkeys(_OF_POINTS, Kind.CHOICES)
        options |= dict.fromkeys(_OF_POINTS, points)
    return SchemaForm(
        SCHEMA, value=_drawable(rules or {}), posted=posted, kinds=kinds, options=options
    )


def _drawable(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Rules in the words of the form, where there are several for the same."""
    shown = dict(rules)
    if isinstance(shown.get("ranking"), str):
        shown["ranking"] = [shown["ranking"]]
    if shown.get("initial_state") in _WIRE_STATES:
        shown["initial_state"] = _WIRE_STATES[shown["initial_state"]]
    return shown


def _channels(scenario: Scenario) -> Options:
    rows = Channel.objects.filter(organization_id=scenario.organization_id).selling()
    return [(code, name) for code, name in rows.order_by("name", "pk").values_list("code", "name")]


def _points(scenario: Scenario) -> Options:
    rows = FulfillmentPoint.objects.filter(organization_id=scenario.organization_id)
    found = rows.filter(is_active=True).order_by("name", "pk").values_list("code", "name")
    return [(code, f"{name} ({code})") for code, name in found]
