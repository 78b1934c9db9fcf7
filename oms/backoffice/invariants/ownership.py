"""Nothing refers across organizations: every foreign key of every table, from the models."""

from collections.abc import Iterator
from typing import cast

from django.apps import apps
from django.db.models import ForeignKey, Model

from oms.backoffice.invariants.base import Invariant

APPS = (
    "accounts", "channels_app", "locations", "catalog", "inventory", "orders", "fulfillment",
    "returns", "backoffice", "events", "inbox", "api",
)  # fmt: skip

# Rows without an organization of their own belong to the one of this parent.
PARENT = {
    "accounts.OAuthApplication": "credential",
    "locations.CarrierCutOff": "point",
    "locations.ChannelPoint": "channel",
    "locations.PointCalendar": "point",
    "catalog.BundlePart": "bundle",
    "catalog.Spu": "channel",
    "catalog.Listing": "channel",
    "inventory.StockAnnouncement": "listing",
    "inventory.LevelNews": "level",
    "orders.CustomerAddress": "customer",
    "orders.OrderLine": "order",
    "orders.Buyer": "order",
    "orders.Hold": "order",
    "orders.CancelRequest": "order",
    "orders.CancelRequestLine": "request",
    "fulfillment.ScenarioVersion": "scenario",
    "fulfillment.TaskLine": "task",
    "fulfillment.TaskActivity": "task",
    "fulfillment.TaskDenial": "task",
    "fulfillment.TaskInvoice": "task",
    "fulfillment.TransferLine": "transfer",
    "fulfillment.Discrepancy": "task_line",
    "fulfillment.ParcelItem": "parcel",
    "fulfillment.Consignment": "parcel",
    "fulfillment.ParcelMilestone": "parcel",
    "fulfillment.CancellationLine": "cancellation",
    "fulfillment.PicklistEntry": "picklist",
    "fulfillment.ManifestParcel": "manifest",
    "fulfillment.HandoverParcel": "handover",
    "fulfillment.InvoiceLine": "invoice",
    "returns.ReturnUnit": "return_order",
    "events.EndpointSecret": "endpoint",
    "events.EndpointHealth": "endpoint",
    "events.EndpointTally": "endpoint",
    "events.Replay": "endpoint",
    "events.MessageBody": "event",
    "events.Delivery": "endpoint",
    "events.DeliveryAttempt": "delivery",
    "backoffice.PackingSession": "task",
    "backoffice.BenchScan": "session",
    "backoffice.OrderImport": "channel",
    "backoffice.ImportedCancellation": "channel",
}

# People may work for several organizations; content is shared by equal bytes; the ledger
# of all is read at one place; a world file may describe several.
SHARED = frozenset(
    {"accounts.Organization", "accounts.User", "fulfillment.StoredContent",
     "inventory.StockWatch", "backoffice.WorldApplication"}
)  # fmt: skip

# What an event is about, by the name of its type.
_SUBJECTS = {
    "order": "orders_order",
    "task": "fulfillment_fulfillmenttask",
    "parcel": "fulfillment_parcel",
    "cancellation": "fulfillment_cancellationtask",
    "point": "locations_fulfillmentpoint",
    "channel": "channels_app_channel",
    "endpoint": "events_endpoint",
    "level": "inventory_stocklevel",
    "customer": "orders_customer",
    "return": "returns_returnorder",
    "picklist": "fulfillment_picklist",
    "manifest": "fulfillment_manifest",
    "handover": "fulfillment_handover",
    "invoice": "fulfillment_invoice",
}


def owned_models() -> Iterator[type[Model]]:
    """Every table whose rows belong to one organization."""
    for label in APPS:
        for model in apps.get_app_config(label).get_models(include_auto_created=False):
            if model._meta.label not in SHARED:
                yield model


def _foreign_keys(model: type[Model]) -> Iterator["ForeignKey[Model, Model]"]:
    for column in model._meta.concrete_fields:
        if isinstance(column, ForeignKey):
            yield column


def _is_owner(model: type[Model]) -> bool:
    return any(column.column == "organization_id" for column in model._meta.concrete_fields)


def _owner(model: type[Model], alias: str) -> tuple[str, str]:
    """SQL for the organization of a row of `model`: the joins it needs, and the column."""
    if _is_owner(model):
        return "", f"{alias}.organization_id"
    parent = model._meta.get_field(PARENT[model._meta.label])
    above = cast("ForeignKey[Model, Model]", parent).related_model
    name = f"{alias}_{parent.name}"
    column, table = cast("ForeignKey[Model, Model]", parent).column, above._meta.db_table
    key = above._meta.pk.column
    joins, owner = _owner(above, name)
    return f" JOIN {table} {name} ON {name}.{key} = {alias}.{column}{joins}", owner


def _references() -> Iterator[str]:
    for model in owned_models():
        for key in _foreign_keys(model):
            target = key.related_model
            is_parent = PARENT.get(model._meta.label) == key.name
            if target._meta.label in SHARED or is_parent:
                continue
            yield _reference(model, key, target)
    for name, table in _SUBJECTS.items():
        yield (
            f"SELECT 'events_event.subject ({name})', e.id::text, s.id::text FROM events_event e"  # noqa: S608 - made of constants
            f" JOIN {table} s ON s.id = e.subject_id"
            f" WHERE e.subject_type = '{name}' AND s.organization_id <> e.organization_id"
        )


def _reference(model: type[Model], key: "ForeignKey[Model, Model]", target: type[Model]) -> str:
    joins, owner = _owner(model, "a")
    target_joins, target_owner = _owner(target, "b")
    table, column = model._meta.db_table, key.column
    return (
        f"SELECT '{table}.{column}' AS reference, a.{model._meta.pk.column}::text AS row_id,"  # noqa: S608 - names of the models' tables
        f" b.{target._meta.pk.column}::text AS refers_to FROM {table} a"
        f" JOIN {target._meta.db_table} b ON b.{target._meta.pk.column} = a.{column}"
        f"{joins}{target_joins} WHERE {owner} <> {target_owner}"
    )


def statement() -> str:
    """One query over every reference between tables of organizations."""
    return "\nUNION ALL ".join(_references())


ONE_ORGANIZATION = Invariant(
    code="I11",
    title="no row refers across organizations",
    query=statement(),
)
