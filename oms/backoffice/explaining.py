"""Routing decisions in words: who was asked in which order, why each fell out, who won."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fulfillment.models import RoutingDecision

TONES = {"ships everything": "good", "ships a part": "good", "short": "warn", "left out": "off"}
# What a candidate is ranked by, and how it is read.
_SCORES = (("priority", "priority {}"), ("km", "{} km"), ("cost", "cost {}"), ("load", "load {}"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """One candidate and what was said about it; `scores` are what it was ranked by."""

    point: str
    sentence: str
    tone: str
    scores: str = ""
    step: str = ""

    @property
    def is_winner(self) -> bool:
        return self.tone == "good"


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
        verdicts=verdicts(stored.get("candidates") or (), points),
        repeated=decision.repeated,
        first_at=decision.first_decided_at,
        last_at=decision.decided_at,
    )


def verdicts(stored: Any, points: Mapping[str, str]) -> tuple[Verdict, ...]:
    """What was said about each candidate, in the order they were asked."""
    return tuple(_verdict(each, points) for each in stored)


def _verdict(stored: Mapping[str, Any], points: Mapping[str, str]) -> Verdict:
    code = str(stored.get("point", ""))
    verdict = str(stored.get("verdict", ""))
    return Verdict(
        point=points.get(code, code),
        sentence=_sentence(verdict, stored, points),
        tone=TONES.get(verdict, "idle"),
        scores=_scores(stored.get("scores") or {}),
        step=str(stored.get("step") or ""),
    )


def _scores(stored: Mapping[str, Any]) -> str:
    told = [text.format(stored[name]) for name, text in _SCORES if stored.get(name) is not None]
    return ", ".join(told)


def _sentence(verdict: str, stored: Mapping[str, Any], points: Mapping[str, str]) -> str:
    match verdict:
        case "short":
            missing = "; ".join(
                f"{each['sku']}: {each['wanted']} wanted, {each['available']} available"
                for each in stored.get("short") or ()
            )
            return f"not enough stock ({missing})" if missing else "not enough stock"
        case "left out":
            return f"left out: {stored.get('why') or 'no reason was stored'}"
        case "ships a part":
            return "ships " + ", ".join(str(code) for code in stored.get("skus") or ())
        case _:
            sources = [
                points.get(str(code), str(code)) for code in stored.get("brought_from") or ()
            ]
            return f"{verdict}, with units from {', '.join(sources)}" if sources else verdict
