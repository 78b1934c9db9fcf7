"""What goes into which box. Pure: the same task always gives the same boxes."""

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from demo.messages import Task, TaskDetail

CANCELLED = "CANCELLED"
DEFAULT_GRAMS = 300
BOX_GRAMS = 120
DETAILS_A_BOX = 4
CM_A_SIDE = (24.0, 18.0, 12.0)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The point's own carrier; only where the channel brings none."""

    carrier: str
    kind: str = "Standard"


@dataclass(frozen=True, slots=True)
class Box:
    """One parcel to be."""

    number: str
    details: tuple[TaskDetail, ...]


def live_details(task: Task, dropped: Collection[int]) -> list[TaskDetail]:
    """What is left of a task after its cancellations."""
    return [detail for detail in task.task_details if _is_live(detail, dropped)]


def boxes(task: Task, dropped: Collection[int] = ()) -> list[Box]:
    """One box, or several where the task allows it.

    Details are grouped before the cancelled ones are taken out, so that boxes without cancelled
    details stay as they were. The number follows from the contents: packing twice names the same
    boxes, packing anew after a cancellation names a new one.
    """
    details = sorted(task.task_details, key=lambda detail: detail.task_detail_id)
    size = DETAILS_A_BOX if task.allow_ft_split else max(len(details), 1)
    groups = [details[start : start + size] for start in range(0, len(details), size)]
    left = [[detail for detail in group if _is_live(detail, dropped)] for group in groups]
    return [_box(task.ft_no, group) for group in left if group]


def parcel_body(
    box: Box, *, packed_at: int, weights: Mapping[str, int], delivery: Delivery | None
) -> dict[str, object]:
    """A box as Parcel Packing Finished wants it."""
    length, width, height = CM_A_SIDE
    body: dict[str, object] = {
        "fp_parcel_no": box.number,
        "parcel_packed_time": packed_at,
        "weight": _kilograms(box.details, weights),
        "length": length,
        "width": width,
        "height": height,
        "parcel_items": [
            {
                "ft_detail_id": str(detail.task_detail_id),
                "brand_code": detail.brand_code or "",
                "brand_sku_code": detail.brand_sku_code or "",
            }
            for detail in box.details
        ],
    }
    if delivery is not None:
        body["actual_delivery_partner"] = delivery.carrier
        body["actual_delivery_type"] = delivery.kind
        body["tracking_no"] = f"OWN-{box.number}"
    return body


def _is_live(detail: TaskDetail, dropped: Collection[int]) -> bool:
    return detail.order_item_status != CANCELLED and detail.task_detail_id not in dropped


def _box(ft_no: str, details: Sequence[TaskDetail]) -> Box:
    contents = ",".join(str(detail.task_detail_id) for detail in details)
    return Box(f"{ft_no}-{zlib.crc32(contents.encode()):08X}", tuple(details))


def _kilograms(details: Sequence[TaskDetail], weights: Mapping[str, int]) -> float:
    grams = sum(weights.get(d.brand_sku_code or "", DEFAULT_GRAMS) * d.qty for d in details)
    return round((grams + BOX_GRAMS) / 1000, 3)
