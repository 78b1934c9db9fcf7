"""Where packages are and where they go, and when (contract 8.5, 8.7, 11.4)."""

import datetime as dt

import pytest

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from fulfillment.services import commands
from oms.orders.drafts import ContactDraft
from oms.orders.traits import Traits
from tests.api.akinon.packages_world import NOW, make_world, package_id
from tests.factories import make_sku
from tests.integration.fulfillment.builders import routed
from tests.integration.fulfillment.commands.stages import bring

pytestmark = pytest.mark.django_db

BEGINS = dt.datetime(2026, 1, 17, 22, 0, tzinfo=dt.UTC)
ENDS = dt.datetime(2026, 1, 18, 1, 30, tzinfo=dt.UTC)


@pytest.fixture
def world():
    return make_world()


def learn(world, kind: RemoteKind, key: int, name: str, **data) -> None:
    """A place or store of the other side, as it is kept after it was copied."""
    RemoteKey.objects.create(
        organization=world.organization,
        kind=kind,
        remote_key=str(key),
        local_code=name,
        data={"pk": key, "name": name, **data},
    )


def know_store(organization, point, key: int) -> None:
    RemoteKey.objects.create(
        organization=organization,
        kind=RemoteKind.STORE,
        remote_key=str(key),
        local_id=point.pk,
    )


def test_a_packages_location_has_its_quota_and_the_other_sides_keys(world):
    know_store(world.organization, world.north, 88)
    learn(world, RemoteKind.COUNTRY, 1, "Singapore", code="sg")
    world.north.country, world.north.max_quota = "SG", 5
    world.north.save(update_fields=["country", "max_quota"])
    task = world.task()
    world.task(number="279210")

    location = world.package(task)["stock_location"]

    assert location == world.api.get(f"stocklocations/{world.north.number}/").json()
    assert (location["omnitron_id"], location["max_quota"], location["quota"]) == (88, 5, 2)
    assert location["address"]["country"]["pk"] == 1


def test_a_packed_package_counts_no_more(world):
    commands.seed_transitions(world.organization.pk, now=NOW)
    task = world.task()
    assert world.package(task)["stock_location"]["quota"] == 1

    world.command(task, "complete-packing")

    assert world.package(task)["stock_location"]["quota"] == 0


def test_a_transfers_locations_have_them_too():
    case = routed(quantities=(1,))
    transfer = bring(case)
    transfer.refresh_from_db()
    organization = case.point.organization
    know_store(organization, transfer.source, 88)
    know_store(organization, transfer.destination, 89)
    world = make_world()
    world.api = type(world.api)(organization)

    shown = world.api.get(f"transfer_orders/{transfer.public_number}/").json()

    assert (shown["source"]["omnitron_id"], shown["destination"]["omnitron_id"]) == (88, 89)
    assert shown["source"]["quota"] == 0
    assert shown["destination"]["quota"] == 1


def test_a_transfer_is_found_by_the_country_it_goes_to():
    case = routed(quantities=(1,))
    transfer = bring(case)
    transfer.refresh_from_db()
    transfer.destination.country = "TR"
    transfer.destination.save(update_fields=["country"])
    world = make_world()
    world.organization = case.point.organization
    world.api = type(world.api)(world.organization)
    learn(world, RemoteKind.COUNTRY, 1, "Türkiye", code="tr")
    learn(world, RemoteKind.COUNTRY, 2, "Greece", code="gr")

    counts = {
        said: len(world.api.results(f"transfer_orders/?destination__country={said}"))
        for said in ("1", "2", "tr", "T%C3%BCrkiye", "Greece")
    }

    assert counts == {"1": 1, "2": 0, "tr": 1, "T%C3%BCrkiye": 1, "Greece": 0}


@pytest.mark.parametrize("prefix", ["order__delivery_range", "delivery_range"])
@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("lower=2026-01-17T22:00:00Z", True),
        ("lower=2026-01-17T22:00:01Z", False),
        ("lower=2026-01-17", True),
        ("lower=2026-01-18T00:00:00%2B02:00", True),
        ("upper=2026-01-18T01:30:00Z", True),
        ("upper=2026-01-18T01:29:59Z", False),
        ("date=2026-01-16", False),
        ("date=2026-01-17", True),
        ("date=2026-01-18", True),
        ("date=2026-01-19", False),
    ],
)
def test_packages_are_found_by_the_ends_of_their_delivery_range(world, prefix, query, is_found):
    task = world.task(traits=Traits(deliver_from=BEGINS, deliver_until=ENDS))
    world.task(number="279210")

    rows = world.api.results(f"packages/short/?{prefix}__{query}")

    assert [row["id"] for row in rows] == ([package_id(task)] if is_found else [])


