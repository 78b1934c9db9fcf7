from django.db import models

from oms.kernel.sealed import SealedField
from oms.orders.models.orders import Order


class Buyer(models.Model):
    """The personal data of one order, apart from it, sealed, and erasable without a trace.

    `contact` is a sealed JSON object of names, phones, e-mails and addresses; `raw_body` the
    sealed text as the channel sent it. The hashes serve exact search only. Both columns are
    sealed for the order's public id, which is known before the insert.
    """

    order = models.OneToOneField(
        Order, on_delete=models.CASCADE, primary_key=True, related_name="buyer"
    )
    sealed_for = models.UUIDField(help_text="Public id of the order")
    contact = SealedField(null=True)
    raw_body = SealedField(null=True)
    email_hash = models.BinaryField(null=True)
    phone_hash = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)

    sealed_by = "sealed_for"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(
                    contact__isnull=True,
                    raw_body__isnull=True,
                    email_hash__isnull=True,
                    phone_hash__isnull=True,
                ),
                name="orders_buyer_erased_is_empty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["email_hash"],
                condition=models.Q(email_hash__isnull=False),
                name="orders_buyer_email_idx",
            ),
            models.Index(
                fields=["phone_hash"],
                condition=models.Q(phone_hash__isnull=False),
                name="orders_buyer_phone_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"buyer of order {self.order_id}"
