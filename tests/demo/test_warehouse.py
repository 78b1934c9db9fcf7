import contextlib
import itertools

import pytest

from demo import packing
from demo.habits import Habits
from demo.labels import LabelBook
from demo.oms4 import RefusedError
from demo.packing import Delivery
from demo.plots import Extent
from demo.warehouse import Warehouse
from tests.demo.builders import LABEL, OneThread, ScriptedPoint, task


def warehouse(api, *, extent=Extent.DELIVER, deliveries=None, left=None, labels=None):
    agenda = OneThread()
    player = Warehouse(
        api,
        agenda,
        habits=Habits(deliveries=deliveries or {}),
        labels=labels if labels is not None else LabelBook(),
        extent_of=extent if callable(extent) else lambda _: extent,
        on_left=(lambda _: None) if left is None else left.append,
    )
    return player, agenda


def play(api, **options):
    player, agenda = warehouse(api, **options)
    player.take_in()
    agenda.run()
    player.recheck()
    agenda.run()
    return player


def test_it_takes_a_task_from_acceptance_out_of_the_door():
    api, left = ScriptedPoint(task()), []
    number = packing.boxes(task())[0].number

    play(api, left=left)

    assert api.calls == [
        ("activity", "FT1", "RECEIVED"),
        ("activity", "FT1", "PICKING"),
        ("activity", "FT1", "PICKED"),
        ("pack", "FT1", number),
        ("parcel", number, "SHIPPING"),
    ]
    assert [gone.ft_no for gone in left] == ["FT1"]


def test_it_waits_for_the_label_and_reads_it():
    api, labels = ScriptedPoint(task(), labels_after=3), LabelBook()

    play(api, labels=labels)

    assert api.looks == 4
    assert len(labels) == 1
    assert len(api.said("parcel")) == 1


def test_it_never_ships_without_a_label():
    api = ScriptedPoint(task(), labels_after=10**9)
    player, agenda = warehouse(api)

    player.take_in()
    agenda.run(most=50)

    assert api.said("parcel") == []
    assert player.in_hand == 1


def test_it_delivers_itself_where_the_channel_brings_no_carrier():
    api, left = ScriptedPoint(task(channel="Local")), []

    play(api, deliveries={"Local": Delivery("Own Fleet")}, left=left)

    assert [call[2] for call in api.said("parcel")] == ["SHIPPING", "PENDING DELIVERY", "DELIVERED"]
    assert api.looks == 0
    assert left == []


@pytest.mark.parametrize(
    ("extent", "reports", "packs"),
    [
        (Extent.LEAVE, [], 0),
        (Extent.ACCEPT, ["RECEIVED", "RECEIVED"], 0),
        (Extent.PICKING, ["RECEIVED", "PICKING"], 0),
        (Extent.PICKED, ["RECEIVED", "PICKING", "PICKED", "PICKED"], 0),
        (Extent.PACK, ["RECEIVED", "PICKING", "PICKED"], 2),
    ],
)
def test_it_stops_where_the_order_may_go_no_further(extent, reports, packs):
    api = ScriptedPoint(task())

    play(api, extent=extent)

    assert [call[2] for call in api.said("activity")] == reports
    assert len(api.said("pack")) == packs
    assert api.said("parcel") == []


def test_it_goes_on_once_the_order_may():
    api, extents = ScriptedPoint(task()), [Extent.PICKING]
    player, agenda = warehouse(api, extent=lambda _: extents[-1])
    player.take_in()
    agenda.run()

    extents.append(Extent.DELIVER)
    player.recheck()
    agenda.run()

    assert len(api.said("parcel")) == 1


def test_it_leaves_a_task_alone_that_is_put_aside_and_did_not_change():
    api = ScriptedPoint(task())
    player = play(api, extent=Extent.PACK)
    said = len(api.calls)

    player.recheck()

    assert len(api.calls) == said


@pytest.mark.parametrize("kills", range(9))
def test_it_finishes_what_a_killed_warehouse_left(kills):
    api = ScriptedPoint(task(details=6, split=1, channel="Local"))
    first, agenda = warehouse(api, deliveries={"Local": Delivery("Own Fleet")})
    first.take_in()
    api.calls_left = kills
    _kill_after(api, kills, agenda)

    play(api, deliveries={"Local": Delivery("Own Fleet")})

    packed = {name for call in api.said("pack") for name in call[2:]}
    assert packed == {box.number for box in packing.boxes(task(details=6, split=1))}
    delivered = {call[1] for call in api.said("parcel") if call[2] == "DELIVERED"}
    assert delivered == packed
    assert api.stored["FT1"].status == "DELIVERED"


class Killed(BaseException):
    pass


def _kill_after(api, calls, agenda):
    """Let so many more reports through, then stop dead."""
    left = itertools.count(calls, -1)

    def limited(report):
        def call(*arguments, **options):
            if next(left) <= 0:
                raise Killed
            report(*arguments, **options)

        return call

    names = ("report_activity", "pack", "report_parcel")
    for name in names:
        setattr(api, name, limited(getattr(api, name)))
    with contextlib.suppress(Killed):
        agenda.run()
    for name in names:
        delattr(api, name)


def test_it_drops_cancelled_lines():
    api = ScriptedPoint(task(details=3))
    api.cancel("FT1", 2)

    play(api)

    assert list(api.parcels["FT1"].values()) == [["1", "3"]]


def test_it_packs_again_without_a_line_that_was_cancelled_meanwhile():
    api = ScriptedPoint(task(details=3))
    player, agenda = warehouse(api)
    player.take_in()
    api.cancel("FT1", 3)

    agenda.run()

    assert len(api.said("pack")) == 2
    assert list(api.parcels["FT1"].values()) == [["1", "2"]]


def test_it_puts_a_refused_task_down_and_says_why():
    api = ScriptedPoint(task())

    def refuse(*_arguments, **_options):
        raise RefusedError("400", "brand_code: contradicts", "pack")

    api.pack = refuse
    player = play(api)

    assert player.in_hand == 0
    assert player.refusals == {"pack: 400 brand_code: contradicts": 2}


def test_it_notes_a_label_that_is_no_pdf_and_does_not_ship():
    api, labels = ScriptedPoint(task()), LabelBook()
    good = api.shipping

    def bad(ft_nos):
        answer = good(ft_nos)
        answer[0].parcels[0].shipping_label = "bm90IGEgcGRm"
        return answer

    api.shipping = bad
    play(api, labels=labels)

    assert labels.problems[0] == "parcel 1: not a PDF: b'not a pdf'"
    assert api.said("parcel") == []


def test_it_notes_a_label_that_changed():
    labels = LabelBook()
    api = ScriptedPoint(task())
    api.pack("FT1", order_no="O-1", parcels=[{"fp_parcel_no": "P", "parcel_items": []}])
    parcel = api.shipping(["FT1"])[0].parcels[0]
    labels.enter(parcel)

    parcel.tracking_no = "OTHER"
    labels.enter(parcel)

    assert parcel.shipping_label == LABEL
    assert labels.problems == ["parcel 1: the label changed"]


def test_it_notes_a_label_that_came_without_its_tracking_number():
    api, labels = ScriptedPoint(task()), LabelBook()
    api.pack("FT1", order_no="O-1", parcels=[{"fp_parcel_no": "P", "parcel_items": []}])
    parcel = api.shipping(["FT1"])[0].parcels[0]
    parcel.tracking_no = None

    assert labels.enter(parcel) is False
    assert labels.problems == ["parcel 1: a label without a tracking number"]
