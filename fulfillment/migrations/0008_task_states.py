"""States beside the line of work, and tasks whose units wait for another point."""

from django.db import migrations, models

STATES = [
    ("CREATED", "Created"),
    ("WAITING_REMOTE", "Waiting for the other side"),
    ("WAITING_TRANSFER", "Waiting for a transfer"),
    ("ACCEPTED", "Accepted"),
    ("PICKING", "Picking"),
    ("PICKED", "Picked"),
    ("PACKED", "Packed"),
    ("READY_FOR_PICKUP", "Ready for pickup"),
    ("SHIPPED", "Shipped"),
    ("DELIVERED", "Delivered"),
    ("OUT_OF_STOCK", "Out of stock"),
    ("NEEDS_REPLANNING", "Needs replanning"),
    ("BLOCKED", "Blocked"),
    ("ATTEMPTED", "Delivery attempted"),
    ("DELIVERY_FAILED", "Delivery failed"),
    ("RETURNED_TO_POINT", "Returned to the point"),
    ("LOST", "Lost"),
    ("PACKED_FOR_REFUND", "Packed for refund"),
    ("CANCELLED", "Cancelled"),
]
WITHOUT_STOCK = ["OUT_OF_STOCK", "NEEDS_REPLANNING", "PACKED_FOR_REFUND", "CANCELLED"]


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0007_papers"), ("fulfillment", "0006_shipments_by_change")]

    operations = [
        migrations.RemoveConstraint(
            model_name="fulfillmenttask", name="fulfillment_task_status_known"
        ),
        migrations.AlterField(
            model_name="fulfillmenttask",
            name="status",
            field=models.CharField(choices=STATES, default="CREATED", max_length=20),
        ),
        migrations.AddField(
            model_name="fulfillmenttask",
            name="is_reserved",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Off: it holds no stock, and its units wait to be routed elsewhere",
            ),
        ),
        migrations.AddField(
            model_name="fulfillmenttask",
            name="blocked_from",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="State before the block",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="fulfillmenttask",
            name="held_reason",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Why no work is done on it",
                max_length=255,
            ),
        ),
        migrations.AddConstraint(
            model_name="fulfillmenttask",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", [name for name, _ in STATES])),
                name="fulfillment_task_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fulfillmenttask",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_reserved", True), ("status__in", WITHOUT_STOCK), _connector="OR"),
                name="fulfillment_task_works_on_reserved",
            ),
        ),
        migrations.AddConstraint(
            model_name="fulfillmenttask",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "BLOCKED"), ("blocked_from", ""), _connector="XOR"),
                name="fulfillment_task_blocked_from_somewhere",
            ),
        ),
    ]
