"""Searches whose index row-level security keeps a query from using (docs/adr/0019).

The database looks the keys of the first few rows up behind the wall, for one organization. When
that is all of them, the query is narrowed to these keys; when there are more, they are so common
that walking the list finds a page of them soon.
"""

from collections.abc import Sequence

from django.db.models import Q
from django.db.models.expressions import RawSQL

from oms.kernel import sql

RARE = 2_000  # rows

_TAGGED = """
SELECT orders_order_tagged(%(organization_id)s::bigint, %(wanted)s::text, %(most)s::int)
"""
_NAMED = """
SELECT orders_customer_named(%(organization_id)s::bigint, %(wanted)s::bigint[], %(most)s::int)
"""


def tagged(tag: str, *, organization_id: int, rare: int = RARE) -> Q:
    """Narrows orders of the organization to those with the tag, if they are few."""
    return _narrowed(_TAGGED, {"organization_id": organization_id, "wanted": tag, "most": rare})


def named(keys: Sequence[int], *, organization_id: int, rare: int = RARE) -> Q:
    """Narrows customers of the organization to those with one of the keys, if they are few."""
    return _narrowed(
        _NAMED, {"organization_id": organization_id, "wanted": list(keys), "most": rare}
    )


def _narrowed(query: str, asked: dict[str, object]) -> Q:
    found = [key for (key,) in sql.rows(query, asked)]
    if len(found) == asked["most"]:
        return Q()
    # One parameter, however many keys.
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", (found,)))
