import dataclasses
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from oms.events.models import Event
from oms.kernel.actors import SYSTEM, Actor
from oms.kernel.versions import VersionConflict
from oms.orders import customer_data, services
from oms.orders.addresses import Address
from oms.orders.choices import CustomerStatus, CustomerType
from oms.orders.customer_data import (
    AddressDraft,
    CustomerChanges,
    CustomerDraft,
    PersonalData,
    addresses_of,
    personal_of,
)
from oms.orders.models import Customer, CustomerAddress
from oms.orders.queries import (
    CustomerNotFound,
    CustomerSearch,
    customer_by_public_id,
    customers_feed,
)
from tests.factories import (
    NOW,
    channel_actor,
    make_channel,
    make_organization,
    make_point,
    point_actor,
)
from tests.factories import place as place_order

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
HOME = Address(
    full_name="Trần Lan",
    phone="+84900000000",
    line1="1 Lê Lợi",
    ward="Bến Nghé",
    province="Hồ Chí Minh",
    country="VN",
)
LAN = PersonalData(full_name="Trần Lan", phone="+84900000000")


def machine(organization) -> Actor:
    return Actor(kind="client", ref="erp", organization_id=organization.pk)


def enter(organization=None, **overrides) -> Customer:
    organization = organization or make_organization()
    values = {"organization_id": organization.pk, "personal": LAN}
    draft = CustomerDraft(**{**values, **overrides})
    return services.create_customer(draft=draft, actor=machine(organization), now=NOW)


def change(customer, now=LATER, expected_version=None, **changes) -> Customer:
    return services.update_customer(
        public_id=customer.public_id,
        changes=CustomerChanges(**changes),
        expected_version=expected_version,
        actor=SYSTEM,
        now=now,
    )


def found(organization, **search) -> list[str | None]:
    feed = customers_feed(
        organization_id=organization.pk,
        actor=machine(organization),
        search=CustomerSearch(**search),
    )
    return list(feed.order_by("external_id").values_list("external_id", flat=True))


def news_of(customer) -> list[tuple[str, dict]]:
    events = Event.objects.filter(subject_type="customer", subject_id=customer.pk)
    return list(events.order_by("sequence").values_list("type", "data"))


def test_keeps_what_was_entered_and_reports_only_its_id():
    customer = enter(
        external_id="CRM-88",
        personal=dataclasses.replace(LAN, email="Lan@Example.com", note="calls back"),
        tags=("vip",),
        addresses=(AddressDraft(address=HOME, label="home"),),
    )

    stored = Customer.objects.get(public_id=customer.public_id)
    assert (stored.version, stored.type, stored.status, stored.tags) == (
        1, "PERSON", "ACTIVE", ["vip"],
    )  # fmt: skip
    assert (stored.created_at, stored.changed_at) == (NOW, NOW)
    assert personal_of(stored) == PersonalData(
        full_name="Trần Lan", phone="+84900000000", email="lan@example.com", note="calls back"
    )
    (address,) = addresses_of(stored.addresses.all())
    assert (address.address, address.label, address.is_default) == (HOME, "home", True)
    assert news_of(customer) == [("customer.created", {"customer": str(customer.public_id)})]


@pytest.mark.parametrize(
    ("personal", "refusal"),
    [
        (PersonalData(phone="+84900000000"), services.CustomerNameMissing),
        (PersonalData(full_name="Trần Lan"), services.CustomerContactMissing),
        (dataclasses.replace(LAN, tax_code="123"), services.TaxCodeMalformed),
        (dataclasses.replace(LAN, tax_code="0123456789-12"), services.TaxCodeMalformed),
    ],
)
def test_refuses_what_is_no_customer(personal, refusal):
    vietnam = make_organization(country="VN")

    with pytest.raises(refusal):
        enter(vietnam, personal=personal)

    assert Customer.objects.exists() is False


@pytest.mark.parametrize("tax_code", ["0123456789", "0123456789-123"])
def test_a_vietnamese_tax_code_has_ten_digits_or_three_more(tax_code):
    customer = enter(
        make_organization(country="VN"), personal=dataclasses.replace(LAN, tax_code=tax_code)
    )

    assert personal_of(customer).tax_code == tax_code


def test_elsewhere_a_tax_code_looks_as_it_does_there():
    customer = enter(personal=dataclasses.replace(LAN, tax_code="S-1234567"))

    assert personal_of(customer).tax_code == "S-1234567"


def test_a_number_is_unique_among_the_organizations_own():
    first = enter(external_id="CRM-88")
    organization = first.organization

    with pytest.raises(services.CustomerNumberTaken) as refusal:
        enter(organization, external_id="CRM-88")

    assert refusal.value.holder == first.public_id
    assert enter(external_id="CRM-88").pk != first.pk
    enter(organization, external_id=None)
    enter(organization, external_id=None)
    assert Customer.objects.filter(organization=organization).count() == 3


