"""Finding what a code in a world file names, without a query per reference."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from django.db.models import QuerySet

from catalog.models import Bundle, Sku
from channels_app.models import Channel
from oms.accounts.models import Organization
from oms.backoffice.world.places import Place, WorldRefused
from oms.backoffice.world.shapes import Record
from oms.locations.models import FulfillmentPoint

Key = tuple[int, str]  # organization and code
Row = TypeVar("Row", Channel, FulfillmentPoint)


class Directory:
    """The objects of the database by code; each kind is read once, when it is first asked for.

    Sections that others refer to are applied first, so what a file creates is found as well.
    """

    @cached_property
    def organizations(self) -> dict[str, Organization]:
        return {row.code: row for row in Organization.objects.all()}

    @cached_property
    def channels(self) -> dict[Key, Channel]:
        return {(row.organization_id, row.code): row for row in Channel.objects.all()}

    @cached_property
    def points(self) -> dict[Key, FulfillmentPoint]:
        return {(row.organization_id, row.code): row for row in FulfillmentPoint.objects.all()}

    def organization(self, record: Record) -> Organization:
        """The organization a record belongs to. Raises WorldRefused."""
        return self.organization_named(record.text("organization"), record.place("organization"))

    def organization_named(self, code: str, at: Place) -> Organization:
        """The organization of a code. Raises WorldRefused."""
        found = self.organizations.get(code)
        if found is None:
            raise WorldRefused(at, f"there is no organization `{code}`")
        return found

    def channel(self, record: Record, organization: Organization | None = None) -> Channel:
        """The channel a record names. Raises WorldRefused."""
        wanted = organization or self._given_organization(record)
        return _one(self.channels, record, "channel", wanted)

    def point(self, record: Record, organization: Organization | None = None) -> FulfillmentPoint:
        """The fulfillment point a record names. Raises WorldRefused."""
        wanted = organization or self._given_organization(record)
        return _one(self.points, record, "fulfillment_point", wanted)

    def point_named(self, code: str, organization: Organization, at: Place) -> FulfillmentPoint:
        """The fulfillment point of a code in an organization. Raises WorldRefused."""
        found = self.points.get((organization.pk, code))
        if found is None:
            raise WorldRefused(
                at, f"there is no fulfillment point `{code}` in organization {organization.code}"
            )
        return found

    def _given_organization(self, record: Record) -> Organization | None:
        return self.organization(record) if "organization" in record else None


def _one(
    rows: dict[Key, Row], record: Record, member: str, organization: Organization | None
) -> Row:
    code, at = record.text(member), record.place(member)
    if organization is not None:
        found = [rows[key] for key in [(organization.pk, code)] if key in rows]
    else:
        found = [row for (_, known), row in rows.items() if known == code]
    kind = member.replace("_", " ")
    if not found:
        where = f" in organization {organization.code}" if organization else ""
        raise WorldRefused(at, f"there is no {kind} `{code}`{where}")
    if len(found) > 1:
        raise WorldRefused(at, f"several organizations have a {kind} `{code}`; add `organization`")
    return found[0]


def sku_ids(keys: Iterable[Key]) -> dict[Key, int]:
    """The SKUs of many (organization, code) pairs, in one query per organization."""
    return _ids(Sku, keys)


def bundle_ids(keys: Iterable[Key]) -> dict[Key, int]:
    """The bundles of many (organization, code) pairs, in one query per organization."""
    return _ids(Bundle, keys)


def _ids(model: type[Sku] | type[Bundle], keys: Iterable[Key]) -> dict[Key, int]:
    wanted: defaultdict[int, set[str]] = defaultdict(set)
    for organization_id, code in keys:
        wanted[organization_id].add(code)
    found: dict[Key, int] = {}
    for organization_id, codes in wanted.items():
        rows: QuerySet[Sku | Bundle] = QuerySet(model).filter(
            organization_id=organization_id, code__in=codes
        )
        found |= {(organization_id, code): pk for pk, code in rows.values_list("pk", "code")}
    return found
