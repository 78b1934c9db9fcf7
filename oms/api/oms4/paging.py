"""Pages by offset and limit (contract section 1.8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from oms.api.base import bookmarks
from oms.api.oms4.reader import Values
from oms.api.oms4.shapes.paging import LARGEST_PAGE

Row = TypeVar("Row", bound=Model)
FAR = 1_000  # from here on an offset is not counted off if it need not be
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
        if self.offset + self.limit >= FAR:
            return self._far(feed)
        return self._counted_off(feed)

    def _counted_off(self, feed: QuerySet[Row]) -> list[Row]:
        # What is skipped is only counted, on the index; whole rows are read for the page alone.
        skipping = feed.values_list("pk", flat=True)
        keys = list(skipping[self.offset : self.offset + self.limit])
        return list(feed.filter(pk__in=keys))

    def _far(self, feed: QuerySet[Row]) -> list[Row]:
        """Go on where the page before ended, if it was read lately; every list has `time, id`.

        Counting off a million records takes longer than reading the page, for every page. Whoever
        walks a list whose records come and go meanwhile neither skips one nor sees one twice.
        """
        field, _ = feed.query.order_by
        places, name = bookmarks.kept(), bookmarks.name_of(feed)
        place = places.find(name, self.offset)
        if place is None:
            rows = self._counted_off(feed)
        else:
            seen = Q(pk__lte=place.pk) & Q((str(field), place.at))
            rows = list(feed.filter((f"{field}__gte", place.at)).exclude(seen)[: self.limit])
        if rows:
            end = bookmarks.place_of(rows[-1], str(field))
            places.keep(name, self.offset + len(rows), end)
        return rows

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
