"""`manage.py apply`: the configuration becomes what the files say."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from oms.backoffice.world import WorldRefused, apply_world


class Command(BaseCommand):
    """One line per change, then how many. Anything wrong: exit code 1 and nothing is changed."""

    help = "Make the configuration be what world files say (docs/world.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="show what would change")
        parser.add_argument(
            "--unless-applied",
            action="store_true",
            help="do nothing when exactly these files were applied last",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            applied = apply_world(
                paths=options["files"],
                now=timezone.now(),
                dry_run=options["dry_run"],
                unless_applied=options["unless_applied"],
            )
        except WorldRefused as refusal:
            raise CommandError(f"{refusal}\nNothing was changed.") from refusal
        for line in applied.lines:
            self.stdout.write(line)
        prefix = "Dry run, nothing is kept: " if options["dry_run"] else "World applied: "
        self.stdout.write(f"{prefix}{applied.summary}.")
