import json

import pytest
from django.test import RequestFactory

from oms.api.v1.road import documents
from oms.api.v1.road.problems import Problem
from tests.factories import make_organization
from tests.integration.v1.road.probes import Caller, Things, body_of

pytestmark = pytest.mark.django_db

ADDRESS = {
    "full_name": "Trần Lan",
    "phone": "+84900000000",
    "line1": "1 Lê Lợi",
    "ward": "Bến Nghé",
    "province": "Hồ Chí Minh",
    "country": "VN",
}


@pytest.fixture
def call():
    return Caller(make_organization())


def errors_of(answer):
    return {error["pointer"]: error["code"] for error in body_of(answer)["errors"]}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"name": 5}, "/name", "invalid_type"),
        ({"name": None}, "/name", "invalid_type"),
        ({"name": ""}, "/name", "required"),
        ({"name": "x" * 21}, "/name", "too_long"),
        ({"name": "a\0b"}, "/name", "invalid_format"),
        ({"is_urgent": "true"}, "/is_urgent", "invalid_type"),
        ({"kind": "c"}, "/kind", "unknown_value"),
        ({"kind": 1}, "/kind", "invalid_type"),
        ({"due_at": "2026-01-15"}, "/due_at", "invalid_format"),
        ({"due_at": "2026-01-15T12:00:00"}, "/due_at", "invalid_format"),
        ({"due_at": "2026-13-15T12:00:00Z"}, "/due_at", "invalid_format"),
        ({"due_at": "0001-01-01T00:00:00+14:00"}, "/due_at", "invalid_format"),
        ({"tags": "x"}, "/tags", "invalid_type"),
        ({"tags": ["a", "b", "c"]}, "/tags", "too_many"),
        ({"tags": ["a", 5]}, "/tags/1", "invalid_type"),
        ({"tags": ["toolong"]}, "/tags/0", "too_long"),
        ({"lines": {}}, "/lines", "invalid_type"),
        ({"lines": [5]}, "/lines/0", "invalid_type"),
        ({"lines": [{"sku": "A"}]}, "/lines/0/quantity", "required"),
        ({"lines": [{"sku": "A", "quantity": 0}]}, "/lines/0/quantity", "out_of_range"),
        ({"lines": [{"sku": "A", "quantity": "1"}]}, "/lines/0/quantity", "invalid_type"),
        ({"lines": [{"sku": "A", "quantity": True}]}, "/lines/0/quantity", "invalid_type"),
        ({"lines": [{"sku": "A", "quantity": 1.5}]}, "/lines/0/quantity", "invalid_type"),
        ({"lines": [{"sku": "A", "quantity": 2**60}]}, "/lines/0/quantity", "out_of_range"),
        ({"lines": [{"sku": "A B", "quantity": 1}]}, "/lines/0/sku", "invalid_format"),
        ({"ship_to": {**ADDRESS, "ward": None}}, "/ship_to/ward", "required"),
        ({"ship_to": {**ADDRESS, "phone": "0900"}}, "/ship_to/phone", "invalid_format"),
        ({"ship_to": {**ADDRESS, "country": "Vietnam"}}, "/ship_to/country", "invalid_format"),
    ],
)
def test_a_rule_broken_is_pointed_at(call, change, pointer, code):
    answer = call.post({"name": "lamp", **change})

    assert (answer.status_code, body_of(answer)["code"]) == (422, "validation_failed")
    assert errors_of(answer) == {pointer: code}


@pytest.mark.parametrize(
    ("money", "pointer", "code"),
    [
        ({"amount": "1.5", "currency": "VND"}, "/amount", "invalid_format"),
        ({"amount": "1.555", "currency": "SGD"}, "/amount", "invalid_format"),
        ({"amount": "-1", "currency": "VND"}, "/amount", "out_of_range"),
        ({"amount": 5, "currency": "VND"}, "/amount", "invalid_type"),
        ({"amount": "1e5", "currency": "VND"}, "/amount", "invalid_format"),
        ({"amount": "NaN", "currency": "VND"}, "/amount", "invalid_format"),
        ({"amount": "5"}, "/currency", "required"),
        ({"amount": "5", "currency": "dong"}, "/currency", "invalid_format"),
        ("5 VND", "", "invalid_type"),
    ],
)
def test_money_keeps_the_rules_of_its_currency(call, money, pointer, code):
    answer = call.post({"name": "lamp", "lines": [{"sku": "A", "quantity": 1, "price": money}]})

    assert errors_of(answer) == {f"/lines/0/price{pointer}": code}


