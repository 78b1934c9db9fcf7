"""Which order line each announced unit comes from: only shipped units, each once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.models import Sku
from oms.kernel import errors
from oms.orders.models import Order, OrderLine
from returns import queries
from returns.drafts import UnitDraft
from returns.services import sets


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
    """What one unit is: `line_id` is empty while the order is not known. `place` is that of its
    draft; a set of a bundle is as many units as it has.
    """

    line_id: int | None
    sku_id: int
    place: int


def allot(*, order: Order, drafts: Sequence[UnitDraft]) -> list[Allotment]:
    """Give each unit a line of a locked order, named lines first, then by SKU in the order's order.

    Who names a bundle by its line or code means a whole set, who names a part of it too that part.
    The answer is in the order of the drafts. Raises UnitNamesNothing, UnknownReturnLine,
    UnknownReturnSku, LineHasOtherSku, MoreThanShipped.
    """
    everything = OrderLine.every.filter(order=order).select_related("sku")
    lines = list(everything.order_by("position", "pk"))
    _check_names(lines, drafts, skus=_skus(order.organization_id, drafts))
    claimed = queries.claimed_units(order_id=order.pk)
    goods = [line for line in lines if line.bundle_id is None]
    free = {line.pk: line.quantity_shipped - claimed.get(line.pk, 0) for line in goods}
    wanted = sets.opened(drafts, lines, most=sum(free.values()))
    if wanted is None:
        raise _more_than_shipped(order, range(len(drafts)))
    given: list[Allotment] = []
    too_many: set[int] = set()
    for place, draft in sorted(wanted, key=lambda each: each[1].line_number is None):
        line = next((each for each in goods if _fits(each, draft) and free[each.pk]), None)
        if line is None or line.sku_id is None:
            too_many.add(place)
            continue
        free[line.pk] -= 1
        given.append(Allotment(line_id=line.pk, sku_id=line.sku_id, place=place))
    if too_many:
        raise _more_than_shipped(order, too_many)
    return sorted(given, key=lambda each: each.place)


def _more_than_shipped(order: Order, places: Iterable[int]) -> MoreThanShipped:
    return MoreThanShipped(
        "Only shipped units can come back, each once", units=sorted(places), status=order.status
    )


def allot_alone(*, organization_id: int, drafts: Sequence[UnitDraft]) -> list[Allotment]:
    """For a return whose order we do not have: the SKUs alone.

    Raises UnitNamesNothing, UnknownReturnLine, UnknownReturnSku.
    """
    skus = _skus(organization_id, drafts)
    _check_names([], drafts, skus=skus)
    return [
        Allotment(line_id=None, sku_id=skus[draft.sku_code], place=place)
        for place, draft in enumerate(drafts)
    ]


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
        and not _names(numbered[each.line_number], each, lines)
    ]
    if wrong:
        raise LineHasOtherSku("The order line has another SKU", units=wrong)


def _is_known(draft: UnitDraft, lines: Sequence[OrderLine], skus: Mapping[str, int]) -> bool:
    return draft.sku_code in skus or any(line.sku_code == draft.sku_code for line in lines)


def _names(line: OrderLine, draft: UnitDraft, lines: Iterable[OrderLine]) -> bool:
    """Whether a line has the SKU of a draft, or is of a bundle that has it."""
    parts = (each for each in lines if each.parent_id == line.pk)
    codes = {line.sku_code, *(part.sku_code for part in parts)}
    return draft.sku_code in codes or (line.sku is not None and line.sku.code == draft.sku_code)


def _fits(line: OrderLine, draft: UnitDraft) -> bool:
    if draft.line_number is not None and line.number != draft.line_number:
        return False
    codes = {line.sku_code, line.sku.code if line.sku else line.sku_code}
    return not draft.sku_code or draft.sku_code in codes
