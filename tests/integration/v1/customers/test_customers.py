import re

import pytest

from oms.events.models import Event
from oms.orders.models import Customer
from tests.factories import make_channel, make_organization
from tests.factories import place as place_order
from tests.v1_client import V1

pytestmark = pytest.mark.django_db

HOME = {
    "label": "home",
    "is_default": True,
    "full_name": "Trần Lan",
    "phone": "+84900000000",
    "line1": "1 Lê Lợi",
    "ward": "Bến Nghé",
    "province": "Hồ Chí Minh",
    "country": "VN",
}
LAN = {
    "external_id": "CRM-88",
    "full_name": "Trần Lan",
    "phone": "+84900000000",
    "addresses": [HOME],
}
READ, WRITE = "customers:read", "customers:write"


@pytest.fixture
def organization():
    return make_organization(country="VN")


@pytest.fixture
def api(organization):
    return V1(organization, scopes=[READ, WRITE])


def enter(api, **members) -> dict:
    answer = api.post("/customers", {**LAN, **members})
    assert answer.status_code == 201, answer.content
    return answer.json()


def ids(answer) -> list[str]:
    return [row["external_id"] for row in answer.json()["data"]]


def problem(answer) -> tuple[int, str, list[tuple[str, str]]]:
    body = answer.json()
    errors = [(error["pointer"], error["code"]) for error in body.get("errors", [])]
    return answer.status_code, body["code"], errors


def test_enters_the_customer_of_the_contract(api):
    answer = api.post("/customers", LAN)

    assert answer.status_code == 201
    body = answer.json()
    assert re.fullmatch("cus_[0-9A-HJKMNP-TV-Z]{26}", body["id"])
    assert re.fullmatch("adr_[0-9A-HJKMNP-TV-Z]{26}", body["addresses"][0]["id"])
    assert body == {
        "id": body["id"],
        "external_id": "CRM-88",
        "type": "person",
        "full_name": "Trần Lan",
        "phone": "+84900000000",
        "email": None,
        "tax_code": None,
        "addresses": [{"id": body["addresses"][0]["id"], **HOME}],
        "tags": [],
        "note": None,
        "status": "active",
        "erased_at": None,
        "version": 1,
        "created_at": body["created_at"],
        "updated_at": body["created_at"],
    }
    assert answer.headers["ETag"] == '"v1"'
    assert answer.headers["Location"] == f"/v1/customers/{body['id']}"
    assert api.get(f"/customers/{body['id']}").json() == body


def test_the_same_key_enters_one_customer(api):
    first = api.post("/customers", LAN, key="k-1")
    again = api.post("/customers", LAN, key="k-1")

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"full_name": ""}, ("/full_name", "required")),
        ({"full_name": "x" * 121}, ("/full_name", "too_long")),
        ({"full_name": None}, ("/full_name", "invalid_type")),
        ({"phone": "0900000000"}, ("/phone", "invalid_format")),
        ({"phone": None}, ("/phone", "required")),
        ({"email": "lan"}, ("/email", "invalid_format")),
        ({"tax_code": "12345"}, ("/tax_code", "invalid_format")),
        ({"type": "robot"}, ("/type", "unknown_value")),
        ({"tags": ["x"] * 21}, ("/tags", "too_many")),
        ({"tags": ["x" * 33]}, ("/tags/0", "too_long")),
        ({"tags": [7]}, ("/tags/0", "invalid_type")),
        ({"addresses": [HOME] * 21}, ("/addresses", "too_many")),
        ({"addresses": [HOME, HOME]}, ("/addresses/1/is_default", "duplicate")),
        ({"addresses": [HOME | {"is_default": False}]}, ("/addresses/0/is_default", "required")),
        (
            {"addresses": [HOME | {"is_default": "yes"}]},
            ("/addresses/0/is_default", "invalid_type"),
        ),
        ({"addresses": [HOME | {"ward": None}]}, ("/addresses/0/ward", "required")),
    ],
)
def test_points_at_what_is_wrong(api, change, wanted):
    answer = api.post("/customers", {**LAN, **change})

    assert problem(answer) == (422, "validation_failed", [wanted])
    assert Customer.objects.exists() is False


