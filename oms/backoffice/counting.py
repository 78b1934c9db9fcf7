"""Counts that stay cheap on big tables: exact up to a cap, and an estimate of the whole."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet

from oms.kernel import sql

CAP = 10_000
ESTIMATE_FROM = 10 * CAP

_ESTIMATE = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = %(table)s::regclass"


@dataclass(frozen=True, slots=True)
class Count:
    """How many, as far as it is worth knowing."""

    value: int
    is_capped: bool = False
    is_estimate: bool = False

    def __str__(self) -> str:
        if self.is_estimate:
            return f"about {self.value:,}"
        return f"{self.value:,}+" if self.is_capped else f"{self.value:,}"

    def __bool__(self) -> bool:
        return self.value > 0


def capped(found: int, *, cap: int = CAP) -> Count:
    """A number that was counted up to one more than the cap."""
    return Count(cap, is_capped=True) if found > cap else Count(found)


def capped_count(queryset: QuerySet[Any], *, cap: int = CAP) -> Count:
    """Exact up to the cap; beyond it counting stops."""
    return capped(queryset.order_by()[: cap + 1].count(), cap=cap)


def table_count(model: type[Model]) -> Count:
    """All rows of a table: PostgreSQL's own estimate when it is big, counted when it is not."""
    (estimate,) = sql.rows(_ESTIMATE, {"table": model._meta.db_table})[0]
    if estimate < ESTIMATE_FROM:
        return capped_count(model._meta.base_manager.all())
    return Count(round(estimate, 1 - len(str(estimate)) + 2), is_estimate=True)


class CappedPaginator(Paginator[Any]):
    """For lists that are short by nature: never counts further than the cap."""

    @cached_property
    def count(self) -> int:
        """How many rows can be paged through."""
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return min(capped_count(rows).value, CAP)
        return len(rows)
