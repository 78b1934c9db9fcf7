import hashlib
import io

import pytest
from PIL import Image

from fulfillment import queries, services
from fulfillment.choices import Station
from fulfillment.models import Document, Parcel
from fulfillment.services import TrackingDocs, label_files
from fulfillment.services.label_files import LabelFormat
from oms.kernel.actors import SYSTEM
from tests.factories import NOW, channel_actor
from tests.integration.fulfillment.boxes import box, report
from tests.integration.fulfillment.builders import routed

pytestmark = pytest.mark.django_db

ZPL = b"^XA^FO10,10^FDTheirs^FS^XZ"


def labelled(**overrides) -> Parcel:
    case = routed(**overrides)
    parcel = box(case, carrier="ghn")
    services.fetch_due_labels(now=NOW)
    return loaded(parcel)


def loaded(parcel: Parcel) -> Parcel:
    return queries.get_shipment(number=parcel.number, actor=SYSTEM)


def file(parcel: Parcel, wanted: LabelFormat) -> label_files.LabelFile:
    return label_files.label_file(parcel=parcel, wanted=wanted)


def test_the_stored_label_is_a_pdf():
    parcel = labelled()

    found = file(parcel, LabelFormat.PDF)

    assert found.content.startswith(b"%PDF-")
    assert (found.media_type, found.sha256) == (
        "application/pdf",
        Document.objects.get().content_id,
    )


def test_an_image_has_the_dots_of_a_label_printer():
    parcel = labelled()

    found, again = file(parcel, LabelFormat.PNG), file(parcel, LabelFormat.PNG)

    image = Image.open(io.BytesIO(found.content))
    assert (image.format, image.size) == ("PNG", (812, 1218))
    dark = sum(image.convert("L").histogram()[:64])
    assert dark > 812 * 1218 // 50
    assert found == again
    assert found.sha256 == hashlib.sha256(found.content).hexdigest()


def test_printers_get_the_address_and_the_bars():
    parcel = labelled()

    text = file(parcel, LabelFormat.ZPL).content.decode()

    assert text.startswith("^XA\n^CI28\n")
    assert text.endswith("^XZ\n")
    assert f"^BCN,160,N,N,N,A^FH^FD{parcel.tracking_number}^FS" in text
    assert f"^FD{parcel.point.name}^FS" in text
    assert "^FDghn^FS" in text


def test_a_label_on_its_way_is_said_to_be():
    parcel = loaded(box(routed()))

    with pytest.raises(label_files.LabelPending):
        file(parcel, LabelFormat.PDF)


def test_no_label_is_none():
    parcel = loaded(box(routed(), carrier="self"))

    with pytest.raises(label_files.LabelMissing):
        file(parcel, LabelFormat.PDF)


def test_a_label_that_failed_says_why():
    case = routed()
    parcel = box(case)
    report(case, parcel, Station.LABEL_FAILED, minutes=1, description="No such ward")

    with pytest.raises(label_files.LabelFailed) as refused:
        file(loaded(parcel), LabelFormat.PDF)

    assert (refused.value.carrier_code, refused.value.carrier_message) == ("", "No such ward")


def test_a_channels_label_is_had_as_it_came():
    case = routed()
    parcel = box(case)
    docs = TrackingDocs(parcel_id=parcel.pk, waybill=ZPL)
    services.record_tracking_docs(docs=docs, actor=channel_actor(case.channel), now=NOW)

    found = file(loaded(parcel), LabelFormat.ZPL)

    assert found.content == ZPL
    for wanted in (LabelFormat.PDF, LabelFormat.PNG):
        with pytest.raises(label_files.FormatUnavailable):
            file(loaded(parcel), wanted)
