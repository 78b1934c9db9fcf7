"""Points that are not asked for a while for units they refused or did not find."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from fulfillment.models import Discrepancy, TaskDenial

LEFT_OUT_FOR = timedelta(hours=24)


def points_left_out(
    *, order_line_ids: Collection[int], now: datetime
) -> Mapping[int, frozenset[int]]:
    """By order line (key): points that refused it or did not find it within the last day.

    Routing leaves them out for that line unless nobody else can serve it. In two statements for
    however many lines; lines without such points are not named.
    """
    since = now - LEFT_OUT_FOR
    found: dict[int, set[int]] = defaultdict(set)
    missed = Discrepancy.objects.filter(
        task_line__order_line_id__in=order_line_ids, created_at__gt=since
    )
    refused = TaskDenial.objects.filter(
        task__lines__order_line_id__in=order_line_ids, created_at__gt=since
    )
    for line_id, point_id in missed.values_list("task_line__order_line_id", "point_id"):
        found[line_id].add(point_id)
    for line_id, point_id in refused.values_list("task__lines__order_line_id", "point_id"):
        found[line_id].add(point_id)
    return {line_id: frozenset(points) for line_id, points in found.items()}
