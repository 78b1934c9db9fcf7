"""The `data` of each message, exactly as the contract has it (sections 6.3 and 6.4).

Seconds and milliseconds are mixed there, and so are they here.
"""

import datetime as dt
from typing import Any

from oms.api.oms4 import mapping
from oms.api.oms4.push.reading import Readings
from oms.api.oms4.render.values import ms, seconds, text
from oms.events.models import Event

Data = dict[str, Any]


def new_ft(event: Event, known: Readings) -> Data:
    return {
        "ft_no": event.data["task"],
        "order_no": event.data["order"],
        "sales_channel": _channel(event, known),
        "created_time": seconds(event.occurred_at),
    }


def generated_shipping_label(event: Event, _known: Readings) -> Data:
    return {
        "ft_no": event.data["task"],
        "fp_parcel_no": event.data["point_parcel_no"],
        "delivery_carrier": text(event.data["carrier"]),
        "delivery_type": text(event.data["delivery_type"]),
        "tracking_no": text(event.data["tracking_number"]),
        "obtained_time": seconds(event.occurred_at),
    }


def new_ct(event: Event, known: Readings) -> Data:
    return {
        "ft_no": event.data["task"],
        "ct_no": event.data["cancellation"],
        "order_no": event.data["order"],
        "sales_channel": _channel(event, known),
        "created_time": seconds(event.occurred_at),
        "cancelled_items": [str(number) for number in event.data["task_lines"]],
    }


def shipping_label_updated(event: Event, _known: Readings) -> Data:
    return {
        "ft_no": event.data["task"],
        "fp_parcel_no": event.data["point_parcel_no"],
        "updated_time": seconds(event.occurred_at),
    }


def cancel_request(event: Event, known: Readings) -> Data:
    return {
        "ft_no": event.data["task"],
        "order_no": event.data["order"],
        "sales_channel": _channel(event, known),
        "requested_time": seconds(_moment(event.data["requested_at"])),
        "items": [
            {"task_detail_id": str(line["task_line"]), "qty": line["quantity"]}
            for line in event.data["lines"]
        ],
    }


def new_order(event: Event, _known: Readings) -> Data:
    return {"order_no": event.data["order"], "created_time": seconds(event.occurred_at)}


def handle_buyer_cancellation(event: Event, known: Readings) -> Data:
    decision = known.decisions[event.data["cancel_request_id"]]
    return {
        "order_no": event.data["order"],
        "seller_comment": decision.comment,
        "handled_by": decision.decided_by.partition(":")[2] or decision.decided_by,
        "handling_result": mapping.CANCEL_DECISION[event.data["decision"]],
        "reply_time": ms(decision.decided_at),
    }


def cancle_order(event: Event, _known: Readings) -> Data:
    return {
        "order_no": event.data["order"],
        "canceller_items": [line["line"] for line in event.data["lines"]],
        "canceller_time": ms(event.occurred_at),
    }


def ft_received_by_fp(event: Event, known: Readings) -> Data:
    return {
        "order_no": event.data["order"],
        "ft_no": event.data["task"],
        "fulfillment_point": known.points.get(event.point_ref or 0),
        "received_time": ms(event.occurred_at),
    }


def parcel_packed(event: Event, _known: Readings) -> Data:
    return {
        "order_no": event.data["order"],
        "ft_no": event.data["task"],
        "parcel_id": event.data["parcel"],
        "fp_parcel_no": event.data["point_parcel_no"],
        "packed_time": ms(_moment(event.data["packed_at"])),
    }


def parcel_status_updated(event: Event, known: Readings) -> Data:
    numbers = known.parcels[event.subject_id]
    return {
        "order_no": event.data["order"],
        "parcel_id": event.data["parcel"],
        "fp_parcel_no": event.data["point_parcel_no"],
        "us_parcel_no": text(numbers.channel_parcel_no),
        "tracking_no": text(numbers.tracking_number),
        "status": mapping.PARCEL_STATUS[event.status],
        "event_time": ms(_moment(event.data["milestone_at"])),
    }


def spu_stock_update(event: Event, _known: Readings) -> Data:
    return _spu(event, "stock")


def spu_price_update(event: Event, _known: Readings) -> Data:
    return _spu(event, "original_price", "current_price")


def _spu(event: Event, *figures: str) -> Data:
    return {
        "spu_id": event.data["spu"],
        "skus": [
            {
                "sku_id": sku["sku"],
                "seller_sku_code": sku["seller_sku_code"],
                **{name: _number(sku[name]) for name in figures},
            }
            for sku in event.data["skus"]
        ],
        "updated_time": ms(event.occurred_at),
    }


def spu_status_update(event: Event, _known: Readings) -> Data:
    return {
        "spu_id": event.data["spu"],
        "upstream_status": mapping.LISTING_STATUS[event.status],
        "updated_time": ms(event.occurred_at),
    }


def request_spu_info(event: Event, _known: Readings) -> Data:
    return {"spu_ids": event.data["spus"], "requested_time": ms(event.occurred_at)}


def _channel(event: Event, known: Readings) -> str | None:
    return known.channels.get(event.channel_ref or 0)


def _moment(said: str) -> dt.datetime:
    return dt.datetime.fromisoformat(said)


def _number(said: int | str) -> int | float:
    """Prices stand as text in events, so that no digit is lost; the wire has numbers."""
    return float(said) if isinstance(said, str) else said
