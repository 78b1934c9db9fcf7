"""Routing decisions in words: who was asked, why each fell out, who won."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fulfillment.models import RoutingDecision

TONES = {"ships everything": "good", "ships a part": "good", "short": "warn", "left out": "off"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One candidate and what was said about it."""

    point: str
    sentence: str
    tone: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One decision."""

    outcome: str
    outcome_label: str
    reason: str
    scenario: str
    rule: str
    verdicts: tuple[Verdict, ...]
    repeated: int
    first_at: datetime
    last_at: datetime


def explain(decision: RoutingDecision, points: Mapping[str, str]) -> Explained:
    """A stored decision as it was made; `points` names them by code."""
    stored: Mapping[str, Any] = decision.explanation
    code, version = stored.get("scenario") or "built-in", stored.get("version")
    splits = stored.get("split_allowed")
    rule = "" if splits is None else "may be split" if splits else "in one piece only"
    return Explained(
        outcome=decision.outcome,
        outcome_label=decision.get_outcome_display(),
        reason=decision.reason,
        scenario=f"{code}, version {version}" if version else str(code),
        rule=rule,
        verdicts=tuple(_verdict(each, points) for each in stored.get("candidates") or ()),
        repeated=decision.repeated,
        first_at=decision.first_decided_at,
        last_at=decision.decided_at,
    )


def _verdict(stored: Mapping[str, Any], points: Mapping[str, str]) -> Verdict:
    code = str(stored.get("point", ""))
    verdict = str(stored.get("verdict", ""))
    name = points.get(code, code)
    return Verdict(name, _sentence(verdict, stored), TONES.get(verdict, "idle"))


def _sentence(verdict: str, stored: Mapping[str, Any]) -> str:
    if verdict == "short":
        missing = "; ".join(
            f"{each['sku']}: {each['wanted']} wanted, {each['available']} available"
            for each in stored.get("short") or ()
        )
        return f"not enough stock ({missing})" if missing else "not enough stock"
    if verdict == "left out":
        return f"left out: {stored.get('why') or 'no reason was stored'}"
    if verdict == "ships a part":
        return "ships " + ", ".join(str(code) for code in stored.get("skus") or ())
    return verdict
