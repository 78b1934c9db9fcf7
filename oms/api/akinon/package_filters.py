"""Which packages and items of packages a list has (contract 11.4)."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from fulfillment.choices import TaskStatus
from fulfillment.models import Parcel, TaskLine
from oms.api.akinon import filtering, places, states
from oms.api.akinon.buyer_search import by_hashes
from oms.api.akinon.filtering import Filter, moments, texts, whole, wholes
from oms.api.akinon.package_reads import (
    THEIR_CHANNELS,
    task_number,
    task_number_of,
)
from oms.api.akinon.rendering.locations import STORE, WAREHOUSE
from oms.api.akinon.wishes import is_cancel_wished, is_item_wished
from oms.locations.choices import PointType
from oms.orders import traits
from oms.orders.choices import CancelDecision
from oms.orders.models import CancelRequest

_NONE = Q(pk__in=[])
_LOOKUPS = ("gt", "gte", "lt", "lte")


def at(values: Collection[str]) -> Q:
    """Tasks whose package is in one of these states."""
    is_wished = is_cancel_wished() & ~Q(status__in=states.PAST_CANCELLING)
    found = Q(status__in=states.tasks_at(values)) & ~is_wished
    return found | is_wished if states.CANCELLATION_WAITING in values else found


def _state(text: str) -> Q:
    state = states.by_id(whole(text))
    return at([state.enum_value]) if state and state.enum_class == states.PACKAGE else _NONE


def _item_state(text: str) -> Q:
    state = states.by_id(whole(text))
    is_known = state is not None and state.enum_class == states.PACKAGE_ITEM
    return _item_at([state.enum_value]) if state and is_known else _NONE


def _item_at(values: Collection[str]) -> Q:
    """Lines whose item is in one of these states: taken away, or where its package is."""
    is_gone = Q(quantity_cancelled=F("quantity")) & ~Q(task__status=TaskStatus.PACKED_FOR_REFUND)
    is_wished = is_item_wished() & ~is_gone & ~Q(task__status__in=states.PAST_CANCELLING)
    found = Q(task__status__in=states.tasks_at(values)) & ~is_gone & ~is_wished
    if states.CANCELLATION_WAITING in values:
        found |= is_wished
    return found | is_gone if states.CANCELLED in values else found


def _numbers(lookup: str) -> Filter:
    """Compared by id: tasks' numbers have one length, so their order is that of the ids."""

    def ask(text: str) -> Q:
        number = task_number(whole(text))
        return Q(**{f"number__{lookup}": number}) if number else _NONE

    return ask


def _having(rows: "QuerySet[Any]") -> Q:
    return Q(Exists(rows))


def _lines(**conditions: Any) -> Q:
    """Tasks with a live line that fits."""
    return _having(
        TaskLine.objects.filter(
            task_id=OuterRef("pk"), quantity__gt=F("quantity_cancelled"), **conditions
        )
    )


def _boxes(path: str, read: Callable[[str], Any]) -> Filter:
    """Tasks with a box, not voided, that fits."""

    def ask(text: str) -> Q:
        boxes = Parcel.objects.live().packed().filter(task_id=OuterRef("pk"))
        return _having(boxes.filter(**{path: read(text)}))

    return ask


def _omnitron_items(keys: Collection[str]) -> Q:
    of_lines = _lines(order_line__external_id__in=keys)
    of_bundles = _lines(order_line__parent__external_id__in=keys)
    return Q(channel__type__in=THEIR_CHANNELS) & (of_lines | of_bundles)


def _omnitron_orders(keys: Collection[str]) -> Q:
    known = RemoteKey.objects.filter(
        organization_id=OuterRef("organization_id"),
        kind=RemoteKind.ORDER,
        local_id=OuterRef("order_id"),
    )
    return _having(known.filter(remote_key__in=keys))


def _delivered_from(text: str) -> Q:
    """Ranges that begin then or later."""
    return Q(order__traits__deliver_from__gte=traits.instant(filtering.moment(text)))


def _delivered_until(text: str) -> Q:
    """Ranges that end then or earlier."""
    return Q(order__traits__deliver_until__lte=traits.instant(filtering.moment(text)))


def _delivered_on(text: str) -> Q:
    """Ranges that have some of a day of UTC."""
    day = filtering.moment(text).astimezone(dt.UTC)
    begin = dt.datetime.combine(day, dt.time.min, tzinfo=dt.UTC)
    return Q(
        order__traits__deliver_from__lt=traits.instant(begin + dt.timedelta(days=1)),
        order__traits__deliver_until__gt=traits.instant(begin),
    )


