"""A resource that exists in tests only: it shows what the road does for every resource."""

import json as encoder
import uuid

from django.test import RequestFactory
from rest_framework import serializers

from catalog.models import Sku
from oms.accounts import queries as accounts
from oms.api.v1.road.fields import AddressInput, MomentField, MoneyField, SkuCodeField
from oms.api.v1.road.inputs import ParametersSerializer, PatchSerializer, StrictSerializer
from oms.api.v1.road.paging import page
from oms.api.v1.road.views import V1View
from oms.kernel import errors, walls
from tests.factories import make_api_client, make_api_key


class LineInput(StrictSerializer):
    sku = SkuCodeField()
    quantity = serializers.IntegerField(min_value=1, max_value=100)
    price = MoneyField(required=False)


class ThingInput(StrictSerializer):
    name = serializers.CharField(max_length=20)
    is_urgent = serializers.BooleanField(default=False)
    kind = serializers.ChoiceField(["a", "b"], required=False)
    due_at = MomentField(required=False, allow_null=True)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=5), required=False, max_length=2
    )
    lines = LineInput(many=True, required=False)
    ship_to = AddressInput(required=False)


class ThingPatch(PatchSerializer):
    never = ("id", "kind")
    name = serializers.CharField(max_length=20)
    ship_to = AddressInput(allow_null=True)


class ThingParameters(ParametersSerializer):
    name = serializers.CharField(required=False)
    least = serializers.IntegerField(required=False)


class Taken(errors.Conflict):
    code = "taken"


class Things(V1View):
    """`effect` is what the handler does besides; SKUs stand in for things."""

    scopes = {"GET": "orders:read", "POST": "orders:write", "PATCH": "orders:write"}
    effect = None
    body_limit = 2_000

    def get(self, request):
        query = self.parameters(ThingParameters)
        found = Sku.objects.filter(
            organization_id=self.organization_id, name__startswith=query.get("name", "")
        )
        return page(
            self,
            found,
            render=lambda rows: [{"id": row.pk, "code": row.code} for row in rows],
            sorts={"created_at": "created_at", "updated_at": "updated_at"},
            filters_hash_of=query,
        )

    def post(self, request):
        values = self.read(ThingInput)
        made = make(values["name"], self.organization_id)
        if self.effect is not None:
            self.effect(self)
        return self.one(
            {"id": made.pk, "name": made.name},
            version=1,
            status=201,
            location=f"/v1/things/{made.pk}",
        )

    def patch(self, request):
        return self.one(
            {"given": sorted(self.read(ThingPatch)), "expected": self.expected_version()}
        )


def make(name: str, organization_id: int) -> Sku:
    return Sku.objects.create(
        organization_id=organization_id, code=f"T-{uuid.uuid4().hex[:12]}", name=name
    )


class Caller:
    """Calls the view itself, as the paths of tests lead nowhere."""

    def __init__(self, organization, *, scopes=("orders:read", "orders:write"), **client):
        accounts.forget_machines()
        self.client = make_api_client(organization, scopes=list(scopes), **client)
        self.key = make_api_key(self.client)

    def __call__(self, method, json=None, *, view=Things, query="", body=None, headers=None):
        sent = {"X-API-Key": self.key} | (headers or {})
        if body is None:
            body = b"" if json is None else encoder.dumps(json).encode()
        content_type = sent.pop("Content-Type", "application/json" if body else "")
        request = RequestFactory().generic(
            method, f"/v1/things{query}", body, content_type=content_type, headers=sent
        )
        try:
            return view.as_view()(request)
        finally:
            walls.outside()

    def post(self, json, *, key=None, **options):
        headers = {"Idempotency-Key": key or str(uuid.uuid4())} | options.pop("headers", {})
        return self("POST", json, headers=headers, **options)


def body_of(answer):
    return encoder.loads(answer.content)
