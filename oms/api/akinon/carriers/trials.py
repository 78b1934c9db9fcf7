"""Trying the extensions of an organization: each is asked for a shipment that does not exist."""

import time
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import uuid4

from channels_app.remote_desk import Answer
from fulfillment.carriers.base import CarrierError
from oms.api.akinon.carriers.client import Extension
from oms.api.akinon.carriers.records import Record


def try_extensions(records: Sequence[Record]) -> list[Answer]:
    """What each said. Nothing is changed there or here."""
    return [_try(record) for record in records]


def _try(record: Record) -> Answer:
    began = time.monotonic()
    try:
        is_well = Extension(record).query(f"OMS-TEST-{uuid4().hex}").is_missing
        said = "It answers, and accepts the account"
        if not is_well:
            said = "It answered with a shipment that does not exist: this is no carrier extension"
    except CarrierError as error:
        said, is_well = str(error), False
    return Answer(
        endpoint=record.erp_code,
        url=urlsplit(record.base_url).netloc,
        is_well=is_well,
        said=said,
        milliseconds=round((time.monotonic() - began) * 1000),
    )
