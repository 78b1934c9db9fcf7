import io
from dataclasses import replace
from decimal import Decimal

import pytest

from fulfillment.carriers import registry
from fulfillment.carriers.base import Address, LabelRequest
from fulfillment.carriers.own.adapter import OwnCarrier, tracking_number
from fulfillment.carriers.own.lettering import lettered

pypdf = pytest.importorskip("pypdf", reason="pypdf reads the label")

REQUEST = LabelRequest(
    reference="OMS0000001001",
    parcel_number=1001,
    order_number="WEB-10045",
    task_number="FT0000001001",
    sender=Address(name="Main Warehouse", lines=("1 Depot Road", "Singapore", "SG")),
    recipient=Address(
        name="A. Tan",
        organization="ACME",
        lines=("1 Sample Road #02-03", "048624 Singapore", "SG"),
        phone="+65 6000 0000",
    ),
    carrier="J&T",
    delivery_type="Standard",
    weight_kg=Decimal("1.5000"),
)


def text_of(request):
    content = OwnCarrier().buy_label(request).content
    [page] = pypdf.PdfReader(io.BytesIO(content)).pages
    return page.extract_text()


def test_the_same_request_gives_the_same_bytes():
    first, again = OwnCarrier().buy_label(REQUEST), OwnCarrier().buy_label(REQUEST)

    assert first == again


def test_another_reference_gives_another_label():
    other = OwnCarrier().buy_label(replace(REQUEST, reference="OMS0000001002"))

    assert other.tracking_number != OwnCarrier().buy_label(REQUEST).tracking_number


def test_the_tracking_number_is_the_reference_with_a_check_digit():
    assert tracking_number("OMS0000001001") == "OMS00000010010"
    assert tracking_number("OMS0000001010") != "OMS00000010100"


def test_a_tracking_number_that_is_there_is_printed():
    label = OwnCarrier().buy_label(replace(REQUEST, tracking_number="TRK-1"))

    assert label.tracking_number == "TRK-1"
    assert "TRK-1" in text_of(replace(REQUEST, tracking_number="TRK-1"))


def test_prints_what_it_was_told():
    text = text_of(REQUEST)

    for words in ("J&T", "Standard", "A. Tan", "ACME", "1 Sample Road #02-03", "1.5 kg", "1001"):
        assert words in text


def test_an_empty_request_still_makes_a_label():
    bare = replace(
        REQUEST,
        sender=Address(),
        recipient=Address(),
        carrier="",
        delivery_type="",
        weight_kg=None,
        order_number="",
    )

    assert "OMS00000010010" in text_of(bare)


def test_what_is_too_long_is_broken_or_shortened():
    name = "Wolfeschlegelsteinhausenbergerdorff " * 4
    long = replace(REQUEST, recipient=Address(name=name, lines=("x" * 300, "word " * 60)))

    assert "..." in text_of(long)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café\n Müller", ("Café Müller", "Helvetica")),
        ("Nguyễn Thị Đào", ("Nguyen Thi Dao", "Helvetica")),
        ("Łódź", ("Lodz", "Helvetica")),
        ("李小龙", ("李小龙", "STSong-Light")),
        ("さくら通り", ("さくら通り", "HeiseiKakuGo-W5")),
        ("서울", ("서울", "HYGothic-Medium")),
        ("Москва", ("Москва", "STSong-Light")),
    ],
)
def test_letters_are_set_in_a_font_that_has_them(text, expected):
    assert lettered(text) == expected


def test_any_script_makes_a_label():
    names = ("李小龙", "さくら", "서울", "Москва", "กรุงเทพ", "القاهرة", "🙂")
    for name in names:
        address = Address(name=name, lines=(name,))

        assert OwnCarrier().buy_label(replace(REQUEST, recipient=address)).content[:5] == b"%PDF-"


def test_a_carrier_that_is_not_connected_has_its_labels_made_here():
    assert (registry.code_for("J&T"), registry.code_for("OMS")) == ("oms", "oms")
    with registry.connected("swift", OwnCarrier()):
        assert registry.code_for(" Swift ") == "swift"
    with pytest.raises(LookupError):
        registry.get("swift")
