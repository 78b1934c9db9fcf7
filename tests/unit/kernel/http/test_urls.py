import pytest

from oms.kernel.http import UrlRefused, urls
from tests.unit.kernel.http.corpus import HARMLESS, LITERALS, MALFORMED


@pytest.mark.parametrize("url", [*LITERALS, *MALFORMED])
def test_it_is_refused_before_anything_is_looked_up(url):
    with pytest.raises(UrlRefused) as refusal:
        urls.read(url, allow_private=False)

    assert refusal.value.code == "url_refused"


@pytest.mark.parametrize(("url", "name"), HARMLESS.items())
def test_a_public_name_is_read(url, name):
    target = urls.read(url, allow_private=False)

    assert (target.scheme, target.host, target.is_numeric) == (
        "https",
        name.removesuffix("."),
        False,
    )


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://Shop.Test", "https://shop.test:443/"),
        ("https://shop.test.:8443?q=[1]", "https://shop.test:8443/?q=[1]"),
        ("https://shop.test//a/../b%2f", "https://shop.test:443//a/../b%2f"),
    ],
)
def test_it_is_sent_in_one_spelling(url, sent):
    target = urls.read(url, allow_private=False)

    assert target.url == sent


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://localhost:8000/hook", "http://localhost:8000/hook"),
        ("http://10.1.2.3", "http://10.1.2.3:80/"),
        ("http://[::1]:9/x", "http://[::1]:9/x"),
        ("https://[FD00:0::1]/", "https://[fd00::1]:443/"),
        ("http://warehouse/", "http://warehouse:80/"),
        ("https://127.0.0.1:65535/", "https://127.0.0.1:65535/"),
    ],
)
def test_an_operator_may_use_http_any_port_and_addresses(url, sent):
    target = urls.read(url, allow_private=True)

    assert target.url == sent


@pytest.mark.parametrize(
    "url",
    [
        "ftp://localhost/",
        "http://user@localhost/",
        "http://2130706433/",
        "http://127.1/",
        "http://0x7f.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[fd00:ec2::254]/",
        "http://168.63.129.16/",
        "http://192.0.0.192/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://localhost:0/",
        "http://localhost:65536/",
        "http://localhost/\r\n",
    ],
)
def test_not_even_an_operator_may_enter_it(url):
    with pytest.raises(UrlRefused):
        urls.read(url, allow_private=True)


def test_the_refusal_does_not_repeat_the_url():
    with pytest.raises(UrlRefused) as refusal:
        urls.read("https://user:secret@shop.test/", allow_private=False)

    assert str(refusal.value) == "The URL must not hold a user name or password."
    assert refusal.value.details == {}
