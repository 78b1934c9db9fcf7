from collections import defaultdict
from decimal import Decimal
from typing import Any, cast

from catalog.models import Bundle, BundlePart
from oms.backoffice.world.directory import Directory, Key, sku_ids
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World, refuse_repeats
from oms.backoffice.world.sections import owned
from oms.backoffice.world.shapes import Record
from oms.backoffice.world.syncing import Rows, Table

SECTION = "bundles"
_MEMBERS = ("name", "is_active")
Parts = dict[str, dict[str, Any]]


def table() -> Table[Bundle]:
    return Table(model=Bundle, what="bundle", columns={member: member for member in _MEMBERS})


def apply(world: World, directory: Directory, plan: Plan) -> None:
    """Create and update bundles with their parts; only the ones the file names are read.

    A list of parts is all there are. Orders keep the parts they came with.
    """
    named: defaultdict[int, set[str]] = defaultdict(set)
    for entry in world.present(SECTION):
        organization_id, code = owned.key(entry, directory)
        named[organization_id].add(code)
    rows = {
        (organization_id, row.code): row
        for organization_id, codes in named.items()
        for row in Bundle.objects.filter(organization_id=organization_id, code__in=codes)
    }
    known = set(rows)
    keyed = owned.apply(SECTION, table(), cast("Rows", rows), world, directory, plan)
    skus = sku_ids((key[0], part.text("sku")) for key, entry in keyed for part in _records(entry))
    for key, entry in keyed:
        if "parts" in entry:
            _sync_parts(rows[key], entry, skus, plan if key in known else Plan())


def _records(entry: Record) -> list[Record]:
    return cast("list[Record]", entry.values.get("parts") or [])


def _sync_parts(bundle: Bundle, entry: Record, skus: dict[Key, int], plan: Plan) -> None:
    refuse_repeats((part.text("sku"), part) for part in _records(entry))
    wanted: Parts = {}
    for part in _records(entry):
        code = part.text("sku")
        if (bundle.organization_id, code) not in skus:
            raise WorldRefused(part.place("sku"), f"there is no sku `{code}`")
        wanted[code] = {
            "quantity": part.values.get("quantity", 1),
            "weight": Decimal(str(part.values.get("weight", 1))),
        }
    before = {part.sku.code: _said(part) for part in bundle.parts.select_related("sku")}
    if before == wanted:
        return
    bundle.parts.exclude(sku__code__in=wanted).delete()
    for code, said in wanted.items():
        sku_id = skus[bundle.organization_id, code]
        BundlePart.objects.update_or_create(bundle=bundle, sku_id=sku_id, defaults=said)
    plan.changed(f"bundle {bundle.code}", {"parts": (_shown(before), _shown(wanted))})


def _said(part: BundlePart) -> dict[str, Any]:
    return {"quantity": part.quantity, "weight": part.weight}


def _shown(parts: Parts) -> dict[str, object]:
    return {code: said["quantity"] for code, said in parts.items()}


def parts_of(bundle: Bundle) -> list[dict[str, Any]]:
    """Parts as a file says them; the bundle comes with them and their SKUs."""
    return [
        {
            "sku": part.sku.code,
            "quantity": part.quantity,
            **({} if part.weight == 1 else {"weight": _plain(part.weight)}),
        }
        for part in sorted(bundle.parts.all(), key=lambda part: part.pk)
    ]


def _plain(weight: Decimal) -> int | float:
    return int(weight) if weight == int(weight) else float(weight)


def remove_absent(world: World, directory: Directory, plan: Plan) -> None:
    """Remove bundles that nothing refers to."""
    owned.remove_absent(SECTION, table(), world, directory, plan)
