"""What the workers of an installation do, done by a thread of the test."""

import threading
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Self

from django.db import connection
from django.utils import timezone

from fulfillment import services as fulfillment
from fulfillment.choices import DocumentKind
from fulfillment.models import Document
from oms.events import relay, sending
from oms.events import services as events
from oms.events.sending import Pace
from oms.inventory import services as inventory
from oms.kernel.actors import SYSTEM

PAUSE = 0.05  # seconds


class Worker:
    """A context manager: does what is due until the block ends; a fault fails the test then."""

    def __init__(
        self, endpoints: Iterable[int] = (), *, more: Collection[Callable[[datetime], object]] = ()
    ) -> None:
        self._unverified = list(endpoints)
        self._more = more
        self._stop = threading.Event()
        self._faults: list[Exception] = []
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        assert self._faults == []

    def _run(self) -> None:
        try:
            while not self._stop.wait(PAUSE):
                self._work()
        except Exception as fault:  # noqa: BLE001 told at the end, by the test
            self._faults.append(fault)
        finally:
            connection.close()

    def _work(self) -> None:
        now = timezone.now()
        fulfillment.allocate_due(now=now)
        relay.relay_batch(now=now)
        labels = Document.objects.filter(status="PENDING", kind=DocumentKind.LABEL)
        for number in labels.values_list("pk", flat=True):
            fulfillment.fetch_label(document_id=number, now=now)
        inventory.announce_due(now=now)
        for work in self._more:
            work(now)
        self._unverified = [
            number
            for number in self._unverified
            if not events.verify_endpoint(endpoint_id=number, actor=SYSTEM, now=now)
        ]
        sending.deliver(pace=Pace(watch=PAUSE))
