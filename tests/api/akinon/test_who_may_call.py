"""Log-in, tokens, and what is answered to whom: contract 0.3 and 12a.10."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from oms.accounts import logins
from oms.accounts import queries as accounts
from oms.accounts.choices import CredentialKind
from oms.accounts.models import ApiClient, Credential, LoginToken
from oms.accounts.services import revoke_credential
from oms.kernel.actors import SYSTEM
from tests.api.akinon.caller import Akinon
from tests.factories import make_organization, make_point

pytestmark = pytest.mark.django_db

LOGIN = "/api/v1/auth/login/"
PATH = "orders/"
DENIED = {"detail": "Invalid token.", "code": "authentication_failed"}


@pytest.fixture
def api():
    return Akinon(make_organization())


@pytest.fixture
def person(api):
    """A user name and its password."""
    credential, password = api.credential_of(CredentialKind.LOGIN)
    return {"username": credential.identifier, "password": password}


def log_in(api, person, path=LOGIN):
    return api.post(path, person, authorization="")


@pytest.mark.parametrize("scheme", ["Token", "token", "Bearer", "bearer"])
def test_a_fixed_token_is_taken_with_both_words(api, scheme):
    answer = api.get(PATH, authorization=f"{scheme} {api.token}")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "sent", ["", "Token", "Token x", "Basic eDp5", "Token " + "a" * 40, "Bearer " + "a" * 600]
)
def test_anything_else_is_401(api, sent):
    answer = api.get(PATH, authorization=sent)

    assert answer.status_code == 401
    assert answer.json() == DENIED
    assert answer.headers["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize(
    "path", ["/api/v1/auth/login/", "/api/v1/auth/login", "/api/i1/auth/login/"]
)
def test_a_password_is_traded_for_a_token(api, person, path):
    answer = log_in(api, person, path)

    assert answer.status_code == 200
    token = answer.json()["key"]
    assert answer.json() == {"key": token}
    assert api.get(PATH, authorization=f"Token {token}").status_code == 200


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"username": "nobody"}])
def test_wrong_credentials_are_400(api, person, change):
    answer = log_in(api, person | change)

    assert answer.status_code == 400
    assert answer.json() == {
        "non_field_errors": ["Unable to log in with provided credentials."],
        "code": "wrong_credentials",
    }
    assert LoginToken.objects.count() == 0


def test_missing_members_are_named(api):
    answer = log_in(api, {"username": 7})

    assert answer.status_code == 400
    assert answer.json() == {
        "username": ["This field is required."],
        "password": ["This field is required."],
        "code": "required",
    }


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
def test_a_log_in_that_is_no_object_is_400(api, body):
    answer = log_in(api, body)

    assert answer.status_code == 400


def test_a_machine_that_is_not_active_gets_no_token(api, person):
    ApiClient.objects.filter(pk=api.machine.pk).update(is_active=False)

    answer = log_in(api, person)

    assert answer.status_code == 400


def test_tokens_are_kept_as_hashes_only(api, person):
    token = log_in(api, person).json()["key"]

    row = LoginToken.objects.get()
    assert token.encode() not in bytes(row.digest)
    assert token not in repr(vars(row))


def test_a_second_token_leaves_the_first_alone(api, person):
    first, second = (log_in(api, person).json()["key"] for _ in range(2))

    assert first != second
    for token in (first, second):
        assert api.get(PATH, authorization=f"Token {token}").status_code == 200


def test_a_token_ends_at_its_time(api, person):
    now = timezone.now()
    token = logins.log_in(**person, now=now - timedelta(hours=25), lifetime=timedelta(hours=24))

    answer = api.get(PATH, authorization=f"Token {token}")

    assert answer.status_code == 401
    assert logins.machine_of_token(token, now=now - timedelta(hours=2)) is not None


def test_a_log_in_takes_out_what_is_over(api, person):
    now = timezone.now()
    logins.log_in(**person, now=now - timedelta(hours=25), lifetime=timedelta(hours=24))

    logins.log_in(**person, now=now, lifetime=timedelta(hours=24))

    assert [row.issued_at for row in LoginToken.objects.all()] == [now]


def test_a_token_ends_with_its_credential(api, person):
    token = log_in(api, person).json()["key"]
    credential = Credential.objects.get(identifier=person["username"])
    revoke_credential(credential=credential, actor=SYSTEM, now=timezone.now())
    accounts.forget_machines()

    answer = api.get(PATH, authorization=f"Token {token}")

    assert answer.status_code == 401


def test_a_token_ends_when_the_password_changes(api, person):
    token = log_in(api, person).json()["key"]
    Credential.objects.filter(identifier=person["username"]).update(digest=b"another")
    accounts.forget_machines()
    logins.forget_login_tokens()

    answer = api.get(PATH, authorization=f"Token {token}")

    assert answer.status_code == 401


def test_a_disabled_client_is_403(api):
    ApiClient.objects.filter(pk=api.machine.pk).update(is_active=False)

    answer = api.get(PATH)

    assert answer.status_code == 403
    assert answer.json() == {"detail": "The client is disabled.", "code": "permission_denied"}


def test_a_scope_that_is_not_named_is_403():
    api = Akinon(make_organization(), scopes=["inventory:read"])

    answer = api.get(PATH)

    assert answer.status_code == 403


def test_a_token_is_good_from_its_networks_only(api):
    Credential.objects.filter(pk=api.credential.pk).update(networks=["198.51.100.0/24"])

    answer = api.get(PATH)

    assert answer.status_code == 403


def test_a_client_of_a_point_may_not_set_anything_up():
    point = make_point()
    api = Akinon(point.organization, point=point)

    answer = api.get("settings/application_settings/")

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["nothing/", "orders/x/", "", "orders/1/2/3"])
def test_other_paths_are_404(api, path):
    answer = api.get(path)

    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not found.", "code": "not_found"}


def test_a_wrong_method_is_405(api):
    answer = api.delete(PATH)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET"


def fail(api, person, times, address):
    wrong = person | {"password": "wrong"}
    return [
        api.post(LOGIN, wrong, authorization="", REMOTE_ADDR=address).status_code
        for _ in range(times)
    ]


def test_too_many_failed_log_ins_of_an_address_are_429(api, person):
    answers = fail(api, person, 32, "203.0.113.9")

    right = api.post(LOGIN, person, authorization="", REMOTE_ADDR="203.0.113.9")
    assert answers[:30] == [400] * 30
    assert answers.count(429) >= 1
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) in {1, 2}


def test_log_ins_that_succeed_are_not_counted(api, person):
    fail(api, person, 20, "203.0.113.10")

    answers = [
        api.post(LOGIN, person, authorization="", REMOTE_ADDR="203.0.113.10").status_code
        for _ in range(60)
    ]

    assert set(answers) == {200}


@pytest.mark.parametrize(
    "kind",
    ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=utf-8"],
)
def test_a_form_is_taken_as_json_is(api, person, kind):
    form = urlencode(person).encode()

    answer = Client().post(LOGIN, form, content_type=kind)

    assert answer.status_code == 200
    assert api.get(PATH, authorization=f"Token {answer.json()['key']}").status_code == 200


@pytest.mark.parametrize(
    ("form", "missing"),
    [
        (b"", {"username", "password"}),
        (b"username=u", {"password"}),
        (b"username=&password=p", {"username"}),
        (b'{"username": "u", "password": "p"}', {"username", "password"}),
    ],
)
def test_a_form_that_lacks_a_field_is_400_and_names_it(form, missing):
    answer = Client().post(LOGIN, form, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 400
    assert {name for name in answer.json() if name != "code"} == missing


@pytest.mark.parametrize(
    "form",
    [
        b"username=u%00&password=p",
        b"username=%ff&password=p",
        b"a&" * 2000,
        b"username=u&password=p",
    ],
)
def test_a_form_that_is_nonsense_is_400(form):
    answer = Client().post(LOGIN, form, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 400
