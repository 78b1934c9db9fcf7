"""Every path of this language: closed to strangers, and another organization's rows are not there.

Paths come from the table of URLs, so that a new one is tried without being named here.
"""

import re

import pytest

from fulfillment import services as fulfillment
from oms.api.akinon.urls import ELSEWHERE, OPERATIONS, PREFIX
from oms.api.akinon.views.logging_in import LogIn
from tests.api.akinon.caller import Akinon
from tests.factories import (
    NOW,
    make_channel,
    make_organization,
    make_point,
    make_sku,
    place,
)

pytestmark = pytest.mark.django_db

VIEWS = {f"/{PREFIX}{path}": view for path, view in OPERATIONS.items()} | {
    "/" + path: view for path, view in ELSEWHERE.items() if view is not LogIn
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ALLOWED = [
    (path, method)
    for path, view in VIEWS.items()
    for method in METHODS
    if hasattr(view, method.lower())
]


def concrete(pattern: str, number: object = 1001) -> str:
    """One address a pattern takes: optional parts left out, numbers filled in."""
    path = re.sub(r"\(\?P<\w+>[^)]*\)", str(number), pattern)
    path = re.sub(r"\(\?:(?:[^()]|\([^()]*\))*\)\?", "", path)
    path = re.sub(r"\(\?:([^()|]*)\|[^()]*\)", r"\1", path)
    return f"{path}/"


def numbered(pattern: str) -> bool:
    return "(?P<" in pattern


class Other:
    """An organization with one of everything."""

    def __init__(self):
        self.point = make_point(supplier_code="SUP")
        self.organization = self.point.organization
        self.channel = make_channel(points=[self.point])
        self.sku = make_sku(point=self.point, on_hand=3)
        self.order = place(channel=self.channel, lines=[(self.sku, 1)])
        fulfillment.allocate_due(now=NOW)
        self.api = Akinon(self.organization)
        self.setting = self.api.post(
            "settings/application_settings/", {"key": "K", "json_value": 1}
        ).json()
        self.scenario = self.api.post(
            "scenarios/",
            {"name": "S", "rules": [], "default_stock_location": self.point.number},
        ).json()

    @property
    def numbers(self) -> set[int]:
        """Every number anything of it is found by."""
        task = self.order.tasks.get()
        return {
            self.order.number,
            self.order.lines.get().number,
            self.point.number,
            self.channel.number,
            self.setting["id"],
            self.scenario["id"],
            int(task.number.removeprefix("FT")),
            task.lines.get().number,
        }


@pytest.mark.parametrize(("path", "method"), ALLOWED)
def test_a_path_is_closed_without_a_token(path, method):
    api = Akinon(make_organization())

    answer = api.call(method, concrete(path), {}, authorization="")

    assert answer.status_code == 401


@pytest.mark.parametrize(("path", "method"), ALLOWED)
def test_a_path_is_closed_without_its_scope(path, method):
    api = Akinon(make_organization(), scopes=["nothing:read"])

    answer = api.call(method, concrete(path), {})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", [path for path, _ in ALLOWED if numbered(path)])
def test_nothing_of_another_organization_is_found(path):
    other = Other()
    stranger = Akinon(make_organization())
    view = VIEWS[path]

    answers = {
        (number, method): stranger.call(method, concrete(path, number), {}).status_code
        for number in other.numbers
        for method in METHODS
        if hasattr(view, method.lower())
    }

    assert set(answers.values()) <= {400, 404}
    assert all(code == 404 for (_, method), code in answers.items() if method == "GET")


@pytest.mark.parametrize(
    "path", [path for path, method in ALLOWED if method == "GET" and not numbered(path)]
)
def test_lists_have_nothing_of_another_organization(path):
    other = Other()
    stranger = Akinon(make_organization())

    answer = stranger.get(concrete(path))

    text = answer.content.decode()
    assert other.order.external_id not in text
    assert other.point.name not in text
    assert other.channel.name not in text


def test_its_own_things_are_found_by_their_owner():
    other = Other()

    found = [
        other.api.get(f"{path}/{number}/").status_code
        for path, number in (
            ("orders", other.order.number),
            ("order_items", other.order.lines.get().number),
            ("stocklocations", other.point.number),
            ("channels", other.channel.number),
            ("settings/application_settings", other.setting["id"]),
            ("scenarios", other.scenario["id"]),
            ("packages", int(other.order.tasks.get().number.removeprefix("FT"))),
        )
    ]

    assert found == [200] * 7
