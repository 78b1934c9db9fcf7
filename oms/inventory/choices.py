from django.db import models


class MovementKind(models.TextChoices):
    COUNT = "COUNT", "Count"
    RECEIPT = "RECEIPT", "Receipt"
    RESERVE = "RESERVE", "Reservation"
    RELEASE = "RELEASE", "Release"
    SHIP = "SHIP", "Shipment"
    RETURN = "RETURN", "Return"
    ADJUST = "ADJUST", "Adjustment"


class StockReason(models.TextChoices):
    """Why somebody set or corrected a level."""

    CYCLE_COUNT = "CYCLE_COUNT", "Cycle count"
    CORRECTION = "CORRECTION", "Correction"
    RECEIVED = "RECEIVED", "Received"
    DAMAGED = "DAMAGED", "Damaged"
    RETURNED = "RETURNED", "Returned"
    SHRINKAGE = "SHRINKAGE", "Shrinkage"
    SYNC = "SYNC", "Synchronisation"
    OTHER = "OTHER", "Other"