def test_both_ends_narrow_together(world):
    task = world.task(traits=Traits(deliver_from=BEGINS, deliver_until=ENDS))
    later = Traits(deliver_from=ENDS, deliver_until=ENDS + dt.timedelta(hours=2))
    world.task(number="279210", traits=later)

    rows = world.api.results(
        "packages/?order__delivery_range__lower=2026-01-17&order__delivery_range__upper=2026-01-18T02:00:00Z"
    )

    assert [row["id"] for row in rows] == [package_id(task)]


def test_a_range_that_cannot_be_read_is_refused_by_name(world):
    answer = world.api.get("packages/?order__delivery_range__date=soon")

    assert answer.status_code == 400
    assert answer.json() == {
        "order__delivery_range__date": ["Enter a valid date/time."],
        "code": "invalid",
    }


def lives_in(city: str, township: str) -> dict:
    return {"contact": ContactDraft(city=city, district=township, name="A. Sample")}


@pytest.mark.parametrize("path", ["packages/", "packages/short/"])
def test_a_township_is_found_by_the_other_sides_key(world, path):
    learn(world, RemoteKind.CITY, 6, "Ankara")
    learn(world, RemoteKind.CITY, 34, "Izmir")
    learn(world, RemoteKind.TOWNSHIP, 101, "Merkez", city=6)
    learn(world, RemoteKind.TOWNSHIP, 102, "Merkez", city=34)
    here = world.task(number="1", **lives_in("ANKARA", "merkez"))
    there = world.task(number="2", **lives_in("Izmir", "Merkez"))
    world.task(number="3", **lives_in("Ankara", "Cankaya"))

    assert [row["id"] for row in world.api.results(f"{path}?township=101")] == [package_id(here)]
    assert [row["id"] for row in world.api.results(f"{path}?township=102")] == [package_id(there)]
    assert world.api.results(f"{path}?township=103") == []
    assert len(world.api.results(f"{path}?township__name=MERKEZ")) == 2
    assert world.api.results(f"{path}?township=101&township__name=Cankaya") == []


def test_a_township_of_another_organization_is_none_here(world):
    other = make_world()
    learn(other, RemoteKind.TOWNSHIP, 101, "Merkez")
    world.task(**lives_in("Ankara", "Merkez"))

    assert world.api.results("packages/?township=101") == []


def test_a_township_that_is_no_number_is_refused_by_name(world):
    answer = world.api.get("packages/?township=Merkez")

    assert answer.status_code == 400
    assert answer.json() == {"township": ["Enter a whole number."], "code": "invalid"}


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("country__name=T%C3%BCrkiye", True),
        ("country__name=tr", True),
        ("country__name=Greece", False),
        ("city__name=ankara", True),
        ("country=1", True),
        ("city=6", True),
        ("city=7", False),
    ],
)
def test_countries_and_cities_are_found_by_key_and_name(world, query, is_found):
    learn(world, RemoteKind.COUNTRY, 1, "Türkiye", code="tr")
    learn(world, RemoteKind.COUNTRY, 2, "Greece", code="gr")
    learn(world, RemoteKind.CITY, 6, "Ankara")
    learn(world, RemoteKind.CITY, 7, "Izmir")
    world.task(**lives_in("Ankara", "Merkez"))

    assert len(world.api.results(f"packages/?{query}")) == int(is_found)


def test_each_location_of_a_page_has_its_own_quota(world):
    for number in range(3):
        world.task(number=str(number))
    world.skus = [make_sku(point=world.south, on_hand=5)]
    world.task(number="9")

    rows = world.api.results("packages/?state__enum_value=100")

    quotas = [(row["stock_location"]["erp_code"], row["stock_location"]["quota"]) for row in rows]
    assert quotas == [("412", 1), ("369", 3), ("369", 3), ("369", 3)]
