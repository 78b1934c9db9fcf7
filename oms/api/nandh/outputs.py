"""Answers, as the OpenAPI document describes them. They are rendered by plain functions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field({"type": "null", "description": "Nothing here means it"})
class UnknownField(serializers.Field[Any, Any, Any, Any]):
    """A member the vendor shows and the core has no value for."""

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": ["integer", "string", "null"]})
class LocationIdField(serializers.Field[Any, Any, Any, Any]):
    """The code a channel has for a point."""

    def to_representation(self, value: Any) -> Any:
        return value


class FailureOutput(serializers.Serializer[Any]):
    """The envelope of a failure."""

    status_code = serializers.IntegerField()
    error = serializers.BooleanField()
    error_code = serializers.CharField()
    log_id = serializers.CharField()
    messages = serializers.CharField()
    total = serializers.IntegerField()

    def get_fields(self) -> dict[str, Any]:
        """With `data`, a name that serializers have for themselves."""
        return {**super().get_fields(), "data": UnknownField()}


class CreatedOrderOutput(serializers.Serializer[Any]):
    order_id = serializers.IntegerField()
    tracking_code = serializers.CharField()


class CreatedReturnOutput(serializers.Serializer[Any]):
    return_order_id = serializers.IntegerField()
    tracking_code = serializers.CharField()


class StoreOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    is_active = serializers.BooleanField()


class VendorOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField(allow_blank=True)


class PickupOutput(serializers.Serializer[Any]):
    id = LocationIdField()
    pickup_name = serializers.CharField(allow_blank=True)
    contact_name = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    pickup_code = serializers.CharField()
    fulfillment_provider_name = serializers.CharField()
    warehouse_provider = serializers.CharField()


class OrderPaymentOutput(serializers.Serializer[Any]):
    status = serializers.IntegerField()
    method = serializers.IntegerField(allow_null=True)
    amount = serializers.IntegerField()


class OrderFeeOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    amount = serializers.IntegerField()


class OrderItemOutput(serializers.Serializer[Any]):
    order_item_id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    quantity = serializers.IntegerField()
    sale_price = serializers.IntegerField(allow_null=True)
    discount = serializers.IntegerField()
    shipped_quantity = serializers.IntegerField()
    cancelled_quantity = serializers.IntegerField()
    returned_quantity = serializers.IntegerField()


class OrderOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    country = serializers.CharField()
    currency = serializers.CharField()
    platform = serializers.CharField()
    group_platform = UnknownField()
    sorting_code = UnknownField()
    partner_id = UnknownField()
    tax_paid_by = UnknownField()
    fee_paid_by = UnknownField()
    tax_info = UnknownField()
    volume = UnknownField()
    protective_packaging = UnknownField()
    inspection = UnknownField()
    can_check_content = UnknownField()
    confirmed_sla_time = UnknownField()
    sla_time = UnknownField()
    shipped_sla_time = UnknownField()
    returned_time = UnknownField()
    user = UnknownField()
    business = UnknownField()
    updated_by = UnknownField()
    created_by = UnknownField()
    tracking_code = serializers.CharField()
    partner_tracking_code = serializers.CharField()
    order_type = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    packaging_note = serializers.CharField(allow_blank=True)
    partner_created_time = serializers.IntegerField()
    status = serializers.IntegerField()
    status_update_time = serializers.IntegerField()
    use_insurance = serializers.IntegerField()
    shipping_provider = serializers.CharField()
    fulfill_type = serializers.IntegerField()
    completed_time = serializers.IntegerField(allow_null=True)
    estimated_departure_time = serializers.IntegerField(allow_null=True)
    created_time = serializers.IntegerField()
    updated_time = serializers.IntegerField()
    pickup_address = PickupOutput(allow_null=True)
    store = serializers.DictField()
    payments = OrderPaymentOutput(many=True)
    fees = OrderFeeOutput(many=True)
    items = OrderItemOutput(many=True)


class StockOutput(serializers.Serializer[Any]):
    stock = serializers.IntegerField()
    available_stock = serializers.IntegerField()
    reserved_stock = serializers.IntegerField()
    waiting = serializers.IntegerField()
    waiting_shipment = serializers.IntegerField()
    incoming = serializers.IntegerField()
    unreal_stock = serializers.IntegerField()
    min_stock = serializers.IntegerField()


class ProductOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    country = serializers.CharField(allow_blank=True)
    currency = serializers.CharField()
    sku = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    image_url = serializers.CharField(allow_null=True)
    barcode = serializers.CharField(allow_null=True)
    storage_method = serializers.CharField()
    outbound_strategy = serializers.CharField()
    nhsin = serializers.CharField()
    reference_product_id = UnknownField()
    reference_variant_id = UnknownField()
    sku_uuid = UnknownField()
    tier_index = UnknownField()
    shelf_life = UnknownField()
    packaging_tape = UnknownField()
    cost = serializers.IntegerField(allow_null=True)
    sale_price = serializers.IntegerField(allow_null=True)
    status = serializers.IntegerField()
    weight = serializers.IntegerField(allow_null=True)
    package_length = serializers.FloatField(allow_null=True)
    package_width = serializers.FloatField(allow_null=True)
    package_height = serializers.FloatField(allow_null=True)
    flags = serializers.ListField(child=serializers.CharField())
    material = serializers.CharField(allow_null=True, allow_blank=True)
    product_type = serializers.CharField()
    min_stock_warning = serializers.IntegerField()
    is_active = serializers.BooleanField()
    product_map = serializers.ListField()
    product_inventory_stock = serializers.ListField()
    stock_info = StockOutput()


class _ShipmentOutput(serializers.Serializer[Any]):
    tracking_code = serializers.CharField()
    courier_tracking_code = serializers.CharField(allow_null=True)
    label_code = serializers.CharField(allow_null=True)
    label_url = serializers.CharField(allow_null=True)
    status = serializers.IntegerField()
    status_update_time = serializers.IntegerField()
    partner_information = UnknownField()
    push_3pl_success = UnknownField()
    push_3pf_success = UnknownField()
    push_rts_success = UnknownField()
    push_fulfill_pack_success = UnknownField()
    is_ship_now = UnknownField()
    priority_fulfillment_3pf = UnknownField()
    is_seller_own_fleet = UnknownField()
    inspection_time = UnknownField()
    received_time = UnknownField()
    order_shipping_provider = serializers.CharField()
    shipping_provider = serializers.CharField()
    fulfillment_provider = serializers.CharField()
    warehouse_provider = serializers.CharField()
    fulfill_type = serializers.IntegerField()
    additional_services = serializers.ListField()
    cod_amount = serializers.CharField(help_text="VND with two decimals")
    fulfilled_time = serializers.IntegerField(allow_null=True)
    shipped_time = serializers.IntegerField(allow_null=True)
    delivered_time = serializers.IntegerField(allow_null=True)
    returned_time = serializers.IntegerField(allow_null=True)
    completed_time = serializers.IntegerField(allow_null=True)


class ShipmentOutput(_ShipmentOutput):
    pickup_address = PickupOutput()


class CourierOutput(serializers.Serializer[Any]):
    id = UnknownField()
    prefix = UnknownField()
    description = UnknownField()
    logo = UnknownField()
    rating = UnknownField()
    is_fulfill_now = UnknownField()
    is_seller_own_fleet = UnknownField()
    use_lib = UnknownField()
    is_platform_own_fleet = UnknownField()
    name = serializers.CharField(allow_null=True)
    tracking_url = serializers.CharField(allow_null=True)


class CourierServiceOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    estimate_time = UnknownField()
    is_fulfill_now = UnknownField()


class ListedShipmentOutput(_ShipmentOutput):
    pickup_address = LocationIdField()
    store = serializers.IntegerField()
    order = serializers.IntegerField()
    courier_integration = UnknownField()
    courier = CourierOutput()
    courier_service = CourierServiceOutput()
    courier_ship = UnknownField()
