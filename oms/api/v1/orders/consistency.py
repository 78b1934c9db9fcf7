"""What must fit together in an order that is well formed member by member."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from oms.api.v1.orders.reading import Findings, Values
from oms.api.v1.road.fields import Money

MOST_MONEY = Decimal(10) ** 13
NOTHING = Decimal(0)


def check_new(said: Values, at: str, found: Findings) -> None:
    """Of an order that is to be created and whose members are all well formed."""
    currency = said["currency"]
    check_lines(said["lines"], currency, f"{at}/lines", found)
    check_currencies(said, currency, at, found)
    goods = sum(map(line_total, said["lines"]), NOTHING)
    check_total(goods + amount(said, "shipping_fee"), amount(said, "order_discount"), at, found)
    check_tags(said, at, found)


def check_currencies(said: Values, currency: str, at: str, found: Findings) -> None:
    """Everything in an order is in its currency."""
    for name in ("shipping_fee", "order_discount"):
        _same_currency(said.get(name), currency, f"{at}/{name}", found)


def check_total(before: Decimal, discount: Decimal, at: str, found: Findings) -> None:
    """An order does not cost less than nothing, nor more than can be stored."""
    if discount > before:
        found.add(f"{at}/order_discount", "out_of_range", _("is larger than the order"))
    if before >= MOST_MONEY:
        found.add(f"{at}/lines", "out_of_range", _("cost more than can be stored"))


def check_lines(lines: Sequence[Values], currency: str, at: str, found: Findings) -> None:
    """Prices in the order's currency, discounts no larger than the line, each id once."""
    ids: set[str] = set()
    for place, line in enumerate(lines):
        here = f"{at}/{place}"
        for name in ("unit_price", "discount"):
            _same_currency(line.get(name), currency, f"{here}/{name}", found)
        if line_total(line) < 0:
            found.add(f"{here}/discount/amount", "out_of_range", _("is larger than the line"))
        if external_id := line.get("external_line_id"):
            if external_id in ids:
                found.add(f"{here}/external_line_id", "duplicate", _("is there twice"))
            ids.add(external_id)


def check_tags(said: Values, at: str, found: Findings) -> None:
    """Each tag once."""
    tags = said.get("tags") or []
    for place, tag in enumerate(tags):
        if tag in tags[:place]:
            found.add(f"{at}/tags/{place}", "duplicate", _("is there twice"))


def line_total(line: Values) -> Decimal:
    """What a line costs, after its discount."""
    total: Decimal = line["unit_price"].amount * line["quantity"] - amount(line, "discount")
    return total


def amount(said: Values, name: str) -> Decimal:
    """The amount of a member; nothing when it is absent or null."""
    value = said.get(name)
    return value.amount if isinstance(value, Money) else NOTHING


def _same_currency(value: Money | None, currency: str, at: str, found: Findings) -> None:
    if value is not None and currency and value.currency != currency:
        wanted = _("must be %(currency)s, as the order's") % {"currency": currency}
        found.add(f"{at}/currency", "not_allowed", wanted)
