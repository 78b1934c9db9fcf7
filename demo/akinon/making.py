"""Fresh packages for the table: orders are placed before, and led into a state by commands."""

import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping

from demo.akinon.api import NO_CONTENT, Api, UnexpectedAnswer, state_of
from demo.akinon.moves import nothing, own_place, refusal
from tests.simulators.akinon_rows import Basket, Sold
from tests.simulators.omnitron import Omnitron

PLAIN, REMOTE, TRANSFER, NOWHERE = "plain", "remote", "transfer", "nowhere"
SKUS = ("BOTH", "WEST-ONLY", "EAST-ONLY", "NOWHERE")
SOLD: Mapping[str, tuple[Sold, ...]] = {
    PLAIN: (Sold("BOTH", 2),),
    REMOTE: (Sold("WEST-ONLY", 2), Sold("EAST-ONLY", 2)),
    TRANSFER: (Sold("WEST-ONLY", 2), Sold("EAST-ONLY", 2)),
    NOWHERE: (Sold("NOWHERE", 2),),
}
PACKAGES_OF = {PLAIN: 1, REMOTE: 2, TRANSFER: 1, NOWHERE: 1}
PAYMENT_OF_TRANSFERS = "transfer"
KIND_OF: Mapping[str, str] = {"150": REMOTE, "300": TRANSFER, "920": NOWHERE}
"""What begins in a state; everything else begins as a plain one in 100."""
WAY_TO: Mapping[str, tuple[str, ...]] = {
    "100": (),
    "150": (),
    "200": ("start-preparing",),
    "300": (),
    "400": ("start-preparing", "ready-for-packaging"),
    "500": ("complete-packing",),
    "520": ("complete-packing", "ready-for-pickup"),
    "600": ("complete-packing", "ship"),
    "640": ("complete-packing", "ship", "attempted-delivery"),
    "650": ("complete-packing", "ship", "update-shipment-status"),
    "660": ("complete-packing", "ship", "delivery-failed"),
    "800": (),
    "900": ("manual-planning",),
    "910": ("refuse",),
    "920": (),
    "1000": ("block",),
    "1100": ("packed-for-refund",),
}
_TOLD: Mapping[str, str] = {"500": "450"}
"""What items are called at the shop, by the state of their package."""
MOST_SECONDS = 300.0
PAUSE = 1.0


class NotMade(Exception):
    """A package could not be brought into a state."""


class Maker:
    """Packages by kind, waiting to be used."""

    def __init__(self, api: Api, omnitron: Omnitron, *, denial_reason: int) -> None:
        self._api = api
        self._omnitron = omnitron
        self._refusal = refusal(denial_reason)
        self._waiting: dict[str, deque[int]] = {kind: deque() for kind in SOLD}

    def order(self, states: Iterable[str]) -> None:
        """Have one package planned for each of these states. Raises NotMade."""
        kinds = Counter(KIND_OF.get(state, PLAIN) for state in states)
        for kind, count in kinds.items():
            for number in range(-(-count // PACKAGES_OF[kind])):
                more = {"payment_option_slug": PAYMENT_OF_TRANSFERS} if kind == TRANSFER else {}
                self._omnitron.books.place(Basket(f"{kind}-{number}", SOLD[kind], more=more))
        ends = time.monotonic() + MOST_SECONDS
        while any(len(self._waiting[kind]) < count for kind, count in kinds.items()):
            if time.monotonic() > ends:
                found = {kind: len(waiting) for kind, waiting in self._waiting.items()}
                raise NotMade(f"of {dict(kinds)} packages only {found} were planned")
            time.sleep(PAUSE)
            self._look()

    def _look(self) -> None:
        for kind in SOLD:
            query = {"order__number__startswith": f"{kind}-", "sort": "id"}
            found = [int(row["id"]) for row in self._api.rows("packages/short/", **query)]
            self._waiting[kind] = deque(found)

    def make(self, state: str) -> int:
        """A package in a state. Raises NotMade."""
        waiting = self._waiting[KIND_OF.get(state, PLAIN)]
        if not waiting:
            raise NotMade(f"no package is left for {state}")
        number = waiting.popleft()
        for slug in WAY_TO[state]:
            self._run(number, slug)
        if state == "800":
            self._wish(number)
        found = state_of(self._api.package(number))
        if found != state:
            raise NotMade(f"{number} should be in {state}, and is in {found}")
        return number

    def agree(self, number: int) -> None:
        """The shop has the items of a package where we have them: background work stands still."""
        package = self._api.package(number)
        status = _TOLD.get(state_of(package))
        for item in package["packageitem_set"] if status else ():
            key = int(item["order_item"]["omnitron_id"])
            self._omnitron.books.change_item(key, {"status": status})

    def _run(self, number: int, slug: str) -> None:
        arguments = {"refuse": self._refusal, "manual-planning": own_place}.get(slug, nothing)
        said = self._api.command(number, slug, arguments(self._api.package(number)))
        if said.status != NO_CONTENT:
            raise NotMade(f"{slug} of {number}: HTTP {said.status} {said.text[:200]}")

    def _wish(self, number: int) -> None:
        """Somebody asks to cancel everything in it, and nobody decides."""
        external_id = self._api.package(number)["order_number"]
        try:
            [order] = self._api.shop("GET", f"orders?external_id={external_id}")["data"]
            lines = [{"order_line_id": each["id"], "quantity": 1} for each in order["lines"]]
            wish = {"reason": "changed their mind", "lines": lines}
            self._api.shop("POST", f"orders/{order['id']}/cancellation-requests", wish)
        except UnexpectedAnswer as fault:
            raise NotMade(str(fault)) from fault
