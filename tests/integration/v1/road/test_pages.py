import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from oms.api.v1.road.codes import CODES
from tests.v1_client import document

pytestmark = pytest.mark.django_db


def test_the_document_needs_no_credential_and_is_cached():
    first = Client().get("/v1/openapi.json")

    again = Client().get("/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert first.json()["openapi"] == "3.1.1"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/v1/docs", "/problems/", "/problems/not_found"])
def test_pages_load_files_of_our_own_only(path):
    page = Client().get(path)

    policy = page.headers["Content-Security-Policy"]
    links = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())
    files = [link for link in links if link.startswith("/static/")]
    assert page.status_code == 200
    assert "script-src 'self';" in policy
    assert "<script>" not in page.content.decode()
    assert all(link.startswith("/") for link in links)
    assert [name for name in files if not finders.find(name.removeprefix("/static/"))] == []


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_page(code):
    page = Client().get(f"/problems/{code}")

    assert page.status_code == 200
    assert code in page.content.decode()


def test_a_page_speaks_vietnamese():
    page = Client().get("/problems/not_found", headers={"Accept-Language": "vi"})

    assert "Không tìm thấy" in page.content.decode()
    assert page.headers["Content-Language"] == "vi"


def test_an_unknown_code_has_no_page():
    assert Client().get("/problems/nonsense").status_code == 404


def test_every_operation_has_a_name_of_its_own_and_declares_its_failures():
    operations = [
        operation
        for path, item in document()["paths"].items()
        for operation in item.values()
        if path != "/v1/oauth2/token"
    ]
    names = [operation["operationId"] for operation in operations]

    assert len(names) == len(set(names)) > 0
    for operation in operations:
        assert {"401", "403", "406", "429", "500", "503"} <= set(operation["responses"])
        assert operation["security"][1] == {"apiKey": []}
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"]


def test_every_post_that_needs_a_key_says_so():
    without = {"/v1/oauth2/token", "/v1/inventory/availability-checks"}

    for path, item in document()["paths"].items():
        if "post" in item:
            names = {parameter["name"] for parameter in item["post"].get("parameters", [])}
            assert ("Idempotency-Key" in names) == (path not in without), path


def test_what_is_referred_to_exists():
    text = str(document())
    schemas = document()["components"]["schemas"]

    named = set(re.findall(r"#/components/schemas/([A-Za-z0-9_]+)", text))

    assert named <= set(schemas)
    assert (Path(__file__).parents[4] / "docs/api/v1.md").exists()
