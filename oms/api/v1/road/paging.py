"""Lists (contract 4.5): keyset pages over one column and the primary key.

A row that existed when a walk began is neither skipped nor repeated by it, whatever is inserted
meanwhile. A list by `updated_at` shows a row again when it changes during the walk.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import HttpResponse
from django.utils.translation import gettext as _

from oms.api.v1.road import cursors
from oms.api.v1.road.problems import FieldError, Problem
from oms.kernel import sql

if TYPE_CHECKING:
    from oms.api.v1.road.views import V1View

DEFAULT_LIMIT = 50
MOST = 200
Render = Callable[[Sequence[Any]], list[dict[str, Any]]]


class _Place(NamedTuple):
    value: dt.datetime | int | str
    pk: int


def page(
    view: "V1View",
    queryset: QuerySet[Any, Any],
    *,
    render: Render,
    sorts: Mapping[str, str],
    filters_hash_of: Mapping[str, Any],
) -> HttpResponse:
    """A page of a list, by `limit`, `cursor` and `sort` of the query.

    `sorts` names columns by the contract's words; of each, `-word` is newest first. The default
    is `-` and the first word. Rows and what `render` reads of them are of one instant.
    """
    limit = limit_of(view)
    word = _sort_of(view, sorts)
    column = sorts[word.removeprefix("-")]
    bound = cursors.bound_to(
        organization_id=view.organization_id,
        name=f"{view.request.path}:{word}",
        filters=filters_hash_of,
    )
    with sql.snapshot():
        rows = list(_after(view, queryset, word, column, bound)[: limit + 1])
        shown = rows[:limit]
        data = render(shown) if shown else []
    more = len(rows) > limit
    cursor = _cursor(shown[-1], column, bound) if more else None
    return listed(view, data, next_cursor=cursor, has_more=more)


def listed(
    view: "V1View", data: list[dict[str, Any]], *, next_cursor: str | None, has_more: bool
) -> HttpResponse:
    """The envelope of every list."""
    return view.one({"data": data, "page": {"next_cursor": next_cursor, "has_more": has_more}})


def limit_of(view: "V1View") -> int:
    """`?limit=`: 1 to 200, 50 when absent; anything else is 400 invalid_parameter."""
    given = _single(view, "limit")
    if given is None:
        return DEFAULT_LIMIT
    if not (given.isascii() and given.isdigit() and len(given) < 5 and 1 <= int(given) <= MOST):  # noqa: PLR2004 - no number of five digits is a limit
        raise _invalid("limit", "out_of_range", _("must be from 1 to 200"))
    return int(given)


def cursor_of(view: "V1View", name: str = "cursor") -> str | None:
    """The cursor as given."""
    return _single(view, name)


def _sort_of(view: "V1View", sorts: Mapping[str, str]) -> str:
    word = _single(view, "sort")
    if word is None:
        return f"-{next(iter(sorts))}"
    if word.removeprefix("-") not in sorts or word.startswith("--"):
        raise _invalid("sort", "unknown_value", _("has a value it cannot have"))
    return word


def _single(view: "V1View", name: str) -> str | None:
    given = view.request.query_params.getlist(name)
    if len(given) > 1:
        raise _invalid(name, "duplicate", _("is given more than once"))
    return given[0] if given else None


def _invalid(name: str, code: str, detail: str) -> Problem:
    return Problem(400, "invalid_parameter", errors=[FieldError(f"/{name}", code, detail)])


def _after(
    view: "V1View", queryset: QuerySet[Any, Any], word: str, column: str, bound: str
) -> QuerySet[Any, Any]:
    is_descending = word.startswith("-")
    order = (f"-{column}", "-pk") if is_descending else (column, "pk")
    ordered = queryset.order_by(*order)
    cursor = cursor_of(view)
    if cursor is None:
        return ordered
    place = _place_of(cursors.opened(cursor, bound=bound))
    lookup = TupleLessThan if is_descending else TupleGreaterThan
    return ordered.filter(lookup((F(column), F("pk")), tuple(place)))


def _place_of(kept: list[Any]) -> _Place:
    kind, value, pk = kept
    return _Place(dt.datetime.fromisoformat(value) if kind == "t" else value, pk)


def _cursor(row: Any, column: str, bound: str) -> str:
    value = getattr(row, column)
    is_time = isinstance(value, dt.datetime)
    place = ["t" if is_time else "v", value.isoformat() if is_time else value, row.pk]
    return cursors.sealed(place, bound=bound)
