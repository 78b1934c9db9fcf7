import pytest

from demo.courier import Courier
from demo.messages import Order, Parcel
from demo.oms4 import RefusedError
from demo.plots import Extent
from tests.demo.builders import OneThread


def parcel(number=1, status="SHIPPING"):
    return Parcel(number, f"P{number}", None, status, "T", f"O-{number}", [])


class ScriptedChannel:
    def __init__(self, *parcels):
        self.stored, self.said, self.refuse = {p.order_no: p for p in parcels}, [], False

    def orders(self, *, statuses, offset=0):
        found = [p.order_no for p in self.stored.values() if p.status in statuses]
        return [Order(number, "SHIPPING", 1, []) for number in found][offset:]

    def parcels_of(self, order_nos):
        return [self.stored[number] for number in order_nos if number in self.stored]

    def update_parcel(self, parcel, *, us_parcel_no, status, event_time):
        if self.refuse:
            raise RefusedError("409", "us_parcel_no: differs", "update_status")
        self.said.append((us_parcel_no, status, event_time))


def courier(api, extent=Extent.DELIVER):
    agenda = OneThread()
    return Courier(api, agenda, extent_of=lambda _: extent), agenda


@pytest.mark.parametrize(
    ("extent", "statuses"),
    [
        (Extent.SHIP, []),
        (Extent.OUT_FOR_DELIVERY, ["PENDING DELIVERY"]),
        (Extent.DELIVER, ["PENDING DELIVERY", "DELIVERED"]),
        (Extent.RETURN, ["PENDING DELIVERY", "RETURNED TO FP"]),
        (Extent.LOSE, ["LOST"]),
    ],
)
def test_it_brings_a_parcel_as_far_as_its_story_goes(extent, statuses):
    api = ScriptedChannel(parcel())
    player, agenda = courier(api, extent)

    player.tell("O-1")
    player.collect()
    agenda.run()

    assert [status for _, status, _ in api.said] == statuses


def test_it_finds_parcels_it_was_not_told_of():
    api = ScriptedChannel(parcel(1), parcel(2, "DELIVERED"))
    player, agenda = courier(api)

    player.recheck()
    agenda.run()

    assert {number for number, _, _ in api.said} == {"US-1"}


def test_it_dates_the_milestones_of_a_parcel_one_after_the_other():
    api = ScriptedChannel(parcel())
    player, agenda = courier(api)

    player.recheck()
    agenda.run()

    times = [event_time for _, _, event_time in api.said]
    assert times == sorted(set(times))


def test_it_brings_a_parcel_once_also_when_it_reads_old_news():
    api = ScriptedChannel(parcel())
    player, agenda = courier(api)

    player.recheck()
    agenda.run()
    player.recheck()
    agenda.run()

    assert len(api.said) == 2


def test_it_tries_again_after_a_refusal():
    api = ScriptedChannel(parcel())
    player, agenda = courier(api)
    api.refuse = True
    player.recheck()
    agenda.run()

    api.refuse = False
    player.recheck()
    agenda.run()

    assert player.refusals.total() == 1
    assert len(api.said) == 2
