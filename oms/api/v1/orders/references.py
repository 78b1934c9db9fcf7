"""What orders refer to, looked up for many of them with one query per kind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from catalog import queries as catalog
from catalog.models import Sku
from channels_app.models import Channel
from oms.accounts.queries import MachineIdentity
from oms.api.v1.orders.reading import Values
from oms.api.v1.road import identifiers
from oms.api.v1.road.problems import FieldError, Problem
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint
from oms.orders.models import Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """By the words of the wire: channels by code in small letters, SKUs by code (with their name),
    bundles among them (with no key), customers and points by id."""

    channels: Mapping[str, int]
    skus: Mapping[str, tuple[int | None, str]]
    customers: Mapping[str, int]
    points: Mapping[str, int]


def look_up(documents: Sequence[Values], *, machine: MachineIdentity) -> References:
    """What these orders or patches name, as far as it exists for this machine."""
    owner = machine.organization_id
    return References(
        channels=_channels(owner) if any("channel" in each for each in documents) else {},
        skus=_skus(machine.actor, documents),
        customers=_customers(machine, _named(documents, "customer_id")),
        points=_points(owner, _named(documents, "location_id")),
    )


def _named(documents: Iterable[Values], member: str) -> set[str]:
    return {text for each in documents if (text := each.get(member))}


def _channels(organization_id: int) -> dict[str, int]:
    seen = Channel.objects.filter(organization_id=organization_id).selling()
    return {code.casefold(): pk for code, pk in seen.values_list("code", "pk")}


def _skus(actor: Actor, documents: Iterable[Values]) -> dict[str, tuple[int | None, str]]:
    codes = {line["sku"] for each in documents for line in each.get("lines") or ()}
    if not codes:
        return {}
    rows = Sku.objects.visible_to(actor).filter(code__in=codes)
    found: dict[str, tuple[int | None, str]] = {
        code: (pk, name) for code, pk, name in rows.values_list("code", "pk", "name")
    }
    if unknown := codes - found.keys():
        bundles = catalog.bundles_by_code(actor=actor, codes=unknown)
        found |= {code: (None, bundle.name) for code, bundle in bundles.items()}
    return found


def _customers(machine: MachineIdentity, ids: set[str]) -> dict[str, int]:
    keys = _uuids("cus_", ids)
    if not keys:
        return {}
    seen = Customer.objects.visible_to(machine.actor).filter(public_id__in=list(keys.values()))
    found = dict(seen.filter(erased_at__isnull=True).values_list("public_id", "pk"))
    return {text: found[key] for text, key in keys.items() if key in found}


def _points(organization_id: int, ids: set[str]) -> dict[str, int]:
    keys = _uuids("loc_", ids)
    if not keys:
        return {}
    seen = FulfillmentPoint.objects.filter(organization_id=organization_id)
    found = dict(seen.filter(public_id__in=list(keys.values())).values_list("public_id", "pk"))
    return {text: found[key] for text, key in keys.items() if key in found}


def _uuids(prefix: str, ids: set[str]) -> dict[str, UUID]:
    read = {text: identifiers.uuid_of(prefix, text) for text in ids}
    return {text: key for text, key in read.items() if key is not None}


def refuse_unknown(said: Values, known: References, at: str = "") -> None:
    """Raise the problem of the first kind of reference that does not exist: 422 `unknown_*`."""
    lines = said.get("lines") or ()
    if any(line["sku"] not in known.skus for line in lines):
        raise _unknown(
            "unknown_sku",
            [
                f"{at}/lines/{n}/sku"
                for n, line in enumerate(lines)
                if line["sku"] not in known.skus
            ],
        )
    for member, found, code in (
        ("customer_id", known.customers, "unknown_customer"),
        ("location_id", known.points, "unknown_location"),
    ):
        if (text := said.get(member)) is not None and text not in found:
            raise _unknown(code, [f"{at}/{member}"])


def channel_of(said: Values, known: References, machine: MachineIdentity, at: str = "") -> int:
    """The key of an order's channel: the machine's own, if it serves one (4.12a.2 and 14).

    Raises 422 `unknown_value` at `/channel`, and 403 for a channel that is not the machine's.
    """
    found = known.channels.get(said["channel"].casefold())
    if machine.channel_id is not None:
        if found != machine.channel_id:
            raise Problem(403, "insufficient_scope", _("This client serves another channel"))
        return machine.channel_id
    if found is None:
        error = FieldError(f"{at}/channel", "unknown_value", _("no channel has this code"))
        raise Problem(422, "validation_failed", errors=[error])
    return found


def _unknown(code: str, pointers: Sequence[str]) -> Problem:
    errors = [FieldError(pointer, "unknown_value", _("does not exist")) for pointer in pointers]
    return Problem(422, code, errors=errors)
