"""Finding by a buyer's name or township (contract 11.4): these are sealed, so no statement can.

The newest rows that fit everything else are opened and looked at, up to a limit; a list narrowed
by a name says nothing of older ones. E-mails and phones are found by their keyed hashes instead.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from oms.api.akinon.filtering import Filter
from oms.api.akinon.rendering import buyers
from oms.orders import contacts
from oms.orders import queries as orders
from oms.orders.drafts import ContactDraft

if TYPE_CHECKING:
    from oms.orders.models import Order

Row = TypeVar("Row", bound=Model)

_MEMBERS: Mapping[str, Callable[[ContactDraft], str | None]] = {
    "order__customer__first_name": lambda contact: buyers.customer(contact)["first_name"],
    "order__customer__last_name": lambda contact: buyers.customer(contact)["last_name"],
    "township__name": lambda contact: contact.district,
}


def narrowed(
    rows: "QuerySet[Row]", query: QueryDict, *, order_of: "Callable[[Row], Order]", path: str
) -> "QuerySet[Row]":
    """Rows whose buyer is called as the query says. `path` leads from a row to its order."""
    told = {name: str(query.get(name) or "") for name in _MEMBERS}
    wanted = {name: text.casefold() for name, text in told.items() if text}
    if not wanted:
        return rows
    newest = rows.prefetch_related(None).select_related(None).order_by("-pk")
    looked_at = newest.select_related(f"{path}__buyer")[: settings.OMS_AKINON_NAMES_OPENED]
    found = [row.pk for row in looked_at if _fits(orders.contact_of(order_of(row)), wanted)]
    return rows.filter(pk__in=found)


def by_hashes(path: str) -> dict[str, Filter]:
    """Filters by what a buyer's keyed hashes are of."""
    return {
        "order__customer__email": lambda text: Q(
            **{f"{path}__buyer__email_hash": contacts.email_hash(text)}
        ),
        "order__customer__phone_number": lambda text: Q(
            **{f"{path}__buyer__phone_hash": contacts.phone_hash(text)}
        ),
    }


def _fits(contact: ContactDraft, wanted: Mapping[str, str]) -> bool:
    told = {name: _MEMBERS[name](contact) for name in wanted}
    return all((told[name] or "").casefold() == text for name, text in wanted.items())
