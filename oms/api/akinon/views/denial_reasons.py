"""Reasons to refuse packages (contract 9.5): the same at both paths."""

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fulfillment.services.denial_reasons import DenialReasonDraft, add_denial_reason
from oms.api.akinon import command_inputs, denial_reads, filtering
from oms.api.akinon.views.base import AkinonView

_HIGHEST = 2**31 - 1


class DenialReasonInput(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=255)
    remote_id = serializers.CharField(
        max_length=100, required=False, allow_null=True, allow_blank=True
    )
    priority = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=_HIGHEST
    )
    is_active = serializers.BooleanField(required=False, default=True)


class DenialReasons(AkinonView):
    scopes = {"GET": "shipments:read", "POST": "shipments:write"}

    def get(self, request: Request) -> HttpResponse:
        rows = filtering.chosen(
            denial_reads.feed(actor=self.actor),
            request.query_params,
            denial_reads.FILTERS,
            denial_reads.SORTS,
            default="id",
        )
        return self.listed(rows, lambda reasons: [denial_reads.shown(each) for each in reasons])

    def post(self, _request: Request) -> HttpResponse:
        """201 with the new reason; 400 for a title that exists."""
        values = command_inputs.checked(DenialReasonInput, self.document())
        draft = DenialReasonDraft(
            organization_id=self.machine.organization_id,
            title=values["title"],
            remote_id=values.get("remote_id") or "",
            priority=values.get("priority"),
            is_active=values["is_active"],
        )
        reason = add_denial_reason(draft=draft, actor=self.actor, now=self.real_now)
        return self.done(denial_reads.shown(reason), status=201)


class DenialReasonDetail(AkinonView):
    scopes = {"GET": "shipments:read"}

    def get(self, _request: Request, number: str) -> HttpResponse:
        reason = denial_reads.get(number=int(number), actor=self.actor)
        return self.done(denial_reads.shown(reason))
