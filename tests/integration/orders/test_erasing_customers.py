import logging
import re
from datetime import timedelta

import pytest
from django.db import connection

from fulfillment.models import Document
from oms.events.models import Event
from oms.kernel.actors import SYSTEM, Actor
from oms.orders import services
from oms.orders.addresses import Address
from oms.orders.customer_data import AddressDraft, CustomerChanges, CustomerDraft, PersonalData
from oms.orders.drafts import ContactDraft
from oms.orders.exports import export_customer
from oms.orders.models import Buyer, Customer, CustomerAddress
from oms.orders.queries import CustomerNotFound
from tests.factories import NOW, make_channel, make_organization, relay_everything
from tests.factories import place as place_order
from tests.integration.fulfillment.builders import SINGLE, routed

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
# One for every personal member, and one for each of an address.
CANARIES = {
    "full_name": "Canary Fullname",
    "phone": "+84900000071",
    "email": "canary.mail@example.com",
    "tax_code": "CANARY-TAX-71",
    "note": "canary note",
}
PLACE = {
    "full_name": "Canary Recipient",
    "phone": "+84900000072",
    "email": "canary.recipient@example.com",
    "line1": "Canary line one",
    "line2": "Canary line two",
    "ward": "Canary ward",
    "district": "Canary district",
    "province": "Canary province",
    "ward_code": "canary-ward-code",
    "district_code": "canary-district-code",
    "province_code": "canary-province-code",
    "postal_code": "canary-71",
}
LABEL = "Canary label"
PLANTED = (*CANARIES.values(), *PLACE.values(), LABEL)


def enter(organization, **overrides) -> Customer:
    values = {
        "organization_id": organization.pk,
        "external_id": "CRM-88",
        "personal": PersonalData(**CANARIES),
        "tags": ("vip",),
        "addresses": (AddressDraft(address=Address(**PLACE, country="VN"), label=LABEL),),
    }
    draft = CustomerDraft(**{**values, **overrides})
    return services.create_customer(draft=draft, actor=SYSTEM, now=NOW)


def erase(customer) -> Customer:
    return services.erase_customer(public_id=customer.public_id, actor=SYSTEM, now=LATER)


