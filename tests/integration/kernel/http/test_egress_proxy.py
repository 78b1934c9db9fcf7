import pytest
from django.core.exceptions import ImproperlyConfigured

from oms.kernel.http import HttpError, HttpFailure
from oms.settings import env
from tests.integration.kernel.http.calling import call
from tests.simulators import egress, hostile
from tests.simulators.certificates import Authority
from tests.simulators.names import Names
from tests.simulators.receivers import closed_port, receiving


@pytest.fixture
def authority():
    return Authority()


@pytest.fixture
def shop(authority):
    with receiving(hostile.answers, tls=authority.server("shop.test")) as receiver:
        yield receiver


def test_calls_go_through_the_proxy_which_looks_the_name_up(settings, authority, shop):
    names = Names({})

    with receiving(egress.connects_to(shop.port)) as proxy:
        settings.OMS_EGRESS_PROXY = f"http://me:secret@localhost:{proxy.port}"
        answer = call(
            "https://shop.test/", client={"resolver": names, "trusted": authority.trusted()}
        )

    assert (answer.body, names.asked) == (b"first", [])
    assert proxy.heads[0].startswith(b"CONNECT shop.test:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic bWU6c2VjcmV0" in proxy.heads[0]
    assert b"secret" not in shop.heads[0]


def test_the_certificate_is_checked_behind_the_proxy(settings, authority, shop):
    with receiving(egress.connects_to(shop.port)) as proxy:
        settings.OMS_EGRESS_PROXY = f"http://localhost:{proxy.port}"
        with pytest.raises(HttpError) as error:
            call("https://other.test/", client={"trusted": authority.trusted()})

    assert (error.value.failure, shop.heads) == (HttpFailure.TLS, [])


def test_a_malformed_url_does_not_reach_the_proxy(settings):
    with receiving(egress.refuses) as proxy:
        settings.OMS_EGRESS_PROXY = f"http://localhost:{proxy.port}"
        with pytest.raises(HttpError) as error:
            call("https://127.0.0.1/")

    assert (error.value.failure, proxy.connections) == (HttpFailure.ADDRESS, 0)


def test_calls_to_private_networks_go_by_the_direct_way(settings):
    with receiving(egress.refuses) as proxy, receiving(hostile.answers) as receiver:
        settings.OMS_EGRESS_PROXY = f"http://localhost:{proxy.port}"
        answer = call(receiver.url, allow_private=True)

    assert (answer.body, proxy.connections) == (b"first", 0)


@pytest.mark.parametrize("fault", ["refuses", "closed", "unknown"])
def test_a_proxy_that_does_not_connect_is_named_as_the_cause(settings, fault):
    with receiving(egress.refuses) as proxy:
        settings.OMS_EGRESS_PROXY = {
            "refuses": f"http://localhost:{proxy.port}",
            "closed": f"http://localhost:{closed_port()}",
            "unknown": "http://proxy.invalid:4750",
        }[fault]
        with pytest.raises(HttpError) as error:
            call("https://shop.test/")

    assert error.value.failure is HttpFailure.CONNECTION
    assert str(error.value) == "The egress proxy did not connect."


@pytest.mark.parametrize("url", ["http://proxy:4750", "http://me:secret@proxy.test:3128"])
def test_the_setting_is_a_url_with_a_port(monkeypatch, url):
    monkeypatch.setenv("OMS_EGRESS_PROXY", url)

    assert env.proxy("OMS_EGRESS_PROXY") == url


@pytest.mark.parametrize("url", ["proxy:4750", "https://proxy:1", "http://proxy", "http://p:1/x"])
def test_another_setting_refuses_start_up_without_being_shown(monkeypatch, url):
    monkeypatch.setenv("OMS_EGRESS_PROXY", url)

    with pytest.raises(ImproperlyConfigured) as refusal:
        env.proxy("OMS_EGRESS_PROXY")

    assert str(refusal.value) == "OMS_EGRESS_PROXY must be of the form http://host:port."
