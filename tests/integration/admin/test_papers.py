"""What staff see of invoices, and how they change what papers look like."""

import pytest
from django.urls import reverse

from fulfillment.models import DocumentTemplate, Invoice, PaperSettings
from oms.backoffice.formats import page_url
from tests import backoffice_builders as build
from tests.integration.fulfillment.builders import routed
from tests.integration.fulfillment.papers.shipments import ship
from tests.pdfs import text_of

pytestmark = pytest.mark.django_db

ADD = "admin:fulfillment_documenttemplate_add"
PERMS = ("fulfillment.view_documenttemplate", "fulfillment.add_documenttemplate")
OWN = '#import "/oms.typ": *\nOur own #data.number'


def filled(organization, **overrides):
    return {
        "organization": organization.pk,
        "kind": "INVOICE",
        "source": OWN,
        "language": "vi",
    } | overrides


def test_an_invoice_shows_its_lines_papers_and_corrections(root):
    made = ship(routed(quantities=(2,)))

    listed = root.get(reverse("admin:fulfillment_invoice_changelist"))
    page = root.get(page_url(made.invoice))

    assert [row.code for row in listed.context["cl"].result_list] == ["INV-2026-000001"]
    lines, papers, corrections = (table["rows"] for table in page.context["tables"])
    assert (len(lines), len(papers), corrections) == (1, 1, [])
    assert lines[0][2] == 2


def test_an_invoice_is_found_by_its_number_and_its_orders(root):
    case = routed()
    ship(case)
    ship(routed())
    url = reverse("admin:fulfillment_invoice_changelist")

    for term in (case.order.external_id, "inv-2026-000001"):
        found = root.get(url, {"q": term}).context["cl"].result_list

        assert case.order in [row.order for row in found]
    assert Invoice.objects.count() == 2


def test_others_invoices_do_not_exist(signed_in):
    made = ship(routed())
    perms = ("fulfillment.view_invoice", *PERMS)
    browser = signed_in(build.make_staff(build.make_organization(), perms=perms))

    page = browser.get(page_url(made.invoice))

    assert page.status_code == 404


def test_papers_that_are_no_labels_have_their_page(root):
    made = ship(routed())

    page = root.get(page_url(made.invoice_paper))
    listed = root.get(reverse("admin:fulfillment_document_changelist"))

    assert page.status_code == 200
    assert "INV-2026-000001" in page.content.decode()
    assert listed.status_code == 200
    assert "INV-2026-000001" in listed.content.decode()


def test_the_form_begins_with_the_template_that_acts(root):
    page = root.get(reverse(ADD), {"kind": "PACKING_SLIP"})

    assert '#show: paper.with("packing_slip")' in page.context["adminform"].form.initial["source"]


def test_a_preview_saves_nothing(signed_in):
    organization = build.make_organization()
    browser = signed_in(build.make_staff(organization, perms=PERMS))

    answer = browser.post(reverse(ADD), filled(organization, _preview="Preview"))

    assert answer["Content-Type"] == "application/pdf"
    assert text_of(answer.content).split() == ["Our", "own", "INV-2026-000417"]
    assert DocumentTemplate.objects.count() == 0


def test_saving_makes_the_next_version(signed_in):
    organization = build.make_organization()
    browser = signed_in(build.make_staff(organization, perms=PERMS))

    first = browser.post(reverse(ADD), filled(organization, _save="Save"))
    browser.post(reverse(ADD), filled(organization, source=OWN + "!", _save="Save"))

    assert first.status_code == 302
    rows = DocumentTemplate.objects.order_by("number")
    assert list(rows.values_list("number", "source")) == [(1, OWN), (2, OWN + "!")]
    assert rows[0].created_by.startswith("staff:")
    page = browser.get(page_url(rows[0]))
    assert page.context["raw"] == OWN


@pytest.mark.parametrize("button", ["_save", "_preview"])
def test_a_broken_template_is_shown_with_its_error(signed_in, button):
    organization = build.make_organization()
    browser = signed_in(build.make_staff(organization, perms=PERMS))

    answer = browser.post(reverse(ADD), filled(organization, source="#nonsense", **{button: "x"}))

    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert errors["source"] == ["unknown variable: nonsense"]
    assert DocumentTemplate.objects.count() == 0


def test_templates_are_for_people_with_the_permission_and_their_own_organizations(signed_in):
    organization, other = build.make_organization(), build.make_organization()
    reader = signed_in(build.make_staff(organization, perms=PERMS[:1]))
    author = signed_in(build.make_staff(organization, perms=PERMS))

    refused = reader.post(reverse(ADD), filled(organization, _preview="Preview"))
    foreign = author.post(reverse(ADD), filled(other, _save="Save"))

    assert refused.status_code == 403
    assert foreign.context["adminform"].form.errors.keys() == {"organization"}
    assert DocumentTemplate.objects.count() == 0


def test_settings_are_the_organizations(signed_in):
    organization = build.make_organization()
    perms = ("fulfillment.add_papersettings", "fulfillment.view_papersettings")
    browser = signed_in(build.make_staff(organization, perms=perms))

    answer = browser.post(
        reverse("admin:fulfillment_papersettings_add"),
        {
            "organization": organization.pk,
            "language": "vi",
            "tax_type": "VAT",
            "tax_rate": "8",
            "issuer_name": "Công ty",
        },
    )

    assert answer.status_code == 302
    assert PaperSettings.objects.get().tax_rate == 8
