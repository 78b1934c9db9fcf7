"""Seller Center, written from the contract: orders split by seller, and the news of packages.

It serves orders, their items, addresses and geography below one root with a fixed token, and takes
package news at `packages/` and `packages/update-status/`. `orders` are its own books, with the same
geography, channels and products as the Omnitron beside it.
"""

import hmac

from tests.simulators.akinon_books import ShopBooks
from tests.simulators.akinon_rows import Basket, Buyer, Sold
from tests.simulators.akinon_wire import (
    Answer,
    Fault,
    NotFound,
    Refusal,
    Request,
    Row,
    SimulatedServer,
    bearer,
)
from tests.simulators.omnitron import Resources
from tests.simulators.seller_books import SellerBooks, SellerPackage
from tests.simulators.whisperer import signature

__all__ = ["Basket", "Buyer", "Fault", "SellerCenter", "SellerPackage", "Sold"]

ROOT = "/api/v1/applications/oms/"
SERVED = ("orders", "order_items", "addresses", "countries", "cities", "townships", "districts")
ENDPOINTS = ("orders", "orderitem_set", "cities", "districts")
"""The names of `endpoint_conf` that the guide redirects."""


class SellerCenter(SimulatedServer):
    """A context manager. `secret` is the key of the hooks' signature; empty: none is wanted."""

    def __init__(
        self,
        *,
        orders: ShopBooks | None = None,
        token: str = "seller-center-token",
        secret: str = "",
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.orders = orders or ShopBooks()
        self.books = SellerBooks()
        self.token, self.secret = token, secret
        self.strangers = 0
        """Calls without the token or with a wrong signature."""
        self._resources = Resources(
            self.orders, {name: self.orders.tables[name] for name in SERVED}
        )

    @property
    def base_url(self) -> str:
        """What an entry of `endpoint_conf` names, and the root of the receivers."""
        return f"{self.origin}{ROOT.rstrip('/')}"

    def endpoint_conf(self, *names: str) -> list[Row]:
        """The entries that redirect endpoints here; without names those of the guide."""
        return [
            {"endpoint": name, "base_url": self.base_url, "auth": {"token": self.token}}
            for name in names or ENDPOINTS
        ]

    def seller_of_items(self) -> dict[int, str]:
        """The seller code of each order item, empty where it has none."""
        return {
            pk: str(item["attributes"].get("supplier_code", ""))
            for pk, item in self.orders.items.items()
        }

    def respond(self, request: Request) -> Answer:
        if not request.path.startswith(ROOT):
            raise NotFound
        if bearer(request) != self.token:
            self.strangers += 1
            raise Refusal(401, {"detail": "Invalid token.", "code": "authentication_failed"})
        rest = request.path.removeprefix(ROOT)
        if rest in ("packages/", "packages/update-status/"):
            return self._take(request, is_creation=rest == "packages/")
        with self.orders.lock:
            return self._resources.respond(request, rest)

    def _take(self, request: Request, *, is_creation: bool) -> Answer:
        if request.method != "POST":
            raise Refusal(405, {"detail": "Method not allowed.", "code": "method_not_allowed"})
        self._check_signature(request)
        if request.headers.get("content-type") != "application/json":
            self.books.problems.append("the content type is not JSON")
        header = request.headers.get("x-whisperer-event")
        self.books.take(request.document, is_creation=is_creation, header=header)
        return Answer(200, {})

    def _check_signature(self, request: Request) -> None:
        given = request.headers.get("x-whisperer-signature", "")
        if not self.secret and given:
            self.books.problems.append("a signature came though no secret was agreed")
        if self.secret and not hmac.compare_digest(signature(self.secret, request.body), given):
            self.strangers += 1
            raise Refusal(401, {"detail": "Wrong signature.", "code": "authentication_failed"})
