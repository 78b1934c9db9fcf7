"""Which extension makes the labels of a carrier, remembered: it is asked for every label."""

import time
from collections.abc import Callable, Mapping

from oms.accounts import app_settings
from oms.api.akinon.carriers import records
from oms.api.akinon.carriers.records import Record
from oms.api.akinon.settings_schemas import SHIPPING

LIFETIME = 5.0  # seconds until a change made by another process is noticed
MOST_KEPT = 5_000


class Chosen:
    """Codes by the names of carriers, per organization; one statement each in LIFETIME."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[int, tuple[float, Mapping[str, str]]] = {}

    def code_for(self, name: str, *, organization_id: int) -> str | None:
        """The code of the active record that is called so; None where there is none."""
        now = self._clock()
        kept = self._known.get(organization_id)
        if kept is None or kept[0] <= now:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            kept = (now + LIFETIME, _names(organization_id))
            self._known[organization_id] = kept
        return kept[1].get(name.strip().casefold())

    def forget(self, organization_id: int) -> None:
        """Ask the database again about an organization."""
        self._known.pop(organization_id, None)


def _names(organization_id: int) -> Mapping[str, str]:
    """What carriers may be called, from the record as it is shown: no secret is opened."""
    row = app_settings.setting_by_key(organization_id=organization_id, key=SHIPPING)
    known = records.read(row.value if row else None, organization_id=organization_id)
    found: dict[str, str] = {}
    for called in (_company, _erp_code, _name):
        for record in filter(_is_active, known):
            found.setdefault(called(record).casefold(), record.code)
    found.pop("", None)
    return found


def _is_active(record: Record) -> bool:
    return record.is_active


def _company(record: Record) -> str:
    return record.company


def _erp_code(record: Record) -> str:
    return record.erp_code


def _name(record: Record) -> str:
    return record.name
