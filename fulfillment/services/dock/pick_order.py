"""The order in which tasks are picked: a walk along the shelves, or by SKU where none is known."""

import re
from collections.abc import Sequence

from fulfillment.models import FulfillmentTask, ShelfPlace, TaskLine

Walk = tuple[tuple[str, int], ...]
_DIGITS = re.compile(r"([0-9]+)")
_NOWHERE: tuple[bool, Walk, str] = (True, (), "")


def sort_tasks(tasks: Sequence[FulfillmentTask], *, point_id: int) -> list[FulfillmentTask]:
    """Tasks by the first shelf they need, those without a known shelf last, by SKU code."""
    places = _places(tasks, point_id=point_id)
    return sorted(tasks, key=lambda task: (places.get(task.pk, _NOWHERE), task.pk))


def _places(
    tasks: Sequence[FulfillmentTask], *, point_id: int
) -> dict[int, tuple[bool, Walk, str]]:
    """Where the walk for each task begins: no shelf known, the shelf, the SKU's code."""
    lines = list(
        TaskLine.objects.filter(task__in=tasks).values_list("task_id", "sku_id", "sku__code")
    )
    shelves = shelves_at(point_id=point_id, sku_ids=[sku_id for _, sku_id, _ in lines])
    places: dict[int, tuple[bool, Walk, str]] = {}
    for task_id, sku_id, code in lines:
        shelf = shelves.get(sku_id, "")
        place = (not shelf, walk(shelf), code)
        places[task_id] = min(place, places.get(task_id, place))
    return places


def shelves_at(*, point_id: int, sku_ids: Sequence[int]) -> dict[int, str]:
    """Where SKUs lie at a point, as far as anybody said."""
    known = ShelfPlace.objects.filter(point_id=point_id, sku_id__in=set(sku_ids))
    return dict(known.values_list("sku_id", "shelf"))


def walk(text: str) -> Walk:
    """A key that puts A-2 before A-10."""
    parts = _DIGITS.split(text.upper())
    return tuple((part, 0) if n % 2 == 0 else ("", int(part)) for n, part in enumerate(parts))
