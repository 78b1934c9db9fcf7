"""The button that asks the carrier extensions whether they answer and accept the account."""

import pytest
from django.urls import reverse

from oms.accounts import app_settings
from oms.kernel.actors import SYSTEM
from tests import backoffice_builders as build
from tests.backoffice_builders import NOW
from tests.simulators.carrier_extension import CarrierExtension

KEY = "SHIPPING_SETTINGS"


@pytest.fixture
def organization(db):
    return build.make_organization()


def connect(organization, *records):
    app_settings.set_setting(
        organization_id=organization.pk, key=KEY, value=list(records), actor=SYSTEM, now=NOW
    )


def trial(organization):
    return reverse("admin:remote_setup_act", args=[organization.pk, "test-carriers"])


def test_the_setting_has_a_button_that_leads_to_the_test(organization, root):
    with CarrierExtension() as carrier:
        connect(organization, carrier.record())

        page = root.get(reverse("admin:app_settings_edit", args=[organization.pk, KEY]))

        assert trial(organization) in page.content.decode()
        assert carrier.book == []


def test_each_extension_says_how_it_is(organization, root):
    with CarrierExtension() as well, CarrierExtension() as gone:
        gone.go_down()
        connect(
            organization,
            well.record(erp_code="WELL"),
            well.record(erp_code="WRONG", password="not-this-one"),
            well.record(erp_code="OTHER", credentials_identifier="nobody"),
            gone.record(erp_code="GONE"),
        )

        page = root.post(trial(organization))

    rows = {row[0]: (str(row[1]), row[2]) for row in page.context["table"]["rows"]}
    assert "Well" in rows["WELL"][0]
    assert rows["WELL"][1] == "It answers, and accepts the account"
    assert "HTTP 401" in rows["WRONG"][1]
    assert "HTTP 403" in rows["OTHER"][1]
    assert "The connection failed" in rows["GONE"][1]
    assert "not-this-one" not in page.content.decode()
    assert well.shipments == {}


def test_without_an_extension_the_page_says_so(organization, root):
    page = root.post(trial(organization))

    assert "No shipping company has a carrier extension" in page.content.decode()
