import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from oms.accounts.choices import CredentialKind
from oms.accounts.models import Credential
from oms.backoffice.formats import page_url
from oms.kernel import crypto, sealed
from tests import backoffice_builders as build


@pytest.fixture
def machine(db):
    return build.make_client(build.make_organization())


def issue(browser, machine, kind="OMS4"):
    return browser.post(
        reverse("admin:accounts_apiclient_issue", args=[machine.pk]), {"kind": kind}
    )


def test_a_secret_is_shown_once_and_opens_what_was_stored(machine, root):
    answer = issue(root, machine)

    secret = answer.context["secret"]
    credential = Credential.objects.get()
    assert sealed.read(credential, "secret") == secret
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    page = root.get(page_url(machine)).content.decode()
    assert credential.identifier in page
    assert secret not in page
    asked = root.get(reverse("admin:accounts_apiclient_issue", args=[machine.pk]))
    assert secret not in asked.content.decode()


@pytest.mark.parametrize("kind", [kind for kind in CredentialKind if kind != "OMS4"])
def test_secrets_that_need_no_way_back_are_kept_as_a_fingerprint(machine, root, kind):
    secret = issue(root, machine, kind).context["secret"]

    credential = Credential.objects.get()
    assert credential.secret is None
    assert bytes(credential.digest) == crypto.fingerprint(secret, purpose=f"credential.{kind}")


def test_neither_secret_nor_digest_leaves_a_trace_in_the_log(machine, root):
    secret = issue(root, machine).context["secret"]

    entry = LogEntry.objects.get()

    assert Credential.objects.get().identifier in entry.change_message
    assert secret not in entry.change_message


def test_revokes_for_good(machine, root):
    issue(root, machine)
    credential = Credential.objects.get()
    url = reverse("admin:accounts_apiclient_revoke", args=[machine.pk, credential.pk])

    assert root.get(url).status_code == 200
    credential.refresh_from_db()
    assert credential.revoked_at is None

    root.post(url)
    credential.refresh_from_db()
    first = credential.revoked_at
    assert first is not None

    root.post(url)
    credential.refresh_from_db()
    assert credential.revoked_at == first


def test_an_inactive_client_gets_none(machine, root):
    machine.is_active = False
    machine.save(update_fields=["is_active"])

    answer = issue(root, machine)

    assert answer.status_code == 302
    assert Credential.objects.count() == 0


@pytest.mark.parametrize("perms", [(), ("accounts.view_apiclient",)])
def test_needs_the_permission(machine, signed_in, perms):
    browser = signed_in(build.make_staff(machine.organization, perms=perms))

    assert issue(browser, machine).status_code == 403
    assert Credential.objects.count() == 0


def test_another_organizations_client_does_not_exist(machine, signed_in):
    perms = ("accounts.view_apiclient", "accounts.add_credential")
    browser = signed_in(build.make_staff(build.make_organization(), perms=perms))

    assert issue(browser, machine).status_code == 404
    assert Credential.objects.count() == 0
