from django.db import models


class BenchQuestion(models.TextChoices):
    """What the bench wants a *YES* or a *NO* to."""

    SHORT = "SHORT", "Are the missing units not to be found?"
    BACK = "BACK", "Were the cancelled units put back?"
    LEAVE = "LEAVE", "Leave without packing?"


class Tone(models.TextChoices):
    """How the bench sounds and looks after a scan."""

    CALM = "CALM", "Nothing was scanned yet"
    RIGHT = "RIGHT", "Right"
    WRONG = "WRONG", "Wrong"
    ASK = "ASK", "Asks back"


class SessionEnd(models.TextChoices):
    PACKED = "PACKED", "A box was packed"
    LEFT = "LEFT", "Left without packing"
