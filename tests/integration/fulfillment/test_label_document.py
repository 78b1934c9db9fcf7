"""The label as somebody at the dock, and a scanner, sees it."""

import io
import shutil
import subprocess

import pytest

from fulfillment import queries, services
from fulfillment.models import Document, Parcel
from tests.factories import NOW
from tests.integration.fulfillment.builders import SINGLE, routed

pypdf = pytest.importorskip("pypdf", reason="pypdf reads the label")

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    case = routed(delivery=SINGLE, quantities=(2, 1))
    services.fetch_due_labels(now=NOW)
    return case


@pytest.fixture
def pdf(case):
    return queries.label_bytes(Document.objects.get())


def test_is_one_page_of_four_by_six_inches(pdf):
    [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages

    assert [float(side) for side in page.mediabox] == [0, 0, 288, 432]


def test_says_who_what_and_where(case, pdf):
    [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages
    text = page.extract_text()
    parcel = Parcel.objects.get()

    for words in (
        case.point.name,
        "1 Dock Road",
        "A. Sample",
        "1 Sample Road",
        "048624 Singapore",
        str(parcel.number),
        parcel.tracking_number,
        parcel.carrier,
        case.order.external_id,
        case.task.number,
        "0.75 kg",
    ):
        assert words in text


def test_its_codes_can_be_scanned(pdf, tmp_path):
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp reads the codes")
    image = pytest.importorskip("PIL.Image", reason="Pillow opens the page")
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) draws the page and is not installed")
    (tmp_path / "label.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", "203", "-png", "-singlefile", "label.pdf", "label"]
    subprocess.run(command, cwd=tmp_path, check=True)

    codes = zxingcpp.read_barcodes(image.open(tmp_path / "label.png"))

    found = {code.text: str(code.format) for code in codes}
    assert set(found) == {Parcel.objects.get().tracking_number, Document.objects.get().reference}
    assert "128" in found[Parcel.objects.get().tracking_number].replace(" ", "")
    assert "QR" in found[Document.objects.get().reference]
