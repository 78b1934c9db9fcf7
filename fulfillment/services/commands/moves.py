"""Which moves each command can make, and the transitions every organization begins with."""

from collections.abc import Mapping
from dataclasses import dataclass

from fulfillment.choices import TransitionCommand as C
from fulfillment.services.commands import states as s

Moves = frozenset[tuple[str, str]]

READY, SENT, ARRIVED, GONE = "ready_to_shipment", "in_transit", "transferred", "cancelled"
WAITS = "waiting"
_BEFORE_BOX = (s.WAITING, s.PREPARING, s.READY_TO_PACK)
_BLOCKABLE = (s.WAITING, s.REMOTE, s.PREPARING, s.READY_TO_PACK)
_PLANNABLE = (*_BLOCKABLE, s.RESCHEDULE, s.OUT_OF_STOCK)
_INVOICED = (s.PACKED, s.PICKUP, s.SHIPPED, s.ATTEMPTED, s.FAILED, s.DELIVERED)
_NUMBERED = (s.PACKED, s.SHIPPED, s.DELIVERED, s.ATTEMPTED)


def _to(target: str, *sources: str) -> Moves:
    return frozenset((source, target) for source in sources)


def _stays(*at: str) -> Moves:
    return frozenset((state, state) for state in at)


_PACKS = _to(s.PACKED, *_BEFORE_BOX)
_SHIPS = _to(s.SHIPPED, s.PACKED)
_MISSES = _to(s.OUT_OF_STOCK, *_BLOCKABLE)

