"""`manage.py seed`: orders in every state, without traffic."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from oms.backoffice.seeding import seed


class Command(BaseCommand):
    """Repeatable: what is there already stays as it is."""

    help = "Make sure that the demo world has an order in every state."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            found = seed(now=timezone.now())
        except LookupError as problem:
            raise CommandError(str(problem)) from problem
        for status, count in sorted(found.items()):
            self.stdout.write(f"{status:20} {count}")
        self.stdout.write(f"Seeded: {sum(found.values())} orders.")
