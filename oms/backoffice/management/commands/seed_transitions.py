"""`manage.py seed_transitions`: the state transitions every organization begins with."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fulfillment.services.commands import seed_transitions
from oms.accounts.models import Organization


class Command(BaseCommand):
    """What is there stays as people left it, so it may be run again."""

    help = "Give an organization the state transitions it has not got, under their stable slugs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="CODE")

    def handle(self, *_args: Any, **options: Any) -> None:
        code = options["organization"]
        organization_id = (
            Organization.objects.filter(code=code).values_list("pk", flat=True).first()
        )
        if organization_id is None:
            raise CommandError(f"There is no organization {code}.")
        made = seed_transitions(organization_id, now=timezone.now())
        self.stdout.write(f"{made} transitions made.")
