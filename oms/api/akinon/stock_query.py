"""Which locations have all of something (contract 8.4). It has an error body of its own."""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse, QueryDict

from catalog import queries as catalog
from oms.api.akinon.errors import Refused, answer
from oms.api.akinon.rendering.values import stamp
from oms.inventory.models import StockLevel
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint

logger = logging.getLogger(__name__)

MOST_SKUS, MOST_CODES, MOST_TAGS = 100, 50, 20
_LONGEST = 128


class QueryRefused(Exception):
    """What is asked cannot be answered: 400 where it is not understood, else 422."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Units by SKU, and which locations are asked about; none named: all active ones."""

    units: Mapping[str, int]
    codes: Sequence[str] = ()
    tags: Sequence[str] = ()


def wanted_of(query: QueryDict) -> Wanted:
    """What a query asks for. Raises QueryRefused (400)."""
    skus = _texts(query, "sku", most=MOST_SKUS)
    if not skus:
        raise QueryRefused(HTTPStatus.BAD_REQUEST, "sku is required")
    return Wanted(
        units=Counter(skus),
        codes=tuple(dict.fromkeys(_texts(query, "erp_code", most=MOST_CODES))),
        tags=tuple(dict.fromkeys(_texts(query, "tag", most=MOST_TAGS))),
    )


def availability(wanted: Wanted, *, actor: Actor) -> dict[str, bool]:
    """By code of location, whether every unit can come from that one alone.

    A tag leaves out locations that have none of those named. Raises QueryRefused (422) for a SKU
    or a location nobody knows.
    """
    skus = catalog.sku_ids_by_code(actor=actor, codes=set(wanted.units))
    if unknown := sorted(set(wanted.units) - set(skus)):
        raise QueryRefused(HTTPStatus.UNPROCESSABLE_ENTITY, f"Unknown sku: {', '.join(unknown)}")
    points = _points(wanted, actor=actor)
    free = {
        (point_id, sku_id): units
        for point_id, sku_id, units in StockLevel.objects.filter(
            point_id__in=points.keys(), sku_id__in=skus.values()
        )
        .annotate(free=F("on_hand") - F("reserved") - F("safety"))
        .values_list("point_id", "sku_id", "free")
    }
    return {
        code: all(free.get((pk, skus[sku]), 0) >= units for sku, units in wanted.units.items())
        for pk, code in points.items()
    }


def answer_of(error: Exception, refused: Refused | None) -> HttpResponse:
    """The error body: a word, a sentence, the status and the time."""
    headers: Mapping[str, str] = {}
    if isinstance(error, QueryRefused):
        status, message = int(error.status), error.message
    elif refused is not None:
        status, headers = refused.status, refused.headers
        message = str(refused.body.get("detail") or refused.body.get("en") or "Invalid request")
    else:
        logger.error("An Akinon call failed", exc_info=error)
        status, message = 500, "Unexpected failure; repeat the call"
    body: dict[str, Any] = {
        "error": HTTPStatus(status).phrase,
        "message": message,
        "code": status,
        "timestamp": stamp(dt.datetime.now(dt.UTC)),
    }
    return answer(body, status=status, headers=headers)


def _points(wanted: Wanted, *, actor: Actor) -> dict[int, str]:
    """Code by key of the locations that are asked about."""
    rows: QuerySet[FulfillmentPoint] = FulfillmentPoint.objects.visible_to(actor)
    rows = rows.filter(is_active=True)
    if wanted.codes:
        rows = rows.filter(code__in=wanted.codes)
    found = dict(rows.order_by("code").values_list("pk", "code"))
    if unknown := [code for code in wanted.codes if code not in set(found.values())]:
        said = f"Unknown erp_code: {', '.join(unknown)}"
        raise QueryRefused(HTTPStatus.UNPROCESSABLE_ENTITY, said)
    if not wanted.tags:
        return found
    tagged = rows.filter(tags__overlap=list(wanted.tags)).values_list("pk", flat=True)
    kept = set(tagged)
    return {pk: code for pk, code in found.items() if pk in kept}


def _texts(query: QueryDict, name: str, *, most: int) -> list[str]:
    texts = [text.strip() for text in query.getlist(name) if text.strip()]
    if len(texts) > most:
        raise QueryRefused(HTTPStatus.BAD_REQUEST, f"{name}: at most {most}")
    if any(len(text) > _LONGEST for text in texts):
        raise QueryRefused(HTTPStatus.BAD_REQUEST, f"{name}: at most {_LONGEST} characters")
    return texts