_RANGES: Mapping[str, Filter] = {
    "lower": _delivered_from,
    "upper": _delivered_until,
    "date": _delivered_on,
}


def _cancel_failed(text: str) -> Q:
    refused = CancelRequest.objects.filter(
        order_id=OuterRef("order_id"), decision=CancelDecision.REJECT
    )
    return _having(refused) if filtering.flag(text) else ~_having(refused)


def _collected(text: str) -> Q:
    return Q(order__preferred_point__isnull=not filtering.flag(text))


def _of_type(text: str) -> Q:
    is_store = Q(point__type=PointType.STORE)
    return {STORE: is_store, WAREHOUSE: ~is_store}.get(text, _NONE)


def _after_names(text: str) -> list[str]:
    """Numbers of packages as they are shown, by the numbers of their tasks."""
    return [task_number_of(word) for word in texts(text)]


PACKAGES: Mapping[str, Filter] = {
    "state": _state,
    "state__enum_value": lambda text: at([text]),
    "state__enum_value__in": lambda text: at(texts(text)),
    "state__enum_value__ne": lambda text: ~at([text]),
    "number": lambda text: Q(number=task_number_of(text)),
    "number__in": lambda text: Q(number__in=_after_names(text)),
    "id": lambda text: Q(number=task_number(whole(text))),
    "pk__in": lambda text: Q(number__in=[task_number(number) for number in wholes(text)]),
    **{f"id__{lookup}": _numbers(lookup) for lookup in _LOOKUPS},
    "order": filtering.of_whole("order__number"),
    "order__number": filtering.of_text("order__external_id"),
    "order__number__startswith": filtering.of_text("order__external_id__startswith"),
    "order__omnitron_id": lambda text: _omnitron_orders([str(whole(text))]),
    "order__channel": filtering.of_whole("channel__number"),
    "order__delivery_type": filtering.of_text("order__payment__delivery_type"),
    "order__delivery_range": filtering.of_text("order__payment__delivery_range"),
    **{f"order__delivery_range__{end}": ask for end, ask in _RANGES.items()},
    **{f"delivery_range__{end}": ask for end, ask in _RANGES.items()},
    "order__shipping_option_slug__in": filtering.of_texts("order__traits__shipping_option"),
    "order__shipping_option_slug__exclude": lambda text: (
        ~Q(order__traits__shipping_option__in=texts(text))
    ),
    **moments("order__date_placed", "order__placed_at"),
    **by_hashes("order"),
    "stock_location": filtering.of_whole("point__number"),
    "stock_location__erp_code": filtering.of_text("point__code"),
    "stock_location__stock_location_type": _of_type,
    "stock_location__erp_code__in": filtering.of_texts("point__code"),
    "erp_code": lambda text: Q(point__code=text) | Q(order__preferred_point__code=text),
    "retail_store__erp_code": filtering.of_text("order__preferred_point__code"),
    **moments("created_date", "created_at"),
    **moments("modified_date", "changed_at"),
    **{
        f"shipment__created_date__{lookup}": _boxes(f"created_at__{lookup}", filtering.moment)
        for lookup in _LOOKUPS
    },
    "shipment__cargo_company": _boxes("carrier__iexact", str),
    "product_sku": lambda text: _lines(sku__code=text),
    "product_barcode": lambda text: _lines(sku__barcodes__contains=[text]),
    "packageitem__order_item__omnitron_id": lambda text: _omnitron_items([str(whole(text))]),
    "packageitem__order_item__omnitron_id__in": lambda text: _omnitron_items(
        [str(number) for number in wholes(text)]
    ),
    "is_click_and_collect": _collected,
    "cancellation_failure": _cancel_failed,
    "country": places.by_key(RemoteKind.COUNTRY, "order__country"),
    "country__name": places.by_name(RemoteKind.COUNTRY, "order__country"),
    "city": places.by_key(RemoteKind.CITY, "order__city"),
    "city__name": places.by_name(RemoteKind.CITY, "order__city"),
}
ITEMS: Mapping[str, Filter] = {
    "package": lambda text: Q(task__number=task_number(whole(text))),
    "package__number": lambda text: Q(task__number=task_number_of(text)),
    "state": _item_state,
    "state__enum_value": lambda text: _item_at([text]),
    "state__enum_value__in": lambda text: _item_at(texts(text)),
}
SORTS: Mapping[str, str] = {
    "id": "number",
    "number": "number",
    "created_date": "created_at",
    "modified_date": "changed_at",
    "order__date_placed": "order__placed_at",
}
