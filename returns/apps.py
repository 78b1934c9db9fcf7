from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "returns"
    label = "returns"
    verbose_name = "Returns"

    def ready(self) -> None:
        """Plug in what we tell about a person, where the export of it is made."""
        # It needs models, which are loaded after this module.
        from oms.orders import exports  # noqa: PLC0415
        from returns import personal  # noqa: PLC0415

        exports.register("returns", personal.returns_of)
