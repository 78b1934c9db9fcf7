"""Distribution and transfer scenarios: created, read, changed and removed (contract 8, 12a.5)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from fulfillment import services
from fulfillment.choices import ScenarioKind
from fulfillment.routing.schema import RulesInvalid
from oms.api.akinon import scenario_inputs, scenario_reads, scenario_writing
from oms.api.akinon.scenario_inputs import ScenarioBody
from oms.api.akinon.scenario_reads import Directory
from oms.api.akinon.views.base import AkinonView

if TYPE_CHECKING:
    from fulfillment.models import Scenario

MANAGE = "settings:manage"


class ScenarioView(AkinonView):
    """What both shapes share."""

    kind: ClassVar[ScenarioKind] = ScenarioKind.DISTRIBUTION

    def told(self, number: int, *, status: int = 200) -> HttpResponse:
        """A scenario as it is now."""
        found = scenario_reads.get(number=number, actor=self.actor, kind=self.kind)
        shown = scenario_reads.shown(found, directory=Directory.of(self.actor))
        return self.done(shown, status=status)

    def body_read(self, *, old: "Scenario | None", is_whole: bool) -> ScenarioBody:
        """What the body asks for: 400 by field."""
        return scenario_inputs.read(
            self.document(),
            old=scenario_reads.rules_of(old) if old else {},
            directory=Directory.of(self.actor),
            kind=self.kind,
            is_whole=is_whole,
        )


class Scenarios(ScenarioView):
    scopes = {"GET": MANAGE, "POST": MANAGE}

    def get(self, _request: Request) -> HttpResponse:
        """In the order in which they are tried: the lowest priority first."""
        feed = scenario_reads.feed(actor=self.actor, kind=self.kind)
        rows = self.chosen(feed, scenario_reads.FILTERS, scenario_reads.SORTS, default="priority")
        return self.listed(rows, self._shown)

    def post(self, _request: Request) -> HttpResponse:
        """201; it acts at once."""
        body = self.body_read(old=None, is_whole=True)
        try:
            made = scenario_writing.create(
                body=body,
                organization_id=self.machine.organization_id,
                kind=self.kind,
                actor=self.actor,
                now=self.now,
            )
        except RulesInvalid as refusal:
            raise scenario_inputs.told(refusal) from refusal
        return self.told(made.public_number, status=201)

    def _shown(self, rows: "Sequence[Scenario]") -> list[dict[str, Any]]:
        directory = Directory.of(self.actor)
        return [scenario_reads.shown(row, directory=directory) for row in rows]


class ScenarioDetail(ScenarioView):
    scopes = {"GET": MANAGE, "PUT": MANAGE, "PATCH": MANAGE, "DELETE": MANAGE}

    def get(self, _request: Request, number: str) -> HttpResponse:
        return self.told(int(number))

    def put(self, _request: Request, number: str) -> HttpResponse:
        """The whole scenario."""
        return self._change(int(number), is_whole=True)

    def patch(self, _request: Request, number: str) -> HttpResponse:
        """What the body names."""
        return self._change(int(number), is_whole=False)

    def delete(self, _request: Request, number: str) -> HttpResponse:
        """204; 406 once orders were planned by it: then it is switched off instead."""
        found = scenario_reads.get(number=int(number), actor=self.actor, kind=self.kind)
        services.remove_scenario(scenario_id=found.pk, actor=self.actor)
        return self.empty()

    def _change(self, number: int, *, is_whole: bool) -> HttpResponse:
        found = scenario_reads.get(number=number, actor=self.actor, kind=self.kind)
        body = self.body_read(old=found, is_whole=is_whole)
        try:
            scenario_writing.change(scenario=found, body=body, actor=self.actor, now=self.now)
        except RulesInvalid as refusal:
            raise scenario_inputs.told(refusal) from refusal
        return self.told(number)


class TransferScenarios(Scenarios):
    kind = ScenarioKind.TRANSFER


class TransferScenarioDetail(ScenarioDetail):
    kind = ScenarioKind.TRANSFER
