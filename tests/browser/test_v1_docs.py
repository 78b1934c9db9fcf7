"""The interactive page of /v1 works under its own content security policy, with a key."""

import pytest

from oms.accounts import queries as accounts
from tests import backoffice_builders as build
from tests.factories import make_api_client, make_api_key

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_integrator_tries_a_call_on_the_page(browse):
    accounts.forget_machines()
    organization = build.make_organization()
    key = make_api_key(make_api_client(organization, scopes=["inventory:read"]))

    with browse(build.make_staff(organization)) as page:
        page.goto("/v1/docs")
        page.click("button.authorize")
        page.fill("[aria-label='auth-apiKey-value'], #api_key_value", key)
        page.click(".auth-container:has(#api_key_value) button.authorize")
        page.click("button.btn-done >> nth=0")
        page.click("[id$='listLocations'] .opblock-summary-control")
        page.click(".try-out__btn")
        page.click("button.execute")
        said = page.inner_text(".live-responses-table tbody .response-col_status")

    assert said.startswith("200")
