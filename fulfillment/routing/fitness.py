"""Hard rules: why a point may not ship, whatever it has."""

from dataclasses import dataclass

from fulfillment.routing import rules as words
from fulfillment.routing.rules import Rules, Stage
from fulfillment.routing.shapes import About, Candidate


@dataclass(frozen=True, slots=True)
class Fall:
    """The rule by which a candidate fell out, and its figures in a sentence."""

    rule: str
    why: str


def fall_of(
    candidate: Candidate, *, stage: Stage, rules: Rules, about: About, seller: str
) -> Fall | None:
    """Why a candidate is out; None: it may ship."""
    if not candidate.is_active:
        return Fall("closed", "the point is closed")
    if stage.points and candidate.code not in stage.points:
        return Fall("points", "the rule names other points")
    return (
        _by_seller(candidate, stage, seller)
        or _by_quota(candidate, stage)
        or _by_offer(candidate, stage)
        or _by_carrier(candidate, stage, rules, about)
    )


def carrier_for(candidate: Candidate, rules: Rules, about: About) -> str:
    """The first carrier of a point that serves the address; empty: none does."""
    offered = candidate.carriers
    if rules.carrier:
        wanted = rules.carrier.casefold()
        offered = tuple(name for name in offered if name.casefold() == wanted)
    return next((name for name in offered if _serves(name, rules, about)), "")


def _by_seller(candidate: Candidate, stage: Stage, seller: str) -> Fall | None:
    """Goods of a seller go to the seller's points only, and other goods to points of nobody."""
    if seller and candidate.supplier_code != seller:
        return Fall(words.SUPPLIER_CODE, f"it does not ship for seller {seller}")
    if not seller and candidate.supplier_code and words.SUPPLIER_CODE in stage.hard_rules:
        return Fall(words.SUPPLIER_CODE, f"it ships for seller {candidate.supplier_code} only")
    return None


def _by_quota(candidate: Candidate, stage: Stage) -> Fall | None:
    if stage.quota == words.BY_DAY and candidate.quota_left is not None:
        if candidate.quota_left <= 0:
            return Fall(words.QUOTA, "its quota for today is used up")
    elif stage.quota == words.BY_OPEN and words.QUOTA in stage.hard_rules:
        most, open_tasks = candidate.max_quota or 0, candidate.open_tasks or 0
        if open_tasks >= most:
            return Fall(words.QUOTA, f"{open_tasks} of {most} open tasks are taken")
    return None


def _by_offer(candidate: Candidate, stage: Stage) -> Fall | None:
    if words.CALENDAR in stage.hard_rules and candidate.is_closed_now:
        until = candidate.closed_until
        more = f" until {until:%Y-%m-%d %H:%M %Z}" if until else ""
        return Fall(words.CALENDAR, f"it does not work now{more}")
    if words.FULFILLMENT_CENTER in stage.hard_rules and not candidate.is_fulfillment_center:
        return Fall(words.FULFILLMENT_CENTER, "it is no fulfillment center")
    missing = stage.tags - candidate.tags if words.TAGS in stage.hard_rules else frozenset()
    if missing:
        return Fall(words.TAGS, "it lacks " + ", ".join(sorted(missing)))
    return None


def _by_carrier(candidate: Candidate, stage: Stage, rules: Rules, about: About) -> Fall | None:
    if words.CARRIER not in stage.hard_rules or carrier_for(candidate, rules, about):
        return None
    wanted = rules.carrier or "any carrier"
    return Fall(words.CARRIER, f"{wanted} does not serve the address from there")


def _serves(carrier: str, rules: Rules, about: About) -> bool:
    area = rules.carrier_areas.get(carrier.casefold())
    to = about.destination
    return area is None or area.covers(country=to.country, region=to.region, postcode=to.postcode)
