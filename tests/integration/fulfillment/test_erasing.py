from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from fulfillment import services
from fulfillment.models import Document, StoredContent
from oms.kernel.actors import SYSTEM
from oms.orders import services as orders
from tests.factories import NOW, relay_everything
from tests.integration.fulfillment.builders import SINGLE, routed

pytestmark = pytest.mark.django_db


def test_the_labels_go_with_the_buyers_data(django_capture_on_commit_callbacks):
    order = routed(delivery=SINGLE).order
    services.fetch_due_labels(now=NOW + timedelta(days=3650))
    document = Document.objects.get(parcel__task__order=order)
    name = document.content.file.name
    assert default_storage.exists(name)

    orders.erase_buyer(order_id=order.pk, actor=SYSTEM, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        relay_everything()

    document.refresh_from_db()
    assert (document.status, document.content) == ("VOID", None)
    assert StoredContent.objects.exists() is False
    assert default_storage.exists(name) is False


def test_erasing_again_changes_nothing():
    order = routed(delivery=SINGLE).order
    services.erase_documents(order_id=order.pk, actor=SYSTEM, now=NOW)

    services.erase_documents(order_id=order.pk, actor=SYSTEM, now=NOW)

    assert Document.objects.get(parcel__task__order=order).status == "VOID"
