"""`manage.py export`: the inverse of `apply`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from oms.backoffice.world import WorldRefused, export_world


class Command(BaseCommand):
    """Writes a world file to standard output."""

    help = "Write the configuration as a world file that `apply` reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="CODE", help="only this one")
        parser.add_argument(
            "--with-secrets",
            action="store_true",
            help="include the secrets that are kept; hashes of secrets cannot be exported",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            lines = export_world(
                organization=options["organization"], with_secrets=options["with_secrets"]
            )
            for line in lines:
                self.stdout.write(line)
        except WorldRefused as refusal:
            raise CommandError(str(refusal)) from refusal
