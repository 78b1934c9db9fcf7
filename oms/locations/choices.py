from django.db import models


class PointType(models.TextChoices):
    GENERAL = "GENERAL", "Warehouse with its own API client"
    STORE = "STORE", "Store"
    EXTERNAL = "EXTERNAL", "External fulfilment system"
