from django.db import models


class Severity(models.TextChoices):
    """How bad it is while nobody does anything."""

    BLOCKS = "BLOCKS", "Goods or news do not move"
    WARNS = "WARNS", "Somebody waits for a decision"


class CloseReason(models.TextChoices):
    """How an entry came to be closed."""

    CAUSE_GONE = "CAUSE_GONE", "Its cause went away"
    FIXED = "FIXED", "Fixed from the inbox"
    CLEARED = "CLEARED", "Cleared by what raised it"
