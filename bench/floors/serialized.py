"""F1: how most people write it. A DRF view with nested serializers, then one SQL call."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.floors.placing import place


class AddressInput(serializers.Serializer[object]):
    state = serializers.CharField(max_length=255, required=False, allow_blank=True)
    city = serializers.CharField(max_length=255)
    district = serializers.CharField(max_length=255, required=False, allow_blank=True)
    address = serializers.CharField(max_length=1000)
    postcode = serializers.CharField(max_length=32)
    name = serializers.CharField(max_length=255)
    email = serializers.EmailField()
    phone = serializers.CharField(max_length=64)
    organization = serializers.CharField(max_length=255, required=False, allow_blank=True)


class PaymentInput(serializers.Serializer[object]):
    payment_method = serializers.CharField(max_length=255)
    paid_time = serializers.IntegerField()
    total_amount = serializers.DecimalField(max_digits=16, decimal_places=4)
    shipping_fee = serializers.DecimalField(max_digits=16, decimal_places=4)
    discount_amount = serializers.DecimalField(max_digits=16, decimal_places=4)
    tax_amount = serializers.DecimalField(max_digits=16, decimal_places=4)


class ItemInput(serializers.Serializer[object]):
    orig_order_item_id = serializers.CharField(max_length=128)
    sc_spu_id = serializers.CharField(max_length=128, required=False)
    sc_sku_code = serializers.CharField(max_length=128, required=False)
    seller_sku_code = serializers.CharField(max_length=128)
    sku_name = serializers.CharField(max_length=255)
    qty = serializers.IntegerField(min_value=1)
    original_price = serializers.DecimalField(max_digits=16, decimal_places=4)
    unit_price = serializers.DecimalField(max_digits=16, decimal_places=4)
    discount_amount = serializers.DecimalField(max_digits=16, decimal_places=4)
    tax_amount = serializers.DecimalField(max_digits=16, decimal_places=4)


class OrderInput(serializers.Serializer[object]):
    order_no = serializers.CharField(max_length=128)
    order_type = serializers.CharField(max_length=64)
    order_status = serializers.ChoiceField(choices=["CREATED", "PAID"])
    created_date = serializers.IntegerField()
    updated_date = serializers.IntegerField()
    cross_border = serializers.BooleanField(default=False)
    upstream_allow_split = serializers.BooleanField(default=False)
    currency = serializers.CharField(min_length=3, max_length=3)
    country = serializers.CharField(max_length=64)
    customer_name = serializers.CharField(max_length=255)
    customer_email = serializers.EmailField()
    customer_phone = serializers.CharField(max_length=64)
    customer_remark = serializers.CharField(required=False, allow_blank=True)
    shipping_info = AddressInput()
    billing_info = AddressInput()
    payment_info = PaymentInput()
    items = ItemInput(many=True)


class PlaceOrder(APIView):
    def post(self, request: Request) -> Response:
        raw = request._request.body  # noqa: SLF001 - read before the parser takes the stream
        form = OrderInput(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        delivery, items = values["shipping_info"], values["items"]
        head = [
            values["order_no"],
            values["order_status"],
            values["currency"],
            values["country"],
            delivery["city"],
            delivery["postcode"],
            values["customer_remark"],
            sum(item["unit_price"] * item["qty"] for item in items),
            values["created_date"],
        ]
        lines = [
            (
                item["orig_order_item_id"],
                item["seller_sku_code"],
                item["sku_name"],
                item["unit_price"],
                item["qty"],
            )
            for item in items
        ]
        return Response({"id": place(head, lines, raw, values["customer_email"])}, status=201)
