"""Parcel Packing Finished, in the channel's delivery scenario."""

from . import shapes
from .kit import LABEL_PER_PARCEL, OWN_CARRIER, SINGLE_PARCEL, Kit
from .verdicts import Chapter, expect, expect_equal

CHAPTER: Chapter[Kit] = Chapter()
PACKED = "/rest/fp_api/fulfillment_task/set_parcel_packed"


@CHAPTER.check("5.7", "missing members and contradictions are refused with 400")
def refuses(kit: Kit) -> None:
    life = kit.life("main")
    box = kit.box(kit.number("P"), life.details)
    item = shapes.objects(box["parcel_items"], "parcel_items")[0]
    wrongs: list[object] = [
        [],
        {},
        [{**box, "fp_parcel_no": ""}],
        [{**box, "parcel_packed_time": None}],
        [{**box, "weight": "heavy"}],
        [{**box, "parcel_items": []}],
        [{**box, "parcel_items": [{**item, "brand_code": ""}]}],
        [{**box, "parcel_items": [{**item, "brand_sku_code": "CK-OTHER"}]}],
    ]
    for parcels in wrongs:
        reply = kit.warehouse.post(PACKED, {"ft_no": life.ft_no, "parcels": parcels})
        expect_equal(reply.code, "400", f"code for {parcels}")
    kit.warehouse.post(PACKED, {"ft_no": "CK-NONE", "parcels": [box]}).refused("404")


@CHAPTER.check("5.7", "scenario 3: a parcel without carrier and delivery type is refused with 400")
def own_carrier_is_named(kit: Kit) -> None:
    life = kit.life("split")
    if kit.scenario is None:
        _learn_scenario(kit)
    kit.expect_scenario(OWN_CARRIER)
    box = kit.box(kit.number("P"), life.details[:1], actual_delivery_partner=None)
    kit.warehouse.post(PACKED, {"ft_no": life.ft_no, "parcels": [box]}).refused("400")


def _learn_scenario(kit: Kit) -> None:
    """Pack one detail without a carrier: only a channel that brings its own allows that."""
    life = kit.life("split")
    number = kit.number("P")
    box = kit.box(number, life.details[:1])
    reply = kit.warehouse.post(PACKED, {"ft_no": life.ft_no, "parcels": [box]})
    if reply.code == "200":
        life.fp_parcel_no = number
    expect(reply.code in ("200", "400"), f"code {reply.code} for a parcel without carrier")
    kit.scenario = LABEL_PER_PARCEL if reply.code == "200" else OWN_CARRIER


@CHAPTER.check("5.7", "a whole task is packed; the repeated call is a success")
def packs(kit: Kit) -> None:
    life = kit.life("main")
    number = kit.number("P")
    packing = {"ft_no": life.ft_no, "parcels": [kit.box(number, life.details)]}
    kit.warehouse.post(PACKED, packing).stored()
    kit.warehouse.post(PACKED, packing).stored()
    life.fp_parcel_no = number
    expect_equal(kit.task_of(life)["status"], "PACKED", "status of the task")
    expect_equal(kit.status_of(life), "PACKED", "status of the order")


@CHAPTER.check("5.7", "a detail that is packed cannot be packed again: 409")
def packs_once(kit: Kit) -> None:
    life = kit.life("main")
    expect(life.fp_parcel_no, "nothing was packed")
    box = kit.box(kit.number("P"), life.details)
    kit.warehouse.post(PACKED, {"ft_no": life.ft_no, "parcels": [box]}).refused("409")


@CHAPTER.check("5.7", "scenario 1: a second parcel of the task is refused with 409, all or nothing")
def one_parcel_only(kit: Kit) -> None:
    kit.expect_scenario(SINGLE_PARCEL)
    life = kit.life("split")
    boxes = [kit.box(kit.number("P"), [detail]) for detail in life.details]
    kit.warehouse.post(PACKED, {"ft_no": life.ft_no, "parcels": boxes}).refused("409")
    expect(kit.task_of(life)["status"] != "PACKED", "the task is packed all the same")
    life.fp_parcel_no = kit.number("P")
    whole = kit.box(life.fp_parcel_no, life.details)
    kit.warehouse.post(PACKED, {"ft_no": life.ft_no, "parcels": [whole]}).stored()


@CHAPTER.check("5.7", "scenarios 2 and 3: a task is packed step by step into several parcels")
def several_parcels(kit: Kit) -> None:
    kit.expect_scenario(LABEL_PER_PARCEL, OWN_CARRIER)
    life = kit.life("split")
    first, second = life.details
    if not life.fp_parcel_no:
        life.fp_parcel_no = kit.number("P")
        box = kit.box(life.fp_parcel_no, [first])
        kit.warehouse.post(PACKED, {"ft_no": life.ft_no, "parcels": [box]}).stored()
    expect_equal(kit.status_of(life), "PROCESSING", "status of the half-packed order")
    other = kit.box(life.fp_parcel_no, [second])
    kit.warehouse.post(PACKED, {"ft_no": life.ft_no, "parcels": [other]}).refused("409")
    rest = kit.box(kit.number("P"), [second])
    kit.warehouse.post(PACKED, {"ft_no": life.ft_no, "parcels": [rest]}).stored()
    expect_equal(kit.status_of(life), "PACKED", "status of the packed order")
    parcels = kit.parcels(order_no=[life.order_no])
    expect_equal(len(parcels), 2, "parcels")


@CHAPTER.check("5.3", "scenario 2: each parcel gets a label of its own after packing")
def label_per_parcel(kit: Kit) -> None:
    kit.expect_scenario(LABEL_PER_PARCEL)
    life = kit.life("split")
    expect(life.fp_parcel_no, "nothing was packed")

    def labelled() -> bool:
        return all(label["shipping_label"] for label in kit.labels(life))

    kit.eventually(labelled, "no shipping_label for each parcel")
    labels = kit.labels(life)
    expect_equal(len({label["tracking_no"] for label in labels}), 2, "tracking numbers")
    for label in labels:
        shapes.base64_pdf(label["shipping_label"])
    [chosen] = kit.labels(life, fp_parcel_no=life.fp_parcel_no)
    expect_equal(chosen["fp_parcel_no"], life.fp_parcel_no, "fp_parcel_no")


@CHAPTER.check("4.3", "scenario 3: carrier and tracking number are what the point reported")
def own_tracking(kit: Kit) -> None:
    kit.expect_scenario(OWN_CARRIER)
    life = kit.life("main")
    parcel = shapes.only(kit.parcels(order_no=[life.order_no]), "Get Parcels")
    found = (parcel["delivery_carrier"], parcel["delivery_type"], parcel["tracking_no"])
    expect_equal(found, ("Own Fleet", "Standard", f"T-{life.fp_parcel_no}"), "parcel")
