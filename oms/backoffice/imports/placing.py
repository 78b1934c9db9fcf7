"""Orders of a batch: placed together; one that is refused does not keep the others out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q

from catalog.models import Bundle, Listing, Sku
from oms.backoffice.imports.base import Document, Refused, Target
from oms.backoffice.imports.totals import Totals
from oms.kernel.actors import Actor
from oms.kernel.errors import DomainError
from oms.orders import services
from oms.orders.models import OrderLine
from oms.orders.services import Intake, LineDraft, OrderDraft

OTHER_LINES = "order exists with other lines"
REFUSED = "order refused"


def place(
    documents: Sequence[Document], *, totals: Totals, actor: Actor, now: datetime
) -> list[Refused]:
    """Place the orders of documents. Returns the rows of those that were refused."""
    with_order = [(document, document.order) for document in documents if document.order]
    drafts = [draft for _, draft in with_order]
    results = _place_all(drafts, actor=actor, now=now)
    foreign = _with_other_lines(drafts, results)
    refused: list[Refused] = []
    for (document, draft), result in zip(with_order, results, strict=True):
        if isinstance(result, DomainError):
            refused += _refuse(document, REFUSED, str(result))
        elif result.order_id in foreign:
            refused += _refuse(document, OTHER_LINES, f"order {draft.external_id}")
        else:
            _count(document, draft, result, totals)
    return refused


def _place_all(
    drafts: Sequence[OrderDraft], *, actor: Actor, now: datetime
) -> list[Intake | DomainError]:
    if not drafts:
        return []
    try:
        return list(services.place_orders(drafts=drafts, actor=actor, now=now))
    except DomainError:
        return [_place_one(draft, actor=actor, now=now) for draft in drafts]


def _place_one(draft: OrderDraft, *, actor: Actor, now: datetime) -> Intake | DomainError:
    try:
        return services.place_order(draft=draft, actor=actor, now=now)
    except DomainError as refusal:
        return refusal


def _with_other_lines(
    drafts: Sequence[OrderDraft], results: Sequence[Intake | DomainError]
) -> set[int]:
    """Orders that were there before and are not what the file says: nothing was changed."""
    known = {
        result.order_id: draft
        for draft, result in zip(drafts, results, strict=True)
        if isinstance(result, Intake) and result.outcome == "unchanged"
    }
    stored: defaultdict[int, set[tuple[str, int]]] = defaultdict(set)
    rows = OrderLine.objects.filter(order_id__in=known)
    for order_id, line_id, quantity in rows.values_list(
        "order_id", "external_id", "quantity_ordered"
    ):
        stored[order_id].add((line_id, quantity))
    return {
        order_id
        for order_id, draft in known.items()
        if stored[order_id] != {(line.external_id, line.quantity) for line in draft.lines}
    }


def _refuse(document: Document, reason: str, detail: str) -> Iterator[Refused]:
    rows = sorted([*document.line_rows, *document.charge_rows], key=lambda row: row.position)
    return (Refused(row, reason, detail) for row in rows)


def _count(document: Document, draft: OrderDraft, result: Intake, totals: Totals) -> None:
    outcome = "known" if result.outcome == "unchanged" else result.outcome
    totals.add(f"orders.{outcome}")
    totals.add("rows.lines", len(document.line_rows))
    totals.add("rows.charges", len(document.charge_rows))
    totals.add("units.ordered", sum(line.quantity for line in draft.lines))


def create_skus(documents: Sequence[Document], *, target: Target, totals: Totals) -> None:
    """Make SKUs of codes that neither the catalog nor the channel's listings know."""
    lines: dict[str, LineDraft] = {}
    for document in documents:
        for line in document.order.lines if document.order else ():
            code = line.sku_codes[0]
            if code not in lines or (line.name and not lines[code].name):
                lines[code] = line
    known = _known_codes({code for line in lines.values() for code in line.sku_codes}, target)
    missing = [
        Sku(organization_id=target.organization_id, code=code, name=line.name)
        for code, line in sorted(lines.items())
        if not known.intersection(line.sku_codes)
    ]
    Sku.objects.bulk_create(missing, ignore_conflicts=True)
    totals.add("skus.created", len(missing))


def _known_codes(codes: set[str], target: Target) -> set[str]:
    owner = target.organization_id
    skus = Sku.objects.filter(organization_id=owner, code__in=codes)
    bundles = Bundle.objects.filter(organization_id=owner, code__in=codes)
    listings = Listing.objects.filter(
        Q(sku__isnull=False) | Q(bundle__isnull=False),
        channel_id=target.channel_id,
        channel_sku_code__in=codes,
    )
    found = set(skus.values_list("code", flat=True)) | set(bundles.values_list("code", flat=True))
    return found | set(listings.values_list("channel_sku_code", flat=True))
