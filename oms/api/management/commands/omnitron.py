from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from channels_app.connectors.base import ConnectorError
from oms.api.akinon.sync import channels, pulling


class Command(BaseCommand):
    """Read orders from Omnitron or Seller Center at once."""

    help = "Pulls what is new from the connection of a channel, without waiting for the next round."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, for which channel's connection."""
        parser.add_argument("verb", choices=["pull"])
        parser.add_argument("--channel", default="", help="Code of a channel of the connection")
        parser.add_argument(
            "--organization", default="", help="Its organization's code, or only it"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Pull until the end of the list, and print what came of it."""
        try:
            organization_id = channels.organization_of(
                channel=options["channel"], organization=options["organization"]
            )
            pull = pulling.pull_now(organization_id=organization_id, now=timezone.now())
        except (ConnectorError, channels.ChannelNotFound) as error:
            raise CommandError(str(error)) from None
        more = "" if pull.is_complete else "; there is more, run it again"
        self.stdout.write(f"{pull.seen} seen, {pull.taken} taken in, {pull.held} held{more}")
