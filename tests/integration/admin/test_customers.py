import json

import pytest
from django.urls import reverse

from oms.kernel.actors import SYSTEM
from oms.orders import services
from oms.orders.addresses import Address
from oms.orders.customer_data import AddressDraft, CustomerDraft, PersonalData
from oms.orders.models import Customer
from tests import backoffice_builders as build

pytestmark = pytest.mark.django_db

LIST = reverse("admin:orders_customer_changelist")


def enter(organization=None, **overrides) -> Customer:
    organization = organization or build.make_organization()
    personal = {"full_name": "Trần Lan", "phone": "+84900000000", "email": "lan@example.com"}
    home = Address(full_name="Trần Lan", phone="+84900000000", line1="1 Lê Lợi", country="VN")
    draft = CustomerDraft(
        organization_id=organization.pk,
        external_id="CRM-88",
        personal=PersonalData(**{**personal, **overrides}),
        addresses=(AddressDraft(address=home, label="home"),),
    )
    return services.create_customer(draft=draft, actor=SYSTEM, now=build.NOW)


def page_of(customer) -> str:
    return reverse("admin:orders_customer_change", args=[customer.pk])


def file_of(customer) -> str:
    return reverse("admin:orders_customer_export", args=[customer.pk])


def found(browser, term) -> list[str]:
    return [str(row) for row in browser.get(LIST, {"q": term}).context["cl"].result_list]


def test_the_list_names_nobody(root):
    enter()

    html = root.get(LIST).content.decode()

    assert "CRM-88" in html
    assert [part for part in ("Trần", "+849", "lan@") if part in html] == []


def test_the_page_names_the_customer_to_people_who_may_see_it(signed_in):
    customer = enter()
    owner = customer.organization
    reader = build.make_staff(owner, perms=("orders.view_customer",))
    trusted = build.make_staff(owner, perms=("orders.view_customer", "orders.view_buyer_data"))

    masked = signed_in(reader).get(page_of(customer)).content.decode()
    opened = signed_in(trusted).get(page_of(customer)).content.decode()

    assert [part for part in ("Trần Lan", "+849", "lan@", "Lê Lợi") if part in masked] == []
    assert [part for part in ("Trần Lan", "+849", "lan@", "Lê Lợi") if part not in opened] == []


def test_is_found_by_what_a_person_calls_with(root):
    enter()

    for term in ("CRM-88", "+84 900 000 000", "LAN@example.com", "tran l"):
        assert found(root, term) == ["CRM-88"]
    assert found(root, "lan") == []


def test_is_erased_by_staff_with_the_permission(signed_in):
    customer = enter()
    perms = ("orders.view_customer", "orders.delete_customer")
    browser = signed_in(build.make_staff(customer.organization, perms=perms))
    url = reverse("admin:orders_customer_act", args=["erase"])

    browser.post(url, {"ids": customer.pk, "is_sure": "on"})

    customer.refresh_from_db()
    assert customer.erased_at is not None
    assert customer.personal is None


def test_is_blocked_and_unblocked(root):
    customer = enter()

    root.post(reverse("admin:orders_customer_act", args=["block"]), {"ids": customer.pk})
    customer.refresh_from_db()
    blocked = customer.status
    root.post(reverse("admin:orders_customer_act", args=["unblock"]), {"ids": customer.pk})

    customer.refresh_from_db()
    assert (blocked, customer.status) == ("BLOCKED", "ACTIVE")


def test_the_export_is_a_file_for_people_with_the_permission(signed_in):
    customer = enter()
    owner = customer.organization
    reader = signed_in(build.make_staff(owner, perms=("orders.view_customer",)))
    officer = signed_in(
        build.make_staff(owner, perms=("orders.view_customer", "orders.export_customer"))
    )
    stranger = signed_in(
        build.make_staff(build.make_organization(), perms=("orders.export_customer",))
    )

    answer = officer.get(file_of(customer))

    assert answer.headers["Content-Disposition"].startswith("attachment")
    document = json.loads(answer.content)
    assert document["customer"]["full_name"] == "Trần Lan"
    assert document["customer"]["addresses"][0]["line1"] == "1 Lê Lợi"
    assert (document["orders"], document["shipments"]) == ([], [])
    assert reader.get(file_of(customer)).status_code == 403
    assert stranger.get(file_of(customer)).status_code == 404
