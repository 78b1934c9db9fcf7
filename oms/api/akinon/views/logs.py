"""Changes of state (contract 6.4)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.akinon import filtering, log_reads
from oms.api.akinon.filtering import Filter, moments, texts, whole, wholes
from oms.api.akinon.rendering.logs import entry
from oms.api.akinon.views.base import AkinonView

MOST = 100
_SORTS = {"id": "position", "created_date": "occurred_at", "modified_date": "occurred_at"}
_LOOKUPS: Sequence[str] = ("gt", "gte", "lt", "lte")


def _compared(path: str) -> Filter:
    return lambda text: Q(**{path: whole(text)})


def _of_kind(text: str) -> Q:
    kind = log_reads.KINDS.get(whole(text))
    return Q(subject_type=kind) if kind else Q(pk__in=[])


def _states(column: str) -> dict[str, Filter]:
    with_state: Callable[..., Q] = log_reads.with_state
    return {
        column: filtering.of_whole(column),
        f"{column}__name": lambda text: with_state(column, name=text),
        f"{column}__enum_value": lambda text: with_state(column, values=[text]),
        f"{column}__enum_value__in": lambda text: with_state(column, values=texts(text)),
    }


FILTERS: Mapping[str, Filter] = {
    **_states("old_state"),
    **_states("new_state"),
    "object_id": lambda text: log_reads.about(whole(text)),
    "content_type": _of_kind,
    **moments("created_date", "occurred_at"),
    **moments("modified_date", "occurred_at"),
    "id": filtering.of_whole("position"),
    "id__in": lambda text: Q(position__in=wholes(text)),
    **{f"id__{lookup}": _compared(f"position__{lookup}") for lookup in _LOOKUPS},
}


class TransitionLogs(AkinonView):
    scopes = {"GET": "shipments:read"}

    def get(self, request: Request) -> HttpResponse:
        """Every change of a package, order or transfer, newest first.

        Each entry asks for the state before it, and events are never deleted: so of a long list
        only as many are counted as a page or ten cost.
        """
        changes = log_reads.changes(actor=self.actor)
        rows = filtering.chosen(changes, request.query_params, FILTERS, _SORTS)
        return self.listed(rows, _shown, most=MOST, counted=settings.OMS_AKINON_CHANGES_COUNTED)


class TransitionLog(AkinonView):
    scopes = {"GET": "shipments:read"}

    def get(self, _request: Request, number: str) -> HttpResponse:
        found = log_reads.get(position=int(number), actor=self.actor)
        return self.done(_shown([found])[0])


def _shown(events: Sequence[Any]) -> list[dict[str, Any]]:
    return [entry(change) for change in log_reads.shown(events)]
