import base64
import datetime as dt

import pytest

from catalog.models import Sku
from tests.factories import NOW, make_organization
from tests.integration.v1.road.probes import Caller, body_of, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return Caller(make_organization())


def make_things(call, number, *, name="lamp", at=NOW):
    made = [make(name, call.client.organization_id) for _ in range(number)]
    Sku.objects.filter(pk__in=[row.pk for row in made]).update(created_at=at)
    return [row.pk for row in made]


def walk(call, *, limit, sort="", between=lambda: None):
    seen, cursor = [], ""
    while True:
        order = f"&sort={sort}" if sort else ""
        page = body_of(call("GET", query=f"?name=lamp&limit={limit}{order}{cursor}"))
        seen += [row["id"] for row in page["data"]]
        if not page["page"]["has_more"]:
            assert page["page"]["next_cursor"] is None
            return seen
        cursor = f"&cursor={page['page']['next_cursor']}"
        between()


@pytest.mark.parametrize(("sort", "is_descending"), [("", True), ("created_at", False)])
def test_a_walk_sees_each_row_once_also_among_equal_times(call, sort, is_descending):
    rows = make_things(call, 7) + make_things(call, 5, at=NOW + dt.timedelta(microseconds=1))

    seen = walk(call, limit=2, sort=sort)

    assert seen == sorted(rows, reverse=is_descending)


def test_inserts_neither_hide_nor_repeat_what_was_there(call):
    rows = make_things(call, 9)

    def insert():
        make_things(call, 1, at=NOW - dt.timedelta(hours=1))
        make_things(call, 1, at=NOW + dt.timedelta(hours=1))

    seen = walk(call, limit=2, between=insert)

    assert [pk for pk in seen if pk in rows] == sorted(rows, reverse=True)


def test_a_page_has_fifty_rows(call):
    make_things(call, 51)

    page = body_of(call("GET", query="?name=lamp"))

    assert (len(page["data"]), page["page"]["has_more"]) == (50, True)


def test_an_empty_list_is_one(call):
    page = body_of(call("GET", query="?name=nothing"))

    assert page == {"data": [], "page": {"next_cursor": None, "has_more": False}}


def damaged(cursor):
    middle = len(cursor) // 2
    return cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]


@pytest.mark.parametrize(
    "change",
    [
        damaged,
        lambda cursor: "x",
        lambda cursor: cursor + "A",
        lambda cursor: "ü",
        lambda cursor: "A" * 2000,
        lambda cursor: base64.urlsafe_b64encode(b"0" * 12 + b'["v",1,1]').decode(),
    ],
)
def test_a_damaged_cursor_is_refused(call, change):
    make_things(call, 3)
    cursor = body_of(call("GET", query="?name=lamp&limit=2"))["page"]["next_cursor"]

    answer = call("GET", query=f"?name=lamp&limit=2&cursor={change(cursor)}")

    assert (answer.status_code, body_of(answer)["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("query", ["?name=la", "?name=lamp&sort=created_at", "?name=lamp&least=1"])
def test_a_cursor_belongs_to_its_filters_and_its_order(call, query):
    make_things(call, 3)
    cursor = body_of(call("GET", query="?name=lamp&limit=2"))["page"]["next_cursor"]

    answer = call("GET", query=f"{query}&cursor={cursor}")

    assert body_of(answer)["code"] == "invalid_cursor"


def test_a_cursor_belongs_to_its_organization(call):
    make_things(call, 3)
    cursor = body_of(call("GET", query="?name=lamp&limit=2"))["page"]["next_cursor"]

    answer = Caller(make_organization())("GET", query=f"?name=lamp&cursor={cursor}")

    assert body_of(answer)["code"] == "invalid_cursor"


def test_the_limit_may_change_on_the_way(call):
    rows = make_things(call, 5)
    cursor = body_of(call("GET", query="?name=lamp&limit=2"))["page"]["next_cursor"]

    page = body_of(call("GET", query=f"?name=lamp&limit=3&cursor={cursor}"))

    assert [row["id"] for row in page["data"]] == sorted(rows, reverse=True)[2:]
