"""The returns desk: received by scans, judged one by one."""

import pytest
from django.urls import reverse

from tests import backoffice_builders as build
from tests.factories import make_point
from tests.integration.admin.test_actions import said
from tests.integration.returns.builders import expect, level, shipped, units

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return shipped(quantities=(2, 1))


@pytest.fixture
def row(case):
    return expect(case, 2, 1, external_id="RMA-9", tracking_number="RV300")


@pytest.fixture
def browser(signed_in, row):
    return signed_in(build.make_staff(row.organization, perms=("returns.receive_return",)))


def start_url(case):
    return reverse("admin:returns_desk_point", args=[case.point.pk])


def url_of(case, row):
    return reverse("admin:returns_desk_return", args=[case.point.pk, row.public_id])


def judge(browser, case, row, unit, **answers):
    prefix = f"u{unit.position}"
    values = {"qc_status": "PASS", "disposition": "RESTOCK", "qc_reason": "", "image_urls": ""}
    posted = {f"{prefix}-{name}": value for name, value in (values | answers).items()}
    return browser.post(url_of(case, row), {"unit": str(unit.public_id), **posted}, follow=True)


@pytest.mark.parametrize("what", ["number", "RMA-9", "RV300", "order", "article"])
def test_a_return_is_found_by_whatever_is_on_it(browser, case, row, what):
    wanted = {
        "number": row.number.lower(),
        "order": case.order.external_id,
        "article": case.skus[1].code,
    }.get(what, what)

    response = browser.post(start_url(case), {"scan": wanted})

    assert response.url == url_of(case, row)


def test_several_are_offered(browser, case, row):
    other = shipped(point=make_point(organization=row.organization))
    expect(other, external_id="RMA-10", tracking_number="RV300")

    response = browser.post(start_url(case), {"scan": "RV300"})

    assert len(response.context["found"]) == 2
    assert 'data-tone="ASK"' in response.content.decode()


def test_an_unknown_number_is_refused_aloud(browser, case):
    response = browser.post(start_url(case), {"scan": "NOBODYS"})

    assert "No return has NOBODYS" in response.content.decode()
    assert 'data-tone="WRONG"' in response.content.decode()


def test_units_are_received_by_their_scans(browser, case, row):
    url = url_of(case, row)

    first = browser.post(url, {"scan": case.skus[0].code}, follow=True)
    wrong = browser.post(url, {"scan": "4711"}, follow=True)

    assert said(first) == [("success", f"Unit 1 has arrived: {case.skus[0].code}")]
    assert said(wrong) == [("error", f"4711 is not expected in {row}")]
    assert [unit.status for unit in units(row)] == ["RECEIVED", "EXPECTED", "EXPECTED"]


def test_everything_is_received_at_once_at_the_point_it_came_to(browser, case, row):
    elsewhere = make_point(organization=row.organization)
    url = reverse("admin:returns_desk_return", args=[elsewhere.pk, row.public_id])

    browser.post(url, {"command": "*ALL*"})

    assert {(unit.status, unit.point_id) for unit in units(row)} == {("RECEIVED", elsewhere.pk)}


def test_units_are_judged_one_by_one(browser, case, row):
    before = level(case)
    browser.post(url_of(case, row), {"command": "*ALL*"})
    first, second, third = units(row)

    judge(browser, case, row, first)
    judge(
        browser,
        case,
        row,
        second,
        qc_status="FAIL",
        disposition="QUARANTINE",
        qc_reason="Stained or dirty",
        image_urls="https://img.example/1.jpg https://img.example/2.jpg",
    )
    response = judge(
        browser, case, row, third, qc_status="FAIL", disposition="DISCARD", qc_reason="Broken"
    )

    judged = units(row)
    assert [(unit.qc_status, unit.disposition) for unit in judged] == [
        ("PASS", "RESTOCK"),
        ("FAIL", "QUARANTINE"),
        ("FAIL", "DISCARD"),
    ]
    assert judged[1].image_urls == ["https://img.example/1.jpg", "https://img.example/2.jpg"]
    assert level(case) == (before[0] + 1, before[1] + 1)
    row.refresh_from_db()
    assert row.status == "INSPECTED"
    assert said(response) == [("success", "Unit 3 is done")]


@pytest.mark.parametrize(
    ("answers", "field", "error"),
    [
        ({"qc_status": "FAIL"}, "qc_reason", "Say what is wrong with it."),
        ({"image_urls": "javascript:alert(1)"}, "image_urls", "Enter a valid URL."),
        ({"image_urls": "https://img.example/x " * 11}, "image_urls", "At most 10 photos."),
    ],
)
def test_it_says_what_is_missing_and_stores_nothing(browser, case, row, answers, field, error):
    browser.post(url_of(case, row), {"command": "*ALL*"})
    unit = units(row)[0]

    response = judge(browser, case, row, unit, **answers)

    form = next(form for each, form in response.context["units"] if each.pk == unit.pk)
    assert response.status_code == 422
    assert form.errors[field] == [error]
    assert units(row)[0].status == "RECEIVED"


def test_a_foreign_return_does_not_exist(signed_in, case, row):
    other = shipped()
    stranger = build.make_staff(other.point.organization, perms=("returns.receive_return",))

    response = signed_in(stranger).get(url_of(other, row))

    assert response.status_code == 404
