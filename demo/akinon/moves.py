"""Which command moves a package from which state to which, as the contract has it.

Written from sections 6.3 and 9, not from the rows of an installation: the table compares both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from demo.akinon.api import Row

Arguments = Callable[[Row], Mapping[str, object]]

STATES = (
    "100", "150", "200", "300", "400", "500", "520", "600", "640", "650", "660", "800", "900",
    "910", "920", "1000", "1100",
)  # fmt: skip
REPLANNED = frozenset({"900", "910", "920"})
"""Its items go elsewhere at once, so it is soon cancelled; 910 or 920 until then."""


def nothing(_package: Row) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True, slots=True)
class Move:
    """From each of `sources` to the state beside it; several where more than one is right."""

    slug: str
    targets: Mapping[str, frozenset[str]]
    arguments: Arguments = nothing
    is_compared: bool = False
    """The source has to have the items where they are (9.12)."""

    def target(self, state: str) -> frozenset[str]:
        """Where the package may be afterwards; empty for a refusal."""
        return self.targets.get(state, frozenset())


def _to(target: str, *sources: str) -> Mapping[str, frozenset[str]]:
    return {source: frozenset({target}) for source in sources}


def _stays(*sources: str) -> Mapping[str, frozenset[str]]:
    return {source: frozenset({source}) for source in sources}


def _replanned(*sources: str) -> Mapping[str, frozenset[str]]:
    return dict.fromkeys(sources, REPLANNED)


def first_item(package: Row) -> Mapping[str, object]:
    return {"package_items": [package["packageitem_set"][0]["id"]], "reason": "not_found"}


def invoice(package: Row) -> Mapping[str, object]:
    return {
        "invoice_number": f"INV{package['number']}",
        "invoice_date": "2026-01-05T10:00:00.000000Z",
        "document_type": "url",
        "document_content": "https://invoices.example/1.pdf",
    }


def own_place(package: Row) -> Mapping[str, object]:
    """Each item in a group of its own, all where they are: what is reserved there, is there."""
    here = package["stock_location"]["erp_code"]
    groups = [
        {"packageitem_set": [item["id"]], "stock_location": here}
        for item in package["packageitem_set"]
    ]
    return {"assignment_groups": groups}


def numbers(package: Row) -> Mapping[str, object]:
    return {"tracking_number": f"TRK{package['number']}", "shipping_company": "ups"}


def refusal(reason: int) -> Arguments:
    return lambda _package: {"denial_reason": reason, "description": "No hands"}


def all_moves(*, denial_reason: int) -> list[Move]:
    """Every command of section 9, and every move of table 6.3 that a caller makes."""
    unpacked = ("100", "200", "400")
    return [
        Move("start-preparing", _to("200", "100", "150")),
        Move("ready-for-packaging", _to("400", "200")),
        Move("confirm-remote", _to("100", "150")),
        Move("complete-packing", _to("500", *unpacked)),
        Move("complete-packing-with-shipment", _to("500", *unpacked)),
        Move("complete-packing-by-channel", _to("500", *unpacked)),
        Move("refuse", _replanned("100", "150", "200"), refusal(denial_reason)),
        Move("product-not-found", _replanned("100", "150", "200", "400"), first_item),
        Move("product-not-found-advanced", _stays("100", "150", "200", "400"), first_item),
        Move("packed-for-refund", _to("1100", "100", "920")),
        Move("block", _to("1000", "100", "150", "200", "400")),
        Move("unblock", _to("100", "1000")),
        Move("deallocate-reservations", _to("200", "100")),
        Move("reschedule", _replanned("910", "920")),
        Move(
            "manual-planning",
            _to("900", "100", "150", "200", "400", "910", "920"),
            own_place,
        ),
        Move("update-invoice", _stays("500", "520", "600", "640", "650", "660"), invoice),
        Move("ship", _to("600", "500")),
        Move("ship-basic", _to("600", "500")),
        Move("ship-advanced", _to("600", "500"), numbers),
        Move("ship-without-integration", _to("600", "500"), is_compared=True),
        Move("ready-for-pickup", _to("520", "500")),
        Move("self-service-delivery", _to("650", "520")),
        Move("attempted-delivery", _to("640", "600")),
        # A carrier may also give up after an attempt; the seeded rows allow it.
        Move("delivery-failed", _to("660", "600", "640")),
        Move("update-shipment-status", _to("650", "600", "640", "660")),
        Move("update-shipment-info", _stays("500", "600", "640", "650"), numbers),
    ]


TRANSFER_STATES = ("waiting", "ready_to_shipment", "in_transit", "transferred", "cancelled")


def transfer_moves() -> list[Move]:
    """The commands of 9.13. What cannot be found is cancelled, and a new transfer is made."""
    return [
        Move("transfer-ready", _to("ready_to_shipment", "waiting"), numbers),
        Move("transfer-dispatch", _to("in_transit", "waiting", "ready_to_shipment")),
        Move("transfer-delivered", _to("transferred", "in_transit")),
        Move("transfer-not-found", _to("cancelled", "waiting")),
    ]
