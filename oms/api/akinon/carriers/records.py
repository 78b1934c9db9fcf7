"""The records of `SHIPPING_SETTINGS` that name a carrier extension (contract 7.1)."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from fulfillment.carriers import registry
from oms.accounts import app_settings
from oms.api.akinon.settings_schemas import SHIPPING
from oms.api.akinon.sync import words

ASK_EVERY = 60  # minutes, where the record does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One cargo company with its extension. `base_url` has no slash at its end."""

    organization_id: int
    name: str
    erp_code: str
    company: str
    base_url: str
    is_active: bool = True
    username: str = ""
    password: str = field(default="", repr=False)
    credentials: str = field(default="", repr=False)
    origin_id: str = ""
    label_format: str = ""
    ask_every: dt.timedelta = dt.timedelta(minutes=ASK_EVERY)
    with_payment: bool = False

    @property
    def code(self) -> str:
        """What documents of this carrier name."""
        return code_of(self.organization_id, self.erp_code)


def code_of(organization_id: int, erp_code: str) -> str:
    """`extension:<organization>:<erp_code>`."""
    return f"{registry.EXTENSION}{organization_id}:{erp_code}"


def parts_of(code: str) -> tuple[int, str]:
    """Organization and ERP code. Raises LookupError for what is no such code."""
    organization_id, colon, erp_code = code.removeprefix(registry.EXTENSION).partition(":")
    if not colon or not organization_id.isdecimal():
        raise LookupError(code)
    return int(organization_id), erp_code


def records_of(organization_id: int) -> list[Record]:
    """Every record with an extension, secrets opened; never to be shown or logged.

    Raises crypto.SealBroken.
    """
    value = app_settings.value_of(organization_id=organization_id, key=SHIPPING)
    return read(value, organization_id=organization_id)


def record_of(organization_id: int, erp_code: str) -> Record:
    """One record, also one that makes no new labels any more, for those under way.

    Of several with this code an active one. Raises LookupError, crypto.SealBroken.
    """
    same = [each for each in records_of(organization_id) if each.erp_code == erp_code]
    found = next((each for each in same if each.is_active), next(iter(same), None))
    if found is None:
        raise LookupError(erp_code)
    return found


def read(value: object, *, organization_id: int) -> list[Record]:
    """The records of a value of the setting that name an extension."""
    entries = value if isinstance(value, list) else []
    read_ones = (_record(entry, organization_id) for entry in entries if isinstance(entry, dict))
    return [record for record in read_ones if record.base_url and record.erp_code]


def _record(entry: dict[str, Any], organization_id: int) -> Record:
    conf = words.object_of(entry.get("conf")) or {}
    minutes = conf.get("query_interval_minutes")
    return Record(
        organization_id=organization_id,
        name=words.text(entry.get("name"), 255),
        erp_code=words.text(entry.get("erp_code"), 128),
        company=words.text(entry.get("shipping_company"), 64),
        is_active=entry.get("is_active") is not False,
        base_url=words.text(conf.get("base_url"), 2048).rstrip("/"),
        username=words.text(conf.get("username"), 255),
        password=words.text(conf.get("password"), 1024),
        credentials=words.text(conf.get("credentials_identifier"), 255),
        origin_id=words.text(conf.get("origin_id"), 255),
        label_format=words.text(conf.get("label_format"), 32),
        ask_every=dt.timedelta(minutes=minutes if isinstance(minutes, int) else ASK_EVERY),
        with_payment=conf.get("with_payment") is True,
    )
