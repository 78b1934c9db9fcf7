"""The desks in a real browser: an order packed with scans alone, and pages that fit."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from fulfillment.models import Parcel
from oms.backoffice.models import PackingSession
from oms.locations.models import CarrierCutOff
from returns import services as returns
from tests import backoffice_builders as build
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_backoffice import follow
from tests.integration.admin.desk_builders import floor, pack
from tests.integration.returns.builders import draft_of, shipped

pytestmark = pytest.mark.django_db(transaction=True)

TABLET = (1024, 768)


def scan(page: Page, text: str) -> str:
    """What a scanner does: type, then Enter. Returns what the bench says to it."""
    before = page.locator("[name=token]").get_attribute("value")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('[name=token]')?.value !== before", arg=before
    )
    return page.inner_text(".said")


def begin(page: Page, number: str) -> None:
    page.keyboard.type(number)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def heard(page: Page) -> str | None:
    return page.evaluate("document.body.dataset.heard")


def test_an_order_of_five_lines_is_packed_with_scans_alone(browse):
    hall = floor(1, 2, 1, 3, 1)
    codes = [sku.barcodes[0] for sku in hall.skus]
    sounds = []

    with browse(hall.person(), TABLET) as page:
        page.goto(reverse("admin:bench"))
        begin(page, hall.order.external_id)
        for text in (codes[0], "4711", codes[1], codes[1], codes[2], f"3*{codes[3]}", codes[4]):
            scan(page, text)
            sounds.append(heard(page))
        progress = page.inner_text(".progress output")
        said = scan_done(page)
        sounds.append(heard(page))
        printed = page.request.get(page.get_attribute("#papers-link", "href")).body()

    assert sounds == ["RIGHT", "WRONG", *["RIGHT"] * 5, "PACKED"]
    assert (progress, said) == ("8 of 8", "Packed")
    parcel = Parcel.objects.get(task=hall.task)
    assert sum(parcel.items.values_list("quantity", flat=True)) == 8
    assert PackingSession.objects.get().parcel == parcel
    assert printed.startswith(b"%PDF-")


def scan_done(page: Page) -> str:
    page.keyboard.type("*DONE*")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-end=PACKED]", timeout=60_000)
    return page.inner_text(".said")


def test_a_reload_and_a_lost_connection_lose_no_scan(browse):
    hall = floor(5)
    code = hall.skus[0].barcodes[0]

    with browse(hall.person()) as page:
        page.goto(hall.url)
        begin(page, hall.task.number)
        scan(page, code)
        page.reload()
        after_reload = page.inner_text(".bench-count strong")
        lost = []
        page.route("**/bench/**", lambda route: _cut_once(route, lost))
        scan(page, code)
        after_cut = page.inner_text(".bench-count strong")

    assert (after_reload, after_cut) == ("1", "2")
    assert lost == ["lost"]


def _cut_once(route, lost: list[str]) -> None:
    """The server hears the first scan, and the browser never hears its answer."""
    if route.request.method == "POST" and not lost:
        lost.append("lost")
        route.fetch()
        route.fulfill(status=200, body="<p>Sign in to the wireless network</p>")
    else:
        route.fallback()


def test_short_pick_is_confirmed_with_scans(browse):
    hall = floor(1, 1)

    with browse(hall.person()) as page:
        page.goto(hall.url)
        begin(page, "*NEXT*")
        scan(page, hall.skus[0].barcodes[0])
        asked = scan(page, "*SHORT*")
        sound = heard(page)
        scan(page, "*YES*")
        said = scan_done(page)

    assert asked.startswith("Not to be found: 1 of")
    assert (sound, said) == ("ASK", "Packed")


def test_parcels_are_ticked_by_scans_and_leave(browse):
    hall = floor(1, carrier="Swift")
    parcel = pack(hall)

    with browse(hall.person()) as page:
        page.goto(hall.dock_url)
        page.keyboard.type("NOBODYS")
        page.keyboard.press("Enter")
        wrong = page.inner_text("#dock-said")
        page.keyboard.type(str(parcel.number))
        page.keyboard.press("Enter")
        right = page.inner_text("#dock-said")
        follow(page, "text=Make manifest")
        follow(page, ".dock-list >> text=Hand over")
        page.fill("#id_vehicle_number", "B-OM 1")
        follow(page, "text=The carrier has it")
        said = page.inner_text(".said-RIGHT >> nth=0")

    parcel.refresh_from_db()
    assert (wrong, right) == ("NOBODYS does not wait here", f"{parcel.number} ticked")
    assert said.startswith("Swift has it: hand-over HO")
    assert parcel.status == "SHIPPED"


@pytest.mark.parametrize("size", [WIDE, TABLET, NARROW], ids=["wide", "tablet", "narrow"])
def test_desks_fit_the_screen_and_obey_a_strict_policy(browse, size):
    hall = floor(2, 1, 3)
    session = PackingSession.objects.create(
        task=hall.task, person="anna", opened_at=build.NOW, changed_at=build.NOW
    )
    waiting = floor(1, point=hall.point, carrier="A carrier with quite a long name")
    pack(waiting)
    CarrierCutOff.objects.create(
        point=hall.point, carrier=waiting.task.carrier, time_of_day=dt.time(16, 30)
    )
    case = shipped(point=hall.point)
    row = returns.expect_return(draft=draft_of(case), actor=case.actor, now=build.NOW)
    key = hall.point.pk
    addresses = [
        reverse("admin:bench"),
        hall.url,
        reverse("admin:bench_session", args=[key, session.pk]),
        hall.dock_url,
        reverse("admin:returns_desk_point", args=[key]),
        reverse("admin:returns_desk_return", args=[key, row.public_id]),
    ]
    overflow = {}

    with browse(build.make_superuser(), size) as page:
        for address in addresses:
            page.goto(address)
            overflow[address] = page.evaluate(
                "document.documentElement.scrollWidth - window.innerWidth"
            )

    assert overflow == dict.fromkeys(addresses, 0)
