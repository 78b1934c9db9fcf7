"""Finding by a buyer's name or township (contract 11.4): these are sealed, so no statement can.

The newest rows that fit everything else are opened and looked at, up to a limit; a list narrowed
by a name says nothing of older ones. E-mails and phones are found by their keyed hashes instead.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from oms.api.akinon.errors import invalid_fields
from oms.api.akinon.filtering import Filter, Unreadable, whole
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
_TOWNSHIP = "township"  # by the other side's key


class _Township(NamedTuple):
    """A place of the other side, by its names in lower case. Many cities have one of a name."""

    organization_id: int
    name: str
    city: str

    def has(self, order: "Order", contact: ContactDraft) -> bool:
        is_here = (contact.district or "").casefold() == self.name
        is_in_city = not self.city or order.city.casefold() == self.city
        return is_here and is_in_city and order.organization_id == self.organization_id


def narrowed(
    rows: "QuerySet[Row]", query: QueryDict, *, order_of: "Callable[[Row], Order]", path: str
) -> "QuerySet[Row]":
    """Rows whose buyer is called, or lives, as the query says. `path` leads from a row to its
    order. 400 for a township that is no number.
    """
    told = {name: str(query.get(name) or "") for name in _MEMBERS}
    wanted = {name: text.casefold() for name, text in told.items() if text}
    townships = _townships(str(query.get(_TOWNSHIP) or ""))
    if not wanted and townships is None:
        return rows
    newest = rows.prefetch_related(None).select_related(None).order_by("-pk")
    looked_at = newest.select_related(f"{path}__buyer")[: settings.OMS_AKINON_NAMES_OPENED]
    found = []
    for row in looked_at:
        order = order_of(row)
        contact = orders.contact_of(order)
        if _fits(contact, wanted) and _lives_in(townships, order, contact):
            found.append(row.pk)
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


def _lives_in(
    townships: Collection[_Township] | None, order: "Order", contact: ContactDraft
) -> bool:
    return townships is None or any(place.has(order, contact) for place in townships)


def _townships(text: str) -> list[_Township] | None:
    """The townships of this key, one for each organization that copied it; None: none is asked
    for.
    """
    if not text:
        return None
    try:
        key = str(whole(text))
    except Unreadable as error:
        raise invalid_fields({_TOWNSHIP: str(error)}) from error
    rows = list(RemoteKey.objects.filter(kind=RemoteKind.TOWNSHIP, remote_key=key).order_by("pk"))
    cities = _cities(rows)
    return [
        _Township(
            row.organization_id,
            row.local_code.casefold(),
            cities.get((row.organization_id, str(row.data.get("city"))), ""),
        )
        for row in rows
        if row.local_code
    ]


def _cities(townships: Collection[RemoteKey]) -> dict[tuple[int, str], str]:
    """Names of the cities that townships are in, by organization and key."""
    rows = RemoteKey.objects.filter(
        kind=RemoteKind.CITY,
        organization_id__in={row.organization_id for row in townships},
        remote_key__in={str(row.data.get("city")) for row in townships},
    )
    return {(row.organization_id, row.remote_key): row.local_code.casefold() for row in rows}
