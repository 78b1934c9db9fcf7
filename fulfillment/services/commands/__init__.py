"""What may be done with tasks and transfers by command (docs/adr/0026)."""

from fulfillment.services.commands.agreeing import (
    OrderSource,
    SourceDisagrees,
    SourceUnreachable,
)
from fulfillment.services.commands.agreeing import register as register_source
from fulfillment.services.commands.assigning import (
    Group,
    GroupPointUnknown,
    GroupsIncomplete,
    assign_manually,
)
from fulfillment.services.commands.blocking import block_task, unblock_task
from fulfillment.services.commands.details import (
    InvoiceDocumentUnreadable,
    InvoiceDraft,
    ShipmentNumbers,
    change_invoice,
    change_shipment,
)
from fulfillment.services.commands.moves import MOVES, OF_TRANSFERS, SEEDS
from fulfillment.services.commands.packing_whole import (
    CarrierFailed,
    ParcelsTooMany,
    WholePacking,
    pack_whole,
)
from fulfillment.services.commands.performing import (
    ArgumentMissing,
    Arguments,
    RuleMisplaced,
    perform,
    perform_on_transfer,
)
from fulfillment.services.commands.preparing import (
    confirm_remote,
    make_ready_for_packing,
    release_reservations,
    start_preparing,
)
from fulfillment.services.commands.refunding import pack_for_refund
from fulfillment.services.commands.returning import (
    DenialReasonUnknown,
    refuse_task,
    replan_task,
    report_missing_items,
)
from fulfillment.services.commands.rule_configs import (
    RuleConfigInvalid,
    check_config,
    config_of,
)
from fulfillment.services.commands.rules import (
    MoveImpossible,
    RuleDraft,
    RuleTaken,
    RuleUnknown,
    add_rule,
    change_rule,
    remove_rule,
    seed_transitions,
)
from fulfillment.services.commands.scene import Asked, ItemsNotNamed, MoveNotAllowed
from fulfillment.services.commands.shipping import (
    collect_task,
    deliver_task,
    make_ready_for_pickup,
    record_attempt,
    record_delivery_failure,
    ship_task,
)
from fulfillment.services.commands.states import STATE_OF, TRANSFER_STATE_OF, state_of
from fulfillment.services.commands.transferring import (
    TransferNotFound,
    complete_transfer,
    dispatch_advance,
    dispatch_transfer,
    report_transfer_missing,
)

__all__ = [
    "MOVES",
    "OF_TRANSFERS",
    "SEEDS",
    "STATE_OF",
    "TRANSFER_STATE_OF",
    "ArgumentMissing",
    "Arguments",
    "Asked",
    "CarrierFailed",
    "DenialReasonUnknown",
    "Group",
    "GroupPointUnknown",
    "GroupsIncomplete",
    "InvoiceDocumentUnreadable",
    "InvoiceDraft",
    "ItemsNotNamed",
    "MoveImpossible",
    "MoveNotAllowed",
    "OrderSource",
    "ParcelsTooMany",
    "RuleConfigInvalid",
    "RuleDraft",
    "RuleMisplaced",
    "RuleTaken",
    "RuleUnknown",
    "ShipmentNumbers",
    "SourceDisagrees",
    "SourceUnreachable",
    "TransferNotFound",
    "WholePacking",
    "add_rule",
    "assign_manually",
    "block_task",
    "change_invoice",
    "change_rule",
    "change_shipment",
    "check_config",
    "collect_task",
    "complete_transfer",
    "config_of",
    "confirm_remote",
    "deliver_task",
    "dispatch_advance",
    "dispatch_transfer",
    "make_ready_for_packing",
    "make_ready_for_pickup",
    "pack_for_refund",
    "pack_whole",
    "perform",
    "perform_on_transfer",
    "record_attempt",
    "record_delivery_failure",
    "refuse_task",
    "register_source",
    "release_reservations",
    "remove_rule",
    "replan_task",
    "report_missing_items",
    "report_transfer_missing",
    "seed_transitions",
    "ship_task",
    "start_preparing",
    "state_of",
    "unblock_task",
]
