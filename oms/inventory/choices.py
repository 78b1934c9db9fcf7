from django.db import models


class MovementKind(models.TextChoices):
    COUNT = "COUNT", "Count"
    RECEIPT = "RECEIPT", "Receipt"
    RESERVE = "RESERVE", "Reservation"
    RELEASE = "RELEASE", "Release"
    SHIP = "SHIP", "Shipment"
    RETURN = "RETURN", "Return"
    ADJUST = "ADJUST", "Adjustment"
