"""Reads of the catalog."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from catalog.models import Bundle, BundlePart, Sku, SkuQuerySet
from oms.kernel import errors, sql
from oms.kernel.actors import Actor

# An array, because thousands of parameters take longer to plan than to look up.
_IDS_BY_CODE = """
SELECT code, id FROM catalog_sku
WHERE code = ANY(%(codes)s::text[])
  AND (%(organization_id)s::bigint IS NULL OR organization_id = %(organization_id)s::bigint)
"""
# Barcodes are looked up behind the wall, where their index can be used (docs/adr/0019).
_IDS_BY_CLIENT_CODE = """
SELECT DISTINCT ON (f.code) f.code, f.id FROM (
    SELECT s.barcodes[1] AS code, s.id FROM catalog_sku s
    WHERE s.id IN (SELECT catalog_sku_barcoded(%(organization_id)s::bigint,
                                               %(codes)s::varchar[], 1000000))
    UNION ALL
    SELECT s.code, s.id FROM catalog_sku s
    WHERE s.organization_id = %(organization_id)s::bigint
      AND s.code = ANY(%(codes)s::text[]) AND s.barcodes = ARRAY[]::varchar[]
) f WHERE f.code = ANY(%(codes)s::text[]) ORDER BY f.code, f.id
"""
_IDS_BY_BARCODE = """
SELECT DISTINCT ON (f.code) f.code, f.id FROM (
    SELECT unnest(s.barcodes) AS code, s.id FROM catalog_sku s
    WHERE s.id IN (SELECT catalog_sku_barcoded(%(organization_id)s::bigint,
                                               %(codes)s::varchar[], 1000000))
) f WHERE f.code = ANY(%(codes)s::text[]) ORDER BY f.code, f.id
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


def bundles_by_code(*, actor: Actor, codes: Collection[str]) -> dict[str, Bundle]:
    """The bundles that can be ordered and the actor may see, by code. For actors of one
    organization.
    """
    seen = Bundle.objects.visible_to(actor).filter(code__in=set(codes), is_active=True)
    found = seen.filter(Exists(BundlePart.objects.filter(bundle=OuterRef("pk"))))
    return {bundle.code: bundle for bundle in found}


def sku_ids_by_code(*, actor: Actor, codes: Collection[str]) -> dict[str, int]:
    """Keys of the SKUs the actor may see, by code, in one statement for thousands of them.

    For actors of one organization: codes are unique within it.
    """
    params: dict[str, object] = {"codes": list(codes), "organization_id": actor.organization_id}
    return dict(sql.rows(_IDS_BY_CODE, params)) if codes else {}


def sku_ids_by_client_code(*, codes: Collection[str], organization_id: int) -> dict[str, int]:
    """Keys of an organization's SKUs by what it calls them itself: the first barcode, or the code
    of those that have none. The oldest wins where several are called the same.
    """
    params: dict[str, object] = {"codes": list(codes), "organization_id": organization_id}
    return dict(sql.rows(_IDS_BY_CLIENT_CODE, params)) if codes else {}


def sku_ids_by_barcode(*, barcodes: Collection[str], organization_id: int) -> dict[str, int]:
    """Keys of an organization's SKUs by any of their barcodes; the oldest wins."""
    params: dict[str, object] = {"codes": list(barcodes), "organization_id": organization_id}
    return dict(sql.rows(_IDS_BY_BARCODE, params)) if barcodes else {}


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
