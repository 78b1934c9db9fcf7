"""Application settings (contract 1.1). Secrets are shown as a mask; sent back, it keeps them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from rest_framework.request import Request

from oms.accounts import app_settings
from oms.api.akinon import filtering
from oms.api.akinon.filtering import Filter
from oms.api.akinon.reading import Fields
from oms.api.akinon.views.base import AkinonView

if TYPE_CHECKING:
    from oms.accounts.models import ApplicationSetting

MANAGE = "settings:manage"
_LONGEST_KEY = 128
_FILTERS: dict[str, Filter] = {
    "key": filtering.of_text("key__icontains"),
    "key__icontains": filtering.of_text("key__icontains"),
    "key__exact": filtering.of_text("key"),
}
_SORTS = {"id": "number", "key": "key"}


class ApplicationSettings(AkinonView):
    scopes = {"GET": MANAGE, "POST": MANAGE}

    def get(self, _request: Request) -> HttpResponse:
        feed = app_settings.settings_feed(actor=self.actor)
        rows = self.chosen(feed, _FILTERS, _SORTS, default="id")
        return self.listed(rows, _shown)

    def post(self, _request: Request) -> HttpResponse:
        """201 with the new setting; 400 for a key that is set already."""
        body = self.document()
        fields = Fields(body)
        key = fields.text("key", longest=_LONGEST_KEY, is_required=True)
        _need_value(fields)
        made = app_settings.create_setting(
            organization_id=self.machine.organization_id,
            key=key,
            value=body["json_value"],
            actor=self.actor,
            now=self.real_now,
        )
        return self.done(_one(made), status=201)


class ApplicationSettingDetail(AkinonView):
    scopes = {"GET": MANAGE, "PUT": MANAGE, "PATCH": MANAGE, "DELETE": MANAGE}

    def get(self, _request: Request, number: str) -> HttpResponse:
        return self.done(_one(self._found(number)))

    def put(self, _request: Request, number: str) -> HttpResponse:
        """The whole: key and value are required. A key cannot be changed."""
        return self._change(number, is_whole=True)

    def patch(self, _request: Request, number: str) -> HttpResponse:
        """The value, if it is named."""
        return self._change(number, is_whole=False)

    def delete(self, _request: Request, number: str) -> HttpResponse:
        """204; what holds from then on is the default."""
        found = self._found(number)
        app_settings.remove_setting(
            organization_id=found.organization_id,
            key=found.key,
            actor=self.actor,
            now=self.real_now,
        )
        return self.empty()

    def _change(self, number: str, *, is_whole: bool) -> HttpResponse:
        found, body = self._found(number), self.document()
        fields = Fields(body)
        key = fields.text("key", longest=_LONGEST_KEY, is_required=is_whole)
        if key and key != found.key:
            fields.wrong("key", "It cannot be changed.")
        if is_whole:
            _need_value(fields)
        fields.refuse()
        if "json_value" not in body:
            return self.done(_one(found))
        changed = app_settings.set_setting(
            organization_id=found.organization_id,
            key=found.key,
            value=body["json_value"],
            actor=self.actor,
            now=self.real_now,
        )
        return self.done(_one(changed))

    def _found(self, number: str) -> "ApplicationSetting":
        return app_settings.setting_by_number(actor=self.actor, number=int(number))


def _need_value(fields: Fields) -> None:
    """400 with this and everything before it."""
    if "json_value" not in fields:
        fields.wrong("json_value", "This field is required.")
    fields.refuse()


def _shown(rows: "Sequence[ApplicationSetting]") -> list[dict[str, Any]]:
    return [_one(row) for row in rows]


def _one(row: "ApplicationSetting") -> dict[str, Any]:
    return {"id": row.number, "key": row.key, "json_value": row.value}
