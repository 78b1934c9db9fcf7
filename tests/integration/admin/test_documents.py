import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from fulfillment.models import StoredContent
from tests import backoffice_builders as build


@pytest.fixture
def label(db):
    name = default_storage.save("label.pdf", ContentFile(b"%PDF-1.4 label"))
    content = StoredContent.objects.create(
        sha256="a" * 64, media_type="application/pdf", size=14, file=name
    )
    parcel = build.make_parcel(build.make_task(build.make_order()))
    return build.make_document(parcel, status="READY", content=content)


def download(browser, document):
    return browser.get(reverse("admin:fulfillment_document_download", args=[document.pk]))


def test_a_label_is_downloaded_as_it_was_stored(label, root):
    answer = download(root, label)

    assert answer.content == b"%PDF-1.4 label"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'inline; filename="label-{label.reference}.pdf"'


def test_a_label_that_is_not_ready_has_nothing_to_download(label, root):
    pending = build.make_document(label.parcel, kind="INVOICE")

    assert download(root, pending).status_code == 404


def test_another_organizations_label_does_not_exist(label, signed_in):
    perms = ("fulfillment.view_document",)

    stranger = signed_in(build.make_staff(build.make_organization(), perms=perms))
    own = signed_in(build.make_staff(label.organization, perms=perms))

    assert download(stranger, label).status_code == 404
    assert download(own, label).status_code == 200


def test_a_label_needs_the_permission(label, signed_in):
    assert download(signed_in(build.make_staff(label.organization)), label).status_code == 403