MOVES: Mapping[C, Moves] = {
    C.STATE_TRANSITION: _to(s.PREPARING, s.WAITING, s.REMOTE)
    | _to(s.READY_TO_PACK, s.PREPARING)
    | _to(s.WAITING, s.REMOTE),
    C.COMPLETE_PACKING: _PACKS,
    C.COMPLETE_PACKING_UNSHIPPED: _PACKS,
    C.COMPLETE_PACKING_BY_CHANNEL: _PACKS,
    C.REFUSE: _to(s.RESCHEDULE, s.WAITING, s.REMOTE, s.PREPARING),
    C.ITEMS_NOT_FOUND: _MISSES,
    C.ITEMS_NOT_FOUND_ADVANCED: _MISSES,
    C.PACK_FOR_REFUND: _to(s.REFUND, s.WAITING, s.OUT_OF_STOCK),
    C.BLOCK: _to(s.BLOCKED, *_BLOCKABLE),
    C.UNBLOCK: frozenset((s.BLOCKED, target) for target in _BLOCKABLE),
    C.RELEASE_RESERVATIONS: _to(s.PREPARING, s.WAITING),
    C.REPLAN: _to(s.CANCELLED, s.RESCHEDULE, s.OUT_OF_STOCK),
    C.UPDATE_INVOICE: _stays(*_INVOICED),
    C.ASSIGN_MANUALLY: _to(s.CANCELLED, *_PLANNABLE),
    C.SHIP: _SHIPS,
    C.SHIP_BASIC: _SHIPS,
    C.SHIP_ADVANCED: _SHIPS,
    C.SHIP_UNINTEGRATED: _SHIPS,
    C.UPDATE_SHIPMENT_STATUS: _to(s.DELIVERED, s.SHIPPED, s.ATTEMPTED, s.FAILED)
    | _to(s.ATTEMPTED, s.SHIPPED)
    | _to(s.FAILED, s.SHIPPED, s.ATTEMPTED),
    C.UPDATE_SHIPMENT_INFO: _stays(*_NUMBERED),
    C.READY_FOR_PICKUP: _to(s.PICKUP, s.PACKED),
    C.COLLECT: _to(s.DELIVERED, s.PICKUP),
    C.TRANSFER_READY: _to(READY, WAITS),
    C.TRANSFER_DISPATCH: _to(SENT, WAITS, READY),
    C.TRANSFER_COMPLETE: _to(ARRIVED, SENT),
    C.TRANSFER_NOT_FOUND: _to(GONE, WAITS),
}
OF_TRANSFERS = frozenset(
    {C.TRANSFER_READY, C.TRANSFER_DISPATCH, C.TRANSFER_COMPLETE, C.TRANSFER_NOT_FOUND}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A family of transitions: its slug is that of the first move, and works for all of them."""

    slug: str
    name: str
    command: C
    moves: tuple[tuple[str, str], ...]

    def slug_of(self, place: int) -> str:
        """The first move has the family's slug; the others say where they come from, or lead."""
        source, target = self.moves[place]
        if place == 0:
            return self.slug
        if self.command == C.UNBLOCK:
            return f"{self.slug}-to-{target}"
        return f"{self.slug}-from-{source.replace('_', '-')}"


def _seed(slug: str, name: str, command: C, target: str = "") -> Seed:
    moves = sorted(MOVES[command], key=lambda move: (_place(move[0]), _place(move[1])))
    return Seed(
        slug=slug,
        name=name,
        command=command,
        moves=tuple(move for move in moves if target in ("", move[1])),
    )


def _place(state: str) -> int:
    words = (WAITS, READY, SENT, ARRIVED, GONE)
    return words.index(state) if state in words else int(state)


SEEDS: tuple[Seed, ...] = (
    _seed("start-preparing", "Start preparing", C.STATE_TRANSITION, s.PREPARING),
    _seed("ready-for-packaging", "Ready for packaging", C.STATE_TRANSITION, s.READY_TO_PACK),
    _seed("confirm-remote", "Confirmed by the other side", C.STATE_TRANSITION, s.WAITING),
    _seed("complete-packing", "Complete packing", C.COMPLETE_PACKING_UNSHIPPED),
    _seed("complete-packing-with-shipment", "Complete packing with shipment", C.COMPLETE_PACKING),
    _seed(
        "complete-packing-by-channel", "Complete packing by channel", C.COMPLETE_PACKING_BY_CHANNEL
    ),
    _seed("refuse", "Refuse", C.REFUSE),
    _seed("product-not-found", "Product not found", C.ITEMS_NOT_FOUND),
    _seed("product-not-found-advanced", "Product not found, items", C.ITEMS_NOT_FOUND_ADVANCED),
    _seed("packed-for-refund", "Packed for refund", C.PACK_FOR_REFUND),
    _seed("block", "Block", C.BLOCK),
    _seed("unblock", "Unblock", C.UNBLOCK),
    _seed("deallocate-reservations", "Deallocate reservations", C.RELEASE_RESERVATIONS),
    _seed("reschedule", "Reschedule", C.REPLAN),
    _seed("update-invoice", "Update invoice", C.UPDATE_INVOICE),
    _seed("manual-planning", "Manual planning", C.ASSIGN_MANUALLY),
    _seed("ship", "Ship", C.SHIP),
    _seed("ship-basic", "Ship, basic", C.SHIP_BASIC),
    _seed("ship-advanced", "Ship with tracking number", C.SHIP_ADVANCED),
    _seed("ship-without-integration", "Ship without integration", C.SHIP_UNINTEGRATED),
    _seed("update-shipment-status", "Delivered", C.UPDATE_SHIPMENT_STATUS, s.DELIVERED),
    _seed("attempted-delivery", "Delivery attempted", C.UPDATE_SHIPMENT_STATUS, s.ATTEMPTED),
    _seed("delivery-failed", "Delivery failed", C.UPDATE_SHIPMENT_STATUS, s.FAILED),
    _seed("update-shipment-info", "Update shipment info", C.UPDATE_SHIPMENT_INFO),
    _seed("ready-for-pickup", "Ready for pickup", C.READY_FOR_PICKUP),
    _seed("self-service-delivery", "Self-service delivery", C.COLLECT),
    _seed("transfer-ready", "Transfer ready for shipment", C.TRANSFER_READY),
    _seed("transfer-dispatch", "Dispatch transfer", C.TRANSFER_DISPATCH),
    _seed("transfer-delivered", "Transfer delivered", C.TRANSFER_COMPLETE),
    _seed("transfer-not-found", "Product for transfer not found", C.TRANSFER_NOT_FOUND),
)
