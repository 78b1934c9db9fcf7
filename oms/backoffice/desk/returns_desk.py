"""What comes back to a point: finding a return by whatever is on the box, and its units."""

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Q

from catalog.models import Listing
from oms.backoffice import search
from oms.backoffice.desk.work import Work
from oms.kernel.actors import Actor
from returns import queries
from returns.choices import ReturnStatus, UnitStatus
from returns.models import ReturnOrder, ReturnOrderQuerySet, ReturnUnit

_EXPECTED = (ReturnStatus.EXPECTED, ReturnStatus.RECEIVED)
SHOWN = 20


def anywhere(work: Work) -> Actor:
    """The person without the point: returns arrive at other points than they were sent to."""
    return replace(work.actor, point_ids=None)


def find(text: str, *, work: Work) -> list[ReturnOrder]:
    """Returns with this number: their own, their carrier's, a unit's, their order's, or that of
    an article in them that is still expected. What is at work comes first.
    """
    term = text.strip().replace("\x00", "")
    if not term:
        return []
    seen = queries.returns_feed(actor=anywhere(work))
    own = Q(number=term.upper()) | Q(external_id=term) | Q(tracking_number=term)
    if found := _in_order(seen.filter(own)):
        return found
    units = ReturnUnit.objects.filter(external_id=term).values("return_order_id")
    orders = Q(order_id__in=search.find_orders(term)) | Q(order_external_id=term)
    if found := _in_order(seen.filter(Q(pk__in=units) | orders)):
        return found
    return _with_article(term, work=work)


def _with_article(term: str, *, work: Work) -> list[ReturnOrder]:
    """Returns that are expected at this point with a unit of the article."""
    listed = Listing.objects.filter(channel_sku_code=term, sku__isnull=False).values("sku_id")
    skus = Q(sku_id__in=search.find_skus(term)) | Q(sku_id__in=listed[:SHOWN])
    missing = ReturnUnit.objects.filter(skus, status=UnitStatus.EXPECTED)
    here = queries.returns_feed(actor=work.actor).filter(status__in=_EXPECTED)
    return _in_order(here.filter(pk__in=missing.values("return_order_id")))


def _in_order(found: ReturnOrderQuerySet) -> list[ReturnOrder]:
    rows = list(found.order_by("-pk")[:SHOWN])
    return sorted(rows, key=lambda row: row.status not in _EXPECTED)


def at_work(*, work: Work) -> Sequence[ReturnOrder]:
    """Returns of this point that arrived and are not judged yet, then those expected; oldest
    first.
    """
    here = queries.returns_feed(actor=work.actor).filter(status__in=_EXPECTED)
    return list(here.order_by("-status", "created_at", "pk")[:SHOWN])


def unit_with(code: str, row: ReturnOrder) -> ReturnUnit | None:
    """The next expected unit of a return that a code names: its own number or its article's."""
    folded = code.strip().casefold()
    expected = [unit for unit in row.units.all() if unit.status == UnitStatus.EXPECTED]
    for unit in expected:
        if (unit.external_id or "").casefold() == folded:
            return unit
    listed = set(
        Listing.objects.filter(channel_id=row.channel_id, channel_sku_code=code.strip())
        .exclude(sku=None)
        .values_list("sku_id", flat=True)
    )
    for unit in expected:
        named = (unit.sku.code, unit.sku.brand_sku_code, *unit.sku.barcodes)
        if unit.sku_id in listed or folded in {each.casefold() for each in named if each}:
            return unit
    return None
