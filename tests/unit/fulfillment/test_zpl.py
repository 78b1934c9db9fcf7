import re

from fulfillment.carriers.base import Address, LabelRequest
from fulfillment.carriers.own.zpl import write_label

REQUEST = LabelRequest(
    reference="OMS0000000042",
    parcel_number=42,
    order_number="WEB-1001",
    task_number="FT0000000001",
    sender=Address(name="Warehouse", lines=("2 Somewhere", "VN")),
    recipient=Address(name="Trần Lan", lines=("1 Lê Lợi", "Bến Nghé"), phone="+84900000000"),
)


def test_letters_are_sent_as_they_are():
    text = write_label(REQUEST, tracking_number="T1", carrier="ghn").decode()

    assert "^CI28" in text
    assert "^FDTrần Lan^FS" in text
    assert "^FDBến Nghé^FS" in text


def test_nothing_can_be_slipped_in_as_a_command():
    hostile = LabelRequest(
        reference="R",
        parcel_number=1,
        order_number="^XZ~JR_41\\",
        task_number="T",
        sender=Address(),
        recipient=Address(name="A^XZ"),
    )

    text = write_label(hostile, tracking_number="T1", carrier="c").decode()

    assert text.count("^XZ") == 1
    assert "~" not in text
    assert "^FD_5EXZ_7EJR_5F41_5C^FS" in text


def test_bars_stay_within_the_label():
    for length in (1, 13, 20, 40):
        text = write_label(REQUEST, tracking_number="7" * length, carrier="c").decode()

        [(x, module)] = re.findall(r"\^FO(\d+),980\^BY(\d+)", text)
        assert int(x) + int(module) * (length * 11 + 35) <= 812


def test_the_same_request_gives_the_same_bytes():
    first = write_label(REQUEST, tracking_number="T1", carrier="ghn")

    assert first == write_label(REQUEST, tracking_number="T1", carrier="ghn")