@pytest.mark.parametrize("member", ["id", "status", "version", "nonsense"])
def test_a_member_nobody_may_send_is_unknown(api, member):
    answer = api.post("/customers", {**LAN, member: "x"})

    assert problem(answer) == (400, "unknown_field", [(f"/{member}", "unknown_field")])


def test_the_email_is_kept_in_lower_case(api):
    assert enter(api, phone=None, email="Lan@Example.COM")["email"] == "lan@example.com"


def test_a_number_that_is_taken_names_its_holder(api):
    first = enter(api)

    answer = api.post("/customers", LAN | {"phone": "+84911111111"})

    assert problem(answer) == (409, "duplicate_external_id", [])
    assert answer.json()["existing_id"] == first["id"]


def test_a_phone_may_be_anothers_too(api):
    enter(api)

    assert enter(api, external_id="CRM-89")["phone"] == "+84900000000"


def test_changes_what_the_patch_names(api):
    customer = enter(api, note="calls back", tags=["vip"])

    answer = api.patch(
        f"/customers/{customer['id']}",
        {"email": "lan@example.com", "note": None, "status": "blocked", "type": "company"},
        headers={"Content-Type": "application/merge-patch+json", "If-Match": '"v1"'},
    )

    assert answer.status_code == 200
    changed = {"email": "lan@example.com", "note": None, "status": "blocked", "type": "company"}
    body = answer.json()
    assert body == customer | changed | {"version": 2, "updated_at": body["updated_at"]}
    assert answer.headers["ETag"] == '"v2"'
    assert api.get(f"/customers/{customer['id']}").json() == body


def test_replaces_all_addresses_and_keeps_ids_that_are_sent(api):
    customer = enter(api)
    (home,) = customer["addresses"]
    work = HOME | {"label": "work", "is_default": True, "line1": "2 Lê Lợi"}

    answer = api.patch(
        f"/customers/{customer['id']}", {"addresses": [home | {"is_default": False}, work]}
    )

    first, second = answer.json()["addresses"]
    assert first == home | {"is_default": False}
    assert second == work | {"id": second["id"]}
    cleared = api.patch(f"/customers/{customer['id']}", {"addresses": None})
    assert cleared.json()["addresses"] == []


def test_refuses_addresses_of_others_and_those_named_twice(api):
    other = enter(api, external_id="CRM-89")["addresses"][0]
    customer = enter(api)
    (home,) = customer["addresses"]
    second = home | {"is_default": False}

    foreign = api.patch(f"/customers/{customer['id']}", {"addresses": [other]})
    twice = api.patch(f"/customers/{customer['id']}", {"addresses": [home, second]})

    assert problem(foreign) == (422, "validation_failed", [("/addresses/0/id", "unknown_value")])
    assert problem(twice) == (422, "validation_failed", [("/addresses/1/id", "duplicate")])


@pytest.mark.parametrize(
    ("patch", "wanted"),
    [
        ({"id": "cus_1"}, ("/id", "not_allowed")),
        ({"version": 2}, ("/version", "not_allowed")),
        ({"created_at": "2026-11-20T02:00:00.000Z"}, ("/created_at", "not_allowed")),
        ({"full_name": None}, ("/full_name", "invalid_type")),
        ({"phone": None}, ("/phone", "required")),
        ({"status": "gone"}, ("/status", "unknown_value")),
    ],
)
def test_refuses_what_cannot_be_patched(api, patch, wanted):
    customer = enter(api)

    answer = api.patch(f"/customers/{customer['id']}", patch)

    assert problem(answer) == (422, "validation_failed", [wanted])
    assert api.get(f"/customers/{customer['id']}").json() == customer


