"""What units of an order line cost, and the tax in it. Prices include tax."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from oms.kernel.currencies import minor_digits

_HUNDRED = Decimal(100)
_UNIT = Decimal("0.0001")  # what is kept of the price of one unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A whole order line: what all its units cost, and the tax in that."""

    quantity: int
    gross: Decimal
    tax: Decimal
    tax_type: str
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What earlier papers of the same kind said of some of its units."""

    quantity: int = 0
    gross: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What some units cost. Of one unit it is rounded; the totals decide."""

    quantity: int
    net: Decimal
    tax: Decimal
    gross: Decimal
    taxes: list[dict[str, str]]

    @property
    def unit_net(self) -> Decimal:
        return _of_one(self.net, self.quantity)

    @property
    def unit_tax(self) -> Decimal:
        return _of_one(self.tax, self.quantity)

    @property
    def unit_gross(self) -> Decimal:
        return _of_one(self.gross, self.quantity)


def tax_within(gross: Decimal, rate: Decimal) -> Decimal:
    """The tax in a price that includes it, not rounded."""
    return gross * rate / (_HUNDRED + rate)


def rate_of(*, gross: Decimal, tax: Decimal) -> Decimal:
    """Percent, to two digits, where only the amounts are known."""
    net = gross - tax
    if net <= 0 or tax <= 0:
        return Decimal(0)
    return (tax * _HUNDRED / net).quantize(Decimal("0.01"), ROUND_HALF_UP)


def read_rate(text: str) -> Decimal:
    """A rate as it is stored with an invoice line."""
    return Decimal(text)


def share(line: Priced, *, units: int, taken: Taken, currency: str) -> Share:
    """What these units cost after those: shares of all units add up to the line, to the cent."""
    done = taken.quantity + units
    gross = rounded(line.gross * done / line.quantity, currency) - taken.gross
    tax = min(rounded(line.tax * done / line.quantity, currency) - taken.tax, gross)
    return Share(
        quantity=units,
        net=gross - tax,
        tax=tax,
        gross=gross,
        taxes=[
            {
                "type": line.tax_type,
                "rate": f"{line.rate.normalize():f}",
                "tax_per_unit": f"{_of_one(tax, units).normalize():f}",
                "tax_total": f"{tax.normalize():f}",
            }
        ],
    )


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the smallest unit of the currency; halves go up."""
    return amount.quantize(Decimal(1).scaleb(-minor_digits(currency)), ROUND_HALF_UP)


def _of_one(total: Decimal, quantity: int) -> Decimal:
    return (total / quantity).quantize(_UNIT, ROUND_HALF_UP)
