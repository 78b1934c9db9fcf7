"""What this language plugs into the apps below it, once these are ready."""

from channels_app import remote_desk
from fulfillment.carriers import registry
from fulfillment.services import commands
from oms.accounts import app_settings
from oms.api.akinon import settings_schemas
from oms.api.akinon.carriers.choosing import Chosen
from oms.api.akinon.carriers.connecting import ShippingSettings
from oms.api.akinon.hooks.format import Whisperer
from oms.api.akinon.sync import jobs, pushing, receiving, setup, tasks
from oms.api.akinon.sync.agreeing import Source
from oms.api.akinon.sync.desk import Desk
from oms.events import formats


def ready() -> None:
    """Offer the schemas of its settings, the format of its hooks, the connector and its jobs."""
    settings_schemas.register()
    _connect_carriers()
    formats.register(Whisperer())
    remote_desk.register(Desk())
    commands.register_source(Source())
    jobs.plug(receiving.LANE, tasks.receive_due)
    jobs.plug(pushing.LANE, tasks.push_due)
    jobs.plug(setup.LANE, tasks.copy_due)


def _connect_carriers() -> None:
    """Shipments of the carriers that `SHIPPING_SETTINGS` name are made by their extensions."""
    chosen = Chosen()
    registry.plug_extensions(ShippingSettings(chosen))
    app_settings.listen(settings_schemas.SHIPPING, chosen.forget)
