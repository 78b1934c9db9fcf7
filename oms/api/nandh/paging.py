"""`?page=&page_size=` (contract 2.1): pages are counted from 1."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model
from django.http import QueryDict

from oms.api.nandh.errors import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

SIZE = 50
MOST_PER_PAGE = 200
FARTHEST = 1_000_000  # records that may be walked over

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list."""

    number: int
    size: int

    @classmethod
    def of(cls, query: QueryDict) -> "Page":
        """Raises 400 invalid_parameter."""
        size = _whole(query, "page_size", SIZE, most=MOST_PER_PAGE)
        number = _whole(query, "page", 1, most=FARTHEST)
        if number * size > FARTHEST:
            raise Refused(400, "invalid_parameter", f"page: at most {FARTHEST} records are listed")
        return cls(number, size)

    def cut(self, rows: "QuerySet[Row]") -> tuple[list[Row], int]:
        """The rows of this page of an ordered list, and how many there are in all."""
        start = (self.number - 1) * self.size
        return list(rows[start : start + self.size]), rows.count()


def _whole(query: QueryDict, name: str, default: int, *, most: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not is_number or not 1 <= int(text) <= most:
        raise Refused(400, "invalid_parameter", f"{name}: must be from 1 to {most}")
    return int(text)