def texts_of_the_database() -> str:
    """Every row of every table as text, byte columns decoded as far as they are text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [
                bytes(value).decode("latin-1") if isinstance(value, memoryview) else str(value)
                for row in cursor.fetchall()
                for value in row
            ]
    return "\n".join(found)


def planted_in(text: str) -> list[str]:
    lowered = text.lower()
    return [canary for canary in PLANTED if canary.lower() in lowered]


def test_nothing_personal_stands_in_a_plain_column_an_event_or_a_log(caplog):
    caplog.set_level(logging.DEBUG)
    customer = enter(make_organization())

    services.update_customer(
        public_id=customer.public_id,
        changes=CustomerChanges(full_name="Canary Fullname Again", note="canary note"),
        actor=SYSTEM,
        now=LATER,
    )
    export_customer(public_id=customer.public_id, actor=SYSTEM)

    stored = texts_of_the_database()
    assert "CRM-88" in stored
    assert planted_in(stored) == []
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert str(customer.public_id) in logged
    assert planted_in(logged) == []


def test_what_is_left_of_an_erased_customer_says_nothing():
    customer = enter(make_organization())

    erase(customer)

    left = Customer.objects.get(public_id=customer.public_id)
    assert (left.external_id, left.personal, left.email_hash, left.phone_hash) == (None,) * 4
    assert (left.name_keys, left.tags, left.erased_at, left.version) == ([], [], LATER, 2)
    assert CustomerAddress.objects.exists() is False
    event = Event.objects.get(type="customer.erased")
    assert event.data == {"customer": str(customer.public_id), "orders": 0}


def test_the_buyers_of_its_orders_go_and_their_labels(django_capture_on_commit_callbacks):
    order = routed(delivery=SINGLE).order
    customer = enter(order.organization)
    order.customer = customer
    order.save(update_fields=["customer"])

    erase(customer)
    with django_capture_on_commit_callbacks(execute=True):
        relay_everything()

    order.refresh_from_db()
    buyer = Buyer.objects.get(order=order)
    assert (buyer.contact, buyer.raw_body, buyer.erased_at) == (None, None, LATER)
    assert (order.customer, order.postcode) == (None, "")
    assert Document.objects.get(parcel__task__order=order).status == "VOID"
    assert Event.objects.get(type="customer.erased").data["orders"] == 1
    assert Event.objects.filter(type="order.buyer_erased", order_ref=order.pk).count() == 1


def test_orders_of_others_stay_as_they_are():
    channel = make_channel()
    customer = enter(channel.organization)
    other = place_order(channel=channel, lines=[("X", 1)])

    erase(customer)

    assert Buyer.objects.get(order=other).erased_at is None


def test_erasing_again_changes_nothing():
    customer = enter(make_organization())
    erase(customer)

    again = erase(customer)

    assert (again.version, again.erased_at) == (2, LATER)
    assert Event.objects.filter(type="customer.erased").count() == 1


def test_nothing_is_entered_for_an_erased_customer():
    customer = enter(make_organization())
    erase(customer)

    with pytest.raises(services.CustomerErased):
        services.update_customer(
            public_id=customer.public_id,
            changes=CustomerChanges(full_name="Trần Lan"),
            actor=SYSTEM,
            now=LATER,
        )

    assert Customer.objects.get().personal is None


def test_the_number_of_an_erased_customer_is_free():
    customer = enter(make_organization())
    erase(customer)

    assert enter(customer.organization).external_id == "CRM-88"


def test_a_channels_next_order_begins_a_new_customer():
    channel = make_channel()
    first = place_order(channel=channel, lines=[("X", 1)], customer_id="C-1").customer
    erase(first)

    second = place_order(channel=channel, lines=[("X", 1)], customer_id="C-1").customer

    assert second != first
    assert (second.external_id, second.version) == ("C-1", 1)


def test_another_organization_can_neither_erase_nor_export():
    customer = enter(make_organization())
    stranger = Actor(kind="client", ref="x", organization_id=make_organization().pk)

    with pytest.raises(CustomerNotFound):
        services.erase_customer(public_id=customer.public_id, actor=stranger, now=LATER)
    with pytest.raises(CustomerNotFound):
        export_customer(public_id=customer.public_id, actor=stranger)

    assert Customer.objects.get().erased_at is None


def test_the_export_has_everything_held_about_the_person():
    channel = make_channel()
    customer = enter(channel.organization)
    order = place_order(
        channel=channel,
        lines=[("X", 1)],
        customer_key=customer.pk,
        contact=ContactDraft(name="Trần Lan", address="1 Lê Lợi"),
        raw_body=b'{"buyer":"Lan"}',
    )
    place_order(channel=channel, lines=[("X", 1)])

    export = export_customer(public_id=customer.public_id, actor=SYSTEM)

    assert export.personal == PersonalData(**CANARIES)
    assert [draft.address for draft in export.addresses] == [Address(**PLACE, country="VN")]
    (held,) = export.orders
    assert (held.order, held.contact.name, held.contact.address, held.received) == (
        order, "Trần Lan", "1 Lê Lợi", '{"buyer":"Lan"}',
    )  # fmt: skip
    assert export.sections["shipments"] == []


def test_the_export_has_the_parcels_of_its_orders():
    order = routed(delivery=SINGLE).order
    customer = enter(order.organization)
    order.customer = customer
    order.save(update_fields=["customer"])

    (parcel,) = export_customer(public_id=customer.public_id, actor=SYSTEM).sections["shipments"]

    assert re.fullmatch(r"\d+", parcel["number"])
    assert (parcel["order"], parcel["status"]) == (order.external_id, "PLANNED")


def test_of_an_erased_customer_there_is_nothing_to_export():
    customer = enter(make_organization())
    erase(customer)

    export = export_customer(public_id=customer.public_id, actor=SYSTEM)

    assert (export.personal, export.addresses, export.orders) == (PersonalData(), (), ())
