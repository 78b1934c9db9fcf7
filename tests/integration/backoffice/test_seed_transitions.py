"""`manage.py seed_transitions` gives an organization what it has not got."""

import io

import pytest
from django.core.management import CommandError, call_command

from fulfillment.models import TransitionRule
from tests import factories

pytestmark = pytest.mark.django_db


def seeded(code):
    said = io.StringIO()
    call_command("seed_transitions", "--organization", code, stdout=said)
    return said.getvalue().strip()


def test_it_makes_what_is_missing_and_leaves_the_rest_alone():
    organization = factories.make_organization()
    first = seeded(organization.code)
    rules = TransitionRule.objects.filter(organization=organization)
    rules.filter(slug="ship").update(name="Off it goes")
    count = rules.count()
    rules.filter(slug="block").delete()

    again = seeded(organization.code)

    assert (first, again) == (f"{count} transitions made.", "1 transitions made.")
    assert rules.get(slug="ship").name == "Off it goes"
    assert rules.count() == count


def test_an_organization_nobody_knows_is_refused():
    with pytest.raises(CommandError, match="no organization NONE"):
        seeded("NONE")
