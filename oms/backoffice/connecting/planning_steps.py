"""Steps that decide where orders go: channels, points, suppliers, scenarios, transitions."""

from django.urls import reverse

from channels_app.choices import ChannelType
from fulfillment.models import DenialReason, TransitionRule
from oms.backoffice.connecting.connection_steps import MAY_ACT, act_url, setting_url
from oms.backoffice.connecting.facts import (
    FILTERS,
    STATIC_CHANNEL,
    SUPPLIER_FIELD,
    ActiveScenario,
    Facts,
)
from oms.backoffice.connecting.steps import (
    Link,
    Mode,
    State,
    Step,
    counted,
    done_or_missing,
    listed,
)

SETTINGS_PERMISSION = "accounts.view_applicationsetting"
_SEE_SCENARIOS = "fulfillment.view_scenario"


def _link(label: str, app: str, model: str) -> Link:
    """The list of a model, for people who may see it."""
    return Link(label, reverse(f"admin:{app}_{model}_changelist"), f"{app}.view_{model}")


def channel(facts: Facts) -> Step:
    """Orders have a channel."""
    names = listed(f"{each.name} ({each.get_type_display()})" for each in facts.channels)
    is_market = facts.mode == Mode.SELLER_CENTER
    advice = "Sales channels are copied from Omnitron, or made by hand with Omnitron's key as code."
    if is_market:
        advice = (
            "The channel of Seller Center comes into being with the first order, which then waits "
            "in the inbox until a scenario names the channel. It can be made before, too."
        )
    kinds = {each.type for each in facts.channels}
    wanted = ChannelType.SELLER_CENTER if is_market else ChannelType.OMNITRON
    return Step(
        name="channel",
        title="Static channel" if is_market else "Sales channels",
        state=done_or_missing(wanted in kinds),
        found=f"{names}." if names else "There is none yet.",
        advice=advice,
        links=(_link("Channels", "channels_app", "channel"),),
    )


def points(facts: Facts) -> Step:
    """Channels have points to ship from."""
    serving = {each.pk for point in facts.points for each in point.channels.all()}
    bare = [each.name for each in facts.channels if each.pk not in serving]
    said = f"{counted(len(facts.points), 'active point')}."
    if bare:
        said += f" No point serves {listed(bare)}."
    return Step(
        name="points",
        title="Stock locations",
        state=done_or_missing(facts.points and not bare),
        found=said,
        advice="Stores come with the first-time copy. Say on each channel's page which points "
        "serve it.",
        links=(
            _link("Points", "locations", "fulfillmentpoint"),
            _link("Channels", "channels_app", "channel"),
        ),
    )


def supplier_codes(facts: Facts) -> Step:
    """Mode B: each seller has a point, and the items say whose they are."""
    codes = {point.supplier_code for point in facts.points if point.supplier_code}
    missing = [each.name for each in facts.sellers if each.supplier_code not in codes]
    said = f"{counted(len(codes), 'point has', 'points have')} a supplier code."
    if missing:
        said += f" No point for {listed(missing)}."
    field = facts.settings.get(SUPPLIER_FIELD) or "attributes.supplier_code (the usual place)"
    return Step(
        name="supplier_codes",
        title="Supplier codes",
        state=done_or_missing(codes and not missing),
        found=f"{said} Items carry theirs in {field}.",
        advice="Give each seller's point the code that Seller Center knows the seller by.",
        links=(
            _link("Points", "locations", "fulfillmentpoint"),
            _link("Sellers", "channels_app", "seller"),
            Link("Where items carry it", setting_url(facts, SUPPLIER_FIELD), SETTINGS_PERMISSION),
        ),
    )


