from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels_app.connectors.base import ConnectorError
from oms.api.akinon.sync import channels, hooks


class Command(BaseCommand):
    """List the other side's hooks, or switch off the six that lead here (mode B)."""

    help = "Lists Omnitron's hooks, or deactivates the six of them that call this OMS."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, for which channel's connection."""
        parser.add_argument("verb", choices=["list", "deactivate", "create"])
        parser.add_argument("--channel", default="", help="Code of a channel of the connection")
        parser.add_argument(
            "--organization", default="", help="Its organization's code, or only it"
        )
        parser.add_argument("--oms-url", default="", help="Where the other side reaches this OMS")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, only")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, and print a line per hook that is concerned."""
        try:
            organization_id = channels.organization_of(
                channel=options["channel"], organization=options["organization"]
            )
            self._run(organization_id, options)
        except (ConnectorError, channels.ChannelNotFound) as error:
            raise CommandError(str(error)) from None

    def _run(self, organization_id: int, options: dict[str, Any]) -> None:
        receiver_url, is_dry_run = options["oms_url"], options["dry_run"]
        if options["verb"] == "list":
            found = hooks.hooks_of(organization_id=organization_id, receiver_url=receiver_url)
            for hook in found:
                self.stdout.write(_line(hook))
            ours = sum(hook.is_ours for hook in found)
            self.stdout.write(f"{len(found)} hooks, {ours} of them lead here")
            return
        work = hooks.deactivate if options["verb"] == "deactivate" else hooks.create_missing
        change = work(
            organization_id=organization_id, is_dry_run=is_dry_run, receiver_url=receiver_url
        )
        for hook in change.deactivated:
            self.stdout.write(_line(hook))
        for name in change.created:
            self.stdout.write(name)
        count = len(change.deactivated) + len(change.created)
        done = "switched off" if options["verb"] == "deactivate" else "made"
        self.stdout.write(f"{count} hooks {'would be ' if is_dry_run else ''}{done}")


def _line(hook: hooks.Hook) -> str:
    state = "on " if hook.is_active else "off"
    mark = "ours" if hook.is_ours else "    "
    return f"{hook.key:>8}  {state}  {mark}  {hook.event_type:<28}  {hook.target_url}"
