"""`manage.py import_orders`: a CSV file becomes orders of a channel."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from channels_app.models import Channel
from oms.backoffice.imports import MAPPINGS, Importer
from oms.backoffice.imports.base import Target
from oms.kernel.actors import Actor
from oms.kernel.errors import DomainError


class Command(BaseCommand):
    """Streams, shows how far it is, can be interrupted and started again without doubles."""

    help = "Import orders from CSV (also .gz); refused rows go to a file with the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--channel", required=True, metavar="CODE")
        parser.add_argument("--organization", metavar="CODE", help="when channel codes repeat")
        parser.add_argument("--mapping", required=True, choices=sorted(MAPPINGS))
        parser.add_argument("--create-skus", action="store_true", help="make SKUs nobody knows")
        parser.add_argument(
            "--refused",
            type=Path,
            metavar="FILE",
            help="refused rows with the reason (default: <file>.refused.csv, here)",
        )
        parser.add_argument("--batch", type=int, default=500, help="orders per transaction")
        parser.add_argument("--encoding", default="utf-8-sig")
        parser.add_argument(
            "--restart", action="store_true", help="read from the beginning, whatever was done"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        refused = options["refused"] or Path(f"{path.name.removesuffix('.gz')}.refused.csv")
        if options["batch"] < 1:
            raise CommandError("--batch must be at least 1")
        try:
            importer = Importer(
                path=path,
                mapping=MAPPINGS[options["mapping"]],
                target=_target(options["channel"], options["organization"]),
                refused_path=refused,
                actor=Actor(kind="import", ref=path.name[:120]),
                clock=timezone.now,
                create_skus=options["create_skus"],
                batch_size=options["batch"],
                encoding=options["encoding"],
                restart=options["restart"],
            )
            self._run(importer)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _run(self, importer: Importer) -> None:
        size = importer.path.stat().st_size if importer.path.is_file() else 0
        with tqdm(total=size, unit="B", unit_scale=True, desc=importer.path.name) as bar:
            totals = importer.run(lambda offset: _advance(bar, offset))
        for line in totals.lines():
            self.stdout.write(line)
        if totals.refused:
            self.stdout.write(f"Refused rows are in {importer.refused_path}")


def _advance(bar: "tqdm[Any]", offset: int) -> None:
    bar.update(offset - bar.n)


def _target(code: str, organization: str | None) -> Target:
    channels = Channel.objects.filter(code=code).select_related("organization")
    if organization is not None:
        channels = channels.filter(organization__code=organization)
    found = list(channels[:2])
    if not found:
        raise CommandError(f"There is no channel {code}.")
    if len(found) > 1:
        raise CommandError(f"Several organizations have a channel {code}: add --organization.")
    owner = found[0].organization
    return Target(
        organization_id=owner.pk,
        channel_id=found[0].pk,
        currency=owner.currency,
        zone=ZoneInfo(owner.timezone),
    )
