"""A column whose content is sealed for its own row."""

from django.db import models

from oms.kernel import crypto


class SealedField(models.BinaryField[bytes | None, bytes | None]):
    """Bytes encrypted for (model, column, primary key); read and written through this module.

    The primary key must be known before the insert: such models have a UUIDv7 key, or seal by
    another unique value they name in `sealed_by`.
    """


def place(row: models.Model, column: str) -> str:
    """Where a value belongs, as it enters the associated data."""
    key = getattr(row, getattr(row, "sealed_by", "pk"))
    return f"{row._meta.label_lower}.{column}.{key}"


def write(row: models.Model, column: str, text: str) -> None:
    """Seal a text into a column of an unsaved or loaded row."""
    setattr(row, column, crypto.seal(text.encode(), place=place(row, column)))


def read(row: models.Model, column: str) -> str:
    """Open a column; raises crypto.SealBroken, never returns something else. Empty is empty."""
    value = getattr(row, column)
    return crypto.unseal(bytes(value), place=place(row, column)).decode() if value else ""
