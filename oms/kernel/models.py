"""Abstract models. No tables of its own."""

from django.db import models
from django.db.models.functions import Now


class TimeStamped(models.Model):
    """For auditors only: a date the business uses has a column of its own."""

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now(), editable=False)

    class Meta:
        abstract = True
