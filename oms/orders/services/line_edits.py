"""Replacing the lines of an order of which nothing is allocated yet."""

from collections import Counter
from collections.abc import Sequence

from oms.kernel import errors
from oms.orders.drafts import LineDraft, LineEdit
from oms.orders.models import Order, OrderLine
from oms.orders.services.intake import BadOrderLines, check_line

_SAID = ("external_id", "is_named", "sku_id", "sku_code", "name", "unit_price", "line_discount")


class LineNotInOrder(errors.InvalidInput):
    """The order has no such line."""

    code = "line_not_in_order"


def replace_lines(
    order: Order, lines: Sequence[OrderLine], edits: Sequence[LineEdit]
) -> list[OrderLine]:
    """Make the lines be these; a line that is named stays the same line. Returns them.

    The order is locked, and the caller knows that nothing is allocated. Units that were cancelled
    stay so: their line can neither go nor shrink below them. Raises BadOrderLines, LineNotInOrder.
    """
    by_key = {line.pk: line for line in lines}
    keys = [edit.key for edit in edits if edit.key is not None]
    if set(keys) - by_key.keys() or len(set(keys)) < len(keys):
        raise LineNotInOrder("A line is not the order's, or is named twice")
    _check(edits, by_key)
    gone = [line for line in lines if line.pk not in keys]
    if any(line.quantity_cancelled for line in gone):
        raise BadOrderLines("A line with cancelled units cannot go")
    OrderLine.objects.filter(pk__in=[line.pk for line in gone]).delete()
    return _write(order, edits, by_key)


def _check(edits: Sequence[LineEdit], by_key: dict[int, OrderLine]) -> None:
    if not edits:
        raise BadOrderLines("An order needs at least one line")
    for edit in edits:
        check_line(edit.draft)
        if edit.key is not None and edit.draft.quantity < by_key[edit.key].quantity_cancelled:
            raise BadOrderLines("More units are cancelled already", line=edit.draft.external_id)
    counts = Counter(edit.draft.external_id for edit in edits)
    if max(counts.values()) > 1:
        raise BadOrderLines("A line id may appear once per order")


def _write(
    order: Order, edits: Sequence[LineEdit], by_key: dict[int, OrderLine]
) -> list[OrderLine]:
    """Kept lines give their ids free first, so that two of them can exchange theirs."""
    kept = [edit for edit in edits if edit.key is not None]
    for line in (by_key[edit.key or 0] for edit in kept):
        line.external_id = f"\x1f{line.pk}"
    OrderLine.objects.bulk_update([by_key[edit.key or 0] for edit in kept], ["external_id"])
    written = []
    for position, edit in enumerate(edits, 1):
        line = by_key[edit.key] if edit.key is not None else OrderLine(order=order)
        _say(line, edit.draft, position)
        line.save()
        written.append(line)
    return written


def _say(line: OrderLine, draft: LineDraft, position: int) -> None:
    """Another code may be another bundle's, or none's: the table finds that out (0009_bundles)."""
    if (line.sku_id, line.sku_code) != (draft.sku_id, draft.sku_code):
        line.bundle_id = None
    line.position = position
    line.quantity_ordered = draft.quantity
    for name in _SAID:
        setattr(line, name, getattr(draft, name))
