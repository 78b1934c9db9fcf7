"""Asking carriers how far their parcels are, and having void shipments taken back.

The row is the job (docs/adr/0003). A round is about one carrier, so one that hangs holds up nobody
else for longer than one of its calls.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from fulfillment.carriers import registry
from fulfillment.carriers.base import CarrierError, FollowedCarrier, Journey, Progress
from fulfillment.choices import DocumentStatus, ParcelStatus
from fulfillment.models import LabelWatch, Parcel
from fulfillment.services import label_watches
from fulfillment.services.carrier_news import CarrierNews, take_carrier_news
from oms.accounts.clocks import EVERYBODY, Circle
from oms.kernel import crypto, sql
from oms.kernel.actors import Actor
from oms.kernel.errors import DomainError

logger = logging.getLogger(__name__)

BATCH = 20
LONG_ROUND = 20.0  # seconds after which a carrier that answers slowly makes way for others
REST = timedelta(seconds=30)
AGAIN = timedelta(minutes=5)  # after a call that failed, at most; less where more is asked for
TOO_OLD = timedelta(days=60)  # for which anybody asks about a label
ENDED = frozenset({Journey.DELIVERED, Journey.RETURNED, Journey.DELETED})

_UNDER_WAY = frozenset(
    {
        ParcelStatus.PACKED,
        ParcelStatus.LABELLED,
        ParcelStatus.MANIFESTED,
        ParcelStatus.SHIPPED,
        ParcelStatus.OUT_FOR_DELIVERY,
    }
)

# Of the carrier that waits longest. Whoever moves `due_at` owns this attempt until the lease ends.
_CLAIM = """
WITH first AS (
    SELECT carrier FROM fulfillment_labelwatch
    WHERE due_at <= %(now)s
      AND (%(only)s::bigint IS NULL OR organization_id = %(only)s::bigint)
      AND organization_id <> ALL(%(besides)s::bigint[])
    ORDER BY due_at, document_id LIMIT 1
)
UPDATE fulfillment_labelwatch
SET due_at = %(lease_end)s, attempts = attempts + 1
WHERE document_id IN (SELECT w.document_id FROM fulfillment_labelwatch w
                      WHERE w.carrier = (SELECT carrier FROM first) AND w.due_at <= %(now)s
                      ORDER BY w.due_at, w.document_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING document_id
"""


class _RoundOver(Exception):
    """The carrier does not answer, or takes long: it is left alone until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"until {until}")
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """Watches of one carrier, and who asks it when. Without a carrier it is not connected."""

    code: str
    carrier: FollowedCarrier | None
    now: datetime
    ends: float
    """By the monotonic clock."""

    @property
    def every(self) -> timedelta:
        return self.carrier.ask_every if self.carrier else label_watches.FIRST


def follow_due_labels(*, now: datetime, limit: int = BATCH, circle: Circle = EVERYBODY) -> int:
    """Ask one carrier about a batch of its due labels. Returns how many were claimed.

    A parcel that left, was not taken, arrived or came back is brought there. A label that was
    voided before its parcel left is taken back at the carrier. With the first call that fails for
    a while, all that carrier is to be asked waits, for AGAIN at most; where it answers slowly, for
    REST.
    """
    params: dict[str, object] = {"limit": limit, "lease_end": now + label_watches.LEASE, "now": now}
    claimed = [pk for (pk,) in sql.rows(_CLAIM, {**params, **circle.params})]
    watches = list(_loaded(claimed))
    if watches:
        code, ends = watches[0].carrier, time.monotonic() + LONG_ROUND
        _work_off(_Round(code=code, carrier=_carrier(code), now=now, ends=ends), watches)
    return len(claimed)


def _loaded(claimed: list[int]) -> "list[LabelWatch]":
    found = LabelWatch.objects.filter(pk__in=claimed).select_related("document__parcel")
    return list(found.order_by("pk"))


def _carrier(code: str) -> FollowedCarrier | None:
    try:
        return registry.followed(code)
    except (LookupError, crypto.SealBroken):
        return None


def _work_off(one: _Round, watches: list[LabelWatch]) -> None:
    try:
        for watch in watches:
            _follow(one, watch)
    except _RoundOver as over:
        mine = LabelWatch.objects.filter(carrier=one.code)
        rest = Q(pk__in=[watch.pk for watch in watches], due_at=one.now + label_watches.LEASE)
        mine.filter(rest | Q(due_at__lte=one.now)).update(due_at=over.until)


