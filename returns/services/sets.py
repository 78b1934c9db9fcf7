"""Bundles that come back: a set is as many units as are in it."""

from collections.abc import Sequence
from dataclasses import replace

from oms.orders.models import OrderLine
from returns.drafts import UnitDraft


def opened(
    drafts: Sequence[UnitDraft], lines: Sequence[OrderLine], *, most: int
) -> list[tuple[int, UnitDraft]] | None:
    """Drafts with their places, those of a bundle as its parts; None: they are more than `most`.

    A bundle is named by its line or its code, a part by the bundle's line and its own code. Which
    units of a set are meant is nobody's question: they are alike.
    """
    meant = [(place, draft, _parts(draft, lines)) for place, draft in enumerate(drafts)]
    if sum(sum(units for _, units in parts) or 1 for _, _, parts in meant) > max(most, len(drafts)):
        return None
    return [
        (place, each)
        for place, draft, parts in meant
        for each in (
            [
                replace(draft, line_number=part.number, sku_code="")
                for part, units in parts
                for _ in range(units)
            ]
            or [draft]
        )
    ]


def _parts(draft: UnitDraft, lines: Sequence[OrderLine]) -> list[tuple[OrderLine, int]]:
    """Parts of a bundle with the units that are meant; none where no bundle is."""
    named = (
        line
        for line in lines
        if line.bundle_id is not None
        and (
            line.number == draft.line_number
            or (draft.line_number is None and line.sku_code == draft.sku_code)
        )
    )
    bundle = next(named, None)
    if bundle is None:
        return []
    parts = [line for line in lines if line.parent_id == bundle.pk]
    if one := next((part for part in parts if part.sku_code == draft.sku_code), None):
        return [(one, 1)]
    return [(part, part.per_set or 1) for part in parts]
