"""W-12: whatever URL a tenant enters, nothing inside is reached, now or later."""

import itertools
import os

import pytest

from oms.kernel.http import HttpError, HttpFailure, Request, UrlRefused, check_url
from tests.integration.kernel.http.calling import call, calls
from tests.simulators import hostile
from tests.simulators.names import Names
from tests.simulators.receivers import receiving
from tests.unit.kernel.http import corpus

_serial = itertools.count(1)


@pytest.fixture
def inside():
    """A server at a port that tenants may use, at an address they may not."""
    host = f"127.{os.getpid() % 200 + 1}.{next(_serial)}.1"
    with receiving(hostile.answers, host=host, port=8443) as receiver:
        yield receiver


def test_the_corpus_is_large():
    assert len(set(corpus.HOSTILE)) == len(corpus.HOSTILE) >= 120


@pytest.mark.parametrize("url", corpus.HOSTILE)
def test_a_hostile_url_is_refused_when_it_is_entered(url):
    with pytest.raises(UrlRefused):
        check_url(url, resolver=corpus.names())


@pytest.mark.parametrize("url", corpus.HOSTILE)
def test_a_hostile_url_is_refused_when_it_is_called(url):
    with pytest.raises(HttpError) as error:
        call(url, client={"resolver": corpus.names()})

    assert error.value.failure is HttpFailure.ADDRESS


@pytest.mark.parametrize(("url", "name"), corpus.HARMLESS.items())
def test_a_harmless_url_is_looked_up_and_taken(url, name):
    names = corpus.names()

    check_url(url, resolver=names)

    assert names.asked == [name]


def test_an_unknown_name_is_refused_when_it_is_entered():
    with pytest.raises(UrlRefused) as refusal:
        check_url("https://nobody.test/", resolver=Names({"nobody.test.": [[]]}))

    assert str(refusal.value) == "The host of the URL is not known."


def test_an_unknown_name_may_be_left_to_be_judged_when_it_is_called():
    names = Names({"nobody.test.": [[]], "inside.test.": [["10.0.0.1"]]})

    check_url("https://nobody.test/", must_resolve=False, resolver=names)

    with pytest.raises(UrlRefused):
        check_url("https://inside.test/", must_resolve=False, resolver=names)


@pytest.mark.parametrize("url", ["http://localhost:8000/", "http://127.0.0.1/", "http://[::1]:1/"])
def test_the_systems_resolver_and_an_operators_permission_take_this_machine(url):
    check_url(url, allow_private=True)

    with pytest.raises(UrlRefused):
        check_url(url)


def test_a_name_that_moves_inside_after_it_was_entered_is_not_dialled(inside):
    names = Names({"shop.test.": [["93.184.216.34"], [inside.host]]})
    check_url("https://shop.test:8443/", resolver=names)

    with pytest.raises(HttpError) as error:
        call("https://shop.test:8443/", client={"resolver": names})

    assert (error.value.failure, names.asked) == (HttpFailure.ADDRESS, ["shop.test."] * 2)
    assert inside.connections == 0
    call(inside.url, allow_private=True)
    assert inside.connections == 1


def test_one_bad_address_among_good_ones_rejects_the_name(inside):
    names = Names({"shop.test.": [[inside.host, "93.184.216.34"]]})

    with pytest.raises(HttpError) as error:
        call("https://shop.test:8443/", client={"resolver": names})

    assert (error.value.failure, inside.connections) == (HttpFailure.ADDRESS, 0)


def test_the_name_is_looked_up_again_for_each_connection():
    with receiving(hostile.sends_without_end) as receiver:  # it is closed, not kept
        names = Names({"shop.test.": [[receiver.host], ["169.254.169.254"]]})
        url = f"http://shop.test:{receiver.port}/"
        request = Request(method="GET", url=url, allow_private=True)
        with pytest.raises(HttpError) as error:
            calls(request, request, resolver=names)

    assert error.value.failure is HttpFailure.ADDRESS
    assert (len(names.asked), receiver.connections) == (2, 1)


def test_connections_of_operators_are_not_lent_to_tenants(inside):
    names = Names({"shop.test.": [[inside.host]]})
    url = "https://shop.test:8443/"
    allowed = Request(method="GET", url=url.replace("https", "http"), allow_private=True)

    with pytest.raises(HttpError) as error:
        calls(allowed, Request(method="GET", url=url), resolver=names)

    assert (error.value.failure, inside.connections) == (HttpFailure.ADDRESS, 1)


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/", "{inside}", "/elsewhere"])
def test_a_redirect_is_an_answer_and_not_followed(inside, target):
    location = target.format(inside=inside.url)

    with receiving(hostile.redirects_to(location)) as receiver:
        answer = call(receiver.url, allow_private=True)

    assert (answer.status, answer.headers["location"]) == (302, location)
    assert (receiver.connections, inside.connections) == (1, 0)
