"""Labels whose carrier is asked how far their parcels are."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_akinon"),
        ("fulfillment", "0011_scenario_numbers"),
    ]

    operations = [
        migrations.CreateModel(
            name="LabelWatch",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="watch",
                        serialize=False,
                        to="fulfillment.document",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "carrier",
                    models.CharField(help_text="As the document has it", max_length=255),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "failures",
                    models.PositiveSmallIntegerField(db_default=0, default=0, help_text="In a row"),
                ),
                (
                    "last_status",
                    models.CharField(blank=True, db_default="", default="", max_length=64),
                ),
                (
                    "last_error",
                    models.CharField(blank=True, db_default="", default="", max_length=255),
                ),
                ("asked_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "label watches",
                "indexes": [
                    models.Index(
                        condition=Q(due_at__isnull=False),
                        fields=["due_at", "document"],
                        name="fulfillment_labelwatch_due_idx",
                    ),
                    models.Index(
                        condition=Q(due_at__isnull=False),
                        fields=["carrier", "due_at"],
                        name="fulfillment_labelwatch_of_idx",
                    ),
                ],
            },
        ),
    ]
