"""The two families of paths."""

from enum import Enum


class Family(Enum):
    """Whose keys a path is for."""

    CHANNEL = "/rest/sc_api/"
    POINT = "/rest/fp_api/"

    @classmethod
    def of(cls, path: str) -> "Family | None":
        """By the beginning of an operation path."""
        return next((family for family in cls if path.startswith(family.value)), None)
