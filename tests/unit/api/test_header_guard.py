import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from oms.api.base.middleware import HeaderGuard

PROXY = "10.0.0.1"


@pytest.fixture
def passed(settings):
    """What the application sees of a request."""
    settings.OMS_TRUSTED_PROXIES = [PROXY, "fd00::/8"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    seen = []
    guard = HeaderGuard(lambda request: seen.append(request) or HttpResponse())

    def send(peer, **environ):
        guard(RequestFactory().get("/", REMOTE_ADDR=peer, **environ))
        return seen[-1]

    return send


@pytest.mark.parametrize("peer", [PROXY, "192.0.2.1"])
@pytest.mark.parametrize(
    "name",
    [
        "HTTP_X_FORWARDED_FOR",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_X_FORWARDED_HOST",
        "HTTP_X_FORWARDED_PORT",
        "HTTP_X_FORWARDED_ANYTHING",
        "HTTP_X_REAL_IP",
        "HTTP_X_ORIGINAL_URL",
        "HTTP_REMOTE_USER",
        "HTTP_CONTENT_LENGTH",
        "HTTP_CONTENT_TYPE",
    ],
)
def test_names_with_a_hyphen_are_believed_from_nobody(passed, peer, name):
    assert name not in passed(peer, **{name: "https"}).META


def test_a_strangers_forwarded_header_is_removed(passed):
    request = passed("192.0.2.1", HTTP_FORWARDED="for=198.51.100.7;proto=https")

    assert "HTTP_FORWARDED" not in request.META
    assert (request.META["REMOTE_ADDR"], request.is_secure()) == ("192.0.2.1", False)


@pytest.mark.parametrize("peer", [PROXY, "fd00::17"])
@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("for=198.51.100.7;proto=https", "198.51.100.7"),
        ('For="198.51.100.7:4711"; Proto=HTTPS', "198.51.100.7"),
        ('for="[2001:db8::1]:4711";proto=https', "2001:db8::1"),
        ("for=203.0.113.9;proto=http, for=198.51.100.7;proto=https", "198.51.100.7"),
        ('for="evil, for=198.51.100.7;proto=https', "198.51.100.7"),
        (f"for=198.51.100.7;proto=https, for={PROXY};proto=http", "198.51.100.7"),
    ],
)
def test_believes_what_trusted_proxies_wrote(passed, peer, forwarded, address):
    request = passed(peer, HTTP_FORWARDED=forwarded)

    assert (request.META["REMOTE_ADDR"], request.is_secure()) == (address, True)


@pytest.mark.parametrize("node", ["_hidden", "unknown", "", "for=", "[::zz]", "1.2.3.4.5"])
def test_a_hidden_address_leaves_the_proxys(passed, node):
    request = passed(PROXY, HTTP_FORWARDED=f"for={node};proto=http")

    assert (request.META["REMOTE_ADDR"], request.is_secure()) == (PROXY, False)


def test_a_client_cannot_speak_through_a_proxy_that_appends(passed):
    request = passed(PROXY, HTTP_FORWARDED="for=10.0.0.1;proto=https, for=198.51.100.7;proto=http")

    assert (request.META["REMOTE_ADDR"], request.is_secure()) == ("198.51.100.7", False)


def test_everything_else_passes(passed):
    request = passed("192.0.2.1", HTTP_TENANT_ID="1001", HTTP_API_KEY="2001", HTTP_X_CSRFTOKEN="t")

    assert request.headers["tenant-id"] == "1001"
    assert request.META["HTTP_API_KEY"] == "2001"
    assert request.META["HTTP_X_CSRFTOKEN"] == "t"


def test_nonsense_in_the_setting_refuses_to_start(settings):
    settings.OMS_TRUSTED_PROXIES = ["proxy.example"]

    with pytest.raises(ImproperlyConfigured, match="OMS_TRUSTED_PROXIES"):
        HeaderGuard(lambda _: HttpResponse())
