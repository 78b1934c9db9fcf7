"""Writing the configuration as a world file: the inverse of applying one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Model, QuerySet

from catalog.models import Bundle, Listing, Sku
from channels_app.models import Channel, Seller
from fulfillment.models import Scenario
from oms.accounts import app_settings, proofs
from oms.accounts.models import ApiClient, ApplicationSetting, Credential, Organization, User
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.sections import (
    bundles,
    channels,
    clients,
    endpoints,
    listings,
    organizations,
    points,
    scenarios,
    sellers,
    skus,
)
from oms.backoffice.world.sections.credentials import MEMBERS
from oms.backoffice.world.syncing import Table
from oms.events import formats
from oms.events.models import Endpoint
from oms.events.sending.receivers import secret_options, static_headers
from oms.inventory.models import StockLevel
from oms.kernel import sealed
from oms.locations.models import ChannelPoint, FulfillmentPoint

try:
    from yaml import CSafeDumper as Dumper
except ImportError:  # a PyYAML without libyaml: slower, the same result
    from yaml import SafeDumper as Dumper  # type: ignore[assignment]  # same interface

Entry = dict[str, Any]


def export_world(*, organization: str | None = None, with_secrets: bool = False) -> Iterator[str]:
    """The lines of a world file: everything, or what belongs to one organization."""
    owners = Organization.objects.order_by("code")
    if organization is not None:
        owners = owners.filter(code=organization)
        if not owners.exists():
            raise WorldRefused("export", f"there is no organization `{organization}`")
    ids = list(owners.values_list("pk", flat=True))
    yield from _section("organizations", _plain(organizations.table(), owners, ("code",)))
    yield from _section("fulfillment_points", _points(ids))
    yield from _section("channels", _channels(ids))
    yield from _section("sellers", _owned(sellers.table(), Seller, ids))
    yield from _section("skus", _owned(skus.table(), Sku, ids))
    yield from _section("bundles", _bundles(ids))
    yield from _section("listings", _listings(ids))
    yield from _section("stock", _stock(ids))
    yield from _section("clients", _clients(ids, with_secrets=with_secrets))
    yield from _section("endpoints", _endpoints(ids, with_secrets=with_secrets))
    yield from _section("scenarios", _scenarios(ids))
    yield from _section("settings", _settings(ids, with_secrets=with_secrets))
    if settings.OMS_DEMO and organization is None:
        yield from _section("users", _users())


def _section(name: str, entries: Iterable[Entry]) -> Iterator[str]:
    started = False
    for entry in entries:
        if not started:
            yield f"{name}:"
            started = True
        yield f"  - {_flow(entry)}"


def _flow(entry: Entry) -> str:
    """One entry on one line; PyYAML quotes what would be read as something else."""
    text = yaml.dump(
        entry,
        Dumper=Dumper,
        default_flow_style=True,
        sort_keys=False,
        allow_unicode=True,
        width=2**31 - 1,
    )
    return str(text).rstrip("\n")


def _nested(row: Model, columns: Mapping[str, str]) -> Entry:
    """Members of a file from attributes of a row; dotted names become mappings."""
    entry: Entry = {}
    for member, attribute in columns.items():
        target, _, name = member.rpartition(".")
        place = entry.setdefault(target, {}) if target else entry
        place[name] = getattr(row, attribute)
    return entry


def _plain(table: Table[Any], rows: Iterable[Model], key: tuple[str, ...]) -> Iterator[Entry]:
    for row in rows:
        yield {name: getattr(row, name) for name in key} | _nested(row, table.columns)


def _owned(table: Table[Any], model: type[Model], ids: list[int]) -> Iterator[Entry]:
    rows: QuerySet[Any] = QuerySet(model).filter(organization_id__in=ids)
    for row in (
        rows.select_related("organization").order_by("organization__code", "code").iterator()
    ):
        yield _owner(row) | _nested(row, table.columns)


def _owner(row: Any) -> Entry:
    return {"code": row.code, "organization": row.organization.code}


def _points(ids: list[int]) -> Iterator[Entry]:
    rows = FulfillmentPoint.objects.filter(organization_id__in=ids)
    columns = points.table().columns
    found = rows.select_related("organization", "calendar")
    for row in found.order_by("organization__code", "code"):
        entry = {**_owner(row), **_nested(row, columns)}
        for name in ("latitude", "longitude"):
            entry[name] = None if entry[name] is None else float(entry[name])
        if calendar := getattr(row, "calendar", None):
            entry["calendar"] = points.calendar_of(calendar)
        yield entry


def _channels(ids: list[int]) -> Iterator[Entry]:
    links: defaultdict[int, dict[str, str]] = defaultdict(dict)
    rows = ChannelPoint.objects.filter(channel__organization_id__in=ids)
    for link in rows.select_related("point").order_by("pk"):
        links[link.channel_id][link.point.code] = link.location_code
    table = channels.table()
    found = Channel.objects.filter(organization_id__in=ids).select_related("organization")
    for row in found.order_by("organization__code", "code"):
        yield {
            **_owner(row),
            **_nested(row, table.columns),
            "fulfillment_points": list(links[row.pk]),
            "location_codes": links[row.pk],
        }


def _bundles(ids: list[int]) -> Iterator[Entry]:
    rows = Bundle.objects.filter(organization_id__in=ids).order_by("pk")
    rows = rows.select_related("organization").prefetch_related("parts__sku")
    for row in rows:
        columns = bundles.table().columns
        yield {**_owner(row), **_nested(row, columns), "parts": bundles.parts_of(row)}


def _listings(ids: list[int]) -> Iterator[Entry]:
    references = {"sku", "bundle"}
    columns = {name: at for name, at in listings.COLUMNS.items() if name not in references}
    rows = Listing.objects.filter(channel__organization_id__in=ids, spu__isnull=True)
    rows = rows.select_related("channel__organization", "sku", "bundle").order_by("pk")
    for row in rows.iterator():
        yield {
            "organization": row.channel.organization.code,
            "channel": row.channel.code,
            "channel_sku_code": row.channel_sku_code,
            "sku": row.sku.code if row.sku else None,
            **({"bundle": row.bundle.code} if row.bundle else {}),
            **_nested(row, columns),
        }


def _stock(ids: list[int]) -> Iterator[Entry]:
    rows = StockLevel.objects.filter(organization_id__in=ids)
    rows = rows.select_related("organization", "point", "sku").order_by("pk")
    for row in rows.iterator():
        yield {
            "organization": row.organization.code,
            "fulfillment_point": row.point.code,
            "sku": row.sku.code,
            "on_hand": row.on_hand if row.is_stocked else None,
            "safety": row.safety,
        }


def _clients(ids: list[int], *, with_secrets: bool) -> Iterator[Entry]:
    members = ("scopes", "rate_limit", "preferences", "is_active")
    columns = {member: clients.COLUMNS[member] for member in members}
    credentials: defaultdict[int, list[Entry]] = defaultdict(list)
    live = Credential.objects.filter(organization_id__in=ids, revoked_at__isnull=True)
    for credential in live.order_by("pk"):
        entry = _credential(credential, with_secrets=with_secrets)
        credentials[credential.client_id].append(entry)
    rows = ApiClient.objects.filter(organization_id__in=ids)
    rows = rows.select_related("organization", "channel", "point")
    for row in rows.order_by("organization__code", "name"):
        yield {
            "name": row.name,
            "organization": row.organization.code,
            "channel": row.channel.code if row.channel else None,
            "fulfillment_point": row.point.code if row.point else None,
            **_nested(row, columns),
            "credentials": credentials[row.pk],
        }


def _credential(credential: Credential, *, with_secrets: bool) -> Entry:
    kind = credential.kind.lower()
    name_member, secret_member = MEMBERS[kind]
    entry: Entry = {"kind": kind}
    if name_member is not None:
        entry[name_member] = credential.identifier
    secret = proofs.readable(credential) if with_secrets else None
    if secret is not None:
        entry[secret_member] = secret
    return entry


def _endpoints(ids: list[int], *, with_secrets: bool) -> Iterator[Entry]:
    """Without secrets neither the one that signs nor the static headers, which often hold one."""
    shown = {member: name for member, name in endpoints.COLUMNS.items() if member != "headers"}
    rows = Endpoint.objects.kept().filter(organization_id__in=ids)
    rows = rows.select_related("organization", "client").prefetch_related("secrets")
    for row in rows.order_by("organization__code", "name"):
        entry: Entry = {
            "name": row.name,
            "organization": row.organization.code,
            "client": row.client.name if row.client else None,
            "format": row.format,
            **_nested(row, shown),
            "get_credential_url": row.options.get("get_credential_url"),
            **_format_options(row, with_secrets=with_secrets),
        }
        if with_secrets:
            entry |= _endpoint_secrets(row)
        yield entry


def _format_options(row: Endpoint, *, with_secrets: bool) -> Entry:
    """What else is set for its format; a setting with a secret that is not shown is left out."""
    options: dict[str, object] = row.options
    hider = _hider_of(row.format)
    if hider is not None:
        secrets = secret_options(row)
        if secrets and not with_secrets:
            options = {name: value for name, value in options.items() if name != "config"}
        else:
            options = hider.reveal(options, secrets=secrets)
    return {name: options[name] for name in endpoints.OPTIONS[1:] if options.get(name)}


def _hider_of(code: str) -> formats.HidesOptions | None:
    """The format, if it has secret settings and this installation offers it."""
    if code not in formats.offered():
        return None
    wire_format: object = formats.format_of(code)
    return wire_format if isinstance(wire_format, formats.HidesOptions) else None


def _endpoint_secrets(row: Endpoint) -> Entry:
    entry: Entry = {"headers": static_headers(row)}
    for secret in row.secrets.all():
        if secret.expires_at is None and (text := sealed.read(secret, "secret")):
            entry["secret"] = text
    return entry


def _scenarios(ids: list[int]) -> Iterator[Entry]:
    versions = scenarios.latest_rules()
    table = scenarios.table()
    rows = Scenario.objects.filter(organization_id__in=ids).select_related("organization")
    for row in rows.order_by("organization__code", "priority", "pk"):
        version = versions.get(row.pk)
        yield {
            **_owner(row),
            **_nested(row, table.columns),
            "rules": version.rules if version else {},
        }


def _settings(ids: list[int], *, with_secrets: bool) -> Iterator[Entry]:
    """Without secrets, masks stand in their places: applied again they keep what is there."""
    rows = ApplicationSetting.objects.filter(organization_id__in=ids)
    for row in rows.select_related("organization").order_by("organization__code", "key"):
        value = row.value
        if with_secrets:
            value = app_settings.value_of(organization_id=row.organization_id, key=row.key)
        yield {"key": row.key, "organization": row.organization.code, "value": value}


def _users() -> Iterator[Entry]:
    """Without passwords, which nobody knows."""
    for row in User.objects.order_by("username"):
        yield {
            "username": row.username,
            "superuser": row.is_superuser,
            "staff": row.is_staff,
            "organizations": sorted(row.organizations.values_list("code", flat=True)),
        }
