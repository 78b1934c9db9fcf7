from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from oms.inbox import services
from oms.inbox.models import Entry
from tests import backoffice_builders as build
from tests.backoffice_builders import NOW


@pytest.mark.django_db(transaction=True)
def test_several_sweeps_at_once_raise_each_entry_once():
    channel = build.make_channel()
    for _ in range(20):
        build.make_order(
            channel, status="UNALLOCATED", waiting_for="Out of stock: A", allocation_due_at=NOW
        )

    def sweep(_: int) -> services.Change:
        try:
            return services.reconcile_due(now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        changes = list(pool.map(sweep, range(8)))

    assert sum(change.raised for change in changes) == 20
    assert sum(change.closed for change in changes) == 0
    assert Entry.objects.open().count() == 20