def _follow(one: _Round, watch: LabelWatch) -> None:
    """Do what is due about one label; what goes wrong with it alone holds up no other."""
    if time.monotonic() > one.ends:
        raise _RoundOver(one.now + REST)
    try:
        _do(one, watch)
    except CarrierError as error:
        _put_off(one, watch, error)
        if error.temporary:
            raise _RoundOver(one.now + min(AGAIN, one.every)) from None
    except DomainError as refused:
        _set(watch, due_at=one.now + one.every, last_error=f"Not applied: {refused.code}")
    except Exception as fault:
        logger.exception("A label could not be followed")
        _set(watch, due_at=one.now + AGAIN, last_error=f"Internal: {type(fault).__name__}")


def _do(one: _Round, watch: LabelWatch) -> None:
    if watch.document.status == DocumentStatus.VOID:
        _take_back(one, watch)
    elif _is_too_old(one, watch):
        _set(watch, due_at=None, last_error="Nobody asks about it any more")
    elif watch.document.status != DocumentStatus.READY or not _is_under_way(watch):
        _set(watch, due_at=_next_look(one, watch))
    else:
        _ask(one, watch)


def _is_too_old(one: _Round, watch: LabelWatch) -> bool:
    return watch.document.created_at < one.now - TOO_OLD


def _is_under_way(watch: LabelWatch) -> bool:
    return watch.document.box.status in _UNDER_WAY


def _next_look(one: _Round, watch: LabelWatch) -> datetime | None:
    """When there may be something to ask; never where the parcel has ended."""
    is_early = watch.document.box.status in {*_UNDER_WAY, ParcelStatus.PLANNED}
    return one.now + one.every if is_early else None


def _take_back(one: _Round, watch: LabelWatch) -> None:
    """Of a parcel that has left nothing is taken back, and nothing where nobody was called."""
    if watch.document.attempts and not watch.document.box.has_left:
        _connected(one).void_label(watch.document.reference)
    _set(watch, due_at=None, last_error="", failures=0)


def _ask(one: _Round, watch: LabelWatch) -> None:
    progress = _connected(one).progress_of(watch.document.reference, known=watch.last_status)
    if progress is None:
        error = "The carrier does not know the shipment"
        _set(watch, due_at=one.now + one.every, asked_at=one.now, last_error=error)
        return
    parcel = watch.document.box
    _keep_address(parcel, progress, now=one.now)
    news = CarrierNews(
        parcel_id=parcel.pk, journey=progress.journey, occurred_at=progress.occurred_at
    )
    asker = Actor(kind="system", ref="carrier", organization_id=watch.organization_id)
    take_carrier_news(news=news, actor=asker, now=one.now)
    is_deleted = progress.journey == Journey.DELETED
    _set(
        watch,
        due_at=None if progress.journey in ENDED else one.now + one.every,
        asked_at=one.now,
        failures=0,
        last_status=progress.said[:64],
        last_error="The carrier has deleted the shipment" if is_deleted else "",
    )


def _connected(one: _Round) -> FollowedCarrier:
    if one.carrier is None:
        raise CarrierError("The carrier is not connected", temporary=True)
    return one.carrier


def _keep_address(parcel: Parcel, progress: Progress, *, now: datetime) -> None:
    """Where the buyer can follow the parcel, told later than the label."""
    if progress.tracking_url and not parcel.tracking_url:
        unset = Parcel.objects.filter(pk=parcel.pk, tracking_url="")
        unset.update(tracking_url=progress.tracking_url, changed_at=now)


def _put_off(one: _Round, watch: LabelWatch, error: CarrierError) -> None:
    """Later again; a shipment that is not taken back by a plain no stays where it is."""
    is_final = watch.document.status == DocumentStatus.VOID and not error.temporary
    pause = min(AGAIN, one.every) if error.temporary else one.every
    _set(
        watch,
        due_at=None if is_final else one.now + pause,
        asked_at=one.now,
        failures=watch.failures + 1,
        last_error=str(error)[:255],
    )


def _set(watch: LabelWatch, **values: object) -> None:
    """Only if the attempt is still ours."""
    mine = LabelWatch.objects.filter(pk=watch.pk, attempts=watch.attempts)
    mine.update(**values)
