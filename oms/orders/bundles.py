"""How what is done with the parts of bundles is told to whoever ordered the bundles."""

from collections.abc import Iterable

from oms.orders.models import OrderLine


def ordered_line(line: OrderLine) -> OrderLine:
    """The line the channel knows: of a part that of its bundle. Lists read `parent` beforehand."""
    return line if line.parent is None else line.parent


def as_ordered(units: Iterable[tuple[OrderLine, int]]) -> list[tuple[OrderLine, int]]:
    """Units of lines as they were ordered: of parts so many sets of their bundle as they are of.

    A set that is spread over several boxes is told of each, so a box with goods is never empty.
    Lines that are no parts stay as they are, row by row.
    """
    found: list[tuple[OrderLine, int]] = []
    by_part: dict[int, int] = {}
    places: dict[int, int] = {}
    for line, quantity in units:
        if line.parent is None:
            found.append((line, quantity))
            continue
        by_part[line.pk] = by_part.get(line.pk, 0) + quantity
        sets = -(-by_part[line.pk] // (line.per_set or 1))
        if (place := places.get(line.parent.pk)) is None:
            places[line.parent.pk] = len(found)
            found.append((line.parent, sets))
        else:
            found[place] = (found[place][0], max(found[place][1], sets))
    return found
