"""Bodies of calls (contract 2.5, 2.8, 2.10)."""

from typing import Any

from rest_framework import serializers

from oms.api.nandh import mapping
from oms.api.nandh.fields import FlagField, IdField, MeasureField, UnixField, WholeMoneyField

MOST_ITEMS = 200
MOST_UNITS = 100_000
MOST_RETURNED = 1_000
_TEXT = 1_000
_NAME = 120
_COUNTRY = r"^[A-Z]{2}$"
_SKU = r"^[A-Za-z0-9._/-]{1,64}$"

Listed = serializers.ListSerializer[Any]


def _text(longest: int) -> serializers.CharField:
    """Text that may be left out, empty or null."""
    return serializers.CharField(
        max_length=longest, required=False, allow_blank=True, allow_null=True
    )


class ReceiverInput(serializers.Serializer[Any]):
    customer_id = serializers.IntegerField(required=False, allow_null=True)
    country = serializers.RegexField(_COUNTRY)
    fullname = serializers.CharField(max_length=_NAME)
    phone = serializers.CharField(max_length=40)
    address = serializers.CharField(max_length=200)
    zipcode = _text(20)
    province_name = serializers.CharField(max_length=_NAME)
    district_name = _text(_NAME)
    ward_name = serializers.CharField(max_length=_NAME)

    def to_internal_value(self, data: Any) -> Any:
        """No call tells an integer of a customer, so none can be meant."""
        if isinstance(data, dict) and data.get("customer_id") is not None:
            told = serializers.ErrorDetail("no such customer", code="unknown_customer")
            raise serializers.ValidationError({"customer_id": [told]})
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The phone, in the form in which everybody can call it."""
        number = mapping.phone(attrs["phone"], attrs["country"])
        if number is None:
            raise serializers.ValidationError({"phone": "is not a phone number of the country"})
        return attrs | {"phone": number}


class PaymentInput(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=tuple(mapping.PAYMENT_STATUS))
    method = serializers.ChoiceField(choices=tuple(mapping.PAYMENT_METHOD))
    amount = WholeMoneyField()


class FeeInput(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=mapping.FEES)
    amount = WholeMoneyField()


class ItemInput(serializers.Serializer[Any]):
    sku = serializers.RegexField(_SKU)
    sale_price = WholeMoneyField()
    discounted_price = WholeMoneyField(required=False, allow_null=True)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_UNITS)


class OrderConfigInput(serializers.Serializer[Any]):
    order_type = serializers.ChoiceField(choices=tuple(mapping.ORDER_TYPE))
    approve = FlagField(default=True)
    preview = FlagField(default=False)
    use_insurance = FlagField(default=False)
    fulfill_now = FlagField(default=False)
    additional_services = _text(200)


class ExtraInput(serializers.Serializer[Any]):
    note = _text(_TEXT)
    packaging_note = _text(_TEXT)
    order_number = _text(64)
    estimated_departure_time = UnixField(required=False, allow_null=True)


class DocumentInput(serializers.Serializer[Any]):
    name = _text(255)
    quantity = serializers.IntegerField(required=False, min_value=0)
    doc_type = _text(64)
    url = _text(2048)


class OrderInput(serializers.Serializer[Any]):
    store_id = IdField()
    pickup_id = IdField()
    receiver = ReceiverInput()
    payments: Listed = serializers.ListSerializer(
        child=PaymentInput(), allow_empty=False, max_length=20
    )
    discounts = serializers.ListField(required=False, allow_null=True)
    fees: Listed = serializers.ListSerializer(
        child=FeeInput(), required=False, allow_null=True, max_length=20
    )
    items: Listed = serializers.ListSerializer(
        child=ItemInput(), allow_empty=False, max_length=MOST_ITEMS
    )
    config = OrderConfigInput()
    extra_info = ExtraInput(required=False, allow_null=True)
    documents: Listed = serializers.ListSerializer(
        child=DocumentInput(), required=False, allow_null=True, max_length=20
    )


class ImageInput(serializers.Serializer[Any]):
    image_url = serializers.CharField(max_length=2048)


class BarcodeInput(serializers.Serializer[Any]):
    barcode = serializers.CharField(max_length=64)


class ProductInfoInput(serializers.Serializer[Any]):
    description = _text(10_000)


class ProductConfigInput(serializers.Serializer[Any]):
    create_inventory_stock = serializers.BooleanField(default=False)


class ProductInput(serializers.Serializer[Any]):
    sku = serializers.RegexField(_SKU)
    name = serializers.CharField(max_length=255)
    weight = serializers.IntegerField(required=False, min_value=0, max_value=10_000_000)
    package_length = MeasureField(required=False)
    package_width = MeasureField(required=False)
    package_height = MeasureField(required=False)
    product_brand = IdField(required=False, allow_null=True)
    product_category = IdField(required=False, allow_null=True)
    cost = WholeMoneyField(required=False, allow_null=True)
    sale_price = WholeMoneyField(required=False, allow_null=True)
    is_serial_number = FlagField(required=False)
    is_batch_control = FlagField(required=False)
    is_bubble_wrap = FlagField(required=False)
    is_kraft_paper = FlagField(required=False)
    is_fragile = FlagField(required=False)
    min_shelf_life_inbound = MeasureField(required=False, allow_null=True)
    min_shelf_life_outbound = MeasureField(required=False, allow_null=True)
    material = _text(64)
    product_type = _text(64)
    storage_method = _text(64)
    outbound_strategy = _text(64)
    unit = _text(64)
    info = ProductInfoInput(required=False, allow_null=True)
    images: Listed = serializers.ListSerializer(
        child=ImageInput(), required=False, allow_null=True, max_length=20
    )
    documents: Listed = serializers.ListSerializer(
        child=DocumentInput(), required=False, allow_null=True, max_length=20
    )
    barcode_list: Listed = serializers.ListSerializer(
        child=BarcodeInput(), required=False, allow_null=True, max_length=20
    )
    config = ProductConfigInput(required=False, allow_null=True)


class ReturnItemInput(serializers.Serializer[Any]):
    sku = serializers.CharField(required=False, max_length=64)
    sale_price = WholeMoneyField(required=False, allow_null=True)
    return_quantity = serializers.IntegerField(min_value=1, max_value=MOST_RETURNED)
    order_item_id = serializers.IntegerField(required=False, allow_null=True, min_value=0)


class ReturnConfigInput(serializers.Serializer[Any]):
    delivery_service = serializers.CharField(max_length=64)


class ReturnInput(serializers.Serializer[Any]):
    order_tracking_code = serializers.CharField(max_length=40)
    return_address = IdField()
    reason_type = serializers.ChoiceField(choices=mapping.REASONS)
    reason = _text(_TEXT)
    pickup = serializers.DictField(required=False, allow_null=True)
    return_items: Listed = serializers.ListSerializer(
        child=ReturnItemInput(), allow_empty=False, max_length=MOST_ITEMS
    )
    config = ReturnConfigInput()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Not more units than one return may have."""
        if sum(each["return_quantity"] for each in attrs["return_items"]) > MOST_RETURNED:
            told = f"at most {MOST_RETURNED} units come back at once"
            raise serializers.ValidationError({"return_items": told})
        return attrs
