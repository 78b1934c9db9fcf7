"""What a client sent, as the services take it in."""

from catalog import services as catalog
from fulfillment import services as fulfillment
from oms.accounts.queries import MachineIdentity
from oms.api.oms4 import mapping
from oms.api.oms4.calls import WireCall
from oms.api.oms4.reader import UNKNOWN, Values, bad
from oms.kernel import errors
from oms.orders import services as orders

MOST_MONEY = 10**14
LONGEST_ID = 16  # digits; what the server gives out is below 2^53


class UnknownId(errors.NotFound):
    """An id that nothing has."""

    code = "unknown_id"


def order_draft(values: Values, *, call: WireCall, machine: MachineIdentity) -> orders.OrderDraft:
    """A Create Order. Only General channels come this far, so there is a channel."""
    total = sum(item["qty"] * (item["unit_price"] or 0) for item in values["items"])
    if abs(total) >= MOST_MONEY:
        raise bad("items", "cost more than can be stored")
    return orders.OrderDraft(
        organization_id=machine.organization_id,
        channel_id=machine.channel_id or 0,
        external_id=values["order_no"],
        is_paid=values["order_status"] == "PAID",
        currency=values["currency"].upper(),
        country=values["country"],
        placed_at=values["created_date"],
        channel_updated_at=values["updated_date"],
        lines=tuple(_line(item, f"items[{place}]") for place, item in enumerate(values["items"])),
        contact=_contact(values),
        order_type=values["order_type"] or "NORMAL",
        is_cross_border=values["cross_border"],
        allow_split=values["upstream_allow_split"],
        campaign_id=values["campaign_id"] or "",
        ref_code=values["ref_code"] or "",
        customer_id=values["customer_id"] or "",
        customer_remark=values["customer_remark"] or "",
        seller_remark=values["seller_remark"] or "",
        ship_by_at=values["ship_by_date"],
        payment=values["payment_info"],
        raw_body=call.body,
    )


def _line(item: Values, path: str) -> orders.LineDraft:
    """The seller's code names the SKU; the channel's does so only when that is absent."""
    channel_sku_code = item["sc_sku_code"] or ""
    sku_code = item["seller_sku_code"] or channel_sku_code
    if not sku_code.strip():
        raise bad(f"{path}.seller_sku_code", "is missing")
    return orders.LineDraft(
        external_id=item["orig_order_item_id"],
        sku_codes=(sku_code,),
        quantity=item["qty"],
        sku_code=sku_code,
        channel_sku_code=channel_sku_code,
        channel_spu_id=item["sc_spu_id"] or "",
        name=item["sku_name"] or "",
        remark=item["remark"] or "",
        original_price=item["original_price"],
        unit_price=item["unit_price"],
        discount_amount=item["discount_amount"],
        tax_amount=item["tax_amount"],
        extra=item[UNKNOWN],
    )


def _contact(values: Values) -> orders.ContactDraft:
    delivery = values["shipping_info"]
    buyer = {
        "customer_name": values["customer_name"],
        "customer_email": values["customer_email"],
        "customer_phone": values["customer_phone"],
    }
    if delivery is None:
        return orders.ContactDraft(**buyer, has_delivery=False)
    return orders.ContactDraft(
        **buyer,
        state=delivery["state"],
        city=delivery["city"],
        district=delivery["district"],
        address=delivery["address"],
        postcode=delivery["postcode"],
        name=delivery["name"],
        email=delivery["email"],
        phone=delivery["phone"],
        organization=delivery["organization"],
        requested_arrival_at=delivery["requested_arrival_date"],
        window_from=delivery["time_window_from"],
        window_to=delivery["time_window_to"],
        shipping_description=delivery["shipping_description"],
    )


def pack_request(values: Values) -> fulfillment.PackRequest:
    """A Parcel Packing Finished."""
    return fulfillment.PackRequest(
        task_number=values["ft_no"],
        order_external_id=values["order_no"] or None,
        parcels=tuple(
            _parcel(parcel, f"parcels[{place}]") for place, parcel in enumerate(values["parcels"])
        ),
    )


def _parcel(parcel: Values, path: str) -> fulfillment.PackedParcel:
    return fulfillment.PackedParcel(
        point_parcel_no=parcel["fp_parcel_no"],
        packed_at=parcel["parcel_packed_time"],
        line_numbers=tuple(
            number(item["ft_detail_id"], f"{path}.parcel_items[{place}].ft_detail_id")
            for place, item in enumerate(parcel["parcel_items"])
        ),
        weight_kg=parcel["weight"],
        length_cm=parcel["length"],
        width_cm=parcel["width"],
        height_cm=parcel["height"],
        carrier=parcel["actual_delivery_partner"] or "",
        delivery_type=parcel["actual_delivery_type"] or "",
        tracking_number=parcel["tracking_no"] or "",
        source_location=parcel["source_location"] or "",
        delivery_cost=parcel["actual_delivery_cost"],
        carrier_id=parcel["delivery_carrier_id"] or "",
    )


def spu_draft(values: Values, *, channel_id: int) -> catalog.SpuDraft:
    """An Update Upstream SPU Base Info. A variant without a status has its product's."""
    status = mapping.LISTING_STATUS_IN[values["upstream_status"]]
    return catalog.SpuDraft(
        channel_id=channel_id,
        external_id=values["spu_id"],
        name=values["spu_name"],
        status=status,
        listed_at=values["upstream_created_time"],
        changed_at=values["upstream_updated_time"],
        category_id=values["category_id"] or "",
        category_name=values["category_name"] or "",
        image_url=values["image"] or "",
        variants=tuple(_variant(sku, values["upstream_status"]) for sku in values["skus"]),
    )


def _variant(sku: Values, of_spu: str) -> catalog.VariantDraft:
    return catalog.VariantDraft(
        channel_sku_code=sku["sku_id"],
        seller_sku_code=sku["seller_sku_code"],
        original_price=sku["original_price"],
        current_price=sku["current_price"],
        stock=sku["stock"],
        status=mapping.LISTING_STATUS_IN[sku["upstream_status"] or of_spu],
        attributes=sku["model_infos"] or {},
        payload=sku["sku_payload"] or {},
    )


def number(text: str, path: str) -> int:
    """An id that the server gave out as a number; other text names nothing that exists."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        raise UnknownId(f"{path}: does not exist")
    return int(text)
