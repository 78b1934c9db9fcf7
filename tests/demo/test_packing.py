from demo import packing
from demo.packing import Delivery
from tests.demo.builders import detail, task


def contents(boxes):
    return [[entry.task_detail_id for entry in box.details] for box in boxes]


def test_it_uses_one_box_when_the_task_may_not_be_split():
    assert contents(packing.boxes(task(details=7))) == [[1, 2, 3, 4, 5, 6, 7]]


def test_it_uses_several_boxes_when_the_task_may_be_split():
    assert contents(packing.boxes(task(details=6, split=1))) == [[1, 2, 3, 4], [5, 6]]


def test_it_names_the_same_boxes_every_time():
    assert packing.boxes(task(details=6, split=1)) == packing.boxes(task(details=6, split=1))


def test_it_leaves_cancelled_details_out_and_other_boxes_as_they_were():
    whole = packing.boxes(task(details=6, split=1))

    rest = packing.boxes(task(details=6, split=1), dropped={2})

    assert contents(rest) == [[1, 3, 4], [5, 6]]
    assert rest[1].number == whole[1].number
    assert rest[0].number != whole[0].number


def test_it_makes_no_box_of_a_cancelled_task():
    assert packing.boxes(task(details=2), dropped={1, 2}) == []


def test_it_weighs_the_goods_and_the_box():
    box = packing.boxes(task(details=2))[0]
    weights = {"BR-1": 200}

    body = packing.parcel_body(box, packed_at=5, weights=weights, delivery=None)

    assert body["weight"] == 0.62
    assert "actual_delivery_partner" not in body


def test_it_names_its_own_carrier_and_tracking_number():
    box = packing.Box("P-1", (detail(1),))

    body = packing.parcel_body(box, packed_at=5, weights={}, delivery=Delivery("Own Fleet"))

    assert body["actual_delivery_partner"] == "Own Fleet"
    assert body["actual_delivery_type"] == "Standard"
    assert body["tracking_no"] == "OWN-P-1"