def filter_rules(facts: Facts) -> Step:
    """Which orders are taken in."""
    rules = facts.settings.get(FILTERS)
    own = len(rules) if isinstance(rules, list) else 0
    said = "The built-in rules act."
    if own:
        said = f"{counted(own, 'rule of your own', 'rules of your own')} and the built-in ones."
    held = f" {counted(facts.held_orders, 'order is', 'orders are')} not taken in."
    return Step(
        name="filter_rules",
        title="Order filter rules",
        state=State.DONE if own else State.OPTIONAL,
        found=said + held,
        advice="Orders that are paid and not on their way are taken in; rules of your own come "
        "first.",
        links=(
            Link("Rules", setting_url(facts, FILTERS), SETTINGS_PERMISSION),
            _link("Orders not taken in", "channels_app", "heldorder"),
        ),
    )


def scenarios(facts: Facts) -> Step:
    """A scenario takes the channels' orders, and says where the rest goes."""
    codes = [each.code for each in facts.channels]
    bare = [
        code for code in codes if not any(_takes(each, code, facts) for each in facts.scenarios)
    ]
    lost = [each.scenario.name for each in facts.scenarios if not each.rules.get("default_point")]
    said = f"{counted(len(facts.scenarios), 'active scenario')}."
    if bare:
        said += f" None takes orders of {listed(bare)}."
    if lost:
        said += f" Without a default location: {listed(lost)}."
    return Step(
        name="scenarios",
        title="Distribution scenarios",
        state=done_or_missing(facts.scenarios and not bare),
        found=said,
        advice=_scenario_advice(facts),
        links=(
            _link("Scenarios", "fulfillment", "scenario"),
            Link("Try an order", reverse("admin:fulfillment_scenario_try"), _SEE_SCENARIOS),
        ),
    )


def _scenario_advice(facts: Facts) -> str:
    if facts.mode == Mode.OMNITRON:
        return "At least one active scenario has to take each channel's orders."
    return (
        "An active scenario has to name Seller Center's channel as a static condition; its orders "
        f"wait until then, unless {STATIC_CHANNEL} is off."
    )


def _takes(one: ActiveScenario, code: str, facts: Facts) -> bool:
    is_static = bool(one.rules.get("is_static_channel")) and code in one.channels
    if facts.mode == Mode.SELLER_CENTER and facts.settings.get(STATIC_CHANNEL) is not False:
        return is_static
    return not one.channels or code in one.channels


def shipping(facts: Facts) -> Step:
    """Every point knows a carrier, or a scenario chooses one."""
    bare = [point.name for point in facts.points if not point.carriers]
    by_scenario = any(each.rules.get("carrier") for each in facts.scenarios)
    said = "Every point has carriers." if not bare else f"Without a carrier: {listed(bare)}."
    if by_scenario:
        said += " A scenario chooses one."
    return Step(
        name="shipping",
        title="Shipping",
        state=done_or_missing(facts.points and (not bare or by_scenario)),
        found=said,
        advice="Say on each point's page which carriers fetch there, and in a scenario which one "
        "is chosen. What a transition does with the carrier and the invoice is in its settings.",
        links=(
            _link("Points", "locations", "fulfillmentpoint"),
            _link("Transitions", "fulfillment", "transitionrule"),
        ),
    )


def transitions(facts: Facts) -> Step:
    """Packages can be moved from state to state."""
    found = TransitionRule.objects.filter(organization=facts.organization).count()
    return Step(
        name="transitions",
        title="State transitions",
        state=done_or_missing(found),
        found=f"{counted(found, 'transition')}.",
        advice="The usual transitions are made at once; their slugs stay the same for good.",
        links=(
            Link("Make the usual ones", act_url(facts, "seed-transitions"), MAY_ACT),
            _link("Transitions", "fulfillment", "transitionrule"),
        ),
    )


def denial_reasons(facts: Facts) -> Step:
    """Points can say why they refuse."""
    found = DenialReason.objects.filter(organization=facts.organization, is_active=True).count()
    return Step(
        name="denial_reasons",
        title="Denial reasons",
        state=done_or_missing(found),
        found=f"{counted(found, 'active reason')}.",
        advice="A point that refuses a package has to choose one.",
        links=(_link("Denial reasons", "fulfillment", "denialreason"),),
    )
