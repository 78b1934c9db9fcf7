from django.apps import AppConfig


class FulfillmentConfig(AppConfig):
    name = "fulfillment"
    label = "fulfillment"
    verbose_name = "Fulfillment"

    def ready(self) -> None:
        """Plug our jobs in where apps below, and services, say that something is due."""
        # Jobs need models, which are loaded after this module.
        from fulfillment import hints, personal, tasks  # noqa: PLC0415
        from oms.orders import exports  # noqa: PLC0415
        from oms.orders import hints as order_hints  # noqa: PLC0415

        order_hints.plug_routing(tasks.allocate_due)
        exports.register("shipments", personal.shipments_of)
        hints.plug_labels(tasks.fetch_due_labels)
        hints.plug_waybills(tasks.fetch_due_waybills)
        hints.plug_papers(tasks.draw_due_papers)
