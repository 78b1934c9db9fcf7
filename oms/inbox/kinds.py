"""What can be stuck. Apps above say what it looks like; the inbox keeps the list.

A kind with a probe needs nobody to raise or clear its entries: the sweep compares what the probe
sees with what is open. A kind without one is raised and cleared by services.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from oms.inbox.choices import Severity
from oms.kernel.errors import InvalidInput


class UnknownKind(InvalidInput):
    """Nobody registered a kind of this name."""

    code = "inbox_kind_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One way of being stuck.

    `probe` is the cause as a query: one row per subject that is stuck at `%(now)s`, with the
    columns organization_id, subject_id, order_ref, title, reason, details (jsonb) and deadline_at.
    It reads an index of what is stuck, never a whole table, and shows no personal data. `fix` is
    the name of the bulk fix, empty where a person has to decide case by case.
    """

    code: str
    label: str
    severity: Severity
    subject_type: str
    suggestion: str
    fix: str = ""
    probe: str = ""


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Called from `AppConfig.ready()` of whoever knows the cause."""
    _kinds.update({kind.code: kind for kind in kinds})


def kind_of(code: str) -> Kind:
    """A kind by its code. Raises UnknownKind."""
    try:
        return _kinds[code]
    except KeyError as exc:
        raise UnknownKind(f"Nothing of the kind {code} can be stuck here") from exc


def all_kinds() -> Mapping[str, Kind]:
    """Every kind by its code, in the order of registration."""
    return dict(_kinds)
