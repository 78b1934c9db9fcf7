"""`manage.py back_test`: past orders planned again by a version of a scenario, and what differs."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fulfillment import services
from fulfillment.models import ScenarioVersion
from fulfillment.services import BackTest, Tally
from oms.kernel.actors import Actor
from oms.kernel.errors import DomainError

ACTOR = Actor(kind="command", ref="back_test")


class Command(BaseCommand):
    """A table of the version and the rules that act, over the same orders. Writes nothing."""

    help = (
        "Plan past orders again by a version of a scenario, also by a draft, and compare with the "
        "rules that act. Reads only; quotas of a day are left out."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scenario", required=True, metavar="CODE")
        parser.add_argument("--organization", metavar="CODE", help="where codes repeat")
        # Django's own `--version` says which Django this is; here it names the scenario's.
        parser.add_argument(
            "--version",
            type=int,
            default=None,
            dest="number",
            metavar="N",
            help="default: the draft, or else the version that acts",
        )
        parser.add_argument("--orders", type=int, default=1000, metavar="N", help="newest first")
        parser.add_argument("--since", type=_moment, metavar="DATE", help="of the order")
        parser.add_argument("--until", type=_moment, metavar="DATE", help="of the order")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = dt.datetime.now(dt.UTC)
        version = _version(options)
        self.stderr.write(f"{version.scenario.code}, version {version.number} ({version.state})")
        try:
            outcome = services.back_test(
                version_id=version.pk,
                since=options["since"] or dt.datetime.min.replace(tzinfo=dt.UTC),
                until=options["until"] or now,
                limit=options["orders"],
                actor=ACTOR,
                now=now,
                told=lambda done, of: self.stderr.write(f"{done} of {of} orders"),
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        for row in table(outcome):
            self.stdout.write(row)


def table(outcome: BackTest) -> list[str]:
    """The summary, a line per figure: the version tested, then what acts."""
    head = f"{'':<22}{f'version {outcome.version}':>14}{'acting':>14}"
    tested, acting = _figures(outcome.tested), _figures(outcome.acting)
    rows = [f"{name:<22}{tested[name]:>14}{acting[name]:>14}" for name in tested]
    return [head, *rows, f"{'planned differently':<22}{outcome.different:>14}"]


def _figures(tally: Tally) -> dict[str, str]:
    return {
        "orders": str(tally.orders),
        "served": str(tally.served),
        "partly served": str(tally.partly_served),
        "waiting": str(tally.waiting),
        "split": str(tally.split),
        "tasks": str(tally.tasks),
        "transfers": str(tally.transfers),
        "units": str(tally.units),
        "units served": str(tally.units_served),
        "mean distance (km)": "-" if tally.mean_km is None else f"{tally.mean_km:.1f}",
        "cost": f"{tally.cost:.2f}",
    }


def _version(options: dict[str, Any]) -> ScenarioVersion:
    found = ScenarioVersion.objects.select_related("scenario").filter(
        scenario__code=options["scenario"]
    )
    if options["organization"]:
        found = found.filter(scenario__organization__code=options["organization"])
    if options["number"] is not None:
        found = found.filter(number=options["number"])
    else:
        found = found.exclude(state="RETIRED")
    if len(set(found.values_list("scenario_id", flat=True))) > 1:
        raise CommandError("Several organizations have it: name one with --organization.")
    version = found.order_by("-number").first()
    if version is None:
        raise CommandError("There is no such version.")
    return version


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
