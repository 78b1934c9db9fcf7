"""Which order line each announced unit comes from: only shipped units, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.models import Sku
from oms.kernel import errors
from oms.orders.models import Order, OrderLine
from returns import queries
from returns.drafts import UnitDraft


class UnknownReturnLine(errors.InvalidInput):
    """A unit names a line the order does not have. `units` are places in the list, from 0."""

    code = "unknown_return_line"


class UnknownReturnSku(errors.InvalidInput):
    """A unit names a SKU that does not exist. `units` are places in the list, from 0."""

    code = "unknown_return_sku"


class UnitNamesNothing(errors.InvalidInput):
    """A unit names neither a line nor a SKU. `units` are places in the list, from 0."""

    code = "return_unit_names_nothing"


class LineHasOtherSku(errors.InvalidInput):
    """A unit names a line and a SKU that do not belong together. `units` as above."""

    code = "return_line_has_other_sku"


class MoreThanShipped(errors.Conflict):
    """More units are announced than were shipped and are not announced already."""

    code = "more_than_shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """What one unit is: `line_id` is empty while the order is not known."""

    line_id: int | None
    sku_id: int


def allot(*, order: Order, drafts: Sequence[UnitDraft]) -> list[Allotment]:
    """Give each unit a line of a locked order, named lines first, then by SKU in the order's order.

    Raises UnitNamesNothing, UnknownReturnLine, UnknownReturnSku, LineHasOtherSku, MoreThanShipped.
    """
    lines = list(order.lines.select_related("sku").order_by("position", "pk"))
    _check_names(lines, drafts, skus=_skus(order.organization_id, drafts))
    claimed = queries.claimed_units(order_id=order.pk)
    free = {line.pk: line.quantity_shipped - claimed.get(line.pk, 0) for line in lines}
    places = sorted(range(len(drafts)), key=lambda place: drafts[place].line_number is None)
    given: dict[int, Allotment] = {}
    too_many: list[int] = []
    for place in places:
        line = next((each for each in lines if _fits(each, drafts[place]) and free[each.pk]), None)
        if line is None or line.sku_id is None:
            too_many.append(place)
            continue
        free[line.pk] -= 1
        given[place] = Allotment(line_id=line.pk, sku_id=line.sku_id)
    if too_many:
        raise MoreThanShipped(
            "Only shipped units can come back, each once",
            units=sorted(too_many),
            status=order.status,
        )
    return [given[place] for place in range(len(drafts))]


def allot_alone(*, organization_id: int, drafts: Sequence[UnitDraft]) -> list[Allotment]:
    """For a return whose order we do not have: the SKUs alone.

    Raises UnitNamesNothing, UnknownReturnLine, UnknownReturnSku.
    """
    skus = _skus(organization_id, drafts)
    _check_names([], drafts, skus=skus)
    return [Allotment(line_id=None, sku_id=skus[draft.sku_code]) for draft in drafts]


def _skus(organization_id: int, drafts: Sequence[UnitDraft]) -> dict[str, int]:
    codes = {draft.sku_code for draft in drafts if draft.sku_code}
    known = Sku.objects.filter(organization_id=organization_id, code__in=codes)
    return dict(known.values_list("code", "pk"))


def _check_names(
    lines: Sequence[OrderLine], drafts: Sequence[UnitDraft], *, skus: Mapping[str, int]
) -> None:
    """What cannot be meant is refused before anything is counted."""
    numbered = {line.number: line for line in lines}
    named = [(place, draft) for place, draft in enumerate(drafts)]
    wrong = [place for place, each in named if each.line_number is None and not each.sku_code]
    if wrong:
        raise UnitNamesNothing("A unit names its order line or its SKU", units=wrong)
    wrong = [place for place, each in named if each.line_number not in {None, *numbered}]
    if wrong:
        raise UnknownReturnLine("The order has no such line", units=wrong)
    wrong = [place for place, each in named if each.sku_code and not _is_known(each, lines, skus)]
    if wrong:
        raise UnknownReturnSku("There is no such SKU", units=wrong)
    wrong = [
        place
        for place, each in named
        if each.line_number is not None
        and each.sku_code
        and not _fits(numbered[each.line_number], each)
    ]
    if wrong:
        raise LineHasOtherSku("The order line has another SKU", units=wrong)


def _is_known(draft: UnitDraft, lines: Sequence[OrderLine], skus: Mapping[str, int]) -> bool:
    return draft.sku_code in skus or any(line.sku_code == draft.sku_code for line in lines)


def _fits(line: OrderLine, draft: UnitDraft) -> bool:
    if draft.line_number is not None and line.number != draft.line_number:
        return False
    codes = {line.sku_code, line.sku.code if line.sku else line.sku_code}
    return not draft.sku_code or draft.sku_code in codes
