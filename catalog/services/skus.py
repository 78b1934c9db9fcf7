"""What is stocked."""

from django.db import transaction

from catalog.drafts import SkuDraft
from catalog.models import Bundle, Sku
from oms.kernel import errors


class SkuCodeTaken(errors.Conflict):
    """The organization has a SKU of this code, whose key is `sku_id`, or a bundle."""

    code = "sku_code_taken"


@transaction.atomic
def create_sku(*, draft: SkuDraft) -> Sku:
    """Make a SKU known, whoever asks first; nobody has any of it yet. Raises SkuCodeTaken.

    Like SKUs of world files and imports it is no news by itself: what is told is its stock.
    """
    if Bundle.objects.filter(organization_id=draft.organization_id, code=draft.code).exists():
        raise SkuCodeTaken("There is a bundle of this code")
    made, is_new = Sku.objects.get_or_create(
        organization_id=draft.organization_id,
        code=draft.code,
        defaults={
            "name": draft.name,
            "barcodes": list(draft.barcodes),
            "weight_g": draft.weight_g,
            "payload": dict(draft.payload),
        },
    )
    if not is_new:
        raise SkuCodeTaken("There is a SKU of this code", sku_id=made.pk)
    return made
