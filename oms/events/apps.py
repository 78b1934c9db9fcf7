from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "oms.events"
    label = "events"
    verbose_name = "Events"

    def ready(self) -> None:
        """Offer our own format, and plug the jobs in where services say that something is due."""
        # These need models, which are loaded after this module.
        from oms.events import formats, hints, tasks  # noqa: PLC0415
        from oms.events.standard import StandardFormat  # noqa: PLC0415

        formats.register(StandardFormat())
        hints.EVENTS.plug(tasks.relay_due)
        hints.DELIVERIES.plug(tasks.deliver_due)
        hints.REPLAYS.plug(tasks.replay_due)
