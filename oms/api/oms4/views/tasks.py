"""What a fulfillment point reads: contract sections 5.1, 5.2, 5.3 and 5.6."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import HttpResponse

from fulfillment import queries
from fulfillment import services as fulfillment
from oms.api.oms4 import mapping
from oms.api.oms4.paging import Page, between
from oms.api.oms4.reader import Values
from oms.api.oms4.render import parcels as render_parcels
from oms.api.oms4.render import tasks as render
from oms.api.oms4.schema import reads
from oms.api.oms4.shapes import answers
from oms.api.oms4.shapes import tasks as shapes
from oms.api.oms4.views.base import PointReadView
from oms.kernel import sql
from oms.orders import queries as orders

if TYPE_CHECKING:
    from fulfillment.models import FulfillmentTask


class TaskReadView(PointReadView):
    """Delivering a task to its point is how the point receives it."""

    def delivered(self, find: Callable[[], Iterable["FulfillmentTask"]]) -> list[dict[str, Any]]:
        """Render tasks as they are, then note that their point has them now."""
        with sql.snapshot():
            tasks = list(find())
            rows = [render.task(each, orders.contact_of(each.order)) for each in tasks]
        if new := [each.pk for each in tasks if each.received_at is None]:
            fulfillment.mark_received(task_ids=new, actor=self.actor, now=self.now)
        return rows


@reads("get_fulfillment_tasks", shapes.GET_TASKS, answers.TASK_PAGE)
class GetTasks(TaskReadView):
    shape = shapes.GET_TASKS

    def answer(self) -> HttpResponse:
        """The point's tasks, oldest first."""
        values = self.values()
        page = Page.of(values)
        feed = queries.tasks_feed(actor=self.actor).filter(_state(values["status"]))
        if order_no := values["order_no"]:
            feed = feed.filter(order__external_id=order_no)
        feed = feed.filter(**_ranges(values))
        rows = self.delivered(lambda: page.cut(feed, counted=True))
        return self.done(page.container("ft_list", rows))


@reads("get_fulfillment_tasks_by_no", shapes.GET_TASKS_BY_NO, answers.TASKS)
class GetTasksByNo(TaskReadView):
    shape = shapes.GET_TASKS_BY_NO

    def answer(self) -> HttpResponse:
        """Tasks by number; unknown numbers are left out."""
        numbers = self.values()["ft_nos"]
        feed = queries.tasks_feed(actor=self.actor).filter(number__in=numbers)
        return self.done(self.delivered(feed.all))


@reads("get_shipping_information", shapes.GET_SHIPPING_INFO, answers.SHIPPING)
class GetShippingInfo(PointReadView):
    shape = shapes.GET_SHIPPING_INFO

    @sql.snapshot()
    def answer(self) -> HttpResponse:
        """The labels of tasks; a task without one is there, with what exists of its parcels."""
        values = self.values()
        tasks = queries.task_keys(numbers=values["ft_no"], actor=self.actor)
        parcels = queries.labels_feed(actor=self.actor).filter(task__in=[pk for pk, _ in tasks])
        if parcel_no := values["fp_parcel_no"]:
            parcels = parcels.filter(point_parcel_no=parcel_no)
        of_task: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for parcel in parcels:
            of_task[parcel.task_id].append(render_parcels.shipping(parcel))
        return self.done([{"ft_no": number, "parcels": of_task[pk]} for pk, number in tasks])


@reads("get_cancellation_tasks", shapes.GET_CANCELLATIONS, answers.CANCELLATION_PAGE)
class GetCancellations(PointReadView):
    shape = shapes.GET_CANCELLATIONS

    @sql.snapshot()
    def answer(self) -> HttpResponse:
        """What the point has to drop, oldest first."""
        values = self.values()
        page = Page.of(values)
        feed = queries.cancellations_feed(actor=self.actor)
        if asked := values["status"]:
            feed = feed.filter(status__in=mapping.ours(mapping.CANCELLATION_STATUS, [asked]))
        if ft_no := values["ft_no"]:
            feed = feed.filter(task__number=ft_no)
        found = page.cut(feed.filter(**_ranges(values)), counted=True)
        return self.done(page.container("ct_list", [render.cancellation(each) for each in found]))


def _ranges(values: Values) -> dict[str, Any]:
    return between("created_at", values["created_from"], values["created_to"]) | between(
        "changed_at", values["updated_from"], values["updated_to"]
    )


def _state(asked: str | None) -> Q:
    """The states that read as a word; the first two words differ by whether the point has it."""
    if not asked:
        return Q()
    if asked not in {mapping.UNRECEIVED, mapping.RECEIVED}:
        return Q(status__in=mapping.ours(mapping.TASK_STATUS, [asked]))
    waiting = Q(status__in=mapping.ours(mapping.TASK_STATUS, [mapping.UNRECEIVED]))
    if asked == mapping.UNRECEIVED:
        return waiting & Q(received_at__isnull=True)
    accepted = Q(status__in=mapping.ours(mapping.TASK_STATUS, [mapping.RECEIVED]))
    return accepted | (waiting & Q(received_at__isnull=False))
