"""`/v1/customers` (contract 4.11), with erasure and export of personal data."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.v1.customers import examples, filters, mapping, rendering
from oms.api.v1.customers.inputs import CustomerInput, CustomerPatch, ErasureInput
from oms.api.v1.customers.outputs import CustomerOutput, PersonalDataOutput
from oms.api.v1.road import identifiers
from oms.api.v1.road.paging import page
from oms.api.v1.road.schema import described, page_of
from oms.api.v1.road.views import V1View
from oms.orders import exports, queries, services


def _key(text: str) -> UUID:
    key = identifiers.uuid_of("cus_", text)
    if key is None:
        raise queries.CustomerNotFound("No such customer")
    return key


class CustomerCollection(V1View):
    """The customers of the organization."""

    scopes: ClassVar = {"GET": "customers:read", "POST": "customers:write"}

    @described(
        operation_id="createCustomer",
        request=CustomerInput,
        responses={201: CustomerOutput},
        problems=("duplicate_external_id",),
        examples=examples.CREATE,
    )
    def post(self, _request: Request) -> HttpResponse:
        """Enter a customer, with its addresses."""
        said = self.read(CustomerInput)
        draft = mapping.draft(said, organization_id=self.organization_id)
        row = services.create_customer(draft=draft, actor=self.actor, now=self.now)
        return self.one(
            rendering.customer(row),
            version=row.version,
            status=201,
            location=f"/v1/customers/{rendering.customer_id(row)}",
        )

    @described(
        operation_id="listCustomers",
        parameters=[filters.CustomerParameters],
        responses={200: page_of(CustomerOutput)},
        sorts=tuple(filters.SORTS),
    )
    def get(self, _request: Request) -> HttpResponse:
        """The organization's own customers; those a channel names are reached by their orders."""
        said = self.parameters(filters.CustomerParameters)
        rows = queries.customers_feed(
            organization_id=self.organization_id, actor=self.actor, search=filters.search(said)
        )
        return page(
            self, rows, render=rendering.customers, sorts=filters.SORTS, filters_hash_of=said
        )


class CustomerResource(V1View):
    """One customer."""

    scopes: ClassVar = {"GET": "customers:read", "PATCH": "customers:write"}

    @described(
        operation_id="getCustomer",
        responses={200: CustomerOutput},
        problems=("not_found",),
    )
    def get(self, _request: Request, customer_id: str) -> HttpResponse:
        """The customer; what is left of it, after erasure."""
        row = queries.customer_by_public_id(public_id=_key(customer_id), actor=self.actor)
        return self.one(rendering.customer(row), version=row.version)

    @described(
        operation_id="updateCustomer",
        request=CustomerPatch,
        responses={200: CustomerOutput},
        problems=("not_found", "duplicate_external_id", "invalid_state"),
        examples=examples.PATCH,
    )
    def patch(self, _request: Request, customer_id: str) -> HttpResponse:
        """Change a customer. Orders that are there stay as they are."""
        said = self.read(CustomerPatch, partial=True)
        row = services.update_customer(
            public_id=_key(customer_id),
            changes=mapping.changes(said),
            expected_version=self.expected_version(),
            actor=self.actor,
            now=self.now,
        )
        return self.one(rendering.customer(row), version=row.version)


class CustomerErasure(V1View):
    """The end of a customer as a person."""

    scopes: ClassVar = {"POST": "customers:write"}

    @described(
        operation_id="eraseCustomer",
        responses={200: CustomerOutput},
        problems=("not_found", "malformed_json", "unknown_field", "unsupported_media_type"),
    )
    def post(self, _request: Request, customer_id: str) -> HttpResponse:
        """Erase who a customer is, here and on its orders and their labels. It cannot be undone."""
        if self.raw_body:
            self.read(ErasureInput)
        row = services.erase_customer(public_id=_key(customer_id), actor=self.actor, now=self.now)
        return self.one(rendering.customer(row), version=row.version)


class CustomerPersonalData(V1View):
    """What is held about a person, for that person."""

    scopes: ClassVar = {"GET": "customers:read"}

    @described(
        operation_id="exportCustomer",
        responses={200: PersonalDataOutput},
        problems=("not_found",),
    )
    def get(self, _request: Request, customer_id: str) -> HttpResponse:
        """Everything held about a customer: its data, its orders, their shipments and returns."""
        export = exports.export_customer(public_id=_key(customer_id), actor=self.actor)
        response = self.one(rendering.personal_data(export))
        response.headers["Cache-Control"] = "no-store"
        return response
