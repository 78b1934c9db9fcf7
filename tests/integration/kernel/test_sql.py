"""The SQL helpers against the real database."""

import threading

import pytest
from django.db import InternalError, OperationalError, connection, transaction

from oms.accounts.models import Organization
from oms.kernel import sql
from tests.factories import make_organization


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_does_not_see_what_commits_meanwhile():
    def elsewhere():
        make_organization(code="LATE")
        connection.close()

    with sql.snapshot():
        before = Organization.objects.count()
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
        within = Organization.objects.count()

    assert within == before
    assert Organization.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_nothing_can_be_written_in_a_snapshot():
    with pytest.raises((InternalError, OperationalError)), sql.snapshot():
        make_organization(code="NEVER")

    assert not Organization.objects.filter(code="NEVER").exists()


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_the_isolation_is_that_ones():
    with transaction.atomic(), sql.snapshot():
        make_organization(code="OURS")

    assert Organization.objects.filter(code="OURS").exists()
