import pytest

from channels_app.models import Channel
from channels_app.services import open_standard_channels
from tests.factories import make_channel, make_organization

pytestmark = pytest.mark.django_db

CODES = ["lazada", "manual", "other", "pos", "shopee", "shopify", "tiki", "tiktok", "web"]


def test_a_new_organization_gets_the_channels_of_the_contract():
    organization = make_organization()

    made = open_standard_channels(organization=organization)

    codes = Channel.objects.filter(organization=organization).values_list("code", flat=True)
    assert sorted(codes) == CODES
    assert len(made) == len(CODES)


def test_a_code_it_has_in_other_letters_is_left_alone():
    channel = make_channel(code="WEB")

    made = open_standard_channels(organization=channel.organization)

    assert sorted(each.code for each in made) == [code for code in CODES if code != "web"]
