"""What commands are called on the wire (contract 9): codes where the guides have one, else the
names of their classes.
"""

from collections.abc import Mapping
from types import MappingProxyType

from fulfillment.choices import TransitionCommand as C

WORDS: Mapping[str, str] = MappingProxyType(
    {
        C.STATE_TRANSITION: "PKG_STATE_TRANSITION",
        C.COMPLETE_PACKING: "CompletePackingCommand",
        C.COMPLETE_PACKING_UNSHIPPED: "CompletePackingWithoutShipmentCommand",
        C.COMPLETE_PACKING_BY_CHANNEL: "ChannelBasedCompletePackingCommand",
        C.REFUSE: "PackageRefuseWithDenialReasonCommand",
        C.ITEMS_NOT_FOUND: "DetectedOutOfStockItemCommand",
        C.ITEMS_NOT_FOUND_ADVANCED: "DetectedOutOfStockItemCommandAdvanced",
        C.PACK_FOR_REFUND: "PackagePackedForRefundCommand",
        C.BLOCK: "BlockThePackageCommand",
        C.UNBLOCK: "UNBLOCK_THE_PACKAGE",
        C.RELEASE_RESERVATIONS: "PKG_DEALLOCATE_RESERVATIONS",
        C.REPLAN: "ReplanPackageCommand",
        C.UPDATE_INVOICE: "UpdateInvoiceOfThePackageCommand",
        C.ASSIGN_MANUALLY: "ManualPlanningCommand",
        C.SHIP: "ShipThePackageCommand",
        C.SHIP_BASIC: "ShipThePackageBasicCommand",
        C.SHIP_ADVANCED: "ShipThePackageAdvancedCommand",
        C.SHIP_UNINTEGRATED: "ShipThePackageWithoutShipmentCommand",
        C.UPDATE_SHIPMENT_STATUS: "UpdatePackageShipmentStatusCommand",
        C.UPDATE_SHIPMENT_INFO: "UpdateShipmentInfoOfThePackageCommand",
        C.READY_FOR_PICKUP: "ReadyForPickupCommand",
        C.COLLECT: "SelfServicePackageDeliveryCommand",
        C.TRANSFER_READY: "TransferOrderAdvancedCommand",
        C.TRANSFER_DISPATCH: "TransferDispatchCommand",
        C.TRANSFER_COMPLETE: "TransferDeliveredCommand",
        C.TRANSFER_NOT_FOUND: "TransferProductNotFoundCommand",
    }
)
