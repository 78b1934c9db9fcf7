"""Headers, addresses, rights, limits: contract 1.1, 1.2, 1.7 and 1.8."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from channels_app import queries as channels
from channels_app.choices import ChannelType
from oms.accounts import queries as accounts
from oms.accounts import services as account_services
from oms.accounts.choices import CredentialKind
from oms.accounts.models import ApiClient, Credential
from oms.api.increff import limits
from oms.inventory.models import StockLevel
from oms.kernel.actors import SYSTEM
from oms.locations.models import ChannelPoint
from tests.api.increff.dock_world import LOCATION, SHIRT, Dock, Wms
from tests.factories import make_api_client, make_channel, make_point

pytestmark = pytest.mark.django_db

PATH = "/usp/inventories/absolute"
DENIED = "authUsername and authPassword are not valid"


@pytest.fixture
def dock():
    return Dock.build()


def stock(location=LOCATION, quantity=12):
    return {
        "locationCode": location,
        "products": [{"channelSkuCode": SHIRT, "quantity": quantity}],
    }


def on_hand(dock):
    return StockLevel.objects.get(sku=dock.skus[SHIRT], point=dock.point).on_hand


def test_a_username_is_the_channels_code_and_the_clients_number(dock):
    assert dock.wms.username == f"NORTHWMS-{dock.client.pk}"


def test_a_second_credential_has_a_username_of_its_own(dock):
    credential, password = account_services.issue_credential(
        client=dock.client, kind=CredentialKind.INCREFF, actor=SYSTEM, now=timezone.now()
    )

    assert credential.identifier == f"NORTHWMS-{dock.client.pk}-2"
    assert Wms(credential.identifier, password).call("PUT", PATH, stock()).status_code == 200
    assert dock.wms.call("PUT", PATH, stock()).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authUsername": "{name}"},
        {"authPassword": "{password}"},
        {"authUsername": "{name}", "authPassword": "wrong"},
        {"authUsername": "NOBODY-1", "authPassword": "{password}"},
        {"authUsername": "{name}", "authPassword": ""},
        {"authUsername": "{name}" + "x" * 300, "authPassword": "{password}"},
        {"Authorization": "{password}"},
    ],
)
def test_it_refuses_whoever_cannot_prove_itself(dock, headers):
    given = {
        key: value.format(name=dock.wms.username, password=dock.wms.password)
        for key, value in headers.items()
    }

    answer = Client().put(PATH, stock(), content_type="application/json", headers=given)

    assert answer.status_code == 401
    assert answer.json() == {"code": "AUTH_ERROR", "message": DENIED, "description": None}
    assert on_hand(dock) == 500


def test_header_names_have_no_letter_case_and_a_domain_is_ignored(dock):
    headers = {
        "AUTHUSERNAME": dock.wms.username,
        "authpassword": dock.wms.password,
        "AuthDomainname": "elsewhere",
    }

    answer = Client().put(PATH, stock(), content_type="application/json", headers=headers)

    assert (answer.status_code, on_hand(dock)) == (200, 12)


@pytest.mark.parametrize("change", [{"is_active": False}, {"scopes": ["tasks:write"]}])
def test_it_forbids_what_is_not_open_to_the_machine(dock, change):
    ApiClient.objects.filter(pk=dock.client.pk).update(**change)
    accounts.forget_machines()

    answer = dock.wms.call("PUT", PATH, stock())

    assert (answer.status_code, answer.json()["code"]) == (403, "AUTH_ERROR")
    assert on_hand(dock) == 500


@pytest.mark.parametrize(
    "change",
    [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(seconds=1)}],
)
def test_credentials_that_ended_are_nobodys(dock, change):
    Credential.objects.filter(client=dock.client).update(**change)
    accounts.forget_machines()

    assert dock.wms.call("PUT", PATH, stock()).status_code == 401


def test_a_credential_may_be_kept_to_addresses(dock):
    Credential.objects.filter(client=dock.client).update(networks=["203.0.113.0/24"])
    accounts.forget_machines()

    assert dock.wms.call("PUT", PATH, stock()).status_code == 403


def test_a_machine_of_a_sales_channel_is_no_external_system(dock):
    shop = make_api_client(dock.organization, channel=dock.channel)
    credential, password = account_services.issue_credential(
        client=shop, kind=CredentialKind.INCREFF, actor=SYSTEM, now=timezone.now()
    )

    answer = Wms(credential.identifier, password).call("PUT", PATH, stock())

    assert (answer.status_code, on_hand(dock)) == (403, 500)


@pytest.mark.parametrize("prefix", ["", "/assure-magic2", "/assuremagic2"])
@pytest.mark.parametrize("end", ["", "/"])
def test_it_is_served_at_the_root_and_under_both_prefixes(dock, prefix, end):
    answer = dock.wms.call("PUT", f"{prefix}{PATH}{end}", stock())

    assert (answer.status_code, on_hand(dock)) == (200, 12)


@pytest.mark.parametrize(
    ("path", "instead"),
    [
        ("/push/skuListing", "POST /usp/listing/create"),
        ("/sellfast/inventories/absolute-update", "PUT /usp/inventories/absolute"),
        ("/inventories/incremental-update", "PUT /usp/inventories/absolute"),
        ("/sellfast/order/cancel-line-items", "PUT /usp/order/cancel"),
        ("/sellfast/picklist/release", "POST /usp/picklist/create"),
        ("/sellfast/picklist/add-orders/4021", "POST /usp/picklist/add-order"),
        ("/sellfast/pack/combined/WS-5512", "POST /usp/order/pack"),
        ("/sellfast/handover", "POST /usp/handover"),
        ("/sellfast/manifest/combined", "POST /ewms/push/usp/handover/combined"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/assure-magic2"])
def test_paths_of_v0_are_not_found_and_name_those_of_v1(path, instead, prefix):
    answer = Client().post(prefix + path, {}, content_type="application/json")

    assert answer.status_code == 404
    assert answer.json() == {
        "code": "NOT_FOUND",
        "message": f"No such path; use {instead}",
        "description": None,
    }


@pytest.mark.parametrize("path", ["/usp/nothing", "/assure-magic2/x", "/ewms/push/other"])
def test_other_paths_of_the_language_are_not_found(path):
    answer = Client().get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_a_wrong_method_is_405(dock):
    answer = dock.wms.call("POST", PATH, stock())

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "PUT"
    assert answer.json()["code"] == "BAD_DATA"


def test_another_media_type_is_415(dock):
    answer = Client().put(
        PATH,
        json.dumps(stock()),
        content_type="text/plain",
        headers={"authUsername": dock.wms.username, "authPassword": dock.wms.password},
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "BAD_DATA")


@pytest.mark.parametrize("body", [b"{", b"", b"[]", b'"x"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_400(dock, body):
    answer = Client().generic(
        "PUT",
        PATH,
        body,
        content_type="application/json",
        headers={"authUsername": dock.wms.username, "authPassword": dock.wms.password},
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_DATA")


def test_a_body_that_is_too_large_is_400(dock):
    answer = dock.wms.call("PUT", PATH, {"x": "x" * 10 * 1024 * 1024})

    assert answer.status_code == 400
    assert answer.headers["Connection"] == "close"
    assert answer.json()["message"] == "Request body is too large"


def test_no_orders_come_from_an_external_system(dock):
    seen = channels.channels_feed(actor=SYSTEM).filter(organization=dock.organization)

    assert list(seen) == [dock.channel]


def limit(client, rate_limit=None):
    """Give a client the contract's limit, or one of its own."""
    ApiClient.objects.filter(pk=client.pk).update(rate_limit=rate_limit)
    accounts.forget_machines()


