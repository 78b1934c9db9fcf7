"""Hooks and entries of their log, as calls show them (contract 2.1)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from oms.api.akinon.hooks import numbers, options
from oms.api.akinon.hooks.log_reading import KINDS, NO_ANSWER, object_ids
from oms.api.akinon.hooks.reading import Hook
from oms.api.akinon.hooks.words import PLACES, word_for
from oms.api.akinon.rendering.values import stamp
from oms.events.choices import DeliveryState
from oms.events.formats import MASK
from oms.events.models import Delivery
from oms.events.sending.receivers import static_headers
from oms.kernel import sealed

Shown = dict[str, Any]


def hook(one: Hook) -> Shown:
    """A hook. Its secrets are masked: who sends a mask back leaves them as they are."""
    row = one.endpoint
    has_secret = any(
        sealed.read(secret, "secret") for secret in row.secrets.all() if secret.expires_at is None
    )
    return {
        "id": one.number,
        "event_type": one.word,
        "target_url": row.url,
        "secret_key": MASK if has_secret else None,
        "additional_headers": dict.fromkeys(static_headers(row), MASK),
        "config": options.config_of(row),
        "retry_countdown_config": options.countdown_config_of(row),
        "callback": None,
        "is_active": one.is_active,
        "created_date": stamp(row.created_at),
        "modified_date": stamp(row.updated_at),
    }


def entries(rows: Sequence[Delivery]) -> list[Shown]:
    """What hooks were told."""
    ids = object_ids(list(rows))
    return [_entry(row, object_id=ids.get(row.pk)) for row in rows]


def answer(row: Delivery, *, detail: str) -> Shown:
    """What a delivery that was sent while its asker waited came to."""
    last = next(iter(row.tried.all()), None)
    return {
        "detail": detail,
        "response_status": last.status or NO_ANSWER if last else NO_ANSWER,
        "response_content": last.answer or last.error if last else "",
        "response_time": last.duration_ms / 1000 if last else None,
        "delivered": row.state == DeliveryState.DELIVERED,
    }


def _entry(row: Delivery, *, object_id: int | None) -> Shown:
    sent = msgspec.json.decode(bytes(row.body.body)) if row.body else None
    word = str(sent["event"]["type"]) if sent else word_for(row.event, row.endpoint.words)
    tried = list(row.tried.all())
    last = tried[0] if tried else None
    return {
        "id": numbers.event_number(row.pk),
        "webhook": numbers.hook_number(row.endpoint_id, PLACES[word]) if word else None,
        "event_type": word,
        "uuid": sent["event"]["uuid"] if sent else row.event.public_id.hex,
        "content_type": KINDS.get(row.subject_type),
        "object_id": object_id,
        "request_payload": sent,
        "response_http_status": last.status or NO_ANSWER if last else None,
        "response_content": last.answer or last.error if last else None,
        "response_time": last.duration_ms / 1000 if last else None,
        "request_datetimes": [stamp(each.started_at) for each in tried],
        "retry_count": row.tries,
        "delivered": row.state == DeliveryState.DELIVERED,
        "created_date": stamp(row.created_at),
        "modified_date": stamp(last.started_at if last else row.created_at),
    }