def test_channels_keep_numbers_of_their_own():
    channel = make_channel()
    own = enter(channel.organization, external_id="C-1")
    order = place_order(channel=channel, lines=[("X", 1)], customer_id="C-1")

    assert order.customer != own
    assert order.customer.external_id == own.external_id == "C-1"
    assert found(channel.organization) == ["C-1"]


def test_a_machine_of_a_channel_or_a_point_enters_nobody():
    channel, point = make_channel(), make_point()
    draft = CustomerDraft(organization_id=channel.organization_id, personal=LAN)

    for actor in (channel_actor(channel), point_actor(point)):
        with pytest.raises(services.CustomersOutOfReach):
            services.create_customer(draft=draft, actor=actor, now=NOW)


def test_sees_the_customers_of_its_own_place_only():
    channel = make_channel()
    own = enter(channel.organization)
    named = place_order(channel=channel, lines=[("X", 1)], customer_id="C-1").customer

    def seen(actor):
        return set(Customer.objects.visible_to(actor))

    assert seen(machine(channel.organization)) == {own, named}
    assert seen(channel_actor(channel)) == {named}
    assert seen(point_actor(make_point(organization=channel.organization))) == set()
    assert seen(machine(make_organization())) == set()
    with pytest.raises(CustomerNotFound):
        customer_by_public_id(public_id=own.public_id, actor=machine(make_organization()))


def test_changes_what_is_named_and_says_which():
    customer = enter(external_id="CRM-88", personal=dataclasses.replace(LAN, note="calls back"))

    change(customer, email="LAN@example.com", note=None, status=CustomerStatus.BLOCKED)

    customer.refresh_from_db()
    assert personal_of(customer) == dataclasses.replace(LAN, email="lan@example.com")
    assert (customer.status, customer.version, customer.changed_at) == ("BLOCKED", 2, LATER)
    assert news_of(customer)[1:] == [
        (
            "customer.updated",
            {"customer": str(customer.public_id), "changed": ["email", "note", "status"]},
        )
    ]


def test_a_change_that_changes_nothing_leaves_no_trace():
    customer = enter(external_id="CRM-88", addresses=(AddressDraft(address=HOME),))
    kept = addresses_of(customer.addresses.all())

    change(
        customer,
        full_name="Trần Lan",
        external_id="CRM-88",
        type=CustomerType.PERSON,
        tags=(),
        addresses=kept,
    )

    customer.refresh_from_db()
    assert (customer.version, customer.changed_at) == (1, NOW)
    assert len(news_of(customer)) == 1


def test_refuses_a_change_of_another_version():
    customer = enter()
    change(customer, note="first", expected_version=1)

    with pytest.raises(VersionConflict) as refusal:
        change(customer, note="second", expected_version=1)

    customer.refresh_from_db()
    assert refusal.value.details == {"version": 2}
    assert personal_of(customer).note == "first"


def test_the_last_way_to_reach_somebody_cannot_be_cleared():
    customer = enter()

    with pytest.raises(services.CustomerContactMissing):
        change(customer, phone=None)

    assert personal_of(Customer.objects.get()) == LAN
    change(customer, phone=None, email="lan@example.com")
    assert personal_of(Customer.objects.get()).phone is None


def test_a_number_taken_meanwhile_is_refused():
    first = enter(external_id="CRM-1")
    second = enter(first.organization, external_id="CRM-2")

    with pytest.raises(services.CustomerNumberTaken):
        change(second, external_id="CRM-1")

    second.refresh_from_db()
    assert (second.external_id, second.version) == ("CRM-2", 1)


def test_an_address_that_is_named_keeps_its_id():
    customer = enter(
        addresses=(
            AddressDraft(address=HOME, label="home", is_default=True),
            AddressDraft(address=HOME, label="work", is_default=False),
        )
    )
    home, work = addresses_of(customer.addresses.all())
    moved = dataclasses.replace(HOME, line1="2 Lê Lợi")

    change(
        customer,
        addresses=(
            AddressDraft(address=moved, label="work", is_default=True, public_id=work.public_id),
            AddressDraft(address=HOME, label="mother", is_default=False),
        ),
    )

    first, second = addresses_of(CustomerAddress.objects.filter(customer=customer))
    assert (first.public_id, first.address.line1, first.is_default) == (
        work.public_id, "2 Lê Lợi", True,
    )  # fmt: skip
    assert (second.label, second.is_default) == ("mother", False)
    assert second.public_id not in {home.public_id, work.public_id}
    assert Customer.objects.get().version == 2


def test_the_first_address_not_said_otherwise_is_the_default():
    customer = enter(
        addresses=(
            AddressDraft(address=HOME, is_default=False),
            AddressDraft(address=HOME),
            AddressDraft(address=HOME),
        )
    )

    kept = addresses_of(customer.addresses.all())
    assert [address.is_default for address in kept] == [False, True, False]