def test_the_201st_call_in_a_minute_waits_whatever_its_address_and_client(dock):
    other = make_api_client(dock.organization, channel=dock.efs, rate_limit=None)
    credential, password = account_services.issue_credential(
        client=other, kind=CredentialKind.INCREFF, actor=SYSTEM, now=timezone.now()
    )
    limit(dock.client)
    window = limits.windows(settings.OMS_REDIS_URL)
    passed = [
        window.take(f"increff:{dock.organization.pk}", limits.CALLS)
        for _ in range(limits.CALLS - 1)
    ]

    last = dock.wms.call("PUT", PATH, stock())
    late = Wms(credential.identifier, password).call("POST", "/usp/listing/create", {})

    assert passed == [0] * 199
    assert last.status_code == 200
    assert late.status_code == 429
    assert late.json() == {
        "code": "TOO_MANY_REQUESTS",
        "message": "Too many requests",
        "description": None,
    }
    assert 1 <= int(late.headers["Retry-After"]) <= 60


def test_a_client_may_have_a_rate_of_its_own(dock):
    limit(dock.client, 1 / 60)

    assert [dock.wms.call("PUT", PATH, stock()).status_code for _ in range(2)] == [200, 429]


def test_other_organizations_have_a_limit_of_their_own(dock):
    elsewhere = Dock.build()
    limit(elsewhere.client)
    window = limits.windows(settings.OMS_REDIS_URL)
    for _ in range(limits.CALLS):
        window.take(f"increff:{dock.organization.pk}", limits.CALLS)

    assert elsewhere.wms.call("PUT", PATH, stock()).status_code == 200


def test_a_location_is_known_by_the_code_of_the_external_system_alone(dock):
    for code in (dock.point.code, "NOWHERE"):
        answer = dock.wms.call("PUT", PATH, stock(code))

        assert answer.status_code == 400
        assert answer.json() == {
            "code": "BAD_DATA",
            "message": f"Invalid location code: {code}",
            "description": None,
        }


def test_a_location_of_another_external_system_is_not_open(dock):
    point = make_point(organization=dock.organization, code="BOM-1")
    other = make_channel(organization=dock.organization, code="SOUTH", type=ChannelType.EFS)
    ChannelPoint.objects.create(channel=other, point=point, location_code="EFS-BOM")

    answer = dock.wms.call("PUT", PATH, stock("EFS-BOM"))

    assert (answer.status_code, answer.json()["code"]) == (403, "AUTH_ERROR")


def test_a_location_of_another_organization_does_not_exist(dock):
    Dock.build(prefix="X-")

    answer = dock.wms.call("PUT", PATH, stock(f"X-{LOCATION}"))

    assert answer.status_code == 400
    assert answer.json()["message"] == f"Invalid location code: X-{LOCATION}"
