"""The first-time copy, trying a connection, and the hooks Seller Center needs."""

import pytest

from channels_app import remote_desk
from channels_app.choices import ChannelType, RemoteKind, SyncKind
from channels_app.models import Channel, RemoteKey, SyncMark
from oms.api.akinon.sync import setup, testing
from oms.api.akinon.sync.desk import OtherSideFailed
from oms.events.models import Endpoint
from oms.kernel.actors import SYSTEM
from oms.locations.models import FulfillmentPoint
from tests.integration.akinon.builders import a_basket
from tests.simulators.omnitron import Fault


def copy(shop, kind: SyncKind) -> setup.CopyState:
    setup.start(organization_id=shop.organization.pk, kind=kind, now=shop.now)
    assert setup.copy_due(now=shop.now) == 1
    return setup.state_of(organization_id=shop.organization.pk, kind=kind)


def test_stores_become_points_that_serve_the_channels(shop):
    shop.books.add_retail_store("W1")
    shop.books.add_retail_store("W2", city=34)

    state = copy(shop, SyncKind.STOCK_LOCATIONS)

    points = FulfillmentPoint.objects.filter(code__startswith="W").order_by("code")
    assert (state.status, state.detail) == ("done", "stores: 2")
    assert [(point.city, point.country) for point in points] == [("Ankara", "TR"), ("London", "GB")]
    assert [list(point.channels.all()) for point in points] == [[shop.channel]] * 2


def test_copying_again_makes_nothing_twice(shop):
    shop.books.add_retail_store("W1")
    copy(shop, SyncKind.STOCK_LOCATIONS)

    copy(shop, SyncKind.STOCK_LOCATIONS)

    assert FulfillmentPoint.objects.filter(code="W1").count() == 1


def test_channels_are_copied_under_their_keys(shop):
    shop.books.tables["channels"].add(pk=2, name="Second", channel_type="sales_channel")

    copy(shop, SyncKind.CHANNELS)

    second = Channel.objects.get(code="2")
    assert (second.name, second.type) == ("Second", ChannelType.OMNITRON)
    assert second.connector["is_static"] is False
    assert Channel.objects.count() == 2


def test_places_and_reasons_are_kept_by_their_keys(shop):
    places = copy(shop, SyncKind.ADDRESSES)
    reasons = copy(shop, SyncKind.REASONS)

    district = RemoteKey.objects.get(kind=RemoteKind.DISTRICT, remote_key="1001")
    assert places.detail == "city: 4, country: 2, district: 2, township: 4"
    assert (district.local_code, district.data["township"]) == ("Bahçelievler", 101)
    assert reasons.detail == "cargo_companies: 2, cancellation_reasons: 3"


def test_it_is_required_until_it_was_done(shop):
    before = setup.is_required(organization_id=shop.organization.pk, kind=SyncKind.ADDRESSES)
    copy(shop, SyncKind.ADDRESSES)

    after = setup.is_required(organization_id=shop.organization.pk, kind=SyncKind.ADDRESSES)

    assert (before, after) == (True, False)


def test_a_copy_that_fails_is_tried_again_and_given_up_in_the_end(shop):
    shop.omnitron.misbehave(Fault(path="/countries/", status=500, count=99))
    states = [copy(shop, SyncKind.ADDRESSES).status]
    for _ in range(setup.TRIES - 1):
        shop.later(seconds=11)
        setup.copy_due(now=shop.now)
        mark = SyncMark.objects.get(kind=SyncKind.ADDRESSES)
        states.append(mark.state.lower())

    given_up = setup.copy_due(now=shop.now)

    assert states == ["pending"] * 4 + ["failed"]
    assert given_up == 0


def test_a_copy_under_way_is_not_begun_again(shop):
    setup.start(organization_id=shop.organization.pk, kind=SyncKind.ADDRESSES, now=shop.now)
    setup.start(organization_id=shop.organization.pk, kind=SyncKind.ADDRESSES, now=shop.now)

    claimed = [setup.copy_due(now=shop.now), setup.copy_due(now=shop.now)]

    assert claimed == [1, 0]


def test_orders_are_not_copied_on_request(shop):
    with pytest.raises(setup.CopyUnknown):
        setup.start(organization_id=shop.organization.pk, kind=SyncKind.ORDERS, now=shop.now)

    assert not SyncMark.objects.exists()


def test_each_endpoint_says_what_came(shop):
    shop.books.place(a_basket("1"))

    trials = testing.try_connection(shop.omnitron.settings())

    said = {trial.endpoint: (trial.is_good, trial.said) for trial in trials}
    assert said["log-in"] == (True, "a token came")
    assert said["orders"] == (True, "1 row came")
    assert said["retail_stores"] == (True, "an empty list came")


def test_a_wrong_password_is_told_without_it(shop):
    value = shop.omnitron.settings()
    value["auth"]["password"] = "nobody-may-see"

    trials = testing.try_connection(value)

    assert {trial.said for trial in trials if trial.endpoint not in {"order", "order_items"}} == {
        "log-in: the account is refused"
    }


def test_an_address_where_nobody_listens_is_told_as_such(shop):
    shop.omnitron.go_down()

    trials = remote_desk.desk().test(organization_id=shop.organization.pk)

    assert trials[0].said == "log-in: The connection failed or broke off."
    assert trials[0].is_well is False


def test_seller_center_gets_a_hook_per_state_once(market):
    desk = remote_desk.desk()
    made = desk.create_package_hooks(
        organization_id=market.organization.pk, actor=SYSTEM, now=market.now
    )

    again = desk.create_package_hooks(
        organization_id=market.organization.pk, actor=SYSTEM, now=market.now
    )

    assert [len(made), len(again)] == [18, 0]
    assert made[0].target_url == f"{market.market.base_url}/packages/"
    assert {hook.target_url for hook in made[1:]} == {
        f"{market.market.base_url}/packages/update-status/"
    }
    assert Endpoint.objects.count() == 18


def test_outside_mode_b_there_is_no_seller_center(shop):
    with pytest.raises(OtherSideFailed, match="No endpoint leads to a Seller Center"):
        remote_desk.desk().package_hooks(organization_id=shop.organization.pk)

    assert not Endpoint.objects.exists()