def test_a_patch_of_an_older_version_is_refused(api):
    customer = enter(api)
    api.patch(f"/customers/{customer['id']}", {"note": "first"})

    answer = api.patch(
        f"/customers/{customer['id']}", {"note": "second"}, headers={"If-Match": '"v1"'}
    )

    assert problem(answer)[:2] == (412, "version_conflict")
    assert api.get(f"/customers/{customer['id']}").json()["note"] == "first"


def test_finds_by_each_filter(api):
    enter(api, external_id="A", email="lan@example.com")
    minh = {"external_id": "B", "full_name": "Đỗ Minh", "phone": "+84911111111"}
    customer = enter(api, **minh)
    api.patch(f"/customers/{customer['id']}", {"status": "blocked"})
    at = customer["created_at"]

    assert ids(api.get("/customers")) == ["B", "A"]
    assert ids(api.get("/customers?sort=created_at")) == ["A", "B"]
    assert ids(api.get("/customers?external_id=B")) == ["B"]
    assert ids(api.get("/customers?phone=%2B84911111111")) == ["B"]
    assert ids(api.get("/customers?phone=+84911111111")) == ["B"]
    assert ids(api.get("/customers?email=LAN@example.com")) == ["A"]
    assert ids(api.get("/customers?q=tran")) == ["A"]
    assert ids(api.get("/customers?q=Đỗ")) == ["B"]
    assert ids(api.get("/customers?q=Lan")) == []
    assert ids(api.get("/customers?status=active")) == ["A"]
    assert ids(api.get(f"/customers?sort=updated_at&updated_at_from={at}")) == ["B"]
    assert ids(api.get("/customers?updated_at_to=2020-01-01T00:00:00Z")) == []


@pytest.mark.parametrize(
    "query", ["q=x", "status=gone", "updated_at_from=yesterday", "name=x", "limit=0", "sort=name"]
)
def test_refuses_parameters_it_does_not_know(api, query):
    assert problem(api.get(f"/customers?{query}"))[:2] == (400, "invalid_parameter")


def test_a_walk_names_everybody_once(api):
    for number in range(5):
        enter(api, external_id=str(number))

    page = api.get("/customers?limit=2").json()
    walked = [row["external_id"] for row in page["data"]]
    while page["page"]["has_more"]:
        page = api.get(f"/customers?limit=2&cursor={page['page']['next_cursor']}").json()
        walked += [row["external_id"] for row in page["data"]]

    assert walked == ["4", "3", "2", "1", "0"]


def test_a_list_costs_the_same_for_one_and_for_five(api, django_assert_num_queries):
    from tests.statements import count_statements

    enter(api, external_id="0")
    api.get("/customers")
    with count_statements() as few:
        api.get("/customers")

    for number in range(1, 5):
        enter(api, external_id=str(number))

    with count_statements() as more:
        api.get("/customers")
    assert len(more) == len(few)


def test_erases_the_person_and_keeps_the_id(api, organization):
    customer = enter(api, note="calls back", tags=["vip"])
    channel = make_channel(organization=organization)
    row = Customer.objects.get()
    order = place_order(channel=channel, lines=[("X", 1)], customer_key=row.pk)

    answer = api.post(f"/customers/{customer['id']}/erasure")

    body = answer.json()
    assert answer.status_code == 200
    nothing = dict.fromkeys(("external_id", "full_name", "phone", "email", "tax_code", "note"))
    assert body == customer | nothing | {
        "addresses": [],
        "tags": [],
        "version": 2,
        "erased_at": body["erased_at"],
        "updated_at": body["erased_at"],
    }
    order.buyer.refresh_from_db()
    assert order.buyer.contact is None
    assert api.get(f"/customers/{customer['id']}").json() == body
    assert api.post(f"/customers/{customer['id']}/erasure", {}).json() == body
    refused = api.patch(f"/customers/{customer['id']}", {"note": "x"})
    assert problem(refused)[:2] == (409, "invalid_state")
    assert refused.json()["current_status"] == "erased"
    extra = api.post(f"/customers/{customer['id']}/erasure", {"sure": True})
    assert problem(extra)[:2] == (400, "unknown_field")


