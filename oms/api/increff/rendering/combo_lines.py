"""Invoice lines of a combo's parts as one line of the combo, which the call knows it by."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from fulfillment.models import InvoiceLine
from oms.orders.models import OrderLine

_UNIT = Decimal("0.0001")


def gathered(lines: Iterable[InvoiceLine]) -> list[InvoiceLine]:
    """Lines with whole sets in the place of their parts; the others as they are.

    They come with their order lines, these with their parents, and these with all their parts.
    """
    listed = list(lines)
    by_set: dict[int, list[InvoiceLine]] = {}
    for line in listed:
        if line.order_line.parent_id is not None:
            by_set.setdefault(line.order_line.parent_id, []).append(line)
    whole = {pk: made for pk, mine in by_set.items() if (made := _whole(mine)) is not None}
    found: list[InvoiceLine] = []
    for line in listed:
        parent_id = line.order_line.parent_id
        if parent_id is None or parent_id not in whole:
            found.append(line)
        elif line is by_set[parent_id][0]:
            found.append(whole[parent_id])
    return found


def _whole(lines: Sequence[InvoiceLine]) -> InvoiceLine | None:
    """So many sets as one line that is not stored; None where they are no whole sets."""
    parent = lines[0].order_line.parent
    counts = {divmod(line.quantity, line.order_line.per_set or 1) for line in lines}
    if parent is None or len(lines) != len(parent.parts.all()) or len(counts) > 1:
        return None
    [(sets, rest)] = counts
    return None if rest else _line(parent, lines, sets)


def _line(parent: OrderLine, lines: Sequence[InvoiceLine], sets: int) -> InvoiceLine:
    net = sum((line.net_total for line in lines), Decimal(0))
    tax = sum((line.tax_total for line in lines), Decimal(0))
    first = lines[0].taxes[0]
    return InvoiceLine(
        order_line=parent,
        quantity=sets,
        unit_net=_of_one(net, sets),
        unit_tax=_of_one(tax, sets),
        unit_gross=_of_one(net + tax, sets),
        net_total=net,
        tax_total=tax,
        gross_total=net + tax,
        taxes=[
            {
                "type": first["type"],
                "rate": first["rate"],
                "tax_per_unit": f"{_of_one(tax, sets).normalize():f}",
                "tax_total": f"{tax.normalize():f}",
            }
        ],
    )


def _of_one(total: Decimal, sets: int) -> Decimal:
    return (total / sets).quantize(_UNIT, ROUND_HALF_UP)
