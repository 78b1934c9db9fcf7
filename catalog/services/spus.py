"""The products a channel lists, as the channel tells them."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from catalog.choices import ListingStatus
from catalog.drafts import SpuDraft
from catalog.models import Spu
from catalog.services import variants
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried

_SAID = ("name", "category_id", "category_name", "image_url", "status", "listed_at", "changed_at")


class SpuNotFound(errors.NotFound):
    """The channel told us of no such product."""

    code = "spu_not_found"


class RepeatedVariant(errors.InvalidInput):
    """Two variants of one product have the same id."""

    code = "repeated_variant"


@retried
@transaction.atomic
def update_spu(*, draft: SpuDraft, actor: Actor, now: dt.datetime) -> bool:
    """Store a product; its variants replace those we had. False when what we hold is newer.

    Variants whose seller's code is one of our SKUs or bundles are linked to it; what staff linked
    by hand stays while the code does. Changed prices and a changed status are told; that a product
    is new is not, as the channel knows. Raises RepeatedVariant.
    """
    codes = [variant.channel_sku_code for variant in draft.variants]
    if len(set(codes)) < len(codes):
        raise RepeatedVariant("skus: two entries have the same sku_id")
    spu, is_new = _lock_or_make(draft)
    if not is_new and spu.changed_at is not None and draft.changed_at < spu.changed_at:
        return False
    before = spu.status
    for name in _SAID:
        setattr(spu, name, getattr(draft, name))
    spu.save(update_fields=[*_SAID, "updated_at"])
    has_other_prices = variants.replace(spu, draft.variants, now=now)
    facts = []
    if not is_new and has_other_prices:
        facts.append(_price_fact(spu, draft))
    if not is_new and spu.status != before:
        facts.append(_status_fact(spu, before=before))
    outbox.record(facts, actor=actor, now=now)
    return True


@retried
@transaction.atomic
def change_spu_status(
    *,
    channel_id: int,
    external_id: str,
    status: ListingStatus,
    changed_at: dt.datetime,
    actor: Actor,
    now: dt.datetime,
) -> bool:
    """Note a product's status. False when what we hold is newer. Raises SpuNotFound."""
    locked = Spu.objects.select_related("channel").select_for_update(of=("self",), no_key=True)
    spu = locked.filter(channel_id=channel_id, external_id=external_id).first()
    if spu is None:
        raise SpuNotFound("spu_id: does not exist")
    if spu.changed_at is not None and changed_at < spu.changed_at:
        return False
    before, spu.status, spu.changed_at = spu.status, status, changed_at
    spu.save(update_fields=["status", "changed_at", "updated_at"])
    if status != before:
        outbox.record([_status_fact(spu, before=before)], actor=actor, now=now)
    return True


@retried
@transaction.atomic
def delete_spus(
    *, channel_id: int, external_ids: Sequence[str], actor: Actor, now: dt.datetime
) -> int:
    """Forget products with their variants; what nobody knows is forgotten already.

    Returns how many there were. Orders keep the codes they came with.
    """
    locked = Spu.objects.select_related("channel").select_for_update(of=("self",))
    found = list(locked.filter(channel_id=channel_id, external_id__in=external_ids).order_by("pk"))
    facts = []
    for spu in found:
        before, spu.status = spu.status, ListingStatus.DELETED
        facts.append(_status_fact(spu, before=before))
    outbox.record(facts, actor=actor, now=now)
    Spu.objects.filter(pk__in=[spu.pk for spu in found]).delete()
    return len(found)


def _lock_or_make(draft: SpuDraft) -> tuple[Spu, bool]:
    """The product's locked row, and whether it is new."""
    first = {name: getattr(draft, name) for name in _SAID}
    made, is_new = Spu.objects.get_or_create(
        channel_id=draft.channel_id, external_id=draft.external_id, defaults=first
    )
    locked = Spu.objects.select_related("channel").select_for_update(of=("self",), no_key=True)
    return locked.get(pk=made.pk), is_new


def _price_fact(spu: Spu, draft: SpuDraft) -> outbox.Fact:
    """All prices of the product as they are now."""
    prices = [
        {
            "sku": variant.channel_sku_code,
            "seller_sku_code": variant.seller_sku_code,
            "original_price": str(variant.original_price),
            "current_price": str(variant.current_price),
        }
        for variant in draft.variants
    ]
    return spu_fact(EventType.PRICE_CHANGED, spu, skus=prices)


def _status_fact(spu: Spu, *, before: str) -> outbox.Fact:
    return spu_fact(EventType.SPU_STATUS_CHANGED, spu, before=before)


def spu_fact(event_type: EventType, spu: Spu, **data: object) -> outbox.Fact:
    """A fact about a product that came with its channel, with the status it has now."""
    return outbox.Fact(
        organization_id=spu.channel.organization_id,
        type=event_type,
        subject_type=SubjectType.SPU,
        subject_id=spu.pk,
        channel_id=spu.channel_id,
        status=spu.status,
        data={"spu": spu.external_id, **data},
    )