def test_exports_everything_held_about_the_person(api, organization):
    customer = enter(api)
    channel = make_channel(organization=organization)
    row = Customer.objects.get()
    order = place_order(channel=channel, lines=[("X", 1)], customer_key=row.pk)

    answer = api.get(f"/customers/{customer['id']}/personal-data")

    body = answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert body["customer"] == customer
    (held,) = body["orders"]
    assert (held["external_id"], held["channel"]) == (order.external_id, channel.code)
    assert held["lines"] == [{"sku": "X", "name": "", "quantity": 1}]
    assert held["contact"]["address"] == "1 Sample Road"
    assert held["received"] == '{"sample":1}'
    assert body["sections"]["shipments"] == []


def test_a_channels_customer_is_reached_by_its_id_only(api, organization):
    channel = make_channel(organization=organization)
    named = place_order(channel=channel, lines=[("X", 1)], customer_id="C-1").customer
    from oms.api.v1.customers.rendering import customer_id

    answer = api.get(f"/customers/{customer_id(named)}")

    assert ids(api.get("/customers")) == []
    assert answer.status_code == 200
    assert (answer.json()["external_id"], answer.json()["full_name"]) == ("C-1", None)


def test_a_machine_of_a_channel_enters_nobody(organization):
    channel = make_channel(organization=organization)
    bound = V1(organization, scopes=[READ, WRITE], channel=channel)

    answer = bound.post("/customers", LAN)

    assert problem(answer)[:2] == (403, "insufficient_scope")
    assert ids(bound.get("/customers")) == []


def calls(customer):
    path = f"/customers/{customer}"
    return [
        ("GET", path, None),
        ("PATCH", path, {"note": "x"}),
        ("POST", f"{path}/erasure", None),
        ("GET", f"{path}/personal-data", None),
    ]


def test_another_organizations_customer_does_not_exist(api):
    customer = enter(api)
    stranger = V1(make_organization(), scopes=[READ, WRITE])

    for method, path, body in calls(customer["id"]):
        assert problem(stranger.call(method, path, json=body))[:2] == (404, "not_found")
    assert ids(stranger.get("/customers")) == []
    assert api.get(f"/customers/{customer['id']}").json() == customer


@pytest.mark.parametrize("text", ["cus_1", "cus_" + "0" * 26, "ord_" + "0" * 26, "x"])
def test_what_is_no_id_does_not_exist(api, text):
    for method, path, body in calls(text):
        assert problem(api.call(method, path, json=body))[:2] == (404, "not_found")


def test_reading_and_writing_need_their_scopes(api, organization):
    customer = enter(api)
    reader = V1(organization, scopes=[READ])
    writer = V1(organization, scopes=[WRITE])

    wrong = [
        reader.post("/customers", LAN),
        reader.patch(f"/customers/{customer['id']}", {"note": "x"}),
        reader.post(f"/customers/{customer['id']}/erasure"),
        writer.get("/customers"),
        writer.get(f"/customers/{customer['id']}"),
        writer.get(f"/customers/{customer['id']}/personal-data"),
    ]

    assert [problem(answer)[:2] for answer in wrong] == [(403, "insufficient_scope")] * 6
    assert Customer.objects.get().version == 1


def test_events_say_nothing_of_the_person(api):
    customer = enter(api)
    api.patch(f"/customers/{customer['id']}", {"email": "lan@example.com"})

    told = Event.objects.filter(subject_type="customer").order_by("sequence")

    assert [event.type for event in told] == ["customer.created", "customer.updated"]
    assert [sorted(event.data) for event in told] == [["customer"], ["changed", "customer"]]
