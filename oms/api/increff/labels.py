"""The label of a pack call: there in time, or the reason why there is no answer (API 7)."""

import datetime as dt
from typing import TYPE_CHECKING

from fulfillment import services as fulfillment
from fulfillment.choices import DocumentStatus
from oms.api.increff import documents, errors
from oms.kernel.actors import Actor

if TYPE_CHECKING:
    from fulfillment.models import Document
    from fulfillment.services import PackedShipment

REASON = "The label was refused"


def check(label: "Document", packed: "PackedShipment", *, actor: Actor, now: dt.datetime) -> None:
    """Whether the label of a shipment can be handed over; 503 while it is late.

    A carrier that refuses it has the box unpacked again and its invoice taken back, so that the
    sub-order is as it was before the call: 400 with what the carrier said.
    """
    if label.status != DocumentStatus.FAILED:
        documents.check(label)
        return
    try:
        fulfillment.cancel_parcel(parcel_id=packed.parcel.pk, reason=REASON, actor=actor, now=now)
    except (fulfillment.CarrierRefused, fulfillment.CarrierUnavailable) as refusal:
        said = "The carrier failed; repeat the call"
        raise errors.Refused(500, errors.UNKNOWN_ERROR, said) from refusal
    raise errors.bad_data(f"{REASON}: {label.last_error}")
