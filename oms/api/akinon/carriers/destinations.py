"""Omnitron's keys of the places a parcel goes to, as far as its geography was copied (2.4)."""

from collections.abc import Iterable

from django.db.models import Q

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from fulfillment.carriers.base import Destination
from oms.api.akinon.carriers.documents import Place, Places
from oms.api.akinon.sync import words

_PARENTS = ("township", "city", "country")


def places_of(destination: Destination, *, organization_id: int) -> Places:
    """Each place by its name, inside the one above it. One that is not the only one is unknown."""
    kinds = {
        RemoteKind.COUNTRY: destination.country,
        RemoteKind.CITY: destination.province or destination.district,
        RemoteKind.TOWNSHIP: destination.district if destination.province else "",
        RemoteKind.DISTRICT: destination.ward,
    }
    wanted = Q()
    for kind, name in kinds.items():
        if name:
            wanted |= Q(kind=kind, local_code__iexact=name)
    if destination.country:
        wanted |= Q(kind=RemoteKind.COUNTRY, data__code__iexact=destination.country)
    if not wanted:
        return Places()
    found = RemoteKey.objects.filter(wanted, organization_id=organization_id)
    return _chosen(found.order_by("pk"))


def _chosen(found: Iterable[RemoteKey]) -> Places:
    """From the country down; a place lies in those above it that are known and told."""
    rows = list(found)
    above: dict[str, str] = {}
    chosen: dict[str, Place] = {}
    for kind in (RemoteKind.COUNTRY, RemoteKind.CITY, RemoteKind.TOWNSHIP, RemoteKind.DISTRICT):
        fits = [row for row in rows if row.kind == kind and _lies_in(row, above)]
        if len(fits) == 1 and fits[0].remote_key.isdecimal():
            [row] = fits
            member = str(kind).lower()
            above[member] = row.remote_key
            chosen[member] = Place(
                key=int(row.remote_key),
                name=words.text(row.data.get("name"), 255) or row.local_code,
                code=words.text(row.data.get("code"), 8).upper(),
            )
    return Places(**chosen)


def _lies_in(row: RemoteKey, above: dict[str, str]) -> bool:
    for member in _PARENTS:
        told = words.key_of(row.data.get(member))
        if told and member in above and told != above[member]:
            return False
    return True
