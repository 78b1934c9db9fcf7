"""What whole order lines cost, and the tax in it. A bundle's price falls on its parts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from fulfillment.models import PaperSettings
from fulfillment.services import taxes
from fulfillment.services.taxes import Priced
from oms.orders.models import OrderLine


def prices_of(
    lines: Iterable[OrderLine], settings: PaperSettings, currency: str
) -> dict[int, Priced]:
    """Prices by line. Those of all parts of a bundle add up to the bundle's, to the cent."""
    listed = list(lines)
    of_parts: dict[int, Priced] = {}
    for parent in _parents(listed):
        of_parts |= _spread(parent, priced(parent, settings, currency), currency)
    return {
        line.pk: of_parts[line.pk] if line.pk in of_parts else priced(line, settings, currency)
        for line in listed
    }


def priced(line: OrderLine, settings: PaperSettings, currency: str) -> Priced:
    """What a whole order line costs and its tax: the one it names, or the organization's rate."""
    gross = max(taxes.rounded(line.total, currency), Decimal(0))
    if line.tax_amount is None:
        rate = Decimal(settings.tax_rate)
        tax = taxes.tax_within(gross, rate)
    else:
        tax = min(max(line.tax_amount, Decimal(0)), gross)
        rate = taxes.rate_of(gross=gross, tax=tax)
    return Priced(
        quantity=line.quantity_ordered,
        gross=gross,
        tax=tax,
        tax_type=settings.tax_type,
        rate=rate,
    )


def _parents(lines: Iterable[OrderLine]) -> Iterable[OrderLine]:
    """The bundles' lines that parts are of; no query where there are none."""
    keys = {line.parent_id for line in lines if line.parent_id is not None}
    if not keys:
        return ()
    return OrderLine.objects.filter(pk__in=keys).order_by("pk")


def _spread(parent: OrderLine, whole: Priced, currency: str) -> Mapping[int, Priced]:
    """A bundle's price by part: each is the difference of two sums that are rounded."""
    parts = list(OrderLine.goods.filter(parent=parent).order_by("pk"))
    shares = sum((part.price_share or Decimal(0) for part in parts), Decimal(0))
    found: dict[int, Priced] = {}
    upto, gross_before, tax_before = Decimal(0), Decimal(0), Decimal(0)
    for part in parts:
        upto += part.price_share or Decimal(0)
        ratio = upto / shares if shares else Decimal(0)
        gross = taxes.rounded(whole.gross * ratio, currency)
        tax = taxes.rounded(whole.tax * ratio, currency)
        found[part.pk] = Priced(
            quantity=part.quantity_ordered,
            gross=gross - gross_before,
            tax=tax - tax_before,
            tax_type=whole.tax_type,
            rate=whole.rate,
        )
        gross_before, tax_before = gross, tax
    return found
