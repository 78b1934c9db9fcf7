from fulfillment.choices import ReportSource, ServiceLevel, Station
from fulfillment.services.parcel_changes import EDITABLE
from oms.api.v1.shipments import mapping


def test_every_station_has_a_word_of_its_own():
    assert set(mapping.STATUS_OUT) == set(Station)
    assert len(mapping.STATUS) == len(Station)


def test_every_other_choice_has_a_word():
    assert set(mapping.SERVICE_LEVEL.values()) == set(ServiceLevel)
    assert set(mapping.SOURCE.values()) == set(ReportSource)


def test_every_detail_that_can_be_changed_is_a_member():
    assert set(mapping.COLUMNS) == EDITABLE


def test_a_carrier_nobody_knows_is_another():
    codes = [mapping.carrier_code(name) for name in ("GHN", "viettel_post", "Own Fleet", "")]

    assert codes == ["ghn", "viettel_post", "other", None]
