"""Transfer orders as they are shown, and which of them a list has (contract 9.13)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from channels_app.choices import RemoteKind
from fulfillment.models import Parcel, TransferLine, TransferOrder
from fulfillment.models.transfers import TransferQuerySet
from fulfillment.services.commands import TransferNotFound
from oms.api.akinon import filtering, location_reads, places, states
from oms.api.akinon.buyer_search import by_hashes
from oms.api.akinon.filtering import Filter, moments, whole, wholes
from oms.api.akinon.package_reads import task_number, task_number_of
from oms.api.akinon.rendering.locations import Known
from oms.kernel.actors import Actor

_NONE = Q(pk__in=[])


def feed(*, actor: Actor) -> TransferQuerySet:
    """Transfer orders the actor may see, with everything that is shown of them."""
    lines = TransferLine.objects.select_related("task_line__order_line__parent").order_by("pk")
    return (
        TransferOrder.objects.visible_to(actor)
        .select_related("task__order", "source__organization", "destination__organization")
        .prefetch_related(Prefetch("lines", queryset=lines))
    )


def get(*, transfer: int, actor: Actor) -> TransferOrder:
    """One transfer order. Raises TransferNotFound, also for somebody else's."""
    found = feed(actor=actor).filter(public_number=transfer).first()
    if found is None:
        raise TransferNotFound("No such transfer order", transfer=transfer)
    return found


def known_points(transfers: Iterable[TransferOrder]) -> dict[int, Known]:
    """What is known elsewhere of the points goods come from and go to, by their keys."""
    points = {
        point.pk: point
        for transfer in transfers
        for point in (transfer.source, transfer.destination)
    }
    return location_reads.known_of(list(points.values()))


def _at(word: str) -> Q:
    meant = [status for status, value in states.TRANSFER_OF.items() if value == word]
    return Q(status__in=meant)


def _state(text: str) -> Q:
    state = states.by_id(whole(text))
    return _at(state.enum_value) if state and state.enum_class == states.TRANSFER else _NONE


def _lines(**conditions: Any) -> Q:
    return Q(Exists(TransferLine.objects.filter(transfer_id=OuterRef("pk"), **conditions)))


def _carrier(text: str) -> Q:
    boxes = Parcel.objects.live().packed().filter(task_id=OuterRef("task_id"))
    return Q(Exists(boxes.filter(carrier__iexact=text)))


FILTERS: Mapping[str, Filter] = {
    "state": _state,
    "state__enum_value": _at,
    "order": filtering.of_whole("task__order__number"),
    "order__number": filtering.of_text("task__order__external_id"),
    "order__channel": filtering.of_whole("task__channel__number"),
    **moments("order__date_placed", "task__order__placed_at"),
    **by_hashes("task__order"),
    "package": lambda text: Q(task__number=task_number(whole(text))),
    "package_number": lambda text: Q(task__number=task_number_of(text)),
    "package__shipment__cargo_company": _carrier,
    "product_sku": lambda text: _lines(task_line__sku__code=text),
    "product_barcode": lambda text: _lines(task_line__sku__barcodes__contains=[text]),
    "source__erp_code": filtering.of_text("source__code"),
    "destination__erp_code": filtering.of_text("destination__code"),
    "destination__country": places.by_either(RemoteKind.COUNTRY, "destination__country"),
    "retail_store__erp_code": filtering.of_text("task__order__preferred_point__code"),
    "erp_code": lambda text: Q(source__code=text) | Q(destination__code=text),
    "pk__in": lambda text: Q(public_number__in=wholes(text)),
    "id__gt": lambda text: Q(public_number__gt=whole(text)),
    "id__gte": lambda text: Q(public_number__gte=whole(text)),
    "id__lt": lambda text: Q(public_number__lt=whole(text)),
    "id__lte": lambda text: Q(public_number__lte=whole(text)),
}
SORTS: Mapping[str, str] = {
    "id": "public_number",
    "number": "number",
    "created_date": "created_at",
    "modified_date": "changed_at",
}
