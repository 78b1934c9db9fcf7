"""What scenarios choose by, and lists are searched by, besides an order's own columns. Kept in
`Order.traits`.

Nothing here names a buyer: where an order goes is kept to about a kilometre.
"""

import datetime as dt
from dataclasses import dataclass

_PLACES = 2  # of a degree; about one kilometre


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """The channel's own words (slugs, codes); what nobody told is empty."""

    shipping_option: str = ""
    payment_option: str = ""
    customer_type: str = ""
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None
    deliver_from: dt.datetime | None = None
    deliver_until: dt.datetime | None = None


NOTHING_TOLD = Traits()


def stored(traits: Traits) -> dict[str, str | float]:
    """As they are kept: what was told, coordinates made coarse."""
    words = {
        "shipping_option": traits.shipping_option,
        "payment_option": traits.payment_option,
        "customer_type": traits.customer_type,
        "region": traits.region,
    }
    kept: dict[str, str | float] = {name: word for name, word in words.items() if word}
    if traits.latitude is not None and traits.longitude is not None:
        kept["latitude"] = round(traits.latitude, _PLACES)
        kept["longitude"] = round(traits.longitude, _PLACES)
    if traits.deliver_from is not None and traits.deliver_until is not None:
        kept["deliver_from"] = instant(traits.deliver_from)
        kept["deliver_until"] = instant(traits.deliver_until)
    return kept


def instant(at: dt.datetime) -> str:
    """An instant as it is kept: the order of these texts is that of their instants."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
