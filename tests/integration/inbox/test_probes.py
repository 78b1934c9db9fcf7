"""Every kind: its entry appears with its cause, and is gone with it."""

import datetime as dt
from dataclasses import dataclass

import pytest

from channels_app.models import RemoteUpdate, SyncMark
from fulfillment.models import Document, FulfillmentTask
from oms.events.models import Delivery, Endpoint, Event
from oms.inbox import kinds, services
from oms.inbox.models import Entry
from oms.orders.models import CancelRequest, Hold, Order, OrderLine
from tests import backoffice_builders as build
from tests.backoffice_builders import NOW, later

SHIP_BY = NOW + dt.timedelta(days=2)


@dataclass(frozen=True)
class Trouble:
    """Rows that are stuck, and what takes the cause away."""

    subject: object
    title: str
    reason: str
    deadline_at: dt.datetime | None
    mend: object


def _order(**values) -> Order:
    return build.make_order(external_id="TH-7", ship_by_at=SHIP_BY, **values)


def unknown_sku() -> Trouble:
    order = _order()
    OrderLine.objects.filter(order=order).update(sku=None, sku_code="NOBODY-KNOWS")
    sku = build.make_sku(order.organization)
    lines = OrderLine.objects.filter(order=order)
    reason = "Unknown SKU: NOBODY-KNOWS"
    return Trouble(order, "TH-7", reason, SHIP_BY, lambda: lines.update(sku=sku))


def _waiting(reason: str) -> Trouble:
    order = _order(status="UNALLOCATED", waiting_for=reason, allocation_due_at=later(minutes=30))
    mine = Order.objects.filter(pk=order.pk)
    served = {"waiting_for": "", "allocation_due_at": None, "status": "ALLOCATED"}
    return Trouble(order, "TH-7", reason, SHIP_BY, lambda: mine.update(**served))


def no_stock() -> Trouble:
    return _waiting("Out of stock: SKU-1")


def no_point() -> Trouble:
    return _waiting("No point serves this channel now")


def cancel_request() -> Trouble:
    request = build.make_request(_order())
    decided = {"status": "CLOSED", "decision": "REJECT", "decided_at": NOW}
    mine = CancelRequest.objects.filter(pk=request.pk)
    reason = "The customer wants to cancel"
    return Trouble(request, "TH-7", reason, SHIP_BY, lambda: mine.update(**decided))


def hold_expired() -> Trouble:
    hold = build.make_hold(_order(), expires_at=later(minutes=-3))
    mine = Hold.objects.filter(pk=hold.pk)
    reason = "Still held, though the hold was to end by itself"
    ended = hold.expires_at
    return Trouble(hold, "TH-7", reason, ended, lambda: mine.update(released_at=NOW))


def label_failed() -> Trouble:
    parcel = build.make_parcel(build.make_task(_order()))
    label = build.make_document(parcel, status="FAILED", attempts=5, last_error="Ada, no house 1")
    mine = Document.objects.filter(pk=label.pk)
    title = f"TH-7, parcel {parcel.number}"
    return Trouble(
        label, title, "No label after 5 tries", SHIP_BY, lambda: mine.update(status="PENDING")
    )


def paper_failed() -> Trouble:
    parcel = build.make_parcel(build.make_task(_order()))
    said = "Version 3 of the template failed"
    paper = build.make_document(parcel, kind="PACKING_SLIP", status="FAILED", last_error=said)
    mine = Document.objects.filter(pk=paper.pk)
    title = f"parcel {parcel.number}"
    return Trouble(paper, title, said, None, lambda: mine.update(status="PENDING"))


def count_below_reserved() -> Trouble:
    order = _order()
    task = build.make_task(order, build.make_point(order.channel, name="Dock"))
    mine = FulfillmentTask.objects.filter(pk=task.pk)
    mine.update(status="OUT_OF_STOCK")
    reason = "Dock counted less than it owes"
    title = f"TH-7, {task.number}"
    return Trouble(task, title, reason, SHIP_BY, lambda: mine.update(status="CREATED"))


def event_parked() -> Trouble:
    event = build.make_event(_order(), parked_at=NOW, attempts=10, last_error="ValueError")
    mine = Event.objects.filter(pk=event.pk)
    reason = "Its handlers failed 10 times: ValueError"
    return Trouble(event, "order.placed", reason, None, lambda: mine.update(parked_at=None))


def deliveries_exhausted() -> Trouble:
    order = _order()
    endpoint = build.make_endpoint(order.organization, name="ERP")
    for _ in range(2):
        build.make_delivery(endpoint, build.make_event(order), state="EXHAUSTED")
    reason = "2 deliveries were given up on"
    mine = Delivery.objects.filter(endpoint=endpoint)
    return Trouble(
        endpoint, "ERP", reason, None, lambda: mine.update(state="PENDING", finished_at=None)
    )


def _endpoint(reason: str, **values) -> Trouble:
    endpoint = build.make_endpoint(build.make_organization(), name="ERP", **values)
    mine = Endpoint.objects.filter(pk=endpoint.pk)
    mine.update(created_at=later(hours=-1))
    return Trouble(endpoint, "ERP", reason, None, lambda: mine.update(state="ACTIVE"))


def endpoint_disabled() -> Trouble:
    return _endpoint("Failing for 5 days", state="DISABLED", state_reason="Failing for 5 days")


