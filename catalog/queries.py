"""Reads of the catalog."""

from collections.abc import Collection

from catalog.models import Sku, SkuQuerySet
from oms.kernel import errors, sql
from oms.kernel.actors import Actor

# An array, because thousands of parameters take longer to plan than to look up.
_IDS_BY_CODE = """
SELECT code, id FROM catalog_sku
WHERE code = ANY(%(codes)s::text[])
  AND (%(organization_id)s::bigint IS NULL OR organization_id = %(organization_id)s::bigint)
"""


class SkuNotFound(errors.NotFound):
    """No such SKU, or not this actor's."""

    code = "sku_not_found"


def get_sku(*, actor: Actor, code: str) -> Sku:
    """A SKU by its code. Raises SkuNotFound, also for somebody else's."""
    found = Sku.objects.visible_to(actor).filter(code=code).first()
    if found is None:
        raise SkuNotFound("No such SKU")
    return found


def skus_feed(*, actor: Actor) -> SkuQuerySet:
    """SKUs the actor may see with their organization, in the order they were made."""
    return Sku.objects.visible_to(actor).select_related("organization").order_by("pk")


def sku_by_key(*, actor: Actor, key: int) -> Sku:
    """A SKU of `skus_feed` by its key. Raises SkuNotFound, also for somebody else's."""
    found = skus_feed(actor=actor).filter(pk=key).first()
    if found is None:
        raise SkuNotFound("No such SKU")
    return found


def skus_by_code(*, actor: Actor, codes: Collection[str]) -> dict[str, Sku]:
    """The SKUs the actor may see, by code. For actors of one organization."""
    found = Sku.objects.visible_to(actor).filter(code__in=set(codes))
    return {sku.code: sku for sku in found}


def sku_ids_by_code(*, actor: Actor, codes: Collection[str]) -> dict[str, int]:
    """Keys of the SKUs the actor may see, by code, in one statement for thousands of them.

    For actors of one organization: codes are unique within it.
    """
    params: dict[str, object] = {"codes": list(codes), "organization_id": actor.organization_id}
    return dict(sql.rows(_IDS_BY_CODE, params)) if codes else {}


def sku_ids_by_brand(
    *, actor: Actor, codes: Collection[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Keys of the SKUs the actor may see, by (brand code, the brand's SKU code)."""
    found = Sku.objects.visible_to(actor).filter(
        brand_code__in={brand for brand, _ in codes},
        brand_sku_code__in={code for _, code in codes},
    )
    return {
        (brand, code): key
        for key, brand, code in found.values_list("pk", "brand_code", "brand_sku_code")
    }
