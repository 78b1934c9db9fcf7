import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from oms.api.base.middleware import MachineLane

LONG_WAY = b"the long way"


@pytest.fixture
def lane():
    middleware = MachineLane(lambda _: HttpResponse(LONG_WAY))
    return lambda path, **environ: middleware(RequestFactory().get(path, **environ))


@pytest.mark.parametrize("path", ["/rest/sc_api/order/list", "/openapi//rest/x"])
def test_a_machines_call_takes_the_short_way(lane, path):
    assert b'"code":"401"' in lane(path).content


@pytest.mark.parametrize("path", ["/", "/admin/", "/admin/x/rest/y", "/static/rest/x.css", "/rest"])
def test_everything_else_goes_on(lane, path):
    assert lane(path).content == LONG_WAY


def test_a_call_without_tls_goes_on_to_be_redirected(lane, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert lane("/rest/x").content == LONG_WAY
    assert b'"code":"401"' in lane("/rest/x", **{"wsgi.url_scheme": "https"}).content