def test_exactly_one_address_is_the_default():
    def drafts(*defaults):
        return tuple(AddressDraft(address=HOME, is_default=said) for said in defaults)

    with pytest.raises(services.DefaultAddressNotSingle) as refusal:
        enter(addresses=drafts(True, False, True))
    with pytest.raises(services.DefaultAddressMissing):
        enter(addresses=drafts(False, False))

    assert refusal.value.details == {"position": 2}
    assert Customer.objects.exists() is False


def test_the_database_keeps_one_default_too():
    customer = enter(addresses=(AddressDraft(address=HOME), AddressDraft(address=HOME)))

    with (
        pytest.raises(IntegrityError, match="orders_customeraddress_one_default"),
        transaction.atomic(),
    ):
        customer.addresses.update(is_default=True)


def test_twenty_addresses_are_the_most():
    customer = enter(addresses=(AddressDraft(address=HOME),) * 20)

    with pytest.raises(services.TooManyAddresses):
        enter(addresses=(AddressDraft(address=HOME),) * 21)

    assert customer.addresses.count() == 20


def test_an_address_of_somebody_else_is_unknown():
    other = enter(addresses=(AddressDraft(address=HOME),))
    (theirs,) = addresses_of(other.addresses.all())
    customer = enter(addresses=(AddressDraft(address=HOME),))
    (own,) = addresses_of(customer.addresses.all())

    with pytest.raises(services.AddressUnknown) as foreign:
        change(customer, addresses=(own, dataclasses.replace(theirs, is_default=None)))
    with pytest.raises(services.AddressNamedTwice) as twice:
        change(customer, addresses=(own, dataclasses.replace(own, is_default=None)))

    assert (foreign.value.details, twice.value.details) == ({"position": 1}, {"position": 1})


def test_is_found_by_number_phone_mail_and_the_beginning_of_the_name():
    organization = make_organization()
    enter(organization, external_id="A", personal=dataclasses.replace(LAN, email="lan@example.com"))
    enter(
        organization, external_id="B", personal=PersonalData(full_name="Đỗ  Minh", email="m@x.vn")
    )
    enter(external_id="C")

    assert found(organization) == ["A", "B"]
    assert found(organization, external_id="B") == ["B"]
    assert found(organization, phone="+84900000000") == ["A"]
    assert found(organization, email="LAN@EXAMPLE.COM") == ["A"]
    assert found(organization, email="lan@example") == []
    for prefix in ("tr", "Trần", "TRAN L", "trần lan"):
        assert found(organization, name_prefix=prefix) == ["A"]
    for prefix in ("do mi", "đỗ minh"):
        assert found(organization, name_prefix=prefix) == ["B"]
    for prefix in ("lan", "tran lan x", "ran"):
        assert found(organization, name_prefix=prefix) == []


def test_is_found_by_its_new_name_only():
    customer = enter(external_id="A")

    change(customer, full_name="Nguyễn Lan")

    assert found(customer.organization, name_prefix="nguyen") == ["A"]
    assert found(customer.organization, name_prefix="tran") == []


def test_is_found_by_state_and_by_its_last_change():
    organization = make_organization()
    enter(organization, external_id="A")
    change(enter(organization, external_id="B"), status=CustomerStatus.BLOCKED)

    assert found(organization, status="BLOCKED") == ["B"]
    assert found(organization, changed_from=LATER) == ["B"]
    assert found(organization, changed_to=LATER) == ["A"]


def test_the_hashes_of_a_name_differ_between_organizations():
    ours = set(customer_data.name_keys(1, "Trần Lan"))

    assert len(ours) == 7
    assert ours.isdisjoint(customer_data.name_keys(2, "Trần Lan"))


def test_a_changed_customer_changes_no_order():
    channel = make_channel()
    customer = enter(channel.organization)
    order = place_order(channel=channel, lines=[("X", 1)], customer_key=customer.pk)
    before = bytes(order.buyer.contact)

    change(customer, full_name="Nguyễn Lan", phone="+84911111111")

    order.refresh_from_db()
    assert bytes(order.buyer.contact) == before
    assert (order.version, order.customer_id) == (1, customer.pk)


def test_one_a_channel_named_may_stay_without_personal_data():
    channel = make_channel()
    customer = place_order(channel=channel, lines=[("X", 1)], customer_id="C-1").customer

    change(customer, status=CustomerStatus.BLOCKED, note=None)

    customer.refresh_from_db()
    assert (customer.status, personal_of(customer)) == ("BLOCKED", PersonalData())


def test_another_order_of_a_channels_customer_raises_no_version():
    channel = make_channel()
    customer = place_order(channel=channel, lines=[("X", 1)], customer_id="C-1").customer

    again = place_order(channel=channel, lines=[("X", 1)], customer_id="C-1").customer

    assert (again, again.version) == (customer, 1)
