"""Who does something, and what of the organization's objects they may see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person, a machine, or the system itself.

    `organization_id` None means no limit (the system, a superuser). `channel_ids` and `point_ids`
    None mean every channel and point of the organization.
    """

    kind: str
    ref: str
    organization_id: int | None = None
    channel_ids: frozenset[int] | None = None
    point_ids: frozenset[int] | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.ref}"


SYSTEM = Actor(kind="system", ref="oms")
