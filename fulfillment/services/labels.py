"""Labels: planned with a task or asked for at packing, fetched in the background."""

from collections.abc import Sequence
from datetime import datetime

from fulfillment.models import FulfillmentTask, Parcel
from oms.kernel.actors import Actor


def plan_parcels(*, tasks: Sequence[FulfillmentTask], now: datetime, actor: Actor) -> None:
    """Plan one parcel for each task, with all its live lines, and ask for its label."""
    raise NotImplementedError


def request_label(*, parcels: Sequence[Parcel], actor: Actor, now: datetime) -> None:
    raise NotImplementedError


def fetch_label(*, document_id: int, now: datetime) -> bool:
    """Try once to get one label. False when it is not due or somebody else has it."""
    raise NotImplementedError


def fetch_due_labels(*, now: datetime, limit: int = 20) -> int:
    """Try once to get a batch of due labels. Returns how many were claimed."""
    raise NotImplementedError


def retry_label(*, document_id: int, actor: Actor, now: datetime) -> None:
    raise NotImplementedError


def void_labels(*, parcels: Sequence[Parcel], actor: Actor, now: datetime) -> None:
    raise NotImplementedError
