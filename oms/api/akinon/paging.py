"""Pages of lists (contract 0.3): `page` from 1, and `limit` or `page_size`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from rest_framework.request import Request

from oms.api.akinon.errors import Refused, detail, invalid_fields

SIZE = 10
LARGE = 20  # of packages, their items and transfers
MOST = 1_000
_FARTHEST = 10_000_000  # rows that may be walked over
_SIZE_NAMES = ("limit", "page_size")

Row = TypeVar("Row", bound=Model)
Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, by its number and size."""

    number: int
    size: int

    @classmethod
    def of(cls, query: QueryDict, *, size: int = SIZE, most: int = MOST) -> "Page":
        """A size that is no number is the usual one, one too large the largest. 404 for a page
        that cannot be.
        """
        asked = next((_whole(query.get(name, "")) for name in _SIZE_NAMES if query.get(name)), None)
        number = _whole(query.get("page") or "1")
        kept = min(asked, most) if asked else size
        if not number or number * kept > _FARTHEST:
            raise _no_such_page()
        return cls(number, kept)

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size


def listed(
    request: Request,
    rows: "QuerySet[Row]",
    show: Callable[[Sequence[Row]], Sequence[Shown]],
    *,
    size: int = SIZE,
    most: int = MOST,
    counted: int | None = None,
) -> Shown:
    """The envelope of a list: one statement to count, and those of the page.

    `show` renders the rows of the page together. 404 for a page after the last. With `counted`
    no more rows than that are counted: of a longer list `count` is as many as are known of, and
    `next` leads on to its end.
    """
    page = Page.of(request.query_params, size=size, most=most)
    if counted is not None:
        return _listed_far(request, rows, show, page=page, counted=counted)
    count = rows.count()
    found = list(rows[page.start : page.start + page.size]) if page.start < count else []
    return envelope(request, list(show(found)), count=count, page=page)


def _listed_far(
    request: Request,
    rows: "QuerySet[Row]",
    show: Callable[[Sequence[Row]], Sequence[Shown]],
    *,
    page: Page,
    counted: int,
) -> Shown:
    """One row more than the page has tells whether others follow, however far the count goes."""
    found = list(rows[page.start : page.start + page.size + 1])
    known = rows.order_by()[:counted].count()
    count = max(known, page.start + len(found)) if found else known
    return envelope(request, list(show(found[: page.size])), count=count, page=page)


def envelope(request: Request, results: list[Shown], *, count: int, page: Page) -> Shown:
    """Results of a page, with the absolute addresses of its neighbours."""
    if page.number > 1 and page.start >= count:
        raise _no_such_page()
    has_next = page.start + page.size < count
    return {
        "count": count,
        "next": _address(request, page.number + 1) if has_next else None,
        "previous": _address(request, page.number - 1) if page.number > 1 else None,
        "results": results,
    }


def ordered(
    rows: "QuerySet[Row]", query: QueryDict, fields: dict[str, str], *, default: str
) -> "QuerySet[Row]":
    """Rows by `sort=name,-name`, by key in the end. 400 for a name that cannot be sorted by."""
    text = query.get("sort") or default
    order = []
    for word in text.split(","):
        name = word.strip()
        column = fields.get(name.removeprefix("-"))
        if column is None:
            raise invalid_fields({"sort": f"One of {', '.join(sorted(fields))}, or - before it."})
        order.append(f"-{column}" if name.startswith("-") else column)
    return rows.order_by(*order, "-pk" if order[-1].startswith("-") else "pk")


def _address(request: Request, number: int) -> str:
    query = request.query_params.copy()
    query["page"] = str(number)
    return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"


def _whole(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(_FARTHEST))
    return int(text) if is_number else None


def _no_such_page() -> Refused:
    return detail(404, "Invalid page.", code="not_found")
