"""What a buyer said and showed about goods that came back goes when the buyer's data goes."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from oms.orders import services as orders
from returns.models import ReturnOrder, ReturnUnit


@transaction.atomic
def erase_words(*, order_id: int, now: datetime) -> None:
    """Empty the notes, reasons and pictures of an order's returns; what became of the goods stays.

    Doing it again changes nothing. Raises OrderNotFound.
    """
    order = orders.lock_order(order_id=order_id)
    rows = list(ReturnOrder.objects.filter(order=order).locked())
    units = ReturnUnit.objects.filter(return_order__in=rows)
    telling = units.exclude(reason="", image_urls=[])
    touched = set(telling.values_list("return_order_id", flat=True))
    said = Q(pk__in=touched) | ~Q(note="")
    telling.update(reason="", image_urls=[])
    mine = ReturnOrder.objects.filter(pk__in=[row.pk for row in rows])
    mine.filter(said).update(note="", changed_at=now)