def test_all_that_is_wrong_is_told_at_once(call):
    answer = call.post({"lines": [{"sku": "A"}, {"quantity": 101}], "kind": "c"})

    assert errors_of(answer) == {
        "/name": "required",
        "/kind": "unknown_value",
        "/lines/0/quantity": "required",
        "/lines/1/sku": "required",
        "/lines/1/quantity": "out_of_range",
    }


def test_unknown_members_are_refused_wherever_they_are(call):
    answer = call.post({"name": "lamp", "a/b": 1, "lines": [{"sku": "A", "quantity": 1, "x": 1}]})

    assert (answer.status_code, body_of(answer)["code"]) == (400, "unknown_field")
    assert errors_of(answer) == {"/a~1b": "unknown_field", "/lines/0/x": "unknown_field"}


@pytest.mark.parametrize("body", [b"{", b"\xff", b"NaN", b'{"name": "lamp"} x'])
def test_what_is_not_json_is_refused(call, body):
    answer = call.post(None, body=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, body_of(answer)["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("body", [b"[]", b"5", b"null", b'"lamp"'])
def test_a_body_is_an_object(call, body):
    answer = call.post(None, body=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, errors_of(answer)) == (422, {"": "invalid_type"})


def test_33_levels_are_too_deep():
    documents.document_of(b"[" * 31 + b"[]" + b"]" * 31)

    with pytest.raises(Problem) as refusal:
        documents.document_of(b"[" * 32 + b"[]" + b"]" * 32)

    assert refusal.value.code == "malformed_json"
    with pytest.raises(Problem):
        documents.document_of(b"[" * 100_000)


def test_1001_entries_are_too_many():
    documents.document_of(json.dumps(list(range(1000))).encode())

    with pytest.raises(Problem) as refusal:
        documents.document_of(json.dumps({"a": list(range(1001))}).encode())

    assert [(e.pointer, e.code) for e in refusal.value.errors] == [("/a", "too_many")]


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "", "multipart/form-data"])
def test_other_media_types_are_refused(call, media_type):
    answer = call.post(None, body=b"{}", headers={"Content-Type": media_type})

    assert (answer.status_code, body_of(answer)["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("media_type", ["application/merge-patch+json", "application/json"])
def test_a_patch_has_two_media_types(call, media_type):
    answer = call("PATCH", {"name": "x"}, headers={"Content-Type": media_type})

    assert body_of(answer)["given"] == ["name"]


def test_a_patch_needs_nothing_and_clears_with_null(call):
    assert body_of(call("PATCH", {}))["given"] == []
    assert body_of(call("PATCH", {"ship_to": None}))["given"] == ["ship_to"]


def test_a_patch_never_changes_what_cannot_be_changed(call):
    answer = call("PATCH", {"id": "x", "kind": "a", "name": None})

    assert answer.status_code == 422
    assert errors_of(answer) == {
        "/id": "not_allowed",
        "/kind": "not_allowed",
        "/name": "invalid_type",
    }


def test_objects_within_a_patch_are_whole(call):
    answer = call("PATCH", {"ship_to": {"phone": "+84900000000"}})

    assert set(errors_of(answer)) == {"/ship_to/full_name", "/ship_to/line1", "/ship_to/country"}


@pytest.mark.parametrize(
    ("tag", "version"),
    [("", None), ("*", None), ('"v3"', 3), ('W/"v3"', 0), ('"3"', 0), ("v3", 0), ('"v0"', 0)],
)
def test_if_match_names_a_version(call, tag, version):
    answer = call("PATCH", {"name": "x"}, headers={"If-Match": tag})

    assert body_of(answer)["expected"] == version


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/png, text/*"])
def test_other_forms_cannot_be_had(call, accept):
    answer = call("GET", headers={"Accept": accept})

    assert (answer.status_code, body_of(answer)["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("accept", ["*/*", "application/*;q=0.5", "text/html, application/json"])
def test_json_can_be_had(call, accept):
    assert call("GET", headers={"Accept": accept}).status_code == 200


def test_a_body_over_the_limit_is_refused_unread(call):
    fitting, larger = (b'{"name": "' + b"x" * number + b'"}' for number in (1_988, 1_989))

    assert call.post(None, body=fitting).status_code == 422
    answer = call.post(None, body=larger)

    assert (answer.status_code, body_of(answer)["code"]) == (413, "payload_too_large")


def test_a_body_without_a_length_is_read_to_the_limit():
    class Stream:
        def __init__(self):
            self.asked = 0

        def read(self, size=-1):
            self.asked = size
            return b"x" * size

    request = RequestFactory().post("/v1/things", b"{}", content_type="application/json")
    stream = Stream()
    request.META |= {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": stream}
    del request.META["CONTENT_LENGTH"]

    with pytest.raises(Problem) as refusal:
        documents.body_of(request, most=1_000)

    assert (refusal.value.status, stream.asked) == (413, 1_001)


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("?colour=red", "/colour", "unknown_field"),
        ("?name=a&name=b", "/name", "duplicate"),
        ("?least=x", "/least", "invalid_format"),
        ("?limit=0", "/limit", "out_of_range"),
        ("?limit=201", "/limit", "out_of_range"),
        ("?limit=x", "/limit", "out_of_range"),
        ("?limit=1000000000", "/limit", "out_of_range"),
        ("?limit=5&limit=6", "/limit", "duplicate"),
        ("?sort=name", "/sort", "unknown_value"),
        ("?sort=--created_at", "/sort", "unknown_value"),
    ],
)
def test_query_parameters_are_known_and_given_once(call, query, pointer, code):
    answer = call("GET", query=query)

    assert (answer.status_code, body_of(answer)["code"]) == (400, "invalid_parameter")
    assert errors_of(answer) == {pointer: code}


def test_a_method_nobody_has_is_answered_with_those_there_are(call):
    answer = call("DELETE")

    assert (answer.status_code, body_of(answer)["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, POST, PATCH"


@pytest.mark.parametrize("language", ["vi", "vi-VN, en;q=0.5", "fr, vi;q=0.3"])
def test_problems_are_told_in_vietnamese(call, language):
    answer = call("DELETE", headers={"Accept-Language": language})

    assert body_of(answer)["title"] == "Phương thức không được phép"
    assert answer.headers["Content-Language"] == "vi"


@pytest.mark.parametrize("language", ["", "en", "fr", "vi;q=0", "*", "x" * 200])
def test_problems_are_told_in_english_otherwise(call, language):
    answer = call("DELETE", headers={"Accept-Language": language})

    assert body_of(answer)["title"] == "Method is not allowed"


def test_a_problem_has_the_members_of_the_contract(call):
    answer = call("DELETE", headers={"X-Request-Id": "req_01"})

    body = body_of(answer)
    assert list(body) == ["type", "title", "status", "detail", "instance", "code", "request_id"]
    assert body["type"] == "http://testserver/problems/method_not_allowed"
    assert (body["instance"], body["request_id"]) == ("/v1/things", "req_01")


def test_the_documentation_may_be_elsewhere(call, settings):
    settings.OMS_DOCS_URL = "https://docs.example.com/"

    body = body_of(call("DELETE"))

    assert body["type"] == "https://docs.example.com/problems/method_not_allowed"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "ü"])
def test_an_id_that_is_none_is_replaced(call, given):
    answer = call("GET", headers={"X-Request-Id": given})

    assert len(answer.headers["X-Request-Id"]) == 36


def test_the_rate_is_told_with_every_answer():
    answer = Caller(make_organization(), rate_limit=None)("GET")

    assert answer.headers["RateLimit-Limit"] == "600"
    assert answer.headers["RateLimit-Remaining"] == "99"
    assert answer.headers["RateLimit-Reset"] == "1"


def test_over_the_rate_a_call_is_told_when_to_come_back():
    call = Caller(make_organization(), rate_limit=0.01)
    assert call("GET").status_code == 200

    answer = call("GET")

    assert (answer.status_code, body_of(answer)["code"]) == (429, "rate_limited")
    assert answer.headers["RateLimit-Remaining"] == "0"
    assert 90 < int(answer.headers["Retry-After"]) <= 100


def test_a_client_without_a_limit_is_told_none(call):
    assert "RateLimit-Limit" not in call("GET").headers


def test_an_unexpected_error_tells_nothing(call):
    class Broken(Things):
        def get(self, request):
            raise RuntimeError("relation orders_order at /srv/oms")

    answer = call("GET", view=Broken)

    assert (answer.status_code, body_of(answer)["code"]) == (500, "internal_error")
    assert b"orders_order" not in answer.content
