"""Contract API 1."""

import pytest

from catalog.models import Listing
from tests.api.increff.dock_world import SHIRT, Dock
from tests.factories import make_sku

pytestmark = pytest.mark.django_db

PATH = "/usp/listing/create"


@pytest.fixture
def dock():
    found = Dock.build()
    make_sku(
        organization=found.organization, code="TEE", barcodes=["8901230070017", "8901230070024"]
    )
    make_sku(organization=found.organization, code="CAP")
    return found


def line(**changes):
    return {
        "channelSkuCode": "EF-8001",
        "channelSerialNo": "EF-8001",
        "barcode": "8901230070017",
        "toleranceDays": None,
    } | changes


def create(dock, *lines):
    return dock.wms.call("POST", PATH, {"skuListings": list(lines)})


def listed(dock):
    rows = Listing.objects.filter(channel=dock.efs).exclude(channel_sku_code__startswith="EF-70")
    return {
        row.channel_sku_code: (row.sku.code, row.channel_serial_no, row.attributes)
        for row in rows.select_related("sku")
    }


def attributes(barcode="8901230070017", days=None):
    return {"barcode": barcode, "tolerance_days": days}


def test_the_example_of_the_contract_lists_a_code_with_zero_bytes(dock):
    answer = create(dock, line())

    assert (answer.status_code, answer.content) == (200, b"")
    assert listed(dock) == {"EF-8001": ("TEE", "EF-8001", attributes())}


def test_tolerance_may_be_left_out_or_be_text(dock):
    bare = line(channelSkuCode="EF-8002")
    del bare["toleranceDays"]

    answer = create(dock, bare, line(toleranceDays="30"))

    assert answer.status_code == 200
    assert listed(dock) == {
        "EF-8001": ("TEE", "EF-8001", attributes(days=30)),
        "EF-8002": ("TEE", "EF-8001", attributes()),
    }


def test_a_product_without_barcodes_is_found_by_its_client_sku_id(dock):
    assert create(dock, line(barcode="CAP")).status_code == 200
    assert listed(dock)["EF-8001"][0] == "CAP"


def test_the_code_of_a_product_with_barcodes_is_no_client_sku_id(dock):
    answer = create(dock, line(barcode="TEE"))

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Sku not found: TEE",
        "description": "[EF-8001: Sku not found: TEE]",
    }


def test_the_same_again_changes_nothing(dock):
    create(dock, line())
    before = Listing.objects.get(channel_sku_code="EF-8001").updated_at

    answer = create(dock, line())

    assert (answer.status_code, answer.content) == (200, b"")
    assert Listing.objects.get(channel_sku_code="EF-8001").updated_at == before


def test_serial_and_tolerance_may_change(dock):
    create(dock, line())

    assert create(dock, line(channelSerialNo="S-2", toleranceDays=5)).status_code == 200
    assert listed(dock) == {"EF-8001": ("TEE", "S-2", attributes(days=5))}


def test_another_barcode_for_a_code_contradicts(dock):
    create(dock, line())

    answer = create(dock, line(channelSkuCode="EF-8002"), line(barcode="CAP"))

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "RESOURCE_EXISTS",
        "message": "Listing exists with another barcode: EF-8001",
        "description": "[EF-8001: Listing exists with another barcode: EF-8001]",
    }
    assert listed(dock) == {"EF-8001": ("TEE", "EF-8001", attributes())}


def test_a_listing_of_staff_is_told_by_its_product(dock):
    shirt = dock.skus[SHIRT]

    same = create(dock, line(channelSkuCode=SHIRT, barcode=shirt.barcodes[0]))
    other = create(dock, line(channelSkuCode="EF-7002", barcode=shirt.barcodes[0]))

    assert (same.status_code, other.status_code) == (200, 400)
    assert other.json()["code"] == "RESOURCE_EXISTS"


def test_it_is_all_or_nothing_and_names_every_bad_line(dock):
    answer = create(
        dock,
        line(),
        line(channelSkuCode="EF-8002", barcode="NONE"),
        line(channelSkuCode="EF-8003"),
        line(channelSkuCode="EF-8003"),
    )

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Duplicate sku in request: EF-8003",
        "description": (
            "[EF-8003: Duplicate sku in request: EF-8003, EF-8002: Sku not found: NONE]"
        ),
    }
    assert listed(dock) == {}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"channelSkuCode": None}, "skuListings[0].channelSkuCode: may not be null"),
        ({"channelSerialNo": ""}, "skuListings[0].channelSerialNo: may not be empty"),
        ({"barcode": None}, "skuListings[0].barcode: may not be null"),
        ({"barcode": "x" * 256}, "skuListings[0].barcode: size must be between 0 and 255"),
        (
            {"toleranceDays": -1},
            "skuListings[0].toleranceDays: must be greater than or equal to 0",
        ),
        ({"toleranceDays": "soon"}, "skuListings[0].toleranceDays: must be a whole number"),
    ],
)
def test_it_checks_fields(dock, changes, told):
    answer = create(dock, line(**changes))

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BAD_DATA",
        "message": "Input validation failed",
        "description": f"[{told}]",
    }


def test_all_that_is_wrong_is_told_at_once(dock):
    answer = create(dock, line(barcode=None), line(channelSkuCode=None))

    assert answer.json()["description"] == (
        "[skuListings[0].barcode: may not be null, skuListings[1].channelSkuCode: may not be null]"
    )


def test_codes_of_255_characters_are_kept(dock):
    code = "x" * 255

    assert create(dock, line(channelSkuCode=code, channelSerialNo=code)).status_code == 200
    assert code in listed(dock)


@pytest.mark.parametrize("lines", [[], None])
def test_an_empty_list_is_refused(dock, lines):
    answer = dock.wms.call("POST", PATH, {"skuListings": lines})

    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_DATA")


def test_5001_lines_are_too_many(dock):
    answer = create(dock, *[line(channelSkuCode=f"C-{number}") for number in range(5_001)])

    assert (answer.status_code, answer.json()["message"]) == (400, "Max 5000 items allowed")


def test_5000_lines_are_taken(dock):
    answer = create(dock, *[line(channelSkuCode=f"C-{number}") for number in range(5_000)])

    assert answer.status_code == 200
    assert len(listed(dock)) == 5_000


def test_products_of_another_organization_do_not_exist(dock):
    elsewhere = Dock.build(prefix="X-")
    make_sku(organization=elsewhere.organization, code="X-TEE", barcodes=["111"])

    answer = create(dock, line(barcode="111"))

    assert answer.json()["message"] == "Sku not found: 111"
    assert listed(elsewhere) == {}
