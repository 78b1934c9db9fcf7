from oms.kernel.actors import SYSTEM
from oms.orders import services as orders
from returns.personal import returns_of
from returns.services import UnitDraft
from tests.factories import relay_everything
from tests.integration.returns.builders import LATER, expect, shipped, units


def expected():
    case = shipped()
    unit = UnitDraft(sku_code=case.skus[0].code, reason="my son disliked it")
    row = expect(case, units=(unit,), note="ring twice")
    row.units.update(image_urls=["https://a.example/1"])
    row.refresh_from_db()
    return case, row


def test_the_export_has_what_was_said_about_the_goods(db):
    case, row = expected()

    (told,) = returns_of([case.order])

    assert (told["number"], told["order"]) == (row.number, case.order.external_id)
    assert (told["status"], told["note"]) == ("EXPECTED", "ring twice")
    assert told["units"] == [
        {
            "sku": case.skus[0].code,
            "reason": "my son disliked it",
            "images": ["https://a.example/1"],
        }
    ]


def test_words_and_pictures_go_with_the_buyers_data(db):
    case, row = expected()
    before = row.version

    orders.erase_buyer(order_id=case.order.pk, actor=SYSTEM, now=LATER)
    relay_everything()

    row.refresh_from_db()
    (unit,) = units(row)
    assert (row.note, unit.reason, unit.image_urls) == ("", "", [])
    assert (row.status, row.version) == ("EXPECTED", before + 1)


def test_erasing_again_changes_nothing(db):
    from returns.services.erasing import erase_words

    case, row = expected()
    erase_words(order_id=case.order.pk, now=LATER)
    row.refresh_from_db()
    before = row.version

    erase_words(order_id=case.order.pk, now=LATER)

    row.refresh_from_db()
    assert row.version == before