def endpoint_unverified() -> Trouble:
    return _endpoint("Its URL has not answered the verification", state="UNVERIFIED")


def unknown_seller() -> Trouble:
    waits = {"waiting_for": "Unknown SKU", "allocation_due_at": later(minutes=30)}
    order = _order(status="UNALLOCATED", **waits)
    lines = OrderLine.objects.filter(order=order)
    lines.update(extra={"attributes": {"supplier_code": "S7"}})
    point = build.make_point(order.channel)
    points = type(point).objects.filter(pk=point.pk)
    mend = lambda: points.update(supplier_code="S7")  # noqa: E731 - as the others
    return Trouble(order, "TH-7", "No point ships for seller S7", SHIP_BY, mend)


def static_channel() -> Trouble:
    order = _order(
        status="UNALLOCATED",
        waiting_for="No scenario names the channel",
        allocation_due_at=later(minutes=30),
    )
    mine = Order.objects.filter(pk=order.pk)
    reason = "1 order waits until a scenario names the channel"
    mend = lambda: mine.update(waiting_for="", allocation_due_at=None)  # noqa: E731 - as the others
    return Trouble(order.channel, order.channel.name, reason, SHIP_BY, mend)


def _mark(reason: str, **values) -> Trouble:
    organization = build.make_organization()
    mark = SyncMark.objects.create(organization=organization, kind="ORDERS", **values)
    marks = SyncMark.objects.filter(pk=mark.pk)
    well = {"needs_authorisation": False, "failures": 0}
    return Trouble(mark, "Reading of orders", reason, None, lambda: marks.update(**well))


def remote_unauthorised() -> Trouble:
    said = "The other side does not accept our account any more"
    return _mark(said, needs_authorisation=True, failures=7)


def remote_failing() -> Trouble:
    return _mark("Failed 3 times in a row: status 500", failures=3, error="status 500")


def _update(reason: str, **values) -> Trouble:
    channel = build.make_channel()
    update = RemoteUpdate.objects.create(
        organization=channel.organization,
        channel=channel,
        subject="70193",
        body={"status": "450"},
        event_ref=1,
        not_before=NOW,
        **values,
    )
    RemoteUpdate.objects.filter(pk=update.pk).update(updated_at=NOW)
    updates = RemoteUpdate.objects.filter(pk=update.pk)
    sent = {"state": "SENT", "sent_at": NOW}
    return Trouble(update, "Item 70193", reason, None, lambda: updates.update(**sent))


def remote_update_stuck() -> Trouble:
    return _update("Not told after 5 tries: status 503", attempts=5, last_error="status 503")


def remote_update_refused() -> Trouble:
    said = "The other side refused the status: status 400"
    return _update(said, state="REFUSED", attempts=1, last_error="status 400")


TROUBLES = {
    make.__name__: make
    for make in (
        unknown_sku,
        no_stock,
        no_point,
        cancel_request,
        hold_expired,
        label_failed,
        paper_failed,
        count_below_reserved,
        event_parked,
        deliveries_exhausted,
        endpoint_disabled,
        endpoint_unverified,
        unknown_seller,
        static_channel,
        remote_unauthorised,
        remote_failing,
        remote_update_stuck,
        remote_update_refused,
    )
}


def test_every_kind_is_tested():
    assert set(TROUBLES) == set(kinds.all_kinds())


@pytest.mark.django_db
@pytest.mark.parametrize("kind", TROUBLES)
def test_an_entry_appears_with_its_cause(kind):
    trouble = TROUBLES[kind]()

    change = services.reconcile_due(now=NOW)

    entry = Entry.objects.get()
    assert change == services.Change(raised=1, closed=0)
    assert (entry.kind, entry.subject_id) == (kind, trouble.subject.pk)
    assert (entry.title, entry.reason) == (trouble.title, trouble.reason)
    assert (entry.deadline_at, entry.raised_at, entry.is_open) == (trouble.deadline_at, NOW, True)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", TROUBLES)
def test_an_entry_closes_itself_when_its_cause_is_gone(kind):
    trouble = TROUBLES[kind]()
    services.reconcile_due(now=NOW)

    trouble.mend()
    change = services.reconcile_due(now=later(seconds=5))

    entry = Entry.objects.get()
    assert change == services.Change(raised=0, closed=1)
    assert (entry.closed_at, entry.closed_how) == (later(seconds=5), "CAUSE_GONE")


@pytest.mark.django_db
def test_what_goes_well_is_not_in_the_list():
    order = _order(status="ALLOCATED")
    build.make_document(build.make_parcel(build.make_task(order)))
    build.make_hold(order, expires_at=later(days=1))
    endpoint = build.make_endpoint(order.organization)
    build.make_delivery(endpoint, build.make_event(order), state="DELIVERED")

    assert services.reconcile_due(now=NOW) == services.Change()


@pytest.mark.django_db
def test_a_hold_gets_two_minutes_to_end_by_itself():
    build.make_hold(_order(), expires_at=later(seconds=-90))

    assert services.reconcile_due(now=NOW) == services.Change()


@pytest.mark.django_db
def test_a_new_endpoint_gets_a_quarter_of_an_hour_to_be_verified():
    endpoint = build.make_endpoint(build.make_organization(), state="UNVERIFIED")
    Endpoint.objects.filter(pk=endpoint.pk).update(created_at=later(minutes=-14))

    assert services.reconcile_due(now=NOW) == services.Change()
