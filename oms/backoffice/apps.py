from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "oms.backoffice"
    label = "backoffice"
    verbose_name = "Back office"

    def ready(self) -> None:
        """Tell the inbox what can be stuck; its apps are loaded by now."""
        from oms.backoffice import probes  # noqa: PLC0415 - needs models, which load after this

        probes.register()
