from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "oms.api"
    label = "api"
    verbose_name = "API"

    def ready(self) -> None:
        """Offer the facades' formats to endpoints."""
        # Formats need models, which are loaded after this module.
        from oms.api.akinon import (  # noqa: PLC0415 - models, once apps are ready
            apps as akinon,
        )
        from oms.api.increff.push.format import (  # noqa: PLC0415 - models, once apps are ready
            IncreffPush,
        )
        from oms.api.oms4.push.format import Oms4Push  # noqa: PLC0415 - models, once apps are ready
        from oms.api.v1.news.format import V1Format  # noqa: PLC0415 - likewise
        from oms.events import formats  # noqa: PLC0415 - likewise

        formats.register(IncreffPush())
        formats.register(Oms4Push())
        formats.register(V1Format())
        akinon.ready()
