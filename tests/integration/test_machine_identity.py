from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.accounts.choices import ClientKind, CredentialKind
from oms.accounts.models import ApiClient, Credential
from oms.accounts.queries import LIFETIME, Machines
from oms.accounts.scopes import OF_KIND
from oms.kernel.crypto import SealBroken
from tests.factories import make_channel, make_oms4_client, make_point

pytestmark = pytest.mark.django_db


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def who(credential, machines=None, **changes):
    asked = {
        "kind": CredentialKind.OMS4,
        "tenant": credential.organization.code,
        "key": credential.identifier,
    }
    return (machines or Machines()).get(**asked | changes)


def test_says_what_a_channels_machine_may_see():
    channel = make_channel()

    machine = who(make_oms4_client(channel=channel, key="2001", rate_limit=None))

    assert machine.actor.organization_id == channel.organization_id
    assert (machine.actor.channel_ids, machine.actor.point_ids) == (frozenset({channel.pk}), None)
    assert (machine.kind, machine.channel_type, machine.point_type) == ("CHANNEL", "GENERAL", "")
    assert (machine.key, machine.secret, machine.rate_limit) == ("2001", "demo-secret", None)
    assert machine.scopes == OF_KIND[ClientKind.CHANNEL]
    assert machine.is_active is True


def test_says_what_a_points_machine_may_see():
    point = make_point()

    machine = who(make_oms4_client(point=point, scopes=["tasks:read"]))

    assert (machine.actor.channel_ids, machine.actor.point_ids) == (None, frozenset({point.pk}))
    assert (machine.point_id, machine.point_type) == (point.pk, "GENERAL")
    assert machine.scopes == {"tasks:read"}


@pytest.mark.parametrize(
    "change", [{"tenant": "other"}, {"key": "other"}, {"kind": CredentialKind.API_KEY}]
)
def test_a_key_belongs_to_one_tenant_and_kind(change):
    assert who(make_oms4_client(channel=make_channel()), **change) is None


@pytest.mark.parametrize("column", ["revoked_at", "expires_at"])
def test_a_withdrawn_key_is_nobodys(column):
    credential = make_oms4_client(channel=make_channel())
    Credential.objects.update(**{column: timezone.now() - timedelta(seconds=1)})

    assert who(credential) is None


def test_a_key_that_expires_later_still_counts():
    credential = make_oms4_client(channel=make_channel())
    Credential.objects.update(expires_at=timezone.now() + timedelta(hours=1))

    assert who(credential) is not None


@pytest.mark.parametrize("disabled", ["client", "channel"])
def test_the_disabled_are_told_apart_from_nobody(disabled):
    channel = make_channel(is_active=disabled != "channel")
    credential = make_oms4_client(channel=channel)
    ApiClient.objects.update(is_active=disabled != "client")

    assert who(credential).is_active is False


def test_remembers_for_five_seconds_and_asks_once():
    clock = Clock()
    machines = Machines(clock)
    credential = make_oms4_client(channel=make_channel())
    with CaptureQueriesContext(connection) as asked:
        who(credential, machines)
        who(credential, machines)
    Credential.objects.update(revoked_at=timezone.now())

    assert len(asked) == 1
    clock.now = LIFETIME - 0.001
    assert who(credential, machines) is not None
    clock.now = LIFETIME
    assert who(credential, machines) is None


def test_remembers_also_that_a_key_is_nobodys():
    machines = Machines(Clock())
    credential = make_oms4_client(channel=make_channel())
    with CaptureQueriesContext(connection) as asked:
        assert who(credential, machines, key="x") is None
        assert who(credential, machines, key="x") is None

    assert len(asked) == 1
    machines.forget()
    assert who(credential, machines) is not None


def test_a_secret_moved_to_another_row_does_not_open():
    one, other = (make_oms4_client(channel=make_channel()) for _ in range(2))
    Credential.objects.filter(pk=other.pk).update(secret=one.secret)

    with pytest.raises(SealBroken):
        who(other)


def test_does_not_show_its_secret():
    assert "demo-secret" not in repr(who(make_oms4_client(channel=make_channel())))
