"""Pages by offset and limit (contract section 1.8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from oms.api.oms4.reader import Values
from oms.api.oms4.shapes.paging import LARGEST_PAGE

Row = TypeVar("Row", bound=Model)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(slots=True)
class Page:
    """Which records are wanted, and how many there are once somebody asks."""

    offset: int
    limit: int
    total: int = 0

    @classmethod
    def of(cls, values: Values) -> "Page":
        return cls(values["offset"], min(values["limit"], LARGEST_PAGE))

    def cut(self, feed: QuerySet[Row], *, counted: bool) -> list[Row]:
        """The records of the page; with the number of all of them when that is shown."""
        if counted:
            self.total = feed.count()
        if not self.offset:
            return list(feed[: self.limit])
        # What is skipped is only counted, on the index; whole rows are read for the page alone.
        skipping = feed.values_list("pk", flat=True)
        keys = list(skipping[self.offset : self.offset + self.limit])
        return list(feed.filter(pk__in=keys))

    def container(self, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        return {"total_count": self.total, "cursor": self.offset + len(rows), name: rows}


def between(field: str, start: datetime | None, end: datetime | None) -> dict[str, datetime]:
    """A range of milliseconds, both ends included, as filters."""
    filters = {}
    if start is not None:
        filters[f"{field}__gte"] = start
    if end is not None:
        filters[f"{field}__lt"] = end + _MILLISECOND
    return filters
