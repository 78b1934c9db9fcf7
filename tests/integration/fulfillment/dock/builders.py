"""Orders waiting at one point, and what its people do with them at the dock."""

from collections.abc import Sequence

from channels_app.models import Channel
from fulfillment import services
from fulfillment.models import FulfillmentTask, Handover, Manifest, Parcel, Picklist
from fulfillment.services import HandoverDraft, ManifestDraft, PicklistDraft, TasksUnfit
from oms.locations.models import FulfillmentPoint
from oms.orders import services as orders
from oms.orders.choices import HoldReason
from oms.orders.models import Hold
from tests.factories import NOW, make_point, point_actor
from tests.integration.fulfillment.boxes import box
from tests.integration.fulfillment.builders import OWN, Case, routed

FLEET = "SELF"


def waiting(count: int, *, point: FulfillmentPoint | None = None, **overrides) -> list[Case]:
    """Orders of a channel each, given to one point that has its own carrier."""
    point = point or make_point()
    options = {"delivery": OWN, **overrides}
    return [routed(point=point, **options) for _ in range(count)]


def pack_all(case: Case) -> Parcel:
    return box(case)


def ready(count: int, **overrides) -> list[Case]:
    """The same, packed in a box each."""
    cases = waiting(count, **overrides)
    for case in cases:
        pack_all(case)
    return cases


def ids(cases: Sequence[Case]) -> list[int]:
    return [case.task.pk for case in cases]


def gather(
    cases: Sequence[Case], *, code: str = "", channel: Channel | None = None, **overrides
) -> Picklist:
    draft = PicklistDraft(
        point_id=cases[0].point.pk,
        channel_id=channel.pk if channel else None,
        task_ids=overrides.pop("task_ids", ids(cases)),
        external_code=code,
    )
    actor = overrides.pop("actor", point_actor(cases[0].point))
    return services.create_picklist(draft=draft, actor=actor, now=NOW)


def manifest(cases: Sequence[Case], *, carrier: str = FLEET, **overrides) -> Manifest:
    draft = ManifestDraft(
        point_id=cases[0].point.pk,
        channel_id=None,
        carrier=carrier,
        task_ids=overrides.pop("task_ids", ids(cases)),
    )
    return services.make_manifest(draft=draft, actor=point_actor(cases[0].point), now=NOW)


def hand_over(cases: Sequence[Case], *, carrier: str = FLEET, **overrides) -> Handover:
    draft = HandoverDraft(
        point_id=cases[0].point.pk,
        channel_id=None,
        carrier=carrier,
        task_ids=overrides.pop("task_ids", ids(cases)),
        **overrides,
    )
    return services.hand_over(draft=draft, actor=point_actor(cases[0].point), now=NOW)


def hold(case: Case) -> Hold:
    return orders.hold_order(
        order_id=case.order.pk,
        reason=HoldReason.OTHER,
        note="",
        holder="staff:anna",
        expires_at=None,
        actor=case.actor,
        now=NOW,
    )


def parcel_of(case: Case) -> Parcel:
    return Parcel.objects.live().get(task=case.task)


def tasks_on(picklist: Picklist) -> list[FulfillmentTask]:
    entries = picklist.entries.order_by("position").select_related("task")
    return [entry.task for entry in entries]


def reasons(refusal: TasksUnfit) -> dict[str, str]:
    """As facades read them."""
    return {number: str(reason) for number, reason in refusal.details["tasks"].items()}
