"""The log of changes of state: contract 6.4."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fulfillment.models import TransitionRule
from fulfillment.services import ActivityReport, commands, report_activity
from tests.api.akinon.caller import PREFIX, Akinon
from tests.factories import NOW, make_organization, relay_everything
from tests.integration.fulfillment.builders import cancel, routed
from tests.integration.fulfillment.commands.stages import bring

pytestmark = pytest.mark.django_db

PATH = "state-transition-logs/"


@pytest.fixture
def case():
    case = routed(quantities=(1,))
    commands.seed_transitions(case.point.organization_id, now=NOW)
    return case


@pytest.fixture
def api(case):
    return Akinon(case.point.organization)


def package_id(case) -> int:
    return int(case.task.number.removeprefix("FT"))


def do(api, case, *slugs: str) -> None:
    number = package_id(case)
    for slug in slugs:
        body = {"package": number, "slug": slug}
        assert api.post(f"packages/{number}/command/", body).status_code == 204
    relay_everything()


def moves(rows) -> list[tuple[str, str]]:
    return [(row["old_state"]["enum_value"], row["new_state"]["enum_value"]) for row in rows]


def test_every_change_of_a_package_is_an_entry_newest_first(api, case):
    do(api, case, "start-preparing", "ready-for-packaging", "complete-packing", "ship")

    rows = api.results(f"{PATH}?content_type=26&object_id={package_id(case)}")

    assert moves(rows) == [("500", "600"), ("400", "500"), ("200", "400"), ("100", "200")]


def test_an_entry_says_what_who_and_by_which_transition(api, case):
    do(api, case, "start-preparing")

    [row] = api.results(f"{PATH}?content_type=26")

    rule = TransitionRule.objects.get(organization=case.point.organization, slug="start-preparing")
    assert row["old_state"] == {
        "id": 41,
        "name": "Waiting",
        "enum_value": "100",
        "enum_class": "PackageStatus",
    }
    assert row["new_state"]["name"] == "Preparing"
    assert row["object_id"] == package_id(case)
    assert row["content_type"] == 26
    assert row["attributes"] == {
        "command": {"slug": "PKG_STATE_TRANSITION", "transition_id": rule.public_number},
        "remote_user_pk": None,
        "remote_user_mail": None,
    }
    assert set(row["user"]) == {"username"}
    assert api.get(f"{PATH}{row['id']}/").json() == row


def test_what_no_command_did_has_no_attributes(api, case):
    cancel(case)
    relay_everything()

    [row] = api.results(f"{PATH}?content_type=26")

    assert moves([row]) == [("100", "900")]
    assert row["attributes"] is None


def test_a_change_this_language_does_not_tell_is_no_entry(api, case):
    do(api, case, "start-preparing")
    before = api.get(PATH).json()["count"]
    report = ActivityReport(
        task_number=case.task.number, milestone="PICKING", description="", occurred_at=NOW
    )
    report_activity(report=report, actor=case.actor, now=NOW)
    relay_everything()

    rows = api.results(f"{PATH}?content_type=26")
    assert moves(rows) == [("100", "200")]
    assert api.get(PATH).json()["count"] == before


def test_orders_and_transfers_have_entries_too(api, case):
    transfer = bring(case)
    commands.dispatch_transfer(transfer_id=transfer.pk, actor=case.actor, now=NOW)
    relay_everything()
    transfer.refresh_from_db()

    [row] = api.results(f"{PATH}?content_type=27")

    assert moves([row]) == [("waiting", "in_transit")]
    assert row["object_id"] == transfer.public_number
    assert row["new_state"]["enum_class"] == "TransferStatus"


def test_an_orders_entry_names_the_order(api, case):
    do(api, case, "complete-packing", "ship")

    rows = api.results(f"{PATH}?content_type=2")

    assert moves(rows) == [("450", "500"), ("400", "450")]
    assert {row["object_id"] for row in rows} == {case.order.number}
    assert {row["new_state"]["enum_class"] for row in rows} == {"OrderStatus"}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("old_state=41", 1),
        ("new_state=43", 1),
        ("old_state=43", 1),
        ("old_state__name=Waiting", 1),
        ("new_state__name=Preparing", 1),
        ("new_state__name=Shipped", 0),
        ("old_state__enum_value__in=100,200", 2),
        ("new_state__enum_value__in=400", 1),
        ("new_state__enum_value=600", 0),
        ("created_date__gte=2020-01-01", 2),
        ("created_date__lt=2020-01-01", 0),
        ("modified_date__gte=2020-01-01", 2),
        ("id__gt=99999999", 0),
        ("id__gt=0", 2),
        ("object_id=99999999", 0),
        ("content_type=28", 0),
    ],
)
def test_entries_are_found(api, case, query, count):
    do(api, case, "start-preparing", "ready-for-packaging")

    rows = api.results(f"{PATH}?{query}&limit=100")

    of_packages = [row for row in rows if row["content_type"] == 26]
    assert len(of_packages) == count


def test_entries_are_sorted_as_asked(api, case):
    do(api, case, "start-preparing", "ready-for-packaging")

    rows = api.results(f"{PATH}?content_type=26&sort=id")

    assert moves(rows) == [("100", "200"), ("200", "400")]


def test_a_page_has_ten_entries_unless_more_are_asked_for(api, case):
    do(api, case, *["block", "unblock"] * 6)

    answer = api.get(f"{PATH}?content_type=26").json()

    assert answer["count"] == 12
    assert len(answer["results"]) == 10
    assert len(api.results(f"{PATH}?content_type=26&limit=1000")) == 12


def test_a_page_of_ten_takes_as_many_statements_as_one_of_one(api, case):
    do(api, case, "start-preparing", "ready-for-packaging", "block", "unblock")
    api.get(f"{PATH}?limit=1")

    with CaptureQueriesContext(connection) as one:
        api.get(f"{PATH}?limit=1")
    with CaptureQueriesContext(connection) as ten:
        api.get(f"{PATH}?limit=10")

    assert len(ten) == len(one)


def test_a_long_list_is_counted_as_far_as_it_is_known_and_walked_to_its_end(api, case, settings):
    do(api, case, *["block", "unblock"] * 6)
    settings.OMS_AKINON_CHANGES_COUNTED = 3
    path = f"{PREFIX}{PATH}?content_type=26&limit=5"

    pages, counts = [], []
    while path:
        answer = api.get(path).json()
        pages.append(len(answer["results"]))
        counts.append(answer["count"])
        path = (answer["next"] or "").removeprefix("http://testserver")

    assert pages == [5, 5, 2]
    assert counts == [6, 11, 12]
    assert api.get(f"{PATH}?content_type=26&limit=5&page=4").status_code == 404


def test_no_more_is_counted_than_the_limit(api, case, settings):
    do(api, case, *["block", "unblock"] * 6)
    settings.OMS_AKINON_CHANGES_COUNTED = 7

    with CaptureQueriesContext(connection) as statements:
        answer = api.get(f"{PATH}?content_type=26&limit=1").json()

    [counted] = [each["sql"] for each in statements if each["sql"].startswith("SELECT COUNT(*)")]
    assert "LIMIT 7)" in counted
    assert answer["count"] == 7


def test_somebody_elses_log_is_not_there(api, case):
    do(api, case, "start-preparing")
    [row] = api.results(f"{PATH}?content_type=26")
    stranger = Akinon(make_organization())

    assert stranger.results(PATH) == []
    assert stranger.get(f"{PATH}{row['id']}/").status_code == 404
