"""Picklists, manifests, hand-overs, and boxes that are on a manifest."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import oms.kernel.identifiers
import oms.kernel.sealed

SEQUENCES = {
    "fulfillment_picklist_number_seq": "AS integer",  # its numbers travel in 32 bits
    "fulfillment_manifest_seq": "",
    "fulfillment_handover_seq": "",
}
STATUSES = [
    ("PLANNED", "Planned with its task, not packed yet"),
    ("PACKED", "Packed"),
    ("LABELLED", "Packed and labelled"),
    ("MANIFESTED", "On a manifest"),
    ("SHIPPED", "Shipped"),
    ("OUT_FOR_DELIVERY", "Out for delivery"),
    ("DELIVERED", "Delivered"),
    ("RETURNED_TO_POINT", "Returned to the point"),
    ("LOST", "Lost"),
    ("CANCELLED", "Cancelled"),
]
NAMES = ["parcel_status_known", "parcel_shipped_has_time", "parcel_stage_fits_status"]


def of(target, **options):
    """A reference that rows keep alive; by default without an index of its own."""
    options = {"db_index": False, "related_name": "+", **options}
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=target, **options)


def part_of(target, **options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to=target, **options
    )


def key():
    return ("id", models.BigAutoField(primary_key=True, serialize=False))


def text(length=255, **options):
    return models.CharField(blank=True, db_default="", default="", max_length=length, **options)


def instant():
    return models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow())


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalog", "0001_initial"),
        ("channels_app", "0001_initial"),
        ("fulfillment", "0006_shipments_by_change"),
        ("locations", "0001_initial"),
    ]

    operations = [
        *(
            migrations.RunSQL(
                f"CREATE SEQUENCE {name} {kind} START 1001", f"DROP SEQUENCE {name}"
            )
            for name, kind in SEQUENCES.items()
        ),
        migrations.CreateModel(
            name="Picklist",
            fields=[
                key(),
                ("number", models.IntegerField(db_default=oms.kernel.identifiers.NextNumber("fulfillment_picklist_number_seq"), unique=True)),
                ("external_code", text()),
                ("kind", models.CharField(choices=[("MANUAL", "Made of named tasks"), ("WAVE", "Made by criteria")], default="MANUAL", max_length=8)),
                ("criteria", models.JSONField(default=dict)),
                ("status", models.CharField(choices=[("OPEN", "Open"), ("CLOSED", "Closed")], default="OPEN", max_length=8)),
                ("created_at", instant()),
                ("closed_at", models.DateTimeField(null=True)),
                ("created_by", models.CharField(max_length=160)),
                ("organization", of("accounts.organization")),
                ("point", of("locations.fulfillmentpoint")),
                ("channel", of("channels_app.channel", null=True)),
            ],
            options={
                "permissions": [("work_at_dock", "Can make picklists, manifests and hand-overs")],
                "indexes": [
                    models.Index(fields=["organization", "id"], name="fulfillment_picklist_org_idx"),
                    models.Index(fields=["point", "status", "id"], name="fulfillment_picklist_point_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("external_code", ""), _negated=True), fields=("point", "channel", "external_code"), name="fulfillment_picklist_code_uniq", nulls_distinct=False),
                    models.CheckConstraint(condition=models.Q(models.Q(("closed_at__isnull", True), ("status", "OPEN")), models.Q(("closed_at__isnull", False), ("status", "CLOSED")), _connector="OR"), name="fulfillment_picklist_closed_has_time"),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["MANUAL", "WAVE"])), name="fulfillment_picklist_kind_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PicklistEntry",
            fields=[
                key(),
                ("position", models.PositiveIntegerField(help_text="From 1, in the order of picking")),
                ("is_active", models.BooleanField(db_default=True, default=True)),
                ("is_original", models.BooleanField(db_default=True, default=True, help_text="Off: added to the list later")),
                ("added_at", instant()),
                ("picklist", part_of("fulfillment.picklist", db_index=False)),
                ("task", of("fulfillment.fulfillmenttask", related_name="picklist_entries")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("picklist", "position"), name="fulfillment_picklistentry_place_uniq"),
                    models.UniqueConstraint(fields=("task", "picklist"), name="fulfillment_picklistentry_uniq"),
                    models.UniqueConstraint(condition=models.Q(("is_active", True)), fields=("task",), name="fulfillment_picklistentry_active_uniq"),
                    models.CheckConstraint(condition=models.Q(("position__gt", 0)), name="fulfillment_picklistentry_place_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Manifest",
            fields=[
                key(),
                ("number", models.CharField(db_default=oms.kernel.identifiers.PrefixedNumber("MF", "fulfillment_manifest_seq"), max_length=32, unique=True)),
                ("carrier", models.CharField(max_length=255)),
                ("external_code", text()),
                ("created_at", instant()),
                ("created_by", models.CharField(max_length=160)),
                ("organization", of("accounts.organization")),
                ("point", of("locations.fulfillmentpoint")),
                ("channel", of("channels_app.channel", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "id"], name="fulfillment_manifest_org_idx"),
                    models.Index(fields=["point", "id"], name="fulfillment_manifest_point_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("carrier", ""), _negated=True), name="fulfillment_manifest_carrier_named"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ManifestParcel",
            fields=[
                key(),
                ("manifest", part_of("fulfillment.manifest")),
                ("parcel", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="manifest_entry", to="fulfillment.parcel")),
            ],
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                key(),
                ("public_id", models.UUIDField(default=oms.kernel.identifiers.uuid7, editable=False, unique=True)),
                ("number", models.CharField(db_default=oms.kernel.identifiers.PrefixedNumber("HO", "fulfillment_handover_seq"), max_length=32, unique=True)),
                ("carrier", models.CharField(max_length=255)),
                ("vehicle_number", text()),
                ("remarks", text()),
                ("lr_number", text(verbose_name="lorry receipt")),
                ("eway_bill", oms.kernel.sealed.SealedField(null=True, verbose_name="e-way bill")),
                ("signed_at", models.DateTimeField(help_text="When the signed paper was filed", null=True)),
                ("handed_over_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=160)),
                ("organization", of("accounts.organization")),
                ("point", of("locations.fulfillmentpoint")),
                ("channel", of("channels_app.channel", null=True)),
                ("signed_content", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="fulfillment.storedcontent")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "id"], name="fulfillment_handover_org_idx"),
                    models.Index(fields=["point", "id"], name="fulfillment_handover_point_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("carrier", ""), _negated=True), name="fulfillment_handover_carrier_named"),
                    models.CheckConstraint(condition=models.Q(models.Q(("signed_at__isnull", True), ("signed_content__isnull", True)), models.Q(("signed_at__isnull", False), ("signed_content__isnull", False)), _connector="OR"), name="fulfillment_handover_signed_has_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverParcel",
            fields=[
                key(),
                ("is_taken", models.BooleanField(db_default=True, default=True)),
                ("handover", part_of("fulfillment.handover", db_index=False)),
                ("parcel", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="handover_entries", to="fulfillment.parcel")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("handover", "parcel"), name="fulfillment_handoverparcel_uniq"),
                    models.UniqueConstraint(condition=models.Q(("is_taken", True)), fields=("parcel",), name="fulfillment_handoverparcel_taken_uniq"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShelfPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ("shelf", models.CharField(help_text="As it is written on the shelf: A-02-3", max_length=64)),
                ("organization", of("accounts.organization", db_index=True)),
                ("point", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="locations.fulfillmentpoint")),
                ("sku", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.sku")),
            ],
            options={
                "verbose_name": "shelf",
                "verbose_name_plural": "shelves",
                "constraints": [
                    models.UniqueConstraint(fields=("point", "sku"), name="fulfillment_shelf_uniq"),
                    models.CheckConstraint(condition=models.Q(("shelf", ""), _negated=True), name="fulfillment_shelf_named"),
                ],
            },
        ),
        migrations.AddField(
            model_name="taskline",
            name="quantity_short",
            field=models.PositiveIntegerField(db_default=0, default=0, help_text="Of the cancelled ones, those the point did not find"),
        ),
        migrations.AddConstraint(
            model_name="taskline",
            constraint=models.CheckConstraint(condition=models.Q(("quantity_short__lte", models.F("quantity_cancelled"))), name="fulfillment_taskline_short_is_cancelled"),
        ),
        *(
            migrations.RemoveConstraint(model_name="parcel", name=f"fulfillment_{name}")
            for name in NAMES
        ),
        migrations.AlterField(
            model_name="parcel",
            name="status",
            field=models.CharField(choices=STATUSES, max_length=20),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(condition=models.Q(("status__in", [status for status, _ in STATUSES])), name="fulfillment_parcel_status_known"),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(condition=models.Q(("status__in", ["PLANNED", "PACKED", "LABELLED", "MANIFESTED", "CANCELLED"]), ("shipped_at__isnull", False), _connector="OR"), name="fulfillment_parcel_shipped_has_time"),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(condition=models.Q(("stage", ""), models.Q(("stage", "PICKUP_FAILED"), ("status__in", ["PACKED", "LABELLED", "MANIFESTED"])), models.Q(("stage__in", ["IN_TRANSIT", "DELIVERY_FAILED", "RETURNING"]), ("status", "SHIPPED")), models.Q(("stage", "DAMAGED"), ("status", "LOST")), _connector="OR"), name="fulfillment_parcel_stage_fits_status"),
        ),
    ]
