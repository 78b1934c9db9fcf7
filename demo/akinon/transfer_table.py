"""The commands of transfers from each of their states."""

from collections.abc import Sequence
from typing import Any

from demo.akinon.api import NO_CONTENT, Api, Row, Said, state_of
from demo.akinon.making import Maker, NotMade
from demo.akinon.moves import TRANSFER_STATES, Move, nothing, numbers, transfer_moves
from demo.akinon.tries import Try, surprises

PACKAGE_STATE = "300"
WAY_TO: dict[str, tuple[str, ...]] = {
    "waiting": (),
    "ready_to_shipment": ("transfer-ready",),
    "in_transit": ("transfer-dispatch",),
    "transferred": ("transfer-dispatch", "transfer-delivered"),
    "cancelled": ("transfer-not-found",),
}
EVERY = 100


class TransferTries:
    """Each try on a transfer of its own where it is allowed; refused ones share one."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._moves: Sequence[Move] = transfer_moves()
        self.done: list[Try] = []
        self.problems: list[str] = []

    def needed(self) -> list[str]:
        """One package that waits for a transfer for each transfer that is used."""
        allowed = sum(len(move.targets) for move in self._moves)
        return [PACKAGE_STATE] * (len(TRANSFER_STATES) + allowed)

    def surprises(self) -> list[str]:
        return self.problems + surprises(self.done)

    def try_all(self, maker: Maker) -> None:
        for state in TRANSFER_STATES:
            try:
                shared = self._made(maker, state)
                for move in sorted(self._moves, key=lambda each: bool(each.target(state))):
                    number = self._made(maker, state) if move.target(state) else shared
                    self._try(number, state, move)
            except NotMade as fault:
                self.problems.append(f"transfer in {state}: {fault}")

    def _try(self, number: int, state: str, move: Move) -> None:
        said = self._command(number, move.slug, move.arguments(self._read(number)))
        after = state_of(self._read(number))
        self.done.append(Try(state, move.slug, move.target(state), said.status, after, said.text))
        package = self._read(number)["package"]
        if move.slug == "transfer-delivered" and said.status == NO_CONTENT:
            self._expect_waiting(package)

    def _expect_waiting(self, package: Any) -> None:
        """Once all transfers of a package are complete it waits to be prepared."""
        number = int(package["id"] if isinstance(package, dict) else package)
        found = state_of(self._api.package(number))
        if found != "100":
            self.problems.append(f"its transfers are complete, but package {number} is in {found}")

    def _made(self, maker: Maker, state: str) -> int:
        package = maker.make(PACKAGE_STATE)
        rows = list(self._api.rows("transfer_orders/", package=package))
        if len(rows) != 1:
            raise NotMade(f"package {package} has {len(rows)} transfers")
        number = int(rows[0]["id"])
        for slug in WAY_TO[state]:
            arguments = numbers if slug == "transfer-ready" else nothing
            said = self._command(number, slug, arguments(rows[0]))
            if said.status != NO_CONTENT:
                raise NotMade(f"{slug} of {number}: HTTP {said.status} {said.text[:200]}")
        return number

    def _read(self, number: int) -> Row:
        return dict(self._api.expect("GET", f"transfer_orders/{number}/"))

    def _command(self, number: int, slug: str, arguments: Any) -> Said:
        document = {"transfer": number, "slug": slug, **arguments}
        return self._api.call("POST", f"transfer_orders/{number}/command/", document)
