import pytest

from oms.api.v1.shipments import mapping

# Contract 4.10, word by word.
TABLE = {
    "label_pending": "ready_to_ship label_failed cancelled",
    "label_failed": "label_pending cancelled",
    "ready_to_ship": "picked_up pickup_failed cancelled",
    "pickup_failed": "ready_to_ship picked_up cancelled",
    "picked_up": "in_transit out_for_delivery delivered delivery_failed returning lost damaged",
    "in_transit": "out_for_delivery delivered delivery_failed returning lost damaged",
    "out_for_delivery": "delivered delivery_failed lost damaged",
    "delivery_failed": "out_for_delivery in_transit returning delivered lost",
    "returning": "returned lost damaged",
    "delivered": "",
    "returned": "",
    "lost": "",
    "damaged": "",
    "cancelled": "",
}
ALLOWED = {source: targets.split() for source, targets in TABLE.items()}
WAY = {
    "label_pending": [],
    "label_failed": ["label_failed"],
    "ready_to_ship": ["ready_to_ship"],
    "pickup_failed": ["ready_to_ship", "pickup_failed"],
    "picked_up": ["ready_to_ship", "picked_up"],
    "cancelled": ["cancelled"],
    "returned": ["ready_to_ship", "picked_up", "returning", "returned"],
} | {
    status: ["ready_to_ship", "picked_up", status]
    for status in (
        "in_transit", "out_for_delivery", "delivery_failed", "returning", "delivered", "lost",
        "damaged",
    )
}  # fmt: skip


def bring(yard, status: str):
    """A shipment with this status, by way of the table."""
    shipment = yard.shipped()
    for place, word in enumerate(WAY[status]):
        assert yard.report(shipment, word, minutes=60 - place).status_code == 201
    return shipment


@pytest.mark.parametrize("source", ALLOWED)
def test_every_transition_that_is_not_listed_is_refused(yard, source):
    shipment = bring(yard, source)
    refused = [word for word in mapping.STATUS if word not in (source, *ALLOWED[source])]

    answers = {word: yard.report(shipment, word) for word in refused}

    assert {answer.status_code for answer in answers.values()} == {409}
    for answer in answers.values():
        body = answer.json()
        assert (body["code"], body["current_status"]) == ("invalid_state", source)
        assert sorted(body["allowed"]) == sorted(ALLOWED[source])
    assert yard.read(shipment)["status"] == source


@pytest.mark.parametrize(
    ("source", "target"), [(source, to) for source, words in ALLOWED.items() for to in words]
)
def test_every_listed_transition_is_allowed(yard, source, target):
    shipment = bring(yard, source)

    answer = yard.report(shipment, target)

    assert answer.status_code == 201
    assert (answer.json()["applied"], answer.json()["shipment_status"]) == (True, target)
    assert yard.read(shipment)["status"] == target


def test_the_example_of_the_contract(yard):
    shipment = bring(yard, "ready_to_ship")

    answer = yard.report(
        shipment, "picked_up", source="carrier", source_event_id="ghn-881", description="Collected"
    )

    body = answer.json()
    assert body["event"]["id"].startswith("evt_")
    assert (body["event"]["source"], body["event"]["description"]) == ("carrier", "Collected")
    assert (body["applied"], body["shipment_status"]) == (True, "picked_up")


def test_a_known_event_answers_200_with_the_first(yard):
    shipment = bring(yard, "ready_to_ship")
    first = yard.report(shipment, "picked_up", source_event_id="ghn-881")

    again = yard.report(shipment, "lost", source_event_id="ghn-881")

    assert again.status_code == 200
    assert again.json() == first.json()


def test_an_old_update_does_not_move_it_backwards(yard):
    shipment = bring(yard, "out_for_delivery")

    answer = yard.report(shipment, "in_transit", minutes=90)

    assert answer.status_code == 201
    assert (answer.json()["applied"], answer.json()["shipment_status"]) == (
        False,
        "out_for_delivery",
    )


def test_a_repeat_is_kept_without_effect(yard):
    shipment = bring(yard, "picked_up")

    answer = yard.report(shipment, "picked_up")

    assert (answer.status_code, answer.json()["applied"]) == (201, False)


def test_what_is_far_ahead_is_refused(yard):
    shipment = bring(yard, "ready_to_ship")

    soon = yard.report(shipment, "picked_up", minutes=-4.9)
    late = yard.report(shipment, "in_transit", minutes=-5.1)

    assert soon.status_code == 201
    assert late.status_code == 422
    assert late.json()["errors"][0]["pointer"] == "/occurred_at"


def test_the_journey_is_told_newest_first(yard):
    shipment = bring(yard, "out_for_delivery")

    body = yard.api.get(f"/shipments/{shipment['id']}/tracking").json()

    assert body["status"] == "out_for_delivery"
    assert [event["status"] for event in body["events"]] == [
        "out_for_delivery",
        "picked_up",
        "ready_to_ship",
    ]
    assert body["estimated_delivery_at"] is None


def test_the_order_follows_its_shipment(yard):
    order = yard.order()
    shipment = yard.shipped(order)
    words = []
    for minutes, word in enumerate(("ready_to_ship", "picked_up", "delivered"), start=-3):
        yard.report(shipment, word, minutes=-minutes)
        words.append(yard.world.read(order)["status"])

    assert words == ["processing", "shipped", "delivered"]
    assert yard.read(shipment)["delivered_at"] is not None
